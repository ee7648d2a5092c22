"""Flows: what comes together on the way from many sources to one end, as ribbons as wide as what
flows (a Sankey diagram)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kallari.plots.base import NARROW, Drawing, Plot, Words
from kallari.plots.svg import LINE, coordinate, element, width_of, wrapped, write

BAR = 14
"""How wide a station is drawn."""
GAP = 10
GAP_NAMED = 26
"""Between stations that bear their names above them."""
LEAST = 2.0
"""How high a station is drawn at least, to be seen."""
TALLEST = 300
"""How high all sources together are drawn."""
LABEL_NARROW = 140
LABEL_WIDE = 190.0


@dataclass(frozen=True)
class Station:
    """Something that flows are taken from or run into.

    Attributes:
        column: how many steps from the sources (0); the end is the highest.
        color: which of the five colors of plots, 1 to 5.
    """

    name: Words
    column: int
    color: int = 1
    link: str = ""


@dataclass(frozen=True)
class Ribbon:
    """So much flows from one station into a later one, by their places."""

    start: int
    end: int
    value: Decimal


@dataclass(frozen=True, kw_only=True)
class Flow(Plot):
    """Ribbons from the sources (the labels, in column 0) through the stations to the end (the last
    station). On narrow drawings the sources run straight into the end.

    Attributes:
        stations: the labels first, in their order; the end last.
        ribbons: values in the unit of the plot.
    """

    stations: Sequence[Station] = field(default=())
    ribbons: Sequence[Ribbon] = field(default=())

    def __post_init__(self) -> None:
        super().__post_init__()
        names = [str(one.name) for one in self.stations if one.column == 0]
        if names != [str(label) for label in self.labels]:
            raise ValueError("The sources of a flow are its labels.")
        for one in self.ribbons:
            if self.stations[one.start].column >= self.stations[one.end].column:
                raise ValueError("A flow runs from a column to a later one.")

    @property
    def adds_up(self) -> bool:
        return True

    @property
    def takes_negatives(self) -> bool:
        return False

    @property
    def patterns_needed(self) -> int:
        return 1

    def kind(self) -> str:
        return _("Flujo de las fuentes al destino")

    def draw(self, width: int, key: str) -> Drawing:
        if width == NARROW:
            return self._drawn(*self._straight(), width=width)
        return self._drawn(self.stations, self.ribbons, width=width)

    def _straight(self) -> tuple[list[Station], list[Ribbon]]:
        """The sources and the end alone."""
        sources = [one for one in self.stations if one.column == 0]
        end = self.stations[-1]
        values = [value or Decimal(0) for value in self.series[0].values]
        ribbons = [
            Ribbon(place, len(sources), Decimal(value)) for place, value in enumerate(values)
        ]
        return [*sources, Station(end.name, 1, end.color, end.link)], ribbons

    def _drawn(
        self, stations: Sequence[Station], ribbons: Sequence[Ribbon], *, width: int
    ) -> Drawing:
        through = _through(len(stations), ribbons)
        total = float(sum(through[place] for place, one in enumerate(stations) if not one.column))
        scale = TALLEST / total if total else 0.0
        last = max(one.column for one in stations)
        columns = [
            [place for place, one in enumerate(stations) if one.column == column]
            for column in range(last + 1)
        ]
        is_narrow = width == NARROW
        widest = LABEL_NARROW if is_narrow else LABEL_WIDE
        left = min(
            widest, max((width_of(str(stations[place].name)) for place in columns[0]), default=0)
        )
        right = min(widest if not is_narrow else 84.0, width_of(str(stations[-1].name)))
        start, end = left + 8, width - right - 8 - BAR
        steps = [start + (end - start) * column / max(1, last) for column in range(last + 1)]
        tops, height = _tops(columns, through, scale)
        parts: list[str] = self._ribbons(stations, ribbons, steps, tops, scale)
        for column, places in enumerate(columns):
            for place in places:
                one, high = stations[place], max(LEAST, float(through[place]) * scale)
                parts.append(self._bar(place, one, steps[column], tops[place], high, through))
                parts.append(
                    _label(one, column, last, steps[column], tops[place], high, left, right)
                )
        return Drawing(parts, height)

    def _bar(
        self,
        place: int,
        one: Station,
        x: float,
        y: float,
        high: float,
        through: Sequence[Decimal],
    ) -> SafeString:
        return element(
            "g",
            element("title", f"{one.name}: {self.say(through[place])} {self.unit}".strip()),
            element("rect", class_=f"plot-fill plot-{one.color}", x=x, y=y, width=BAR, height=high),
            class_="plot-mark",
        )

    def _ribbons(
        self,
        stations: Sequence[Station],
        ribbons: Sequence[Ribbon],
        steps: Sequence[float],
        tops: Sequence[float],
        scale: float,
    ) -> list[str]:
        out_at, in_at = list(tops), list(tops)
        parts: list[str] = []
        ordered = sorted(ribbons, key=lambda one: (tops[one.start], tops[one.end]))
        starts: dict[int, float] = {}
        for place, one in enumerate(sorted(ordered, key=lambda one: tops[one.end])):
            starts[place] = out_at[one.start]
            out_at[one.start] += float(one.value) * scale
            high = float(one.value) * scale
            x1 = steps[stations[one.start].column] + BAR
            x2 = steps[stations[one.end].column]
            y1, y2 = starts[place], in_at[one.end]
            in_at[one.end] += high
            if high <= 0:
                continue
            middle = (x1 + x2) / 2
            d = (
                f"M{coordinate(x1)} {coordinate(y1)}"
                f"C{coordinate(middle)} {coordinate(y1)} {coordinate(middle)} {coordinate(y2)}"
                f" {coordinate(x2)} {coordinate(y2)}"
                f"V{coordinate(y2 + high)}"
                f"C{coordinate(middle)} {coordinate(y2 + high)} {coordinate(middle)}"
                f" {coordinate(y1 + high)} {coordinate(x1)} {coordinate(y1 + high)}Z"
            )
            told = f"{stations[one.start].name} → {stations[one.end].name}: {self.say(one.value)}"
            parts.append(
                element(
                    "path",
                    element("title", f"{told} {self.unit}".strip()),
                    d=d,
                    class_=f"plot-ribbon plot-ribbon-{stations[one.start].color}",
                )
            )
        return parts


def _through(count: int, ribbons: Sequence[Ribbon]) -> list[Decimal]:
    """How much goes through each station."""
    came: dict[int, Decimal] = defaultdict(Decimal)
    went: dict[int, Decimal] = defaultdict(Decimal)
    for one in ribbons:
        went[one.start] += one.value
        came[one.end] += one.value
    return [max(came[place], went[place]) for place in range(count)]


def _tops(
    columns: Sequence[Sequence[int]], through: Sequence[Decimal], scale: float
) -> tuple[list[float], float]:
    """Where each station begins, every column centered, and how high all is."""
    highs = {
        place: max(LEAST, float(through[place]) * scale) for column in columns for place in column
    }

    def room(place: int, number: int) -> float:
        is_between = 0 < number < len(columns) - 1
        return highs[place] + GAP_NAMED if is_between else max(highs[place], LINE) + GAP

    heights = [sum(room(place, number) for place in one) for number, one in enumerate(columns)]
    tallest = max(heights)
    tops = [0.0] * len(through)
    for number, column in enumerate(columns):
        y = (tallest - heights[number]) / 2
        for place in column:
            free = room(place, number) - highs[place]
            is_between = 0 < number < len(columns) - 1
            tops[place] = y + (free if is_between else (free - GAP) / 2)
            y += room(place, number)
    return tops, tallest


def _label(
    one: Station,
    column: int,
    last: int,
    x: float,
    y: float,
    high: float,
    left: float,
    right: float,
) -> SafeString:
    base = y + high / 2 + 5
    if column == 0:
        lines = wrapped(str(one.name), left, 2 if high + GAP >= 2 * LINE else 1)
        top = base - (len(lines) - 1) * LINE / 2
        return write(lines, x - 8, top, anchor="end", link=one.link)
    if column == last:
        lines = wrapped(str(one.name), right, 3)
        return write(lines, x + BAR + 8, base - (len(lines) - 1) * LINE / 2, link=one.link)
    return write(
        wrapped(str(one.name), 96, 1)[0],
        x + BAR / 2,
        y - 4,
        anchor="middle",
        class_="plot-quiet",
        link=one.link,
    )
