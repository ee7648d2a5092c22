"""The large tables a telephone carries: of them the rows that changed are sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models

from harvests.intake.facts import CLASSES, CONVENTIONAL, RANKS
from kallari.history.tracked import history_of
from members.models import (
    Chakra,
    ChakraCertification,
    ChakraGeometry,
    Family,
    Partner,
    PartnerCard,
    Person,
    Standing,
    Suspension,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from kallari.accounts.models import User

MOST_SELLERS = 2


@dataclass(frozen=True)
class Large:
    """A table of which the changed rows are sent.

    Args:
        sources: models whose changes change a row, the column in their history that names it, and,
            where that is not the row's own key, the way from the row to it.
        begins: from the day of the last pull and today, the keys of rows that time itself changed.
        read: rows by their keys (None: all) that the account sees.
    """

    name: str
    model: type[models.Model]
    sources: tuple[tuple[type[models.Model], str, str], ...]
    read: Callable[[User, date, list[Any] | None], list[list[Any]]]
    begins: Callable[[date, date], Iterable[Any]] = lambda _last, _today: ()


def changed(
    table: Large, user: User, after: int, last_day: date, today: date, *, full: bool
) -> tuple[list[list[Any]], list[str]]:
    """The rows that a telephone must have anew, and the keys of those that it must drop."""
    if full:
        return table.read(user, today, None), []
    keys: set[Any] = set(table.begins(last_day, today)) if last_day != today else set()
    for model, column, way in table.sources:
        found = set(touched(model, after).values_list(column, flat=True)) - {None}
        if found and way:
            rows_there = table.model._base_manager.filter(**{f"{way}__in": found})
            found = set(rows_there.values_list("pk", flat=True))
        keys |= found
    if not keys:
        return [], []
    rows = table.read(user, today, list(keys))
    there = {row[0] for row in rows}
    return rows, sorted(str(key) for key in keys if str(key) not in there)


def _families(user: User, today: date, keys: list[Any] | None) -> list[list[Any]]:
    rows = Family.objects.visible_to(user).opened()
    if keys is not None:
        rows = rows.filter(pk__in=keys)
    sellers: dict[Any, list[str]] = {}
    adults = (
        Person.objects.filter(family__in=rows.order_by().values("pk"), died_on=None)
        .exclude(family__in=Partner.objects.members().order_by().values("family"))
        .order_by(models.F("born_on").asc(nulls_last=True), "pk")
    )
    for family, given, surnames in adults.values_list("family", "given_names", "surnames"):
        names = sellers.setdefault(family, [])
        if len(names) < MOST_SELLERS:
            names.append(f"{given} {surnames}")
    return [
        [str(key), number, name, community, sellers.get(key, [])]
        for key, number, name, community in rows.order_by("number").values_list(
            "pk", "number", "name", "community"
        )
    ]


def _partners(user: User, today: date, keys: list[Any] | None) -> list[list[Any]]:
    rows = Partner.objects.visible_to(user).with_standing(today)
    if keys is not None:
        rows = rows.filter(pk__in=keys)
    cards = dict(PartnerCard.objects.in_force().values_list("partner", "code"))
    shown = {Standing.REGISTERED, Standing.SUSPENDED, Standing.APPLICANT}
    return [
        [
            str(one.pk),
            one.number,
            f"{one.person.given_names} {one.person.surnames}",
            one.family.number,
            cards.get(one.pk, ""),
            one.standing,
        ]
        for one in rows.select_related("person", "family").order_by("number", "pk")
        if one.standing in shown
    ]


def _chakras(user: User, today: date, keys: list[Any] | None) -> list[list[Any]]:
    rows = Chakra.objects.visible_to(user).opened().filter(family__closed_on=None)
    if keys is not None:
        rows = rows.filter(pk__in=keys)
    certified = ChakraCertification.objects.filter(
        models.Q(ends_on=None) | models.Q(ends_on__gt=today),
        scheme__kind="organic",
        status__in=list(RANKS),
        starts_on__lte=today,
    )
    ranks: dict[Any, int] = {}
    for chakra, status in certified.values_list("chakra", "status"):
        ranks[chakra] = min(ranks.get(chakra, CONVENTIONAL), RANKS[status])
    measured = ChakraGeometry.objects.filter(is_current=True)
    areas = dict(measured.values_list("chakra", "area_ha"))
    return [
        [
            str(key),
            number,
            name,
            family,
            _text(areas.get(key, declared)),
            CLASSES[ranks.get(key, CONVENTIONAL)],
        ]
        for key, number, name, family, declared in rows.order_by("number").values_list(
            "pk", "number", "name", "family__number", "declared_area_ha"
        )
    ]


def _text(value: Any) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def _newly_certified(last: date, today: date) -> Iterable[Any]:
    moved = models.Q(starts_on__gt=last, starts_on__lte=today) | models.Q(
        ends_on__gt=last, ends_on__lte=today
    )
    return ChakraCertification.objects.filter(moved).values_list("chakra", flat=True)


def _newly_standing(last: date, today: date) -> Iterable[Any]:
    """Partners whose standing a day itself has changed: registered, suspended or left from a day
    that was written down beforehand."""
    window = (last + timedelta(days=1) if last < today else today, today)
    moved = models.Q(registered_on__range=window) | models.Q(ended_on__range=window)
    yield from Partner.objects.filter(moved).values_list("pk", flat=True)
    begun = models.Q(starts_on__range=window) | models.Q(ends_on__range=window)
    yield from Suspension.objects.filter(begun).values_list("partner", flat=True)


LARGE = (
    Large(
        "families",
        Family,
        ((Family, "id", ""), (Person, "family_id", ""), (Partner, "family_id", "")),
        _families,
    ),
    Large(
        "partners",
        Partner,
        (
            (Partner, "id", ""),
            (PartnerCard, "partner_id", ""),
            (Suspension, "partner_id", ""),
            (Person, "id", "person"),
            (Family, "id", "family"),
        ),
        _partners,
        _newly_standing,
    ),
    Large(
        "chakras",
        Chakra,
        (
            (Chakra, "id", ""),
            (ChakraGeometry, "chakra_id", ""),
            (ChakraCertification, "chakra_id", ""),
            (Family, "id", "family"),
        ),
        _chakras,
        _newly_certified,
    ),
)


def touched(model: type[models.Model], after: int) -> QuerySet[Any]:
    """Rows of history since a number."""
    history: Any = history_of(model)
    rows: QuerySet[Any] = history.objects.filter(history_id__gt=after).order_by()
    return rows
