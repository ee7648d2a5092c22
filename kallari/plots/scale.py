"""Numbers as they are written, and the round steps of an axis."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_FLOOR, Decimal
from functools import cache

from django.utils import formats
from django.utils.translation import get_language

from kallari.units import rounded

_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


def written(value: int | Decimal, digits: int, suffix: str = "") -> str:
    """Write a number as the reader's language does: 1.234,5 in Spanish, 1,234.5 in English; halves
    away from zero, as everything is rounded, and nothing without a minus sign."""
    number = f"{rounded(Decimal(value), Decimal(1).scaleb(-digits)) + 0:,.{digits}f}"
    return f"{number.translate(_signs(get_language()))}{suffix}"


@cache
def _signs(language: str | None) -> dict[int, str]:
    """What stands in a language for the signs that Python writes. By hand and not by Django's
    `number_format`, which takes ten times as long: a page of plots writes a thousand numbers.

    Raises:
        LookupError: the language does not part digits in threes, as Python does.
    """
    if formats.get_format("NUMBER_GROUPING", language) != 3:
        raise LookupError(f"numbers in {language} are not grouped in threes")
    return {
        ord(","): str(formats.get_format("THOUSAND_SEPARATOR", language)),
        ord("."): str(formats.get_format("DECIMAL_SEPARATOR", language)),
        ord("-"): "\N{MINUS SIGN}",
    }


def ticks(values: Iterable[int | Decimal], about: int = 4) -> list[Decimal]:
    """Return round numbers, evenly apart, that enclose the values: about so many steps.

    Whole values get whole steps.
    """
    known = list(values)
    low, high = Decimal(min(known, default=0)), Decimal(max(known, default=0))
    if low == high:
        low, high = min(low, Decimal(0)), max(high, Decimal(0))
        if low == high:
            return [Decimal(0), Decimal(1)]
    rough = (high - low) / about
    magnitude = Decimal(1).scaleb(rough.adjusted())
    step = next(magnitude * step for step in _STEPS if magnitude * step >= rough)
    if all(value == int(value) for value in known):
        step = max(Decimal(1), step)
        if step != int(step):
            step = Decimal(int(step) + 1)
    first = (low / step).to_integral_value(ROUND_FLOOR)
    found = [first * step]
    while found[-1] < high:
        found.append(found[-1] + step)
    return found


def decimals_of(numbers: Iterable[Decimal]) -> int:
    """Return how many decimals are needed to write all of them."""
    return max(max(0, -int(number.normalize().as_tuple().exponent)) for number in numbers)
