"""Readings of a batch as people read them."""

from __future__ import annotations

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
