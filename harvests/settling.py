"""What there is to settle with families up to a day, and how it adds up.

Reading and figuring alone; `harvests.services.settlements` writes it. A handful of queries,
however many families there are, and one more for each rule of premiums.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models

from harvests.models import Advance, Delivery, PremiumRule, SettlementLine
from kallari.units import Unit

if TYPE_CHECKING:
    from harvests.querysets.deliveries import DeliveryQuerySet

Kind = SettlementLine.Kind
EARNED = (Kind.DELIVERY, Kind.PREMIUM, Kind.RULE)
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Line:
    """One line to be written; its amount bears the sign of its kind."""

    kind: str
    amount_usd: Decimal
    delivery_id: uuid.UUID | None = None
    premium_rule_id: int | None = None
    advance_id: uuid.UUID | None = None
    from_settlement_id: uuid.UUID | None = None


@dataclass
class Account:
    """What there is to settle with one family.

    Args:
        lines: what was earned, taken back and brought forward.
        advances: the oldest first, each with what is left of it.
        first_on: the day of the earliest delivery among them.
    """

    family_id: uuid.UUID
    lines: list[Line] = field(default_factory=list)
    advances: list[tuple[uuid.UUID, Decimal]] = field(default_factory=list)
    first_on: date | None = None

    def add(self, line: Line, day: date) -> None:
        """Count a line that is about a delivery of a day."""
        self.lines.append(line)
        self.first_on = day if self.first_on is None else min(self.first_on, day)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was earned nor taken back: what is carried or advanced waits."""
        return self.first_on is None

    def settled(self) -> tuple[list[Line], Decimal]:
        """Return all lines and their total, which is never below zero.

        Advances are taken off up to what is earned, the oldest first; what was paid before and is
        no longer owed is taken off whole, and what exceeds the earnings is carried forward.
        """
        lines = list(self.lines)
        total = sum((line.amount_usd for line in lines), NOTHING)
        if total < 0:
            return [*lines, Line(Kind.CARRIED_FORWARD, -total)], NOTHING
        for advance_id, left in self.advances:
            if taken := min(left, total):
                lines.append(Line(Kind.ADVANCE, -taken, advance_id=advance_id))
                total -= taken
        return lines, total


def unsettled(until: date | None = None) -> DeliveryQuerySet:
    """Deliveries that no settlement counts yet, of those weighed up to a day. What was bought
    before this program was paid then."""
    rows = Delivery.objects.valid().exclude(via=Delivery.Via.IMPORT)
    if until is not None:
        rows = rows.filter(weighed_on__lte=until)
    return rows.exclude(_counted(Kind.DELIVERY))


def accounts_of(families: Collection[uuid.UUID], until: date) -> dict[uuid.UUID, Account]:
    """Return what there is to settle with each of these families, up to a day."""
    found = {family: Account(family) for family in families}
    _add_deliveries(found, until)
    for rule in PremiumRule.objects.confirmed().begun(until):
        _add_premiums(found, rule, until)
    _add_taken_back(found, until)
    _add_brought_forward(found)
    advances = Advance.objects.left().filter(family__in=found, given_on__lte=until)
    for advance in advances.order_by("given_on", "number"):
        found[advance.family_id].advances.append((advance.pk, advance.left_usd))
    return found


def pending_taken_back(
    families: Collection[uuid.UUID] | models.QuerySet[Any], until: date | None = None
) -> models.QuerySet[SettlementLine]:
    """What approved settlements paid these families for deliveries that another one has replaced
    since, and that no settlement has taken back yet.

    Args:
        until: what is to be taken back by settlements up to this day; without it, all. Together
            with what stands in its place now, where that is the same family's: nobody is docked a
            sack whose corrected weight has to wait, nor paid it beside that. Otherwise by the day
            of the replaced delivery.
    """
    taken_back = SettlementLine.objects.counting().filter(
        delivery=models.OuterRef("delivery"), kind=Kind.TAKEN_BACK
    )
    rows = (
        SettlementLine.objects.counting()
        .filter(
            kind__in=EARNED,
            settlement__status="approved",
            delivery__status=Delivery.Status.SUPERSEDED,
            delivery__family__in=families,
        )
        .exclude(models.Exists(taken_back))
        .order_by()
    )
    if until is None:
        return rows
    days = _days_of_taking_back(rows)
    return rows.filter(delivery__in=[key for key, day in days.items() if day <= until])


