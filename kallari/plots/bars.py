"""Horizontal bars: for what has names, such as communities."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from kallari.plots.base import NARROW, Drawing, Plot, Value, block, rule, text_height
from kallari.plots.svg import width_of, wrapped, write

THICK = 20
THIN = 14
WIDEST_LABEL = 220


@dataclass(frozen=True, kw_only=True)
class Bars(Plot):
    """One bar for each label; several series are stacked into it, or stand beside each other.

    On narrow drawings the label stands above its bar.
    """

    stacked: bool = True

    @property
    def adds_up(self) -> bool:
        return self.stacked

    @property
    def takes_negatives(self) -> bool:
        return not self.stacked or len(self.series) == 1

    def kind(self) -> str:
        return _("Barras horizontales")

    def draw(self, width: int, key: str) -> Drawing:
        names = self.names(width)
        parts, y = list(names.parts), names.height
        rows = [self._bars_of(place) for place in range(len(self.labels))]
        ends = [_end(bar) for row in rows for bar in row]
        low, high = min(0.0, *(end for end, _text in ends)), max(0.0, *(end for end, _text in ends))
        is_narrow = width == NARROW
        label_width = float(width)
        left = 0.0
        if not is_narrow:
            label_width = min(WIDEST_LABEL, max(width_of(str(label)) for label in self.labels))
            left = label_width + 12
        room = max(width_of(text, is_bold=True) for _end, text in ends) + 8
        if low < 0:
            left += room
        per_unit = (width - room - left) / (high - low) if high > low else 0.0
        zero = left - low * per_unit
        thick = THICK if len(rows[0]) == 1 else THIN
        top = y
        for place, (label, row) in enumerate(zip(self.labels, rows, strict=True)):
            lines = wrapped(str(label), label_width)
            link = self.link(place)
            bars_high = len(row) * (thick + 2) - 2
            if is_narrow:
                parts.append(write(lines, 0, y + 13, link=link))
                y += text_height(lines) + 1
                high_enough = bars_high
            else:
                high_enough = max(bars_high, text_height(lines))
                first = y + (high_enough - text_height(lines)) / 2 + 13
                parts.append(write(lines, label_width, first, anchor="end", link=link))
            bar_y = y + (high_enough - bars_high) / 2
            for bar in row:
                parts += self._bar(bar, place, zero, per_unit, bar_y, thick, width)
                bar_y += thick + 2
            y += high_enough + (14 if is_narrow else 12)
        y -= 8
        parts.append(rule(zero, top - 2, zero, y, "plot-axis"))
        return Drawing(parts, y + 4)

    def _bars_of(self, place: int) -> list[list[tuple[int, Value, str]]]:
        """The bars of a label, each the series in it with their values, and the text at its end."""
        values = [(number, one.values[place]) for number, one in enumerate(self.series)]
        if self.stacked:
            text = self._sum([value for _number, value in values], True)[0]
            return [[(number, value, text) for number, value in values]]
        return [[(number, value, self.say(value))] for number, value in values]

    def _bar(
        self,
        bar: list[tuple[int, Value, str]],
        place: int,
        zero: float,
        per_unit: float,
        y: float,
        thick: float,
        width: int,
    ) -> list[str]:
        parts: list[str] = []
        x = zero
        for number, value, _text in bar:
            length = abs(float(value or 0)) * per_unit
            start = x - length if value is not None and value < 0 else x
            tip = self.tip(place, number)
            parts.append(block(self.key, number, start, y, length, thick, drawn_in=width, tip=tip))
            x = start if value is not None and value < 0 else start + length
        is_missing = all(value is None for _number, value, _text in bar)
        is_left = x < zero
        parts.append(
            write(
                bar[0][2],
                x - 6 if is_left else x + 6,
                y + thick / 2 + 5,
                anchor="end" if is_left else None,
                class_="plot-missing" if is_missing else "plot-number",
            )
        )
        return parts


def _end(bar: list[tuple[int, Value, str]]) -> tuple[float, str]:
    return float(sum(value for _number, value, _text in bar if value is not None)), bar[0][2]
