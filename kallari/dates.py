"""Ages, anniversaries, and days that have not come."""

from __future__ import annotations

import calendar
from datetime import date

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kallari.refusals import refusal_at

OUR_TIME = date(1990, 1, 1)
"""Before it nobody gave or paid anything that this program has to know: the year was mistyped."""


def begins_in_our_time(name: str, column: str) -> models.CheckConstraint:
    """The constraint that a day is of the years of the association, not of the year 26."""
    return models.CheckConstraint(
        condition=models.Q((f"{column}__gte", OUR_TIME)),
        name=name,
        violation_error_message=_("Revise el año de esa fecha."),
    )


def anniversary(day: date, years: int) -> date:
    """Return the day so many years after `day`; 29 February becomes the 28th where there is none.

    As PostgreSQL adds an interval of years, so that triggers and screens agree.

    >>> anniversary(date(2004, 2, 29), 18)
    datetime.date(2022, 2, 28)
    """
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def age_on(born_on: date, day: date) -> int:
    """Return the completed years of age on `day`.

    >>> born_on = date(2008, 11, 23)
    >>> age_on(born_on, date(2026, 11, 22)), age_on(born_on, date(2026, 11, 23))
    (17, 18)
    """
    years = day.year - born_on.year
    return years if anniversary(born_on, years) <= day else years - 1


def months_later(day: date, months: int) -> date:
    """Return the day so many months after `day`, the last of a shorter month where there is none.

    >>> months_later(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def refuse_future(field: str, day: date | None) -> None:
    """Refuse a day that has not come.

    Raises:
        ValidationError: ``in_the_future``, at the field.
    """
    if day is not None and day > timezone.localdate():
        raise refusal_at(field, _("Ese día todavía no llega."), code="in_the_future")
