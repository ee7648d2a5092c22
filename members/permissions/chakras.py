"""Chakras, their boundaries and their conflicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kallari.accounts.models import User


def may_see_chakras(user: User | AnonymousUser) -> bool:
    """Every role may, within its communities."""
    return user.has_perm("members.view_chakra")


def may_add_chakra(user: User | AnonymousUser) -> bool:
    """Take a chakra down, in the village or at the office."""
    return user.has_perm("members.add_chakra")


def may_change_chakra(user: User | AnonymousUser) -> bool:
    """Correct it, measure it, list its crops, verify or suspend it."""
    return user.has_perm("members.change_chakra")


def may_decide_conflicts(user: User | AnonymousUser) -> bool:
    """Write down whose the land is."""
    return user.has_perm("members.change_chakraconflict")
