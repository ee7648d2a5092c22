"""What the home page says about deliveries, and what waits."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Sum
from django.utils import timezone

from harvests.models import Batch, Delivery, Settlement, StockAdjustment
from harvests.permissions.advances import may_see_advances
from harvests.permissions.batches import may_see_batches
from harvests.permissions.cash import may_see_cash
from harvests.permissions.deliveries import may_receive, may_see_deliveries, may_see_values
from harvests.permissions.settlements import may_see_settlements
from harvests.permissions.stock import may_confirm_adjustments
from harvests.permissions.worklist import may_see_worklist
from harvests.reports.by_form import added_up, totals_by_form
from harvests.worklist import KINDS, counts, settlements_to_approve
from kallari.home import Part, offer

if TYPE_CHECKING:
    from kallari.accounts.models import User


def offer_parts() -> None:
    """Called once, when the app is ready."""
    offer(Part(5, "harvests/home_acopio.html", acopio, tile="harvests/home_acopio_tile.html"))
    offer(Part(6, "harvests/home_waiting.html", waiting))
    offer(
        Part(7, "harvests/home_deliveries.html", today, tile="harvests/home_deliveries_tile.html")
    )
    offer(Part(8, "harvests/home_processes.html", under_way))
    offer(Part(9, "harvests/home_money.html", money))


def acopio(user: User) -> dict[str, Any] | None:
    """Nothing to count: where one weighs, for who does. No query."""
    return {} if may_receive(user) else None


def today(user: User) -> dict[str, Any] | None:
    """What came in today, by form. Two queries."""
    if not may_see_deliveries(user):
        return None
    day = timezone.localdate()
    rows = Delivery.objects.visible_to(user).valid().filter(weighed_on=day)
    totals = totals_by_form(rows)
    return {
        "day": day,
        "totals": totals,
        "all": added_up(totals),
        "may_see_values": may_see_values(user),
    }


def waiting(user: User) -> dict[str, Any] | None:
    """How much waits for a decision, by kind; nothing for who does not see it. Three queries."""
    if not may_see_worklist(user):
        return None
    found = counts(user)
    to_approve = settlements_to_approve(user).count()
    return {
        "number": sum(found.values()) + to_approve,
        "to_approve": to_approve,
        "kinds": [(kind, KINDS[kind], number) for kind, number in found.items()],
    }


def money(user: User) -> dict[str, Any] | None:
    """What is to be approved and to be paid, and the ways to settlements, advances and cash. Two
    queries."""
    if not may_see_settlements(user):
        return None
    rows = Settlement.objects.visible_to(user)
    unpaid = rows.unpaid().aggregate(
        number=Count("pk"), usd=Sum(F("total_usd") - F("paid_usd"), default=Decimal(0))
    )
    return {
        "drafts": rows.drafts().count(),
        "unpaid": unpaid["number"],
        "unpaid_usd": unpaid["usd"],
        "may_see_advances": may_see_advances(user),
        "may_see_cash": may_see_cash(user),
    }


def under_way(user: User) -> dict[str, Any] | None:
    """How many batches are under way, and how many adjustments wait for whoever may confirm them.
    Two queries at most."""
    if not may_see_batches(user):
        return None
    waiting = 0
    if may_confirm_adjustments(user):
        waiting = StockAdjustment.objects.visible_to(user).waiting().count()
    return {"number": Batch.objects.visible_to(user).under_way().count(), "waiting": waiting}
