"""What all plots have in common: what they are given, their table, their frame."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kallari.plots.scale import written
from kallari.plots.svg import LINE, element, joined, width_of, wrapped, write

Value = int | Decimal | None
"""None is not known."""

Words = str | Promise
"""Text, perhaps translated only when it is shown."""

MOST_SERIES = 5
"""More than five cannot be told apart; show fewer, or several plots."""

NARROW = 288
"""Width of the drawing for phones and narrow columns; about as many pixels."""

WIDE = 640
"""Width of the drawing for desk and paper."""

KEY = re.compile(r"[a-z][a-z0-9-]*", re.ASCII)


@dataclass(frozen=True)
class Series:
    """One row of values, one for each label."""

    name: Words
    values: Sequence[Value]


@dataclass(frozen=True)
class Row:
    """One row of the table beneath a plot, its numbers written."""

    label: str
    link: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """The numbers of a plot: the heads, first that of the labels, the rows, perhaps their sum."""

    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    total: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Drawing:
    """What is inside the frame, and how high it became."""

    parts: Sequence[str]
    height: float


@dataclass(frozen=True, kw_only=True)
class Plot(ABC):
    """A plot with its words.

    Attributes:
        key: name of the plot on its page, unique there: "partners-by-community".
        title: what is shown.
        label_heading: what the labels are ("Comunidad"), head of the table's first column.
        labels: what is counted or measured, in the order to be shown.
        series: one to five, each with a value for every label.
        unit: of all values; "%" is written behind each.
        digits: decimals of the values.
        as_of: day or period the numbers speak of, in words.
        source: where they come from, in words.
        links: an address of this application for every label, or none.
        with_total: whether the table ends with the sums of its columns.

    Raises:
        ValueError: when these do not fit each other.
        TypeError: when a value is neither int, Decimal nor None.
    """

    key: str
    title: Words
    labels: Sequence[Words]
    series: Sequence[Series]
    label_heading: Words = ""
    unit: Words = ""
    digits: int = 0
    as_of: Words = ""
    source: Words = ""
    links: Sequence[str] = field(default=())
    with_total: bool = False

    def __post_init__(self) -> None:
        if not KEY.fullmatch(self.key):
            raise ValueError(f"{self.key!r} is no name for an element.")
        if not 1 <= len(self.series) <= MOST_SERIES:
            raise ValueError(f"A plot holds one to {MOST_SERIES} series, not {len(self.series)}.")
        if any(len(one.values) != len(self.labels) for one in self.series):
            raise ValueError("Every series needs one value for each label.")
        if self.links and len(self.links) != len(self.labels):
            raise ValueError("Links are given for every label or for none.")
        if any(link and not re.match(r"[/?#](?!/)", link) for link in self.links):
            raise ValueError("Links lead to addresses of this application.")
        for one in self.series:
            for value in one.values:
                self._check(value)

    def _check(self, value: Value) -> None:
        if value is None:
            return
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise TypeError(f"{value!r} is neither int nor Decimal.")
        if isinstance(value, Decimal) and not value.is_finite():
            raise ValueError(f"{value!r} is no number.")
        if value < 0 and not self.takes_negatives:
            raise ValueError("Negative values have no part in a whole.")

    # What each kind decides for itself

    @property
    def adds_up(self) -> bool:
        """Whether the series of one label have a sum."""
        return False

    @property
    def takes_negatives(self) -> bool:
        """Whether values may lie below zero."""
        return True

    # What the template shows

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is known."""
        return not self.known

    @cached_property
    def known(self) -> list[int | Decimal]:
        """All values that are known."""
        return [value for one in self.series for value in one.values if value is not None]

    @property
    def lead(self) -> str:
        """Unit and "as of", in one line."""
        return " · ".join(str(part) for part in (self.unit, self.as_of) if part)

    @property
    def svg(self) -> SafeString:
        """The plot drawn for narrow and for wide places; empty when nothing is known."""
        if self.is_empty:
            return SafeString()
        return joined([self._frame(NARROW, "narrow"), self._frame(WIDE, "wide")])

    @property
    def table(self) -> Table:
        """The numbers behind the drawing."""
        sums = self.adds_up and len(self.series) > 1
        heads = [str(one.name) for one in self.series] + ([_("Total")] if sums else [])
        if self.unit and len(self.series) == 1:
            heads = [f"{head} ({self.unit})" if head else str(self.unit) for head in heads]
        rows = []
        for place, label in enumerate(self.labels):
            values = [one.values[place] for one in self.series]
            cells = [self.say(value) for value in values]
            rows.append(Row(str(label), self.link(place), (*cells, *self._sum(values, sums))))
        total = None
        if self.with_total:
            columns = [self._sum(one.values, True)[0] for one in self.series]
            everything = [value for one in self.series for value in one.values]
            total = (*columns, *self._sum(everything, sums))
        return Table((str(self.label_heading), *heads), tuple(rows), total)

    def _sum(self, values: Sequence[Value], wanted: bool) -> tuple[str, ...]:
        if not wanted:
            return ()
        known = [value for value in values if value is not None]
        if not known:
            return (self.say(None),)
        text = self.say(sum(known))
        if len(known) < len(values):
            text = _("%(sum)s, incompleto") % {"sum": text}
        return (text,)

    # For those who draw

    @abstractmethod
    def draw(self, width: int, key: str) -> Drawing:
        """Draw into this width; `key` is the name of the drawing on the page."""

    @abstractmethod
    def kind(self) -> str:
        """Say what kind of plot it is, for who does not see it."""

    @property
    def patterns_needed(self) -> int:
        """How many kinds of marks are to be told apart."""
        return len(self.series)

    def say(self, value: Value) -> str:
        """Write one value."""
        if value is None:
            return _("sin dato")
        return written(value, self.digits, "\u00a0%" if self.unit == "%" else "")

    def link(self, place: int) -> str:
        return self.links[place] if self.links else ""

    def tip(self, place: int, number: int) -> str:
        """What one mark says when it is pointed at."""
        words = [str(self.labels[place])]
        if name := str(self.series[number].name):
            words.append(name)
        unit = "" if self.unit == "%" or not self.unit else f" {self.unit}"
        return f"{', '.join(words)}: {self.say(self.series[number].values[place])}{unit}"

    def names(self, width: int) -> Drawing:
        """Draw which pattern is which series, when there are several."""
        if len(self.series) == 1:
            return Drawing([], 0)
        parts: list[str] = []
        x, y = 0.0, 0
        for number, one in enumerate(self.series):
            name = wrapped(str(one.name), width - 24, 1)[0]
            needed = 20 + width_of(name)
            if x and x + needed > width:
                x, y = 0.0, y + 24
            parts += [
                block(self.key, number, x, y + 2, 14, 14, drawn_in=width),
                write(name, x + 20, y + 14),
            ]
            x += needed + 20
        return Drawing(parts, y + 34)

    def describe(self) -> str:
        """Say the plot in a sentence, for who does not see it."""
        marks = [
            (value, self.tip(place, number))
            for number, one in enumerate(self.series)
            for place, value in enumerate(one.values)
            if value is not None
        ]
        least, most = min(marks, key=lambda mark: mark[0]), max(marks, key=lambda mark: mark[0])
        told = {"kind": self.kind(), "most": most[1], "least": least[1]}
        if most[0] == least[0]:
            return _("%(kind)s. %(most)s. Los números están en la tabla.") % told
        return (
            _("%(kind)s. Mayor: %(most)s. Menor: %(least)s. Los números están en la tabla.") % told
        )

    def _frame(self, width: int, size: str) -> SafeString:
        key = drawing_key(self.key, width)
        drawing = self.draw(width, key)
        return element(
            "svg",
            element("title", str(self.title), id=f"{key}-title"),
            element("desc", self.describe(), id=f"{key}-desc"),
            element("defs", *patterns(key, self.patterns_needed)),
            *drawing.parts,
            class_=f"plot-drawing plot-{size}",
            viewBox=f"0 0 {width} {drawing.height:.0f}",
            role="img",
            aria_labelledby=f"{key}-title",
            aria_describedby=f"{key}-desc",
        )


