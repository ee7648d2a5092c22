"""The prices of a list beside those in force, before it is published."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from harvests.models import STRONGEST_FIRST, CertificationClass, PriceLine
from kallari.units import rounded

LARGE_PERCENT = 25
"""A price seldom moves further from one list to the next: more is looked at twice."""
LARGE_FACTOR = 4
"""From here on the jump is told as a factor: a comma out of place, a price of another unit."""
_WHOLE, _TENTH = Decimal(1), Decimal("0.1")


@dataclass(frozen=True)
class PriceChange:
    """What one kind is paid now and would be paid; one of the two may be missing."""

    new: PriceLine | None
    old: PriceLine | None

    @property
    def line(self) -> PriceLine:
        """The one that names the kind."""
        line = self.new or self.old
        if line is None:
            raise ValueError("A change without a price.")
        return line

    @property
    def class_label(self) -> str:
        """The certification class in words."""
        return str(CertificationClass(self.line.certification_class).label)

    @property
    def new_usd(self) -> Decimal | None:
        """Price and premium of one unit, as it would be."""
        return None if self.new is None else self.new.price_usd + self.new.premium_usd

    @property
    def old_usd(self) -> Decimal | None:
        """Price and premium of one unit, as it is."""
        return None if self.old is None else self.old.price_usd + self.old.premium_usd

    @property
    def ratio(self) -> Decimal | None:
        """By what the price is multiplied, whatever the units; None where that cannot be said."""
        if self.new_usd is None or self.old_usd is None or self.new is None or self.old is None:
            return None
        if self.new.unit == self.old.unit:
            return self.new_usd / self.old_usd
        new, old = self.new.usd_per_kg, self.old.usd_per_kg
        return None if new is None or old is None else new / old

    @property
    def percent(self) -> Decimal | None:
        """How much it rises or falls, to a tenth."""
        ratio = self.ratio
        return None if ratio is None else rounded((ratio - 1) * 100, _TENTH)

    @property
    def is_large(self) -> bool:
        """Whether the jump is to be looked at twice."""
        ratio = self.ratio
        return ratio is not None and (abs(ratio - 1) * 100 > LARGE_PERCENT)

    @property
    def times(self) -> Decimal | None:
        """The factor of a great rise, rounded."""
        ratio = self.ratio
        return rounded(ratio, _WHOLE) if ratio is not None and ratio >= LARGE_FACTOR else None

    @property
    def divided_by(self) -> Decimal | None:
        """The factor of a great fall, rounded."""
        ratio = self.ratio
        return rounded(1 / ratio, _WHOLE) if ratio and 1 / ratio >= LARGE_FACTOR else None


def compared(lines: Iterable[PriceLine], in_force: Iterable[PriceLine]) -> list[PriceChange]:
    """Hold the prices of a list against those in force, in the order of the board; lines come with
    list, form, product and quality."""
    new = {(line.quality_id, line.certification_class): line for line in lines}
    old = {(line.quality_id, line.certification_class): line for line in in_force}
    changes = [PriceChange(new.get(kind), old.get(kind)) for kind in new.keys() | old.keys()]
    return sorted(changes, key=_place)


def _place(change: PriceChange) -> tuple[object, ...]:
    line = change.line
    product, form, quality = line.form.product, line.form, line.quality
    rank = STRONGEST_FIRST.index(line.certification_class)
    return (
        (product.place, product.name),
        (form.place, form.name),
        (quality.place, quality.name),
        rank,
    )
