"""Totals over the whole register, as it stood on a day: each is one query, added up by SQL."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from django.db import connection, models

from members.models import (
    Certificate,
    ChakraCertification,
    ChakraConflict,
    ChakraGeometry,
    Community,
    CorrectiveAction,
    Partner,
    Person,
    Suspension,
)

if TYPE_CHECKING:
    from kallari.accounts.models import User

AGES = ((0, 30), (30, 40), (40, 50), (50, 60), (60, 70), (70, None))
"""From so many completed years to before so many: the bands of the pyramid."""

WAITING = ((0, 30), (30, 90), (90, None))
"""Days since the application: from, to before."""

MOST_MONTHS = 120
"""Of a longer time only the ends of years are shown."""


def born_by(day: date, years: int) -> date:
    """Return the latest birth date of somebody who has completed so many years on `day`.

    The inverse of `kallari.dates.age_on`: who was born on 29 February completes a year on the 28th
    where there is no 29th.

    >>> born_by(date(2026, 9, 30), 18), born_by(date(2026, 2, 28), 18)
    (datetime.date(2008, 9, 30), datetime.date(2008, 2, 29))
    """
    year = day.year - years
    last = calendar.monthrange(year, day.month)[1]
    is_month_end = day.day == calendar.monthrange(day.year, day.month)[1]
    if day.month == 2 and is_month_end:
        return date(year, 2, last)
    return day.replace(year=year)


def month_ends(first: date, last: date) -> list[date]:
    """The ends of the months from `first` to before `last`, then `last`; of years, where it is
    long.

    >>> [day.isoformat() for day in month_ends(date(2026, 7, 4), date(2026, 9, 30))]
    ['2026-07-31', '2026-08-31', '2026-09-30']
    """
    found = list(takewhile(lambda day: day < last, _month_ends(first))) if first < last else []
    if len(found) > MOST_MONTHS:
        found = [day for day in found if day.month == 12]
    return [*found, last]


def _month_ends(first: date) -> Iterator[date]:
    year, month = first.year, first.month
    while year < date.max.year:
        yield date(year, month, calendar.monthrange(year, month)[1])
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


@dataclass(frozen=True)
class Bands:
    """How many women, men and others there are in one band of ages."""

    women: int
    men: int
    other: int


@dataclass(frozen=True)
class Register:
    """What one account may see of the register, on a day, perhaps of one community alone."""

    user: User
    day: date
    community: Community | None = None

    def _within(self, rows: models.QuerySet[Any], path: str) -> Any:
        return rows if self.community is None else rows.filter(**{path: self.community})

    def _partners(self) -> Any:
        return self._within(Partner.objects.visible_to(self.user), "family__community").order_by()

    def _members(self) -> Any:
        return self._partners().members_on(self.day)

    # --- Partners ---------------------------------------------------------------------------------

    def totals(self) -> dict[str, Any]:
        """``members``, ``women``, ``suspended`` of the day, and ``first_on``, the first
        registration of all."""
        is_member = models.Q(registered_on__lte=self.day) & (
            models.Q(ended_on=None) | models.Q(ended_on__gt=self.day)
        )
        suspended = Suspension.objects.covering(self.day).filter(partner=models.OuterRef("pk"))
        return dict(
            self._partners()
            .annotate(is_suspended=models.Exists(suspended))
            .aggregate(
                members=models.Count("pk", filter=is_member),
                women=models.Count("pk", filter=is_member & _sex("F")),
                suspended=models.Count("pk", filter=is_member & models.Q(is_suspended=True)),
                first_on=models.Min("registered_on"),
            )
        )

    def partners_by_community(self) -> list[dict[str, Any]]:
        """``community``, ``name``, ``women``, ``men``, ``other``, in alphabetical order."""
        return list(
            self._members()
            .values(
                community=models.F("family__community"),
                name=models.F("family__community__name"),
                key=models.F("family__community__search_key"),
            )
            .annotate(
                women=models.Count("pk", filter=_sex("F")),
                men=models.Count("pk", filter=_sex("M")),
                other=models.Count("pk", filter=~_sex("F") & ~_sex("M")),
            )
            .order_by("key")
        )

    def partners_by_age(self) -> list[Bands]:
        """One for each of `AGES`; every registered partner's birth date is known."""
        counts = {}
        for place, (least, below) in enumerate(AGES):
            band = models.Q(person__born_on__lte=born_by(self.day, least))
            if below is not None:
                band &= models.Q(person__born_on__gt=born_by(self.day, below))
            counts[f"women_{place}"] = models.Count("pk", filter=band & _sex("F"))
            counts[f"men_{place}"] = models.Count("pk", filter=band & _sex("M"))
            counts[f"other_{place}"] = models.Count("pk", filter=band & ~_sex("F") & ~_sex("M"))
        told = self._members().aggregate(**counts)
        return [
            Bands(told[f"women_{place}"], told[f"men_{place}"], told[f"other_{place}"])
            for place in range(len(AGES))
        ]

    def growth(self, days: list[date]) -> list[tuple[date, int, int]]:
        """Day, members and women among them on each of these days."""
        rows = self._partners().filter(registered_on__lte=self.day)
        rows = rows.values_list("registered_on", "ended_on", "person__sex")
        told, values = rows.query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                SELECT one.day, count(told.since), count(told.since) FILTER (WHERE told.sex = 'F')
                FROM unnest(%s::date[]) AS one (day)
                LEFT JOIN ({told}) AS told (since, ended_on, sex)
                    ON told.since <= one.day AND (told.ended_on IS NULL OR told.ended_on > one.day)
                GROUP BY one.day ORDER BY one.day
                """,  # noqa: S608 - the inner query is Django's own, its values are passed beside
                [days, *values],
            )
            return cursor.fetchall()

    def applicants_waiting(self) -> tuple[list[int], date | None]:
        """How many wait in each of `WAITING`, and since when the first."""
        counts: dict[str, Any] = {"oldest": models.Min("applied_on")}
        for place, (least, below) in enumerate(WAITING):
            band = models.Q(applied_on__lte=self.day - timedelta(days=least))
            if below is not None:
                band &= models.Q(applied_on__gt=self.day - timedelta(days=below))
            counts[str(place)] = models.Count("pk", filter=band)
        told = self._partners().applicants_on(self.day).aggregate(**counts)
        return [told[str(place)] for place in range(len(WAITING))], told["oldest"]

    # --- Chakras ----------------------------------------------------------------------------------

    def chakras_by_community(self) -> list[dict[str, Any]]:
        """``community``, ``name``, ``chakras``, ``area_ha``: those measured and still worked on
        the day, by the boundary that was the newest then."""
        rows = ChakraGeometry.objects.visible_to(self.user).on(self.day)
        rows = rows.exclude(chakra__closed_on__lte=self.day)
        return list(
            self._within(rows, "chakra__family__community")
            .values(
                community=models.F("chakra__family__community"),
                name=models.F("chakra__family__community__name"),
                key=models.F("chakra__family__community__search_key"),
            )
            .annotate(
                chakras=models.Count("pk"),
                sum_ha=models.Sum("area_ha", default=Decimal(0)),
            )
            .order_by("key")
        )

    def certification_by_scheme(self) -> list[dict[str, Any]]:
        """``scheme``, ``certified``, ``transition``, ``suspended``, ``excluded``: chakras that
        were still worked on the day."""
        rows = ChakraCertification.objects.visible_to(self.user).standing_on(self.day)
        return list(
            self._within(rows, "chakra__family__community")
            .order_by()
            .values(scheme_name=models.F("scheme__name"))
            .annotate(
                certified=models.Count("pk", filter=models.Q(status="certified")),
                transition=models.Count("pk", filter=models.Q(status__in=["t0", "t1", "t2", "t3"])),
                suspended=models.Count("pk", filter=models.Q(status="suspended")),
                excluded=models.Count("pk", filter=models.Q(status="excluded")),
            )
            .order_by("scheme__is_sought", "scheme_name")
        )

    def conflicts(self) -> dict[str, Any]:
        """``undecided`` on the day, the ``oldest`` of them, ``overlap_m2`` of them, and
        ``decided`` in the year before."""
        rows = ChakraConflict.objects.visible_to(self.user).filter(found_on__lte=self.day)
        if self.community is not None:
            rows = rows.filter(
                models.Q(one__family__community=self.community)
                | models.Q(other__family__community=self.community)
            )
        waits = models.Q(decided_on=None) | models.Q(decided_on__gt=self.day)
        year = (self.day - timedelta(days=365), self.day)
        return dict(
            rows.order_by().aggregate(
                undecided=models.Count("pk", filter=waits),
                oldest=models.Min("found_on", filter=waits),
                overlap_m2=models.Sum("overlap_m2", filter=waits, default=Decimal(0)),
                decided=models.Count("pk", filter=models.Q(decided_on__range=year)),
            )
        )

    # --- What ends --------------------------------------------------------------------------------

    def certificates(self) -> list[Certificate]:
        """The newest certificate of each scheme on the day, the one that ends first above."""
        rows = Certificate.objects.visible_to(self.user).newest_of_each_scheme(self.day)
        return list(rows.select_related("scheme").order_by("valid_until", "pk"))

    def corrective_actions(self, within: int) -> dict[str, int]:
        """Corrective actions not yet fulfilled on the day: ``overdue``, ``soon`` (within so many
        days), ``later``."""
        rows = CorrectiveAction.objects.visible_to(self.user).opened_on(self.day)
        rows = rows.filter(finding__inspection__inspected_on__lte=self.day)
        rows = self._within(rows, "finding__inspection__family__community").order_by()
        soon = self.day + timedelta(days=within)
        return dict(
            rows.aggregate(
                overdue=models.Count("pk", filter=models.Q(due_on__lt=self.day)),
                soon=models.Count("pk", filter=models.Q(due_on__range=(self.day, soon))),
                later=models.Count("pk", filter=models.Q(due_on__gt=soon)),
            )
        )


def _sex(sex: str) -> models.Q:
    return models.Q(person__sex=Person.Sex(sex))
