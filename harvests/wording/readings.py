"""Readings of a batch as people read them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from harvests.models import BatchReading
from harvests.wording.quantities import plain

Kind = BatchReading.Kind
UNITS = {
    Kind.TEMPERATURE.value: "°C",
    Kind.MOISTURE.value: "%",
    Kind.ACIDITY.value: "pH",
    Kind.WEIGHT.value: "kg",
}


NEAR = timedelta(days=6)
"""How far away a day is known by its name and number alone."""


def moment(at: datetime) -> str:
    """When something was or will be, no longer than needed: «sáb 26, 17:00»; more than six days
    away with its month, «26 sep, 17:00»; in another year with the year."""
    now = timezone.localtime()
    local = timezone.localtime(at)
    if abs(now - local) <= NEAR:
        return date_format(local, "D j, H:i")
    if local.year == now.year:
        return date_format(local, "j b, H:i")
    return date_format(local, "j b Y, H:i")


def said(reading: BatchReading) -> str:
    """«Temperatura: 38,5 °C», «Se volteó»."""
    words = {
        Kind.TURN.value: _("Se volteó"),
        Kind.TEMPERATURE.value: _("Temperatura"),
        Kind.MOISTURE.value: _("Humedad"),
        Kind.ACIDITY.value: _("Acidez"),
        Kind.WEIGHT.value: _("Peso"),
        Kind.NOTE.value: _("Observación"),
    }[reading.kind]
    if reading.value is None:
        return words
    return f"{words}: {plain(reading.value)} {UNITS[reading.kind]}"
