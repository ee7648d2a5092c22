"""What the register lets each role do. The matrix in `kallari.roles` decides; these name it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kallari.accounts.models import User


def may_see_communities(user: User | AnonymousUser) -> bool:
    """Every role may: the villages are no secret inside the association."""
    return user.has_perm("members.view_community")


def may_add_community(user: User | AnonymousUser) -> bool:
    """Enter a village into the register."""
    return user.has_perm("members.add_community")


def may_change_community(user: User | AnonymousUser) -> bool:
    """Rename, correct, close a village, or open it again."""
    return user.has_perm("members.change_community")


def may_add_alias(user: User | AnonymousUser) -> bool:
    """Add a spelling: agents too, who hear how people say a name."""
    return user.has_perm("members.add_communityalias")


def may_see_assignments(user: User | AnonymousUser) -> bool:
    """See which agents work in a village and which delegates represent it."""
    return user.has_perm("members.view_communityassignment")


def may_assign(user: User | AnonymousUser) -> bool:
    """Decide which agents and delegates see the people of a village."""
    return user.has_perm("members.add_communityassignment")


def may_import_communities(user: User | AnonymousUser) -> bool:
    """Take a whole list from a file."""
    return user.has_perms(
        ["members.add_community", "members.change_community", "members.add_communityalias"]
    )
