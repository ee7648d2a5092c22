"""What is asked of somebody who would become a partner, and what shows it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kallari.dates import anniversary
from members.models import Partner, Person
from members.rules import MINIMUM_AGE, TRADE_DAYS, TRADE_PRODUCTS
from members.trade import Trade, trade_of


@dataclass(frozen=True)
class Requirement:
    """One thing that must hold on the day of registration, and what shows it."""

    code: str
    met: bool
    title: str
    detail: str
    evidence: tuple[Trade, ...] = ()


def requirements(partner: Partner, on: date) -> list[Requirement]:
    """Return what is asked of an applicant who would be registered on a day.

    Legal age on that day; a year of trade in a product that counts; nobody else of the family
    registered. Source: the association's book ("of legal age, and has traded cocoa, guayusa or
    vanilla for at least one year", "one person a family"); the figures are the rules
    ``partner.minimum_age``, ``partner.trade_days`` and ``partner.trade_products`` of that day.
    """
    trades = trade_of([partner.family_id], on).get(partner.family_id, ())
    return [
        age_requirement(partner.person.born_on, on, years=MINIMUM_AGE.on(on)),
        trade_requirement(trades, on, days=TRADE_DAYS.on(on), counted=TRADE_PRODUCTS.on(on)),
        _place_requirement(partner, on),
    ]


def age_requirement(born_on: date | None, on: date, *, years: int) -> Requirement:
    """Whether somebody born on a day is of legal age on another, by the rule of that day."""
    title = _("Mayor de edad: %(years)s años cumplidos") % {"years": years}
    if born_on is None:
        return Requirement("age", False, title, _("Falta su fecha de nacimiento en la ficha."))
    of_age_on = anniversary(born_on, years)
    told = {"day": date_format(of_age_on), "years": years}
    if of_age_on <= on:
        return Requirement("age", True, title, _("Los cumplió el %(day)s.") % told)
    return Requirement("age", False, title, _("Los cumple el %(day)s.") % told)


def trade_requirement(
    found: Iterable[Trade], on: date, *, days: int, counted: Collection[str]
) -> Requirement:
    """Whether what a family has traded is enough on a day, by the rules of that day."""
    names = ", ".join(TRADE_PRODUCTS.kind.words((product,)) for product in counted)
    title = _("Entrega desde hace %(days)s días o más: %(products)s") % {
        "days": days,
        "products": names,
    }
    trades = tuple(trade for trade in found if trade.first_on <= on)
    first = min((trade.first_on for trade in trades if trade.product in counted), default=None)
    if first is None:
        detail = (
            _("Lo que consta es de productos que no cuentan.")
            if trades
            else _("No consta ninguna entrega. Adjunte un documento de comercio anterior.")
        )
        return Requirement("trade", False, title, detail, trades)
    told: dict[str, Any] = {"day": date_format(first), "days": (on - first).days}
    detail = _("Primera entrega: %(day)s, hace %(days)s días.") % told
    if (on - first).days >= days:
        return Requirement("trade", True, title, detail, trades)
    told["until"] = date_format(first + timedelta(days=days))
    detail = _("Primera entrega: %(day)s. El tiempo se cumple el %(until)s.") % told
    return Requirement("trade", False, title, detail, trades)


def _place_requirement(partner: Partner, on: date) -> Requirement:
    title = _("Nadie más de la familia está registrado")
    other = (
        Partner.objects.filter(family=partner.family_id)
        .filter(models.Q(ended_on=None) | models.Q(ended_on__gt=on))
        .exclude(registered_on=None)
        .exclude(pk=partner.pk)
        .select_related("person")
        .first()
    )
    if other is None:
        return Requirement("place", True, title, _("La familia no tiene socia ni socio."))
    told = {"partner": other.person.name, "number": other.number}
    return Requirement(
        "place", False, title, _("Ya está %(partner)s, con el número %(number)s.") % told
    )


def refuse_under_age(person: Person, on: date) -> None:
    """Refuse a registration before legal age.

    Raises:
        ValidationError: ``not_of_age``.
    """
    found = age_requirement(person.born_on, on, years=MINIMUM_AGE.on(on))
    if not found.met:
        raise ValidationError(
            gettext_lazy("%(title)s. %(detail)s"),
            code="not_of_age",
            params={"title": found.title, "detail": found.detail},
        )


def refuse_short_trade(partner: Partner, on: date) -> None:
    """Refuse a day of registration on which the family had not traded long enough.

    Raises:
        ValidationError: ``not_enough_trade``.
    """
    trades = trade_of([partner.family_id], on).get(partner.family_id, ())
    found = trade_requirement(trades, on, days=TRADE_DAYS.on(on), counted=TRADE_PRODUCTS.on(on))
    if not found.met:
        raise ValidationError(
            gettext_lazy("%(title)s. %(detail)s"),
            code="not_enough_trade",
            params={"title": found.title, "detail": found.detail},
        )


_CODES = {"age": "not_of_age", "trade": "not_enough_trade", "place": "family_has_partner"}


def refuse_unmet(partner: Partner, on: date) -> None:
    """Refuse a registration, and say all that is lacking at once.

    Raises:
        ValidationError: ``not_of_age``, ``not_enough_trade``, ``family_has_partner``.
    """
    unmet = [one for one in requirements(partner, on) if not one.met]
    if unmet:
        raise ValidationError(
            [
                ValidationError(
                    gettext_lazy("%(title)s. %(detail)s"),
                    code=_CODES[one.code],
                    params={"title": one.title, "detail": one.detail},
                )
                for one in unmet
            ]
        )
