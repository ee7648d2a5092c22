"""The share bar: parts of one whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from kallari.plots.base import MOST_SERIES, Drawing, Plot, Row, Table, block
from kallari.plots.svg import width_of, wrapped, write
from kallari.units import apportioned

THICK = 28


@dataclass(frozen=True, kw_only=True)
class Share(Plot):
    """One bar that is the whole, with one to five parts: the labels of its one series.

    A whole of which one part is not known has no shares: nothing is drawn of it.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.series) != 1:
            raise ValueError("A share bar holds one series.")
        if len(self.labels) > MOST_SERIES:
            raise ValueError(f"A share bar holds one to {MOST_SERIES} parts.")

    @property
    def takes_negatives(self) -> bool:
        return False

    @property
    def is_empty(self) -> bool:
        return len(self.known) < max(1, len(self.labels)) or not sum(self.known)

    def kind(self) -> str:
        return _("Partes de un todo")

    @property
    def patterns_needed(self) -> int:
        return len(self.labels)

    @property
    def table(self) -> Table:
        table = super().table
        shares = [_percent(share) for share in percents(self.known)]
        if self.is_empty:
            shares = [self.say(None)] * len(self.labels)
        rows = tuple(
            Row(row.label, row.link, (*row.cells, share))
            for row, share in zip(table.rows, shares, strict=True)
        )
        total = (*table.total, _percent(100) if not self.is_empty else "") if table.total else None
        return Table((*table.headers, _("Parte")), rows, total)

    def draw(self, width: int, key: str) -> Drawing:
        per_unit = width / float(sum(self.known))
        parts: list[str] = []
        x = 0.0
        for number, value in enumerate(self.known):
            length = float(value) * per_unit
            tip = self.tip(number, 0)
            parts.append(block(self.key, number, x, 0, length, THICK, drawn_in=width, tip=tip))
            x += length
        x, y = 0.0, THICK + 12
        for number, (value, share) in enumerate(zip(self.known, percents(self.known), strict=True)):
            told = f"{_percent(share)} {self.labels[number]} ({self.say(value)})"
            lines = wrapped(told, width - 24, 2)
            needed = 20 + max(width_of(line) for line in lines)
            if x and x + needed > width:
                x, y = 0.0, y + 24
            parts += [
                block(self.key, number, x, y + 2, 14, 14, drawn_in=width),
                write(lines, x + 20, y + 14, link=self.link(number)),
            ]
            x += needed + 20
            if len(lines) > 1:
                x, y = 0.0, y + 42
        return Drawing(parts, y + 24)


def percents(values: Sequence[int | Decimal]) -> list[int]:
    """Return the shares of the values in their sum, in whole percent that add up to 100.

    By the largest remainder (`kallari.units.apportioned`). Shares of nothing are zeros.
    """
    return [int(part) for part in apportioned(Decimal(100), values, Decimal(1))]


def _percent(share: int) -> str:
    return f"{share}\u00a0%"
