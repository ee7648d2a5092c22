"""The statement of a family: what it delivered, was settled, was paid and was given in a year, and
what there is between it and the association today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import models

from harvests.models import Advance, Delivery, Payment, Settlement
from harvests.owed import Owed, owed_to
from harvests.reports.by_form import Total, totals_by_form
from members.models import Family

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harvests.querysets.deliveries import DeliveryQuerySet

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Statement:
    """A family's account of one year, and what there is between them today.

    Args:
        totals: what was delivered, by form. settlements, payments, advances: of that year, the
            newest first; those that count for nothing are left out.
        settled_usd, paid_usd, advanced_usd: of that year, of all of them, however many are listed.
        owed: as of today, whatever the year.
    """

    family: Family
    year: int
    totals: Sequence[Total]
    deliveries: Sequence[Delivery]
    settlements: Sequence[Settlement]
    payments: Sequence[Payment]
    advances: Sequence[Advance]
    settled_usd: Decimal
    paid_usd: Decimal
    advanced_usd: Decimal
    owed: Owed

    @property
    def delivered_usd(self) -> Decimal:
        """What the deliveries of the year came to by their prices, later premiums apart."""
        return sum((one.usd for one in self.totals), NOTHING)


def statement_of(family: Family, year: int, *, most: int | None = None) -> Statement:
    """Return the statement of a family for a year. A dozen queries.

    What was bought before this program is no part of it: it was neither settled nor paid here.

    Args:
        most: how many deliveries, settlements and payments at most, for a short page; all without.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    delivered = _delivered(family).filter(weighed_on__gte=first, weighed_on__lte=last)
    settled = Settlement.objects.to_be_paid().filter(
        family=family, last_on__gte=first, last_on__lte=last
    )
    payments = Payment.objects.standing().filter(
        settlement__family=family, paid_on__gte=first, paid_on__lte=last
    )
    advances = Advance.objects.valid().filter(
        family=family, given_on__gte=first, given_on__lte=last
    )
    all_settlements = list(settled.with_paid())
    all_payments = list(payments.select_related("settlement").order_by("-paid_on", "-number"))
    all_advances = list(advances.with_taken())
    owed = owed_to(Family.objects.filter(pk=family.pk))
    return Statement(
        family=family,
        year=year,
        totals=totals_by_form(delivered),
        deliveries=list(delivered.select_related("form__product", "quality")[:most]),
        settlements=all_settlements[:most],
        payments=all_payments[:most],
        advances=all_advances[:most],
        settled_usd=sum((one.total_usd for one in all_settlements), NOTHING),
        paid_usd=sum((one.amount_usd for one in all_payments), NOTHING),
        advanced_usd=sum((one.amount_usd for one in all_advances), NOTHING),
        owed=owed.get(family.pk, Owed()),
    )


def advances_for(family: Family, year: int, *, most: int) -> list[Advance]:
    """The advances that a family asks about: those of a year, and older ones of which something is
    still to be taken off; the newest first, with what was taken off. One query."""
    rows = Advance.objects.valid().filter(family=family).with_taken()
    is_asked = models.Q(given_on__year=year) | models.Q(taken_usd__lt=models.F("amount_usd"))
    return list(rows.filter(is_asked)[:most])


def years_of(family: Family) -> list[int]:
    """The years in which a family delivered, was settled, was paid or was given an advance, and
    those between, the newest first. One query."""
    found = (
        _delivered(family)
        .order_by()
        .values_list("weighed_on__year")
        .union(
            Settlement.objects.to_be_paid()
            .filter(family=family)
            .order_by()
            .values_list("last_on__year"),
            Payment.objects.standing()
            .filter(settlement__family=family)
            .order_by()
            .values_list("paid_on__year"),
            Advance.objects.valid().filter(family=family).order_by().values_list("given_on__year"),
        )
    )
    years = [year for (year,) in found]
    return list(range(max(years), min(years) - 1, -1)) if years else []


def _delivered(family: Family) -> DeliveryQuerySet:
    return Delivery.objects.valid().filter(family=family).exclude(via=Delivery.Via.IMPORT)
