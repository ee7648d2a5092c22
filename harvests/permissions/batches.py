"""Processes: where they happen, how they go, what goes in and comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kallari.accounts.models import User


def may_see_batches(user: User | AnonymousUser) -> bool:
    """See what is being worked: everybody who buys, pays or checks."""
    return user.has_perm("harvests.view_batch")


def may_work(user: User | AnonymousUser) -> bool:
    """Begin, fill, read, empty and void batches: the center and the office."""
    return user.has_perm("harvests.add_batch") and user.has_perm("harvests.change_batch")


def may_see_process_kinds(user: User | AnonymousUser) -> bool:
    """See how the association works, and by which yields it is judged."""
    return user.has_perm("harvests.view_processkind")


def may_enter_process_kinds(user: User | AnonymousUser) -> bool:
    """Say how the association works: the office."""
    return user.has_perm("harvests.add_processkind")
