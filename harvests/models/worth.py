"""What something that was weighed or counted is worth, as the database reckons it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models.functions import Abs
from django.db.models.lookups import LessThanOrEqual

from kallari.units import KG_PER

_NUMBER: Any = models.DecimalField(max_digits=40, decimal_places=20)
_PRICE_UNIT_KG = models.Case(
    *(models.When(price_unit=unit, then=models.Value(kg)) for unit, kg in KG_PER.items()),
    default=models.Value(Decimal(1)),
    output_field=_NUMBER,
)
_COUNTED = models.Case(
    models.When(unit="piece", then=models.F("quantity")),
    default=models.F("net_kg"),
    output_field=_NUMBER,
)


def is_worth(amount: str, unit_price: str) -> models.Q:
    """An amount is what was counted × unit price, to half a cent. Without a division, so that no
    rounding of one stands between the program and the database."""
    off = models.F(amount) * _PRICE_UNIT_KG - _COUNTED * models.F(unit_price)
    half_a_cent = _PRICE_UNIT_KG * models.Value(Decimal("0.005"), output_field=_NUMBER)
    return models.Q(
        LessThanOrEqual(
            Abs(models.ExpressionWrapper(off, output_field=_NUMBER)),
            models.ExpressionWrapper(half_a_cent, output_field=_NUMBER),
        )
    )
