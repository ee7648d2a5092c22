"""Where kilos came from, and where they went."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kallari.accounts.models import User


def may_trace(user: User | AnonymousUser) -> bool:
    """See from which families a lot comes: the center, the office, who pays or checks. Agents see
    lots, not the families of other communities in them."""
    return user.has_perm("harvests.trace_lot")


def may_see_destinations(user: User | AnonymousUser) -> bool:
    """See where the kilos of a delivery that one may see are: who may see lots."""
    return user.has_perm("harvests.view_lot")
