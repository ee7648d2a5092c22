"""Money given to families before they deliver."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kallari.accounts.models import User


def may_see_advances(user: User | AnonymousUser) -> bool:
    """See what was advanced to whom: who pays or checks."""
    return user.has_perm("harvests.view_advance")


def may_give_advances(user: User | AnonymousUser) -> bool:
    """Give money in advance: who pays."""
    return user.has_perm("harvests.add_advance")


def may_void_advances(user: User | AnonymousUser) -> bool:
    """Void a receipt that was written by mistake: who pays."""
    return user.has_perm("harvests.change_advance")