def _days_of_taking_back(lines: models.QuerySet[SettlementLine]) -> dict[uuid.UUID, date]:
    """With which day each delivery of these lines is taken back: that of what stands in its place
    now, however often it was corrected, where that is the same family's; otherwise its own. A
    query, and one more for each time that one of them was corrected."""
    days: dict[uuid.UUID, date] = {}
    families: dict[uuid.UUID, uuid.UUID] = {}
    for key, family, day in lines.values_list(
        "delivery", "delivery__family", "delivery__weighed_on"
    ):
        days[key], families[key] = day, family
    first_of: dict[uuid.UUID | None, uuid.UUID] = {key: key for key in days}
    while first_of:
        rows = Delivery.objects.filter(supersedes__in=first_of).values_list(
            "pk", "supersedes", "family", "weighed_on", "status"
        )
        later: dict[uuid.UUID | None, uuid.UUID] = {}
        for key, before, family, day, status in rows:
            first = later[key] = first_of[before]
            if family == families[first] and status == Delivery.Status.VALID:
                days[first] = day
        first_of = later
    return days


def rests_of(
    families: Collection[uuid.UUID] | models.QuerySet[Any],
) -> models.QuerySet[SettlementLine]:
    """What approved settlements of these families could not take off, and none has brought on."""
    brought = SettlementLine.objects.counting().filter(
        from_settlement=models.OuterRef("settlement"), kind=Kind.BROUGHT_FORWARD
    )
    return (
        SettlementLine.objects.counting()
        .filter(
            kind=Kind.CARRIED_FORWARD,
            settlement__status="approved",
            settlement__family__in=families,
        )
        .exclude(models.Exists(brought))
        .order_by()
    )


def superseded_in(settlements: Iterable[uuid.UUID]) -> models.QuerySet[SettlementLine]:
    """Lines of drafts whose delivery was corrected meanwhile: such a draft is to be made anew."""
    return SettlementLine.objects.filter(settlement__in=list(settlements), kind__in=EARNED).exclude(
        delivery__status=Delivery.Status.VALID
    )


def _counted(kind: str, **more: object) -> models.Exists:
    return models.Exists(
        SettlementLine.objects.counting().filter(delivery=models.OuterRef("pk"), kind=kind, **more)
    )


def _add_deliveries(found: dict[uuid.UUID, Account], until: date) -> None:
    rows = unsettled(until).filter(family__in=found).order_by("weighed_at", "pk")
    for key, family, day, amount, premium in rows.values_list(
        "pk", "family", "weighed_on", "amount_usd", "premium_usd"
    ):
        found[family].add(Line(Kind.DELIVERY, amount, delivery_id=key), day)
        if premium:
            found[family].add(Line(Kind.PREMIUM, premium, delivery_id=key), day)


def _add_premiums(found: dict[uuid.UUID, Account], rule: PremiumRule, until: date) -> None:
    """What a rule adds to deliveries that have not earned it yet, settled before or not."""
    last = until if rule.valid_until is None else min(until, rule.valid_until)
    rows = Delivery.objects.valid().filter(
        family__in=found, weighed_on__gte=rule.valid_from, weighed_on__lte=last
    )
    rows = rows.exclude(via=Delivery.Via.IMPORT)
    rows = rows.filter(form=rule.form) if rule.form_id else rows.filter(form__product=rule.product)
    pieces = models.Q(unit=Unit.PIECE)
    rows = rows.filter(pieces if rule.unit == Unit.PIECE else ~pieces)
    if rule.certification_class:
        rows = rows.filter(certification_class=rule.certification_class)
    if rule.partners_only:
        rows = rows.filter(partner__isnull=False)
    rows = rows.exclude(_counted(Kind.RULE, premium_rule=rule)).order_by("weighed_at", "pk")
    for delivery in rows.only("pk", "family_id", "weighed_on", "net_kg", "quantity"):
        if worth := rule.of(delivery):
            line = Line(Kind.RULE, worth, delivery_id=delivery.pk, premium_rule_id=rule.pk)
            found[delivery.family_id].add(line, delivery.weighed_on)


def _add_taken_back(found: dict[uuid.UUID, Account], until: date) -> None:
    """What was settled for deliveries that another one has replaced since."""
    rows = pending_taken_back(list(found), until).order_by("delivery__weighed_at", "delivery")
    totals = rows.values_list("delivery", "delivery__family", "delivery__weighed_on")
    for key, family, day, usd in totals.annotate(usd=models.Sum("amount_usd")):
        found[family].add(Line(Kind.TAKEN_BACK, -usd, delivery_id=key), day)


def _add_brought_forward(found: dict[uuid.UUID, Account]) -> None:
    """What earlier settlements could not take off."""
    rests = rests_of(list(found)).order_by("settlement__number")
    for settlement, family, usd in rests.values_list(
        "settlement", "settlement__family", "amount_usd"
    ):
        found[family].lines.append(Line(Kind.BROUGHT_FORWARD, -usd, from_settlement_id=settlement))
