"""Cash boxes: who sees them, who moves money, who counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from harvests.models import CashSession
    from kallari.accounts.models import User


def may_see_cash(user: User | AnonymousUser) -> bool:
    """See what is in the boxes and what moved: who pays or checks."""
    return user.has_perm("harvests.view_cashsession")


def may_keep_boxes(user: User | AnonymousUser) -> bool:
    """Enter a cash box and open it: who keeps the accounts."""
    return user.has_perm("harvests.add_cashsession")


def may_move_cash(user: User | AnonymousUser) -> bool:
    """Write down what goes in and comes out: who keeps the accounts."""
    return user.has_perm("harvests.add_cashmovement")


def may_count_cash(user: User | AnonymousUser) -> bool:
    """Close a box with a count: who keeps the accounts, and the manager."""
    return user.has_perm("harvests.change_cashsession")


def may_close_this(user: User | AnonymousUser, session: CashSession) -> bool:
    """Close this one: nobody who opened it."""
    return may_count_cash(user) and session.is_open and session.opened_by_id != user.pk


def may_move_in_this(user: User | AnonymousUser, session: CashSession) -> bool:
    """Put money into this one or take it to the bank: whoever opened it, so that another person
    counts what is left."""
    return may_move_cash(user) and session.is_open and session.opened_by_id == user.pk
