"""How much is taken in, at most."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kallari.accounts.models import User


def may_see_quotas(user: User | AnonymousUser) -> bool:
    """See quotas: agents and delegates those of their communities and of all."""
    return user.has_perm("harvests.view_quota")


def may_set_quotas(user: User | AnonymousUser) -> bool:
    """Set, correct and withdraw quotas: the office."""
    return user.has_perm("harvests.add_quota") and user.has_perm("harvests.change_quota")
