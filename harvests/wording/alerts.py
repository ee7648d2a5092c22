"""What an alert says, in words: the figures that the intake wrote down, as a person reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from harvests.models import DeliveryAlert
from harvests.wording.quantities import in_kilos, number, typed

if TYPE_CHECKING:
    from harvests.models import Delivery

Kind = DeliveryAlert.Kind


@dataclass(frozen=True)
class Said:
    """An alert with what it says: a sentence that begins a decision."""

    alert: DeliveryAlert
    words: str


def said_of(alert: DeliveryAlert) -> Said:
    """Put an alert into words. No query, where the alert was read ``with_deliveries``."""
    return Said(alert, _words(alert))


def _words(alert: DeliveryAlert) -> str:
    facts: Mapping[str, Any] = alert.facts
    match alert.kind:
        case Kind.LATE_HARVEST:
            return _(
                "Se cosechó %(days)s días antes de entregar; se avisa cuando son más de %(most)s."
            ) % {"days": facts.get("days", "?"), "most": _plain(facts.get("most"))}
        case Kind.EARLY_VANILLA:
            return _("Según la polinización madura el %(day)s, y se recogió antes.") % {
                "day": _day(facts.get("ripe_on"))
            }
        case Kind.ABOVE_ESTIMATE:
            return _(
                "Con esta entrega la chakra lleva %(delivered)s en el año; se estimó que daría"
                " %(estimated)s."
            ) % {
                "delivered": _kilos(facts.get("with_this_kg")),
                "estimated": _kilos(facts.get("estimated_kg")),
            }
        case Kind.QUOTA:
            return _quota(alert)
        case Kind.POSSIBLE_DOUBLE:
            other = alert.other
            if other is None:
                return _("Quizá es la misma de otra entrega.")
            return _(
                "Quizá es la misma que %(folio)s: de la misma familia, el mismo día, %(weight)s."
            ) % {"folio": other.folio, "weight": typed(other)}
        case Kind.CLOCK:
            return _clock(alert.delivery, facts)
        case Kind.PRICE_SEEN:
            return _("En el teléfono se vio otro precio que el que regía al pesar.")
    return str(alert.get_kind_display())


def _quota(alert: DeliveryAlert) -> str:
    scope = getattr(alert, "quota_scope", None)
    sentence = {
        "family": _(
            "Con esta entrega van %(delivered)s; el cupo de la familia %(whose)s es de %(limit)s."
        ),
        "community": _("Con esta entrega van %(delivered)s; el cupo de %(whose)s es de %(limit)s."),
        "all": _(
            "Con esta entrega van %(delivered)s; el cupo de todas las familias es de %(limit)s."
        ),
    }.get(scope or "", _("Con esta entrega van %(delivered)s; el cupo es de %(limit)s."))
    delivery = alert.delivery
    return sentence % {
        "delivered": _kilos(alert.facts.get("with_this_kg")),
        "limit": _kilos(alert.facts.get("limit_kg")),
        "whose": delivery.family if scope == "family" else delivery.community,
    }


def _clock(delivery: Delivery, facts: Mapping[str, Any]) -> str:
    told = facts.get("told")
    shown = _instant(told) if isinstance(told, str) else "?"
    if facts.get("was_future"):
        return _("El dispositivo decía %(told)s, que todavía no llegaba: se corrigió.") % {
            "told": shown
        }
    return _("El reloj del dispositivo estaba mal: decía %(told)s, y se corrigió.") % {
        "told": shown
    }


def _kilos(value: Any) -> str:
    try:
        return in_kilos(Decimal(str(value)))
    except InvalidOperation:
        return "?"


def _plain(value: Any) -> str:
    try:
        return number(Decimal(str(value)), "-2g")
    except InvalidOperation:
        return "?"


def _day(value: Any) -> str:
    try:
        return date_format(date.fromisoformat(str(value)))
    except ValueError:
        return "?"


def _instant(value: str) -> str:
    try:
        return date_format(localtime(datetime.fromisoformat(value)), "SHORT_DATETIME_FORMAT")
    except ValueError:
        return "?"
