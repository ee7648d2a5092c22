"""Prices of a unit, as boards and receipts show them."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.utils.formats import number_format

from kallari.units import ABBREVIATIONS, CENT, rounded

register = template.Library()


@register.filter
def unit_price(value: Decimal | None) -> str:
    """Write a price with two decimals, or with as many as it needs, four at most.

    >>> unit_price(Decimal("0.3825")), unit_price(Decimal("45.0000"))
    ('0,3825', '45,00')
    """
    if value is None:
        return ""
    shown = value.normalize()
    return number_format(shown if shown != rounded(shown, CENT) else rounded(shown, CENT))


@register.filter
def plain(value: Decimal) -> str:
    """Write a figure with as many decimals as it needs: 7, 0,39.

    >>> plain(Decimal("7.0000")), plain(Decimal("0.3900"))
    ('7', '0,39')
    """
    return number_format(value.normalize(), force_grouping=True)


@register.filter
def unit_sign(unit: str) -> str:
    """The unit as receipts abbreviate it: kg, lb, qq, @, u."""
    return ABBREVIATIONS[unit]
