"""From a cut test to a grade: counted beans, percentages, and the best grade whose limits all hold.

The cut test: a hundred beans are cut lengthwise and sorted by what is seen (trade practice; ISO
1114). Percentages are over the beans that were counted, not over a hundred. The limits of the
grades are those of a table's edition (NTE INEN 176); this module knows none of them.

Nothing here asks the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from kallari.units import CENT, rounded

CLASSES: tuple[str, ...] = (
    "well_fermented",
    "slightly_fermented",
    "violet",
    "slaty",
    "mouldy",
    "insect_damaged",
    "germinated",
    "defective",
)
"""What a bean is sorted as; each is of one class alone."""


@dataclass(frozen=True, slots=True)
class Cut:
    """How many beans of each class there were among those that were cut."""

    well_fermented: int = 0
    slightly_fermented: int = 0
    violet: int = 0
    slaty: int = 0
    mouldy: int = 0
    insect_damaged: int = 0
    germinated: int = 0
    defective: int = 0

    @property
    def counted(self) -> int:
        """All the beans that were cut."""
        return sum(getattr(self, one) for one in CLASSES)

    @property
    def fermented(self) -> int:
        """Well or slightly fermented: the table's total."""
        return self.well_fermented + self.slightly_fermented

    def percent(self, beans: int) -> Decimal:
        """So many beans in percent of those counted, to two decimals, halves away from zero.

        >>> Cut(well_fermented=66, violet=32).percent(66)
        Decimal('67.35')
        """
        return rounded(Decimal(beans) * 100 / self.counted, CENT)


class What(StrEnum):
    """What a limit speaks of."""

    WEIGHT = "weight"
    WELL_FERMENTED = "well_fermented"
    FERMENTED = "fermented"
    VIOLET = "violet"
    SLATY = "slaty"
    MOULDY = "mouldy"


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one grade, per hundred beans; None: the table sets none.

    Attributes:
        weight_min: grams of a hundred beans. What the table writes as the upper end of its band
            limits nothing: heavier beans are no worse.
    """

    code: str
    weight_min: Decimal | None = None
    well_fermented_min: Decimal | None = None
    fermented_min: Decimal | None = None
    violet_max: Decimal | None = None
    slaty_max: Decimal | None = None
    mouldy_max: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Why a sample is not of a grade: one limit that does not hold.

    Attributes:
        has: what the sample has, in grams or percent; None where it was not weighed.
    """

    grade: str
    what: What
    has: Decimal | None
    limit: Decimal

    @property
    def is_least(self) -> bool:
        """Whether the limit is one that must be reached, and not one that must be kept."""
        return self.what in (What.WEIGHT, What.WELL_FERMENTED, What.FERMENTED)

    def stored(self) -> dict[str, str | None]:
        """The row as it is kept beside the grade."""
        return {
            "grade": self.grade,
            "what": self.what.value,
            "has": None if self.has is None else str(self.has),
            "limit": str(self.limit),
        }

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Shortfall:
        """What `stored` wrote."""
        has = kept["has"]
        return cls(
            kept["grade"],
            What(kept["what"]),
            None if has is None else Decimal(has),
            Decimal(kept["limit"]),
        )


@dataclass(frozen=True, slots=True)
class Graded:
    """The best grade whose every limit holds; None: the sample is below the table. `below` says
    why each better one (or each at all) is not reached."""

    grade: str | None
    below: tuple[Shortfall, ...]


def lacks_measure(below: Iterable[Shortfall]) -> bool:
    """Whether a sample has no grade merely because something was not measured: some grade has no
    other limit against it. Then it is not below the table; it is not graded yet."""
    measured: dict[str, bool] = {}
    for one in below:
        measured[one.grade] = measured.get(one.grade, False) or one.has is not None
    return not all(measured.values())


def weight_of_100(weight_g: Decimal | None, per_100g: int | None) -> Decimal | None:
    """Grams of a hundred beans: as weighed, or from how many make a hundred grams.

    >>> weight_of_100(None, 80), weight_of_100(Decimal("128.4"), 80)
    (Decimal('125'), Decimal('128.4'))
    """
    if weight_g is not None:
        return weight_g
    return Decimal(10_000) / per_100g if per_100g else None


def beans_in_100g(weight_g: Decimal | None, per_100g: int | None) -> int | None:
    """How many beans make a hundred grams (the bean count of ISO 2451): as counted, or from the
    weight of a hundred, to the nearest bean.

    >>> beans_in_100g(Decimal("125"), None), beans_in_100g(None, 104)
    (80, 104)
    """
    if per_100g is not None:
        return per_100g
    return int(rounded(Decimal(10_000) / weight_g, Decimal(1))) if weight_g else None


class Size(StrEnum):
    """The size classes of ISO 2451."""

    STANDARD = "standard"
    MEDIUM = "medium"
    SMALL = "small"
    VERY_SMALL = "very_small"


def size_of(per_100g: int, ends: Sequence[int]) -> Size:
    """The size of beans of which so many make a hundred grams.

    Args:
        ends: the last count of small, medium and standard, in any order (ISO 2451, as recalled:
            120, 110, 100). Of fewer, what is beyond the last is very small.

    >>> [size_of(one, (120, 110, 100)).value for one in (100, 101, 111, 121)]
    ['standard', 'medium', 'small', 'very_small']
    """
    sizes = (Size.STANDARD, Size.MEDIUM, Size.SMALL)
    for size, end in zip(sizes, sorted(ends), strict=False):
        if per_100g <= end:
            return size
    return Size.VERY_SMALL


def shortfalls(cut: Cut, weight_g: Decimal | None, limits: Limits) -> list[Shortfall]:
    """The limits of one grade that do not hold. Compared exactly, before any rounding: 74.7 % is
    not 75 %."""
    found: list[Shortfall] = []
    if limits.weight_min is not None and (weight_g is None or weight_g < limits.weight_min):
        has = None if weight_g is None else rounded(weight_g, CENT)
        found.append(Shortfall(limits.code, What.WEIGHT, has, limits.weight_min))
    least = (
        (What.WELL_FERMENTED, cut.well_fermented, limits.well_fermented_min),
        (What.FERMENTED, cut.fermented, limits.fermented_min),
    )
    most = (
        (What.VIOLET, cut.violet, limits.violet_max),
        (What.SLATY, cut.slaty, limits.slaty_max),
        (What.MOULDY, cut.mouldy, limits.mouldy_max),
    )
    found += [
        Shortfall(limits.code, what, cut.percent(beans), limit)
        for what, beans, limit in least
        if limit is not None and beans * 100 < limit * cut.counted
    ]
    found += [
        Shortfall(limits.code, what, cut.percent(beans), limit)
        for what, beans, limit in most
        if limit is not None and beans * 100 > limit * cut.counted
    ]
    return found


def graded(cut: Cut, weight_g: Decimal | None, table: Iterable[Limits]) -> Graded:
    """Return the first grade of a table, best first, whose every limit holds.

    Args:
        weight_g: grams of a hundred beans; None where nobody weighed them: then no grade that asks
            for a weight is reached (`lacks_measure`: whether that alone is why there is none).
    """
    below: list[Shortfall] = []
    for limits in table:
        failing = shortfalls(cut, weight_g, limits)
        if not failing:
            return Graded(limits.code, tuple(below))
        below += failing
    return Graded(None, tuple(below))
