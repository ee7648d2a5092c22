"""Batches and lots in templates."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import TYPE_CHECKING

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from harvests.models import BatchReading, CertificationClass, Lot, ProcessKind
from harvests.wording import number
from harvests.wording.readings import moment, said

if TYPE_CHECKING:
    from datetime import datetime

register = template.Library()

BADGES = {
    CertificationClass.ORGANIC.value: "badge-good",
    CertificationClass.TRANSITION.value: "badge-info",
    CertificationClass.CONVENTIONAL.value: "",
}


KIND_ICONS = {
    "secado": "sun",
    "curado": "leaf",
    "limpieza": "sieve",
    "clasificacion": "filter",
    "homogenizacion": "turn",
    "molienda": "mill",
    "empaque": "lot",
    "maquila": "hand-over",
    "mezcla": "mix",
    "division": "split",
}
"""By the code of the usual kinds of process; a kind of the association's own has the crate."""


@register.filter
def kind_icon(kind: ProcessKind) -> str:
    """The symbol of a kind of process, the same everywhere."""
    return KIND_ICONS.get(kind.code, "process")


@register.simple_tag
def class_badge(certification_class: str) -> SafeString:
    """A certification class, as it is shown everywhere."""
    label = CertificationClass(certification_class).label
    return format_html(
        '<span class="badge {}">{}</span>', BADGES.get(certification_class, ""), label
    )


@register.filter
def unlocalized(value: Decimal | None) -> str:
    """A number for a script: with a point, without thousands."""
    return "" if value is None else f"{value:f}"


@register.filter
def part(value: Decimal | None) -> str:
    """A part of a kilo, to the thousandth: 0,390."""
    return "" if value is None else number(value, "3")


@register.filter
def short_kilos(value: Decimal | None) -> str:
    """Kilos without zeros that nobody weighed: 60 kg, 60,5 kg."""
    return "" if value is None else f"{number(value, '-3g')}\N{NO-BREAK SPACE}kg"


@register.filter
def of_families(lot: Lot) -> str:
    """«de cacao», for a lot to which sugar or milk was added: its kilos are those of the families
    alone, and bars weigh more. Nothing for every other. Needs the lot's product."""
    if not lot.added_kg:
        return ""
    product = lot.form.product.name
    return _("de %(product)s") % {"product": product[:1].lower() + product[1:]}


@register.filter
def says(reading: BatchReading) -> str:
    """«Temperatura: 38,5 °C»."""
    return said(reading)


@register.filter
def when(at: datetime) -> str:
    """«sáb 26, 17:00», with its month when that is more than six days away."""
    return moment(at)


@register.filter
def ago(at: datetime) -> str:
    """How long ago, in hours or days: «hace 5 h», «hace 3 días»."""
    hours = int((timezone.now() - at).total_seconds() // 3600)
    if hours < 1:
        return _("hace poco")
    if hours < 48:
        return _("hace\u00a0%(hours)s\u00a0h") % {"hours": hours}
    days = days_since(at)
    return ngettext("hace %(days)s día", "hace %(days)s días", days) % {"days": days}


@register.filter
def days_since(at: datetime) -> int:
    """Days that went by on the calendar: since yesterday evening, one."""
    return (timezone.localdate() - timezone.localdate(at)).days


@register.simple_tag
def new_key() -> str:
    """A key for what is about to be sent, so that two taps are one."""
    return str(uuid.uuid4())


@register.filter
def signed(value: Decimal | int) -> str:
    """A difference with its sign: +39, −0,5."""
    sign = "+" if value > 0 else "\N{MINUS SIGN}" if value < 0 else ""
    places = "0g" if isinstance(value, int) else "3g"
    return f"{sign}{number(abs(Decimal(value)), places)}"


@register.filter
def unsigned(value: Decimal | int) -> str:
    """How much, whichever way it went."""
    return number(abs(Decimal(value)), "0g" if isinstance(value, int) else "3g")
