"""Tests of quality, tables of grades, results of laboratories."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kallari.accounts.models import User


def may_see_quality(user: User | AnonymousUser) -> bool:
    """See what was found in samples: everybody who buys, pays or checks."""
    return user.has_perm("harvests.view_qualitytest")


def may_test(user: User | AnonymousUser) -> bool:
    """Note and correct tests, with their photographs: the center and the office."""
    return user.has_perm("harvests.add_qualitytest")


def may_see_lab_results(user: User | AnonymousUser) -> bool:
    """See what laboratories found: everybody who buys, pays or checks."""
    return user.has_perm("harvests.view_labresult")


def may_note_lab_results(user: User | AnonymousUser) -> bool:
    """Note and correct what a laboratory reports: the center and the office."""
    return user.has_perm("harvests.add_labresult")


def may_see_grade_tables(user: User | AnonymousUser) -> bool:
    """See by which tables one grades: everybody who buys, pays or checks."""
    return user.has_perm("harvests.view_gradeedition")


def may_enter_grade_tables(user: User | AnonymousUser) -> bool:
    """Enter, publish and confirm tables of grades: the office."""
    return user.has_perm("harvests.add_gradeedition")
