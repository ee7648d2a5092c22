"""Deliveries, and what is decided on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kallari.roles import holds

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from harvests.models import Delivery
    from kallari.accounts.models import User


def may_see_deliveries(user: User | AnonymousUser) -> bool:
    """Every role may, within its communities."""
    return holds(user, "harvests.view_delivery")


def may_see_values(user: User | AnonymousUser) -> bool:
    """See what deliveries are worth: who works with them, pays or checks."""
    return holds(user, "harvests.value_delivery")


def may_receive(user: User | AnonymousUser) -> bool:
    """Weigh what families hand in: agents in their communities, the center, the office."""
    return holds(user, "harvests.add_delivery")


def may_correct_any(user: User | AnonymousUser) -> bool:
    """Correct or void whoever's delivery: the center and the office."""
    return user.has_perm("harvests.change_delivery")


def may_correct(user: User, delivery: Delivery) -> bool:
    """Correct or void one: the center and the office any, whoever weighed it their own."""
    return may_correct_any(user) or (may_receive(user) and delivery.agent_id == user.pk)


def may_decide(user: User | AnonymousUser) -> bool:
    """Decide on what is held, doubled or asked about."""
    return user.has_perm("harvests.decide_delivery")


def may_import_deliveries(user: User | AnonymousUser) -> bool:
    """Take in what was bought before this program, from a file: the office and accounting."""
    return user.has_perm("harvests.import_delivery")


def may_see_operations(user: User | AnonymousUser) -> bool:
    """See what telephones sent, as it came."""
    return user.has_perm("harvests.view_operation")


def may_mend(user: User, delivery: Delivery) -> bool:
    """Correct or void one that still counts: as `may_correct`."""
    return delivery.is_valid and may_correct(user, delivery)


def may_see_day_sheets(user: User | AnonymousUser) -> bool:
    """Print what a center took in on a day, with its money."""
    return may_see_deliveries(user) and may_see_values(user)
