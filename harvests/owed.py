"""What the association owes to families, and they to it, as of now: a figure of each kind for each
family, in a handful of queries."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import models

from harvests.models import Advance, Settlement
from harvests.settling import pending_taken_back, rests_of, unsettled

if TYPE_CHECKING:
    from datetime import date

    from members.querysets.families import FamilyQuerySet

NOTHING = Decimal(0)


@dataclass
class Owed:
    """What there is between the association and a family, or several, in dollars.

    Args:
        unsettled: delivered and in no settlement yet, by the prices of the deliveries. drafted: in
            settlements that wait to be approved. unpaid: approved and not paid. advances: what
            settlements have still to take off. carried: what was paid for deliveries that were
            corrected since, and is still to be taken off.
        expected: of what is unsettled, what will be left once advances and rests are taken off.
    """

    unsettled: Decimal = NOTHING
    drafted: Decimal = NOTHING
    unpaid: Decimal = NOTHING
    advances: Decimal = NOTHING
    carried: Decimal = NOTHING
    expected: Decimal = NOTHING

    @property
    def to_pay(self) -> Decimal:
        """What has to be paid: approved, about to be approved, or to be settled."""
        return self.unpaid + self.drafted + self.expected

    @property
    def to_take_off(self) -> Decimal:
        """What later deliveries will pay back: more was paid than what is unsettled is worth."""
        return max(NOTHING, self.carried - self.unsettled)

    @property
    def is_something(self) -> bool:
        """Whether there is anything between them."""
        return any(getattr(self, one.name) for one in fields(self))


def owed_to(families: FamilyQuerySet, until: date | None = None) -> dict[uuid.UUID, Owed]:
    """Return what there is between the association and each family of the queryset, for those with
    which there is something. Six queries, and with a day a few more for what was corrected.

    Args:
        until: deliveries, and what they replace, up to this day; without it, all.
    """
    found: dict[uuid.UUID, Owed] = defaultdict(Owed)
    within = families.order_by().values("pk")
    for family, usd in (
        unsettled(until)
        .filter(family__in=within)
        .order_by()
        .values_list("family")
        .annotate(usd=models.Sum(models.F("amount_usd") + models.F("premium_usd")))
    ):
        found[family].unsettled = usd
    drafts = Settlement.objects.drafts().filter(family__in=within).order_by()
    for family, usd in drafts.values_list("family", "total_usd"):
        found[family].drafted = usd
    unpaid = Settlement.objects.unpaid().filter(family__in=within).order_by()
    for settlement in unpaid:
        found[settlement.family_id].unpaid += settlement.owed_usd
    advances = Advance.objects.left().filter(family__in=within).order_by()
    for advance in advances:
        found[advance.family_id].advances += advance.left_usd
    for family, usd in rests_of(within).values_list("settlement__family", "amount_usd"):
        found[family].carried += usd
    for family, usd in (
        pending_taken_back(within, until)
        .values_list("delivery__family")
        .annotate(usd=models.Sum("amount_usd"))
    ):
        found[family].carried += usd
    for one in found.values():
        one.expected = max(NOTHING, one.unsettled - one.advances - one.carried)
    return {family: one for family, one in found.items() if one.is_something}


def added_up(rows: Iterable[Owed]) -> Owed:
    """Return the sums of several families."""
    total = Owed()
    for row in rows:
        for one in fields(Owed):
            setattr(total, one.name, getattr(total, one.name) + getattr(row, one.name))
    return total


def by_group(
    found: Mapping[uuid.UUID, Owed], group_of: Mapping[uuid.UUID, object]
) -> dict[object, Owed]:
    """Add up families by what each belongs to: their communities."""
    groups: dict[object, list[Owed]] = defaultdict(list)
    for family, owed in found.items():
        groups[group_of[family]].append(owed)
    return {group: added_up(rows) for group, rows in groups.items()}