def drawing_key(key: str, width: int) -> str:
    """Return the name of one of a plot's drawings."""
    return f"plot-{key}-{width}"


def patterns(key: str, count: int) -> Iterator[SafeString]:
    """Patterns that tell the series apart without color; the first is plain."""
    shapes = (
        ("6", element("path", d="M-1 7 7 -1M-1 1 1 -1M5 7 7 5", class_="plot-hatch")),
        ("6", element("circle", cx=3, cy=3, r=1.2, class_="plot-dot")),
        ("5", element("path", d="M0 2.5H5", class_="plot-hatch")),
        (
            "7",
            element("path", d="M-1 8 8 -1M-1 -1 8 8", class_="plot-hatch"),
        ),
    )
    for number, (size, shape) in enumerate(shapes[: max(0, count - 1)], start=2):
        yield element(
            "pattern",
            shape,
            id=f"{key}-{number}",
            width=size,
            height=size,
            patternUnits="userSpaceOnUse",
        )


def block(
    key: str,
    number: int,
    x: float,
    y: float,
    width: float,
    height: float,
    *,
    drawn_in: int,
    tip: str = "",
) -> SafeString:
    """Draw a rectangle of the series `number`, counted from 0; nothing when it has no area."""
    if width <= 0 or height <= 0:
        return SafeString()
    place = {"x": x, "y": y, "width": width, "height": height}
    parts: list[str] = [element("title", tip)] if tip else []
    parts.append(element("rect", class_=f"plot-fill plot-{number + 1}", **place))
    if number:
        fill = f"url(#{drawing_key(key, drawn_in)}-{number + 1})"
        parts.append(element("rect", fill=fill, **place))
    return element("g", *parts, class_="plot-mark" if tip else None)


def rule(x1: float, y1: float, x2: float, y2: float, class_: str = "plot-grid") -> SafeString:
    """Draw a thin straight line."""
    return element("path", d=path((x1, y1), (x2, y2)), class_=class_)


def path(*points: tuple[float, float]) -> str:
    """Return an open path through points."""
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points)


def text_height(lines: Sequence[str]) -> int:
    return len(lines) * LINE
