"""What one unit costs."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Price:
    """The price of one unit: of a published line, or what was paid before this program."""

    price_usd: Decimal
    premium_usd: Decimal
    unit: str
    line: int | None = None
