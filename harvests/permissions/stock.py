"""Lots, and every kilo that moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kallari.accounts.models import User


def may_see_lots(user: User | AnonymousUser) -> bool:
    """See what is in stock: everybody who buys, pays or checks."""
    return user.has_perm("harvests.view_lot")


def may_move_stock(user: User | AnonymousUser) -> bool:
    """Hand out and take back, and mend what came out of a batch: the center and the office."""
    return user.has_perm("harvests.add_stockmovement")


def may_change_lots(user: User | AnonymousUser) -> bool:
    """Lay a lot elsewhere, mark its sacks, lower its class: the center and the office."""
    return user.has_perm("harvests.change_lot")


def may_hold_lots(user: User | AnonymousUser) -> bool:
    """Hold a lot back, and release it: the office."""
    return user.has_perm("harvests.hold_lot")


def may_trace_lots(user: User | AnonymousUser) -> bool:
    """See from which families a lot comes."""
    return user.has_perm("harvests.trace_lot")


def may_count_stock(user: User | AnonymousUser) -> bool:
    """Write down what was counted, spoiled or tasted: the center and the office."""
    return user.has_perm("harvests.add_stockadjustment")


def may_see_adjustments(user: User | AnonymousUser) -> bool:
    """See what was counted otherwise than it was on record."""
    return user.has_perm("harvests.view_stockadjustment")


def may_confirm_adjustments(user: User | AnonymousUser) -> bool:
    """Agree to a great difference that another person counted."""
    return user.has_perm("harvests.confirm_stockadjustment")
