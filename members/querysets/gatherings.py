"""Reading gatherings and attendance: who came, counted by sex and by age on that day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models.functions import TruncMonth
from django.utils import timezone

from kallari.search.querysets import NamedQuerySet
from members.querysets.reach import within_reach

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kallari.accounts.models import User
    from members.models import Attendance, Gathering, GatheringFile  # noqa: F401

YOUTH, NOT_YOUTH, UNKNOWN_AGE = "youth", "not_youth", "unknown"


@dataclass(frozen=True)
class Tally:
    """Who was at one gathering, or at many together.

    Persons of the register, and visitors who were counted. Sex and age that nobody knows are
    counted as unknown, never guessed; shares are of those who are known.
    """

    gatherings: int = 0
    women: int = 0
    men: int = 0
    other_sex: int = 0
    unknown_sex: int = 0
    youth: int = 0
    not_youth: int = 0
    unknown_age: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            **{one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(self)}
        )

    @property
    def total(self) -> int:
        """Everybody who came."""
        return self.women + self.men + self.other_sex + self.unknown_sex

    @property
    def known_sex(self) -> int:
        """Those who came and whose sex is known."""
        return self.women + self.men + self.other_sex

    @property
    def known_age(self) -> int:
        """Those who came and whose age is known."""
        return self.youth + self.not_youth

    @property
    def women_percent(self) -> int | None:
        """Women among those whose sex is known, in whole percent; None when nobody's is."""
        return _percent(self.women, self.known_sex)

    @property
    def youth_percent(self) -> int | None:
        """Youth among those whose age is known, in whole percent; None when nobody's is."""
        return _percent(self.youth, self.known_age)


def _percent(part: int, whole: int) -> int | None:
    """Half a percent is rounded up, as people do.

    >>> _percent(1, 8), _percent(1, 0)
    (13, None)
    """
    return (part * 200 + whole) // (2 * whole) if whole else None


class GatheringQuerySet(NamedQuerySet["Gathering"]):
    """Named filters over gatherings."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, or for agents and delegates those of their communities."""
        if not user.has_perm("members.view_gathering"):
            return self.none()
        return self.filter(within_reach(user, "community"))

    def not_cancelled(self) -> Self:
        """Those planned or held."""
        return self.filter(cancelled_on=None)

    def held(self) -> Self:
        """Those whose day has come, today included."""
        return self.not_cancelled().filter(held_on__lte=timezone.localdate())

    def coming(self) -> Self:
        """Those planned, today included, the next first."""
        return (
            self.not_cancelled()
            .filter(held_on__gte=timezone.localdate())
            .order_by("held_on", "starts_at", "id")
        )

    def with_names(self) -> Self:
        """With community and ally read in the same query."""
        return self.select_related("community", "ally")

    def tallies(self) -> dict[Any, Tally]:
        """Who came to each of these gatherings, by its key. Two queries."""
        from members.models import Attendance

        found = {
            pk: Tally(
                gatherings=1,
                women=women,
                men=men,
                unknown_sex=unknown,
                unknown_age=women + men + unknown,
            )
            for pk, women, men, unknown in self.order_by().values_list(
                "pk", "visiting_women", "visiting_men", "visiting_unknown"
            )
        }
        for pk, counted in Attendance.objects.filter(gathering__in=list(found)).counted().items():
            found[pk] += counted
        return found

    def per_month(self, year: int) -> dict[tuple[int, str], int]:
        """How many were held, by month and kind."""
        rows = (
            self.held()
            .filter(held_on__year=year)
            .order_by()
            .annotate(month=TruncMonth("held_on"))
            .values_list("month", "kind")
            .annotate(count=models.Count("pk"))
        )
        return {(month.month, kind): count for month, kind, count in rows}


def tally_of(gathering: Gathering) -> Tally:
    """Who came to one gathering."""
    return type(gathering).objects.filter(pk=gathering.pk).tallies()[gathering.pk]


def total_of(tallies: Iterable[Tally]) -> Tally:
    """All of them together; who came twice is counted twice."""
    return sum(tallies, Tally())


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    """Named filters over attendance."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those at the gatherings that the account sees."""
        if not user.has_perm("members.view_attendance"):
            return self.none()
        return self.filter(within_reach(user, "gathering__community"))

    def with_people(self) -> Self:
        """With the person, her family and community, in the order of a list of names."""
        return self.select_related("person__family__community").order_by(
            "person__search_key", "person_id"
        )

    def with_age(self) -> Self:
        """Annotates ``age_band``: whether the person was of the ages that the rules of the day
        of the gathering call youth ("youth", "not_youth"), or "unknown" without a birth date.

        Birthdays as in `kallari.dates.anniversary`.
        """
        held_on = models.F("gathering__held_on")
        born_on = models.F("person__born_on")

        def reaches(years: Any) -> models.Func:
            """The day of the birthday that makes somebody so old."""
            return models.Func(
                born_on,
                years,
                template="(%(expressions)s))::date",
                arg_joiner=" + make_interval(years => ",
                output_field=models.DateField(),
            )

        young = models.Q(from_day__lte=held_on) & models.Q(until_day__gt=held_on)
        return self.annotate(
            from_day=reaches(_rule("partner.youth_from_age", held_on)),
            until_day=reaches(_rule("partner.youth_to_age", held_on, plus=1)),
        ).annotate(
            age_band=models.Case(
                models.When(person__born_on=None, then=models.Value(UNKNOWN_AGE)),
                models.When(young, then=models.Value(YOUTH)),
                default=models.Value(NOT_YOUTH),
                output_field=models.CharField(),
            )
        )

    def counted(self) -> dict[Any, Tally]:
        """The persons of the register at each gathering, by its key. One query."""
        aged: models.QuerySet[Any] = self.with_age()
        rows = (
            aged.order_by()
            .values_list("gathering", "person__sex", "age_band")
            .annotate(count=models.Count("pk"))
        )
        found: dict[Any, Tally] = {}
        for pk, sex, band, count in rows:
            by_sex = {"F": "women", "M": "men", "X": "other_sex"}.get(sex, "unknown_sex")
            by_age = "unknown_age" if band == UNKNOWN_AGE else band
            found[pk] = found.get(pk, Tally()) + Tally(**{by_sex: count, by_age: count})
        return found


def _rule(key: str, day: models.F, *, plus: int = 0) -> models.Func:
    """The whole number that a dated rule has on a day, in SQL."""
    return models.Func(
        models.Value(key),
        day,
        function="kallari_rule_value",
        template=f"(%(function)s(%(expressions)s)::text::int + {plus:d})",
        output_field=models.IntegerField(),
    )


class GatheringFileQuerySet(models.QuerySet["GatheringFile"]):
    """Named filters over photographs and papers of gatherings."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """With the gathering they belong to."""
        if not user.has_perm("members.view_gatheringfile"):
            return self.none()
        return self.filter(within_reach(user, "gathering__community"))

    def kept(self) -> Self:
        """Those that were not erased."""
        return self.filter(file__state="kept")
