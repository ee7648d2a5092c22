"""Deliveries as people read them: quantities and prices, alerts, what telephones sent."""

from harvests.wording.quantities import (
    counted,
    in_kilos,
    in_usd,
    number,
    plain,
    typed,
    unit_price,
    with_minus,
)

__all__ = ["counted", "in_kilos", "in_usd", "number", "plain", "typed", "unit_price", "with_minus"]
