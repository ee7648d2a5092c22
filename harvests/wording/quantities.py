"""Quantities and prices."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.template.defaultfilters import floatformat
from django.utils.translation import ngettext

from kallari.units import ABBREVIATIONS, Unit

if TYPE_CHECKING:
    from harvests.models import Delivery

NO_BREAK = "\N{NO-BREAK SPACE}"


def number(value: Decimal, places: str) -> str:
    """A number in the reader's writing: places as Django's ``floatformat`` takes them; what is
    below zero with a minus sign, and not with a hyphen."""
    return with_minus(str(floatformat(value, places)))


def with_minus(written: str) -> str:
    """A written number with a minus sign instead of a hyphen: −0,5."""
    return written.replace("-", "\N{MINUS SIGN}", 1) if written.startswith("-") else written


def plain(value: Decimal) -> str:
    """A number without zeros that nobody typed: 103,5; 1.250; 0,125."""
    decimals = max(0, -int(value.normalize().as_tuple().exponent))
    return number(value, f"{decimals}g")


def counted(quantity: Decimal, unit: str) -> str:
    """A quantity with its unit, without zeros that nobody typed: 1,5 qq, 3 unidades."""
    written = plain(quantity)
    if unit == Unit.PIECE:
        return f"{written}{NO_BREAK}{ngettext('unidad', 'unidades', int(quantity))}"
    return f"{written}{NO_BREAK}{ABBREVIATIONS.get(unit, unit)}"


def typed(delivery: Delivery) -> str:
    """What whoever weighed typed: 103,5 lb."""
    return counted(delivery.quantity, delivery.unit)


def in_kilos(kilos: Decimal) -> str:
    """Kilos to the gram, as scales and papers write them: 46,947 kg."""
    return f"{number(kilos, '3g')}{NO_BREAK}kg"


def in_usd(amount: Decimal) -> str:
    """Dollars and cents: 1.234,56 USD."""
    return f"{number(amount, '2g')}{NO_BREAK}USD"


def unit_price(price: Decimal, unit: str) -> str:
    """The price of a unit, two decimals at least, four at most: 0,45 USD/lb."""
    places = "2g" if price == price.quantize(Decimal("0.01")) else "4g"
    return f"{number(price, places)}{NO_BREAK}USD/{ABBREVIATIONS.get(unit, unit)}"
