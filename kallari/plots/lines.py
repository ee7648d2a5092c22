"""Lines: for what grows or shrinks in time."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kallari.plots.axes import Ground, feet, room_for
from kallari.plots.base import NARROW, Drawing, Plot, path
from kallari.plots.scale import ticks
from kallari.plots.svg import LINE, coordinate, element, width_of, wrapped, write

HEIGHT = 240
HEIGHT_NARROW = 200
WIDEST_NAME = {True: 112, False: 168}
DASHES = (None, "7 4", "2 4", "12 4 2 4", "4 2")

Point = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Lines(Plot):
    """One line for each series, named at its end; it breaks where nothing is known.

    As steps it shows what holds until it changes, such as a price. Without `from_zero` the side
    begins near the least value: small changes of large numbers show, shares of the whole do not.
    """

    steps: bool = False
    from_zero: bool = True

    def kind(self) -> str:
        return _("Líneas")

    def draw(self, width: int, key: str) -> Drawing:
        marks = ticks([0, *self.known] if self.from_zero else self.known)
        suffix = "\u00a0%" if self.unit == "%" else ""
        left = room_for(marks, suffix)
        names = [self._named(number, width == NARROW) for number in range(len(self.series))]
        right = width - 12 - max(width_of(line, is_bold=True) for lines in names for line in lines)
        top = 10.0
        foot = top + (HEIGHT_NARROW if width == NARROW else HEIGHT)
        ground = Ground(left, right, top, foot, marks, suffix)
        count = len(self.labels)
        apart = (right - left - 8) / max(1, count - 1)
        middle = (left + right) / 2
        xs = [left + 4 + place * apart if count > 1 else middle for place in range(count)]
        parts: list[str] = list(ground.grid())
        ends: list[tuple[float, int]] = []
        for number, one in enumerate(self.series):
            values = zip(xs, one.values, strict=True)
            points = [None if value is None else (x, ground.y(value)) for x, value in values]
            parts += self._line(points, number)
            known = [point for point in points if point is not None]
            if known:
                ends.append((known[-1][1], number))
        parts += _apart(ends, names, right + 10, top, foot)
        labels, high = feet([str(label) for label in self.labels], xs, foot, width)
        return Drawing([*parts, *labels], foot + high)

    def _named(self, number: int, is_narrow: bool) -> list[str]:
        """The last number of a series, and its name when there are others."""
        one = self.series[number]
        last = next((value for value in reversed(one.values) if value is not None), None)
        if len(self.series) == 1:
            return [self.say(last)]
        return wrapped(f"{self.say(last)} {one.name}", WIDEST_NAME[is_narrow], 2)

    def _line(self, points: list[Point | None], number: int) -> list[SafeString]:
        parts, lone = [], []
        for stretch in _stretches(points):
            if len(stretch) == 1:
                lone.append(stretch[0][1])
                continue
            way = [point for _place, point in stretch]
            if self.steps:
                way = [
                    step for here, there in pairwise(way) for step in (here, (there[0], here[1]))
                ] + [way[-1]]
            class_ = f"plot-line plot-line-{number + 1}"
            dashes = DASHES[number]
            parts.append(element("path", d=path(*way), class_=class_, stroke_dasharray=dashes))
        marked = [(place, point) for place, point in enumerate(points) if point is not None]
        shows_all = len(marked) <= 12
        for place, (x, y) in marked:
            if shows_all or (x, y) in lone or place == marked[-1][0]:
                tip = element("title", self.tip(place, number))
                class_ = f"plot-point plot-{number + 1}"
                parts.append(element("circle", tip, cx=x, cy=y, r=4, class_=class_))
        return parts


@dataclass(frozen=True, kw_only=True)
class Sparkline(Plot):
    """One small line without axes, to stand beside its number."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.series) != 1:
            raise ValueError("A sparkline holds one series.")

    def kind(self) -> str:
        return _("Línea")

    @property
    def svg(self) -> SafeString:
        """The line, as high as two lines of text."""
        if self.is_empty:
            return SafeString()
        return self._frame(120, "spark")

    def draw(self, width: int, key: str) -> Drawing:
        low, high = float(min(self.known)), float(max(self.known))
        per_unit = 24 / (high - low) if high > low else 0.0
        foot = 28.0 if high > low else 16.0
        apart = (width - 12) / max(1, len(self.labels) - 1)
        points = [
            None if value is None else (6 + place * apart, foot - (float(value) - low) * per_unit)
            for place, value in enumerate(self.series[0].values)
        ]
        parts: list[str] = [
            element(
                "path",
                d=path(*(point for _place, point in stretch)),
                class_="plot-line plot-line-1",
            )
            for stretch in _stretches(points)
            if len(stretch) > 1
        ]
        x, y = [point for point in points if point is not None][-1]
        parts.append(element("circle", cx=x, cy=y, r=4, class_="plot-point plot-1"))
        return Drawing(parts, 32)


def _stretches(points: list[Point | None]) -> list[list[tuple[int, Point]]]:
    """Points without a gap between them, with their places."""
    found: list[list[tuple[int, Point]]] = [[]]
    for place, point in enumerate(points):
        if point is None:
            found.append([])
        else:
            found[-1].append((place, point))
    return [stretch for stretch in found if stretch]


def _apart(
    ends: list[tuple[float, int]], names: list[list[str]], x: float, top: float, foot: float
) -> list[SafeString]:
    """Write each name beside the end of its line, none over another."""
    placed: list[tuple[float, int]] = []
    y = top - 8
    for end, number in sorted(ends):
        y = max(y, end - len(names[number]) * LINE / 2)
        placed.append((y, number))
        y += len(names[number]) * LINE + 2
    limit = foot + 4
    for place in reversed(range(len(placed))):
        y, number = placed[place]
        y = min(y, limit - len(names[number]) * LINE)
        placed[place] = (y, number)
        limit = y - 2
    return [
        write(
            names[number], x, float(coordinate(y + 14)), class_=f"plot-name plot-name-{number + 1}"
        )
        for y, number in placed
    ]
