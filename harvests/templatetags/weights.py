"""Quantities and prices in templates, as `harvests.wording` writes them."""

from __future__ import annotations

from decimal import Decimal

from django import template

from harvests import wording
from harvests.models import Delivery

register = template.Library()


@register.filter
def typed(delivery: Delivery) -> str:
    """What whoever weighed typed: 103,5 lb."""
    return wording.typed(delivery)


@register.filter
def kilos(value: Decimal | None) -> str:
    """Kilos to the gram with their unit; nothing where there are none."""
    return "" if value is None else wording.in_kilos(value)


@register.filter
def minus(written: str) -> str:
    """A number that ``floatformat`` wrote, with a minus sign: {{ usd|floatformat:"2g"|minus }}."""
    return wording.with_minus(str(written))


@register.filter
def usd(value: Decimal) -> str:
    """Dollars and cents with their unit."""
    return wording.in_usd(value)


@register.filter
def price(delivery: Delivery) -> str:
    """The price of a unit: 0,45 USD/lb."""
    return wording.unit_price(delivery.unit_price_usd, delivery.price_unit)


@register.filter
def premium_price(delivery: Delivery) -> str:
    """The premium of a unit."""
    return wording.unit_price(delivery.premium_unit_usd, delivery.price_unit)
