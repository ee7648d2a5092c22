"""Reports over what was handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kallari.accounts.models import User


def may_see_reports(user: User | AnonymousUser) -> bool:
    """See what was handed in, added up: everybody, agents and delegates of their communities.
    What it was worth, the report shows to who may see that of one delivery too."""
    return user.has_perm("harvests.view_delivery")


def may_see_stock_reports(user: User | AnonymousUser) -> bool:
    """See what lies in stock and where all kilos are: who may see lots."""
    return user.has_perm("harvests.view_lot")
