"""What is bought, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kallari.accounts.models import User


def may_see_products(user: User | AnonymousUser) -> bool:
    """See what is bought: no secret."""
    return user.has_perm("harvests.view_product")


def may_see_figures(user: User | AnonymousUser) -> bool:
    """See the figures that intake goes by: everybody who buys, pays or checks."""
    return user.has_perm("harvests.view_formfigure")


def may_enter_products(user: User | AnonymousUser) -> bool:
    """Enter and correct what is bought: the office."""
    return user.has_perm("harvests.add_product")
