"""Columns: for what follows one another, such as months or harvests."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from kallari.plots.axes import Ground, feet, room_for
from kallari.plots.base import NARROW, Drawing, Plot, Value, block, rule
from kallari.plots.scale import ticks
from kallari.plots.svg import LINE, element, width_of, write

HEIGHT = 220
HEIGHT_NARROW = 180

UNKNOWN = "—"

Column = list[tuple[int, Value]]


@dataclass(frozen=True, kw_only=True)
class Columns(Plot):
    """One column for each label; several series are stacked into it or stand beside each other.

    Few columns carry their numbers; many stand before a grid.
    """

    stacked: bool = True

    @property
    def adds_up(self) -> bool:
        return self.stacked

    @property
    def takes_negatives(self) -> bool:
        return not self.stacked or len(self.series) == 1

    def kind(self) -> str:
        return _("Columnas")

    def draw(self, width: int, key: str) -> Drawing:
        names = self.names(width)
        rows = [self._columns_of(place) for place in range(len(self.labels))]
        sums = [_sum(column) for row in rows for column in row]
        slot = width / len(self.labels)
        texts = [self._text(column) for row in rows for column in row]
        is_numbered = max(width_of(text, is_bold=True) for text in texts) + 4 <= slot / len(rows[0])
        suffix = "\u00a0%" if self.unit == "%" else ""
        marks = _range(sums) if is_numbered else ticks([0, *sums])
        left = 0.0
        if not is_numbered:
            left = room_for(marks, suffix)
            slot = (width - left) / len(self.labels)
        thick = min(64.0, slot * (0.72 if slot > 12 else 0.84) / len(rows[0]))
        top = names.height + (LINE if is_numbered else 8)
        foot = top + (HEIGHT_NARROW if width == NARROW else HEIGHT)
        ground = Ground(left, width, top, foot, marks, suffix)
        parts: list[str] = [*names.parts, *([] if is_numbered else ground.grid())]
        centers = [left + slot * (place + 0.5) for place in range(len(self.labels))]
        for place, (center, row) in enumerate(zip(centers, rows, strict=True)):
            x = center - thick * len(row) / 2
            for column in row:
                parts += self._column(column, place, x, thick, ground, width)
                if is_numbered or all(value is None for _number, value in column):
                    parts += self._number(column, x + thick / 2, thick, ground, is_numbered)
                x += thick
        parts.append(rule(left, ground.y(0), width, ground.y(0), "plot-axis"))
        below = LINE if is_numbered and min(sums) < 0 else 0
        labels = [str(label) for label in self.labels]
        written_labels, high = feet(labels, centers, foot + below, width)
        return Drawing([*parts, *written_labels], foot + below + high)

    def _columns_of(self, place: int) -> list[Column]:
        """The columns of a label, each the numbers of the series in it with their values."""
        values = [(number, one.values[place]) for number, one in enumerate(self.series)]
        return [values] if self.stacked else [[pair] for pair in values]

    def _text(self, column: Column) -> str:
        """The number at a column's end: at least so much, when a part of it is not known."""
        missing = sum(value is None for _number, value in column)
        if missing == len(column):
            return UNKNOWN
        return f"≥\u00a0{self.say(_sum(column))}" if missing else self.say(_sum(column))

    def _column(
        self, column: Column, place: int, x: float, thick: float, ground: Ground, width: int
    ) -> list[str]:
        parts: list[str] = []
        y = ground.y(0)
        for number, value in column:
            high = abs(float(value or 0)) * ground.per_unit
            is_below = value is not None and value < 0
            start = y if is_below else y - high
            tip = self.tip(place, number)
            mark = block(self.key, number, x, start, thick, high, drawn_in=width, tip=tip)
            link = self.link(place)
            parts.append(element("a", mark, href=link, tabindex="-1") if link and mark else mark)
            y = y if is_below else start
        return parts

    def _number(
        self, column: Column, center: float, thick: float, ground: Ground, is_numbered: bool
    ) -> list[str]:
        """What stands at the end of a column; a dash where nothing is known."""
        text = self._text(column)
        if not is_numbered and width_of(text, is_bold=True) > thick:
            return []
        total = _sum(column)
        y = ground.y(total) + 15 if total < 0 else ground.y(total) - 5
        class_ = "plot-missing" if text == UNKNOWN else "plot-number"
        return [write(text, center, y, anchor="middle", class_=class_)]


def _sum(column: Column) -> int | Decimal:
    return sum(value for _number, value in column if value is not None)


def _range(sums: list[int | Decimal]) -> list[Decimal]:
    """From the least to the greatest, zero among them."""
    low, high = Decimal(min(0, *sums)), Decimal(max(0, *sums))
    return [low, high if high > low else low + 1]
