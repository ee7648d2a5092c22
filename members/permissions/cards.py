"""Partners' cards."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kallari.accounts.models import User


def may_see_cards(user: User | AnonymousUser) -> bool:
    """Look up whose card was read: who weighs, visits or checks."""
    return user.has_perm("members.view_partnercard")


def may_issue_cards(user: User | AnonymousUser) -> bool:
    """Issue, print and revoke cards."""
    return user.has_perms(["members.add_partnercard", "members.change_partnercard"])
