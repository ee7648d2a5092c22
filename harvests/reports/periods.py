"""Of which days a report speaks, and with which earlier ones it compares them."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kallari.dates import months_later

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harvests.models import Season

ONE_DAY = timedelta(days=1)
A_SEASON_MOVES = timedelta(days=75)
"""By how much the first day of a season differs from year to year, at most."""
MOST_DAYS = 1096
"""Of which a report adds up at once: three years, one of them a leap year."""


class Kind(models.TextChoices):
    """How long a report's period is; the value stands in the address."""

    DAY = "dia", gettext_lazy("Día")
    WEEK = "semana", gettext_lazy("Semana")
    MONTH = "mes", gettext_lazy("Mes")
    SEASON = "temporada", gettext_lazy("Temporada")
    DATES = "fechas", gettext_lazy("Otras fechas")


@dataclass(frozen=True)
class Span:
    """From one day to another, both among them."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def words(self) -> str:
        """As it is read: one day, or from one to another."""
        if self.first == self.last:
            return date_format(self.first)
        return _("del %(first)s al %(last)s") % {
            "first": date_format(self.first),
            "last": date_format(self.last),
        }

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Period:
    """What a report adds up, `now`, and with what it compares it, `before`.

    Both have the same number of days: a period that is not over yet is compared with as much of
    the earlier one. Periods that are over are compared whole, February with January.
    """

    kind: Kind
    name: str
    name_before: str
    now: Span
    before: Span
    whole: Span
    """With the days that are still to come."""
    season: Season | None = None

    @property
    def is_running(self) -> bool:
        """Whether days of it are still to come."""
        return self.now.last < self.whole.last


def whole(kind: Kind, day: date) -> Span:
    """Return the day, the week from Monday, the month or the calendar year around a day."""
    if kind == Kind.DAY:
        return Span(day, day)
    if kind == Kind.WEEK:
        monday = day - timedelta(days=day.weekday())
        return Span(monday, monday + timedelta(days=6))
    if kind == Kind.MONTH:
        return Span(day.replace(day=1), _month_end(day))
    return Span(date(day.year, 1, 1), date(day.year, 12, 31))


def around(kind: Kind, day: date, today: date) -> Period:
    """Return the day, week, month or calendar year around a day, against the one before it."""
    span = whole(kind, day)
    earlier = whole(kind, span.first - ONE_DAY)
    now, before = compared(span, earlier, today)
    return Period(kind, _named(kind, span), _named(kind, earlier), now, before, span)


def between(first: date, last: date, today: date) -> Period:
    """Return any days, against as many right before them."""
    span = Span(first, last)
    earlier = Span(first - timedelta(days=span.days), first - ONE_DAY)
    now, before = compared(span, earlier, today)
    return Period(Kind.DATES, _("Las fechas pedidas"), _("Antes"), now, before, span)


def a_year_before(seasons: Sequence[Season], season: Season) -> Season | None:
    """Return the season of the year before that began nearest to the same day: the great harvest
    is held against the last great one, not against the small one in between."""
    day = months_later(season.starts_on, -12)
    near = [one for one in seasons if abs(one.starts_on - day) <= A_SEASON_MOVES]
    return min(near, key=lambda one: abs(one.starts_on - day), default=None)


def of_season(season: Season, earlier: Season | None, today: date) -> Period:
    """Return a season against that of a year before, or against the same days of that year."""
    span = Span(season.starts_on, season.ends_on)
    if earlier is None:
        then = Span(months_later(span.first, -12), months_later(span.last, -12))
        name_before = _("Un año antes")
    else:
        then = Span(earlier.starts_on, earlier.ends_on)
        name_before = earlier.name
    now, before = compared(span, then, today)
    return Period(Kind.SEASON, season.name, name_before, now, before, span, season)


def season_on(seasons: Sequence[Season], day: date) -> Season | None:
    """Return the season that is under way, or else the one that began last; of the newest first."""
    return next((season for season in seasons if season.starts_on <= day), None)


def compared(span: Span, earlier: Span, today: date) -> tuple[Span, Span]:
    """Return as much of a span as has come, and as many days of the earlier one."""
    if not span.first <= today < span.last:
        return span, earlier
    now = Span(span.first, today)
    return now, Span(earlier.first, min(earlier.last, earlier.first + timedelta(now.days - 1)))


# --- Steps of a period: what stands on the foot of a plot ---------------------------------------


class Steps:
    """A period cut into days, weeks or months, counted from its own first day, so that the second
    week of a season stands beside the second week of the one before."""

    def __init__(self, days: int) -> None:
        self.unit = "day" if days <= 45 else "week" if days <= 140 else "month"

    def place(self, day: date, span: Span) -> int:
        """Return in which step a day of a span lies, from 0."""
        if self.unit == "month":
            return (day.year - span.first.year) * 12 + day.month - span.first.month
        return (day - span.first).days // (1 if self.unit == "day" else 7)

    def count(self, span: Span) -> int:
        """Return how many steps a span has."""
        return self.place(span.last, span) + 1

    def heading(self) -> str:
        """What one step is called."""
        return {"day": _("Día"), "week": _("Semana desde el"), "month": _("Mes")}[self.unit]

    def title(self) -> str:
        """How a report by these steps is called."""
        return {"day": _("Por día"), "week": _("Por semana"), "month": _("Por mes")}[self.unit]

    def labels(self, span: Span, count: int) -> list[str]:
        """Name the steps from the first day of a span on."""
        if self.unit == "month":
            first = span.first.replace(day=1)
            return [
                date_format(months_later(first, place), "SHORT_YEAR_MONTH_FORMAT")
                for place in range(count)
            ]
        length = 1 if self.unit == "day" else 7
        days = (span.first + timedelta(days=place * length) for place in range(count))
        return [date_format(day, "SHORT_MONTH_DAY_FORMAT") for day in days]


def _month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _named(kind: Kind, span: Span) -> str:
    if kind == Kind.DAY:
        return date_format(span.first)
    if kind == Kind.WEEK:
        return _("Semana del %(day)s") % {"day": date_format(span.first)}
    if kind == Kind.MONTH:
        return date_format(span.first, "F Y").capitalize()
    return _("Año %(year)s") % {"year": span.first.year}
