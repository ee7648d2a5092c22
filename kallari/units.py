"""Weights and money: units as people say them, kilos and dollars as they are kept.

Kilos have three decimals, money two, unit prices four; all are `Decimal`, and everything is rounded
in one place, half away from zero, as PostgreSQL's ``round(numeric)`` does.

The pound is 0.45359237 kg exactly (international avoirdupois pound, 1959); a quintal is 100 of
them, an arroba 25.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from django.db import models
from django.utils import formats
from django.utils.translation import gettext_lazy as _

GRAM = Decimal("0.001")
"""The smallest difference between two weights in kilos."""
CENT = Decimal("0.01")
"""The smallest difference between two amounts in dollars."""
PRICE_STEP = Decimal("0.0001")
"""The smallest difference between two prices of a unit, in dollars."""


class Unit(models.TextChoices):
    """In what something is counted when it is handed in or priced."""

    KG = "kg", _("kilos")
    LB = "lb", _("libras")
    QQ = "qq", _("quintales")
    ARROBA = "arroba", _("arrobas")
    PIECE = "piece", _("unidades")


KG_PER: dict[str, Decimal] = {
    Unit.KG.value: Decimal(1),
    Unit.LB.value: Decimal("0.45359237"),
    Unit.QQ.value: Decimal("45.359237"),
    Unit.ARROBA.value: Decimal("11.33980925"),
}
"""Kilos of one unit of weight; pieces are not weighed."""

ABBREVIATIONS: dict[str, str] = {
    Unit.KG.value: "kg",
    Unit.LB.value: "lb",
    Unit.QQ.value: "qq",
    Unit.ARROBA.value: "@",
    Unit.PIECE.value: "u",
}
"""As they are written on receipts."""


BEYOND_ALL = Decimal(10_000_000_000)
"""More than any column of quantities or money holds: they have ten digits before the point at
most."""


def holds_numbers(name: str, *columns: str) -> models.CheckConstraint:
    """The constraint that these columns hold numbers, or nothing.

    ``numeric`` of PostgreSQL holds NaN besides, which is equal to itself and sorts above all
    numbers: it passes ``> 0``, and whatever is added to it is NaN. Whatever is below a bound above
    all numbers is one.
    """
    return models.CheckConstraint(
        condition=models.Q(*((f"{column}__lt", BEYOND_ALL) for column in columns)),
        name=name,
        violation_error_message=_("Escriba la cantidad en cifras."),
    )


def is_above_zero(value: Decimal) -> bool:
    """Whether it is a number, and more than nothing: NaN is refused by `Decimal` where it is
    compared."""
    return value.is_finite() and value > 0


def rounded(value: Decimal, step: Decimal) -> Decimal:
    """Return `value` to the nearest `step` (a power of ten), halves away from zero.

    >>> rounded(Decimal("45.359237"), GRAM)
    Decimal('45.359')
    """
    return value.quantize(step, rounding=ROUND_HALF_UP)


def apportioned(total: Decimal, weights: Sequence[int | Decimal], step: Decimal) -> list[Decimal]:
    """Return the parts of `total` in proportion to `weights`, each a multiple of `step`, adding up
    to all of it: the largest remainder (Hamilton; Hare and Niemeyer). All are rounded down, and
    what is missing goes to those who lost most, the first of equals first.

    Args:
        total: a multiple of `step`, not negative.
        weights: not negative. When all are zero, so are the parts.

    >>> apportioned(Decimal("0.100"), [1, 1, 1], GRAM)
    [Decimal('0.034'), Decimal('0.033'), Decimal('0.033')]
    """
    whole = sum(weights)
    if not whole:
        return [step * 0 for _weight in weights]
    exact = [total * weight / whole for weight in weights]
    parts = [one.quantize(step, rounding=ROUND_FLOOR) for one in exact]
    by_loss = sorted(range(len(weights)), key=lambda place: parts[place] - exact[place])
    for place in by_loss[: int((total - sum(parts)) / step)]:
        parts[place] += step
    return parts


def in_kg(quantity: Decimal, unit: str) -> Decimal:
    """Return a weight in kilos, to the gram.

    Raises:
        KeyError: the unit is none of weight.

    >>> in_kg(Decimal(1), "qq"), in_kg(Decimal(3), "arroba")
    (Decimal('45.359'), Decimal('34.019'))
    """
    return rounded(quantity * KG_PER[unit], GRAM)


def worth(quantity: Decimal, counted_in: str, unit_price: Decimal, priced_in: str) -> Decimal:
    """Return what a quantity costs at the price of a unit, in dollars and cents.

    Args:
        quantity: in `counted_in`; kilos or pieces.
        unit_price: dollars for one `priced_in`.

    Raises:
        KeyError: pieces are priced by weight, or weights by the piece.
    """
    if counted_in == priced_in:
        return rounded(quantity * unit_price, CENT)
    return rounded(quantity * KG_PER[counted_in] * unit_price / KG_PER[priced_in], CENT)


def in_usd(amount: Decimal) -> str:
    """Dollars and cents in the reader's writing: 1.234,56 USD."""
    written = formats.number_format(amount, decimal_pos=2, use_l10n=True, force_grouping=True)
    return f"{written}\N{NO-BREAK SPACE}USD"
