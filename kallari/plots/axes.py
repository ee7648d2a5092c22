"""The ground that columns and lines stand on: round numbers up the side, periods along the foot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString

from kallari.plots.base import rule
from kallari.plots.scale import decimals_of, written
from kallari.plots.svg import ELLIPSIS, LINE, width_of, wrapped, write

_EVERY = (1, 2, 3, 4, 6, 12, 24, 36, 48, 60, 120)
"""Every how many labels one is written: years stay years when labels are months."""


@dataclass(frozen=True)
class Ground:
    """Where a value stands, between `left` and `right`, `top` and `foot`."""

    left: float
    right: float
    top: float
    foot: float
    marks: Sequence[Decimal]
    suffix: str = ""

    @property
    def low(self) -> Decimal:
        return self.marks[0]

    @property
    def per_unit(self) -> float:
        return (self.foot - self.top) / float(self.marks[-1] - self.low)

    def y(self, value: int | Decimal) -> float:
        return self.foot - float(value - self.low) * self.per_unit

    def grid(self) -> list[SafeString]:
        """Lines at the round numbers, and the numbers."""
        digits = decimals_of(self.marks)
        parts = []
        for mark in self.marks:
            y = self.y(mark)
            parts += [
                rule(self.left, y, self.right, y, "plot-axis" if mark == 0 else "plot-grid"),
                write(
                    written(mark, digits, self.suffix),
                    self.left - 8,
                    y + 5,
                    anchor="end",
                    class_="plot-quiet",
                ),
            ]
        return parts


def room_for(marks: Sequence[Decimal], suffix: str) -> float:
    """Return the width that the numbers of the grid need."""
    digits = decimals_of(marks)
    return max(width_of(written(mark, digits, suffix)) for mark in marks) + 8


def feet(
    labels: Sequence[str], centers: Sequence[float], y: float, width: float
) -> tuple[list[SafeString], float]:
    """Write labels under their places, as many as can be read, and return the height they took."""
    slot = centers[1] - centers[0] if len(centers) > 1 else width
    broken = [wrapped(label, slot - 6) for label in labels]
    if all(ELLIPSIS not in line for lines in broken for line in lines):
        shown = list(zip(centers, broken, strict=True))
    else:
        widest = min(max(width_of(label) for label in labels) + 12, width)
        every = next((step for step in _EVERY if step * slot >= widest), len(labels))
        shown = [
            (center, [wrapped(label, width, 1)[0]])
            for center, label in list(zip(centers, labels, strict=True))[::every]
        ]
    parts = []
    for center, lines in shown:
        half = max(width_of(line) for line in lines) / 2
        x = max(half, min(center, width - half))
        parts.append(write(lines, x, y + 20, anchor="middle", class_="plot-quiet"))
    return parts, max(len(lines) for _center, lines in shown) * LINE + 8
