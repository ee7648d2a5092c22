"""Fields for what is measured in samples."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models


def percent(label: Any, **options: Any) -> models.DecimalField[Any, Any]:
    """Beans of a hundred, or parts of a weight in percent."""
    return models.DecimalField(
        label,
        **{"max_digits": 4, "decimal_places": 1, "null": True, "blank": True} | options,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )


def grams(label: Any) -> models.DecimalField[Any, Any]:
    """A weight of some beans, in grams."""
    return models.DecimalField(
        label,
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
    )
