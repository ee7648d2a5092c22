"""The population pyramid: two groups back to back, one row for each age."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from kallari.plots.base import Drawing, Plot, block, rule
from kallari.plots.svg import width_of, wrapped, write

THICK = 22
GAP = 4


@dataclass(frozen=True, kw_only=True)
class Pyramid(Plot):
    """Two series on one scale, the first to the left; the first label, the youngest, below."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.series) != 2:
            raise ValueError("A pyramid holds two series.")

    @property
    def adds_up(self) -> bool:
        return True

    @property
    def takes_negatives(self) -> bool:
        return False

    def kind(self) -> str:
        return _("Pirámide")

    def draw(self, width: int, key: str) -> Drawing:
        between = max(40, *(min(width_of(str(label)) + 20, width / 3) for label in self.labels))
        room = (
            max(
                width_of(self.say(value), is_bold=True)
                for one in self.series
                for value in one.values
            )
            + 8
        )
        side = (width - between) / 2
        largest = float(max(self.known))
        per_unit = (side - room) / largest if largest else 0.0
        left, right = side, side + between
        parts: list[str] = []
        for number, x, anchor in ((0, left, "end"), (1, right, None)):
            name = wrapped(str(self.series[number].name), side, 1)[0]
            class_ = f"plot-name plot-name-{number + 1}"
            parts.append(write(name, x, 14, anchor=anchor, class_=class_))
        y = 26.0
        top = y
        for place in reversed(range(len(self.labels))):
            label = wrapped(str(self.labels[place]), between - 12, 1)[0]
            link = self.link(place)
            parts.append(write(label, width / 2, y + 16, anchor="middle", link=link))
            for number, one in enumerate(self.series):
                value = one.values[place]
                length = float(value or 0) * per_unit
                start = left - length if number == 0 else right
                end = left - length - 6 if number == 0 else right + length + 6
                tip = self.tip(place, number)
                parts += [
                    block(self.key, number, start, y, length, THICK, drawn_in=width, tip=tip),
                    write(
                        self.say(value),
                        end,
                        y + 16,
                        anchor="end" if number == 0 else None,
                        class_="plot-missing" if value is None else "plot-number",
                    ),
                ]
            y += THICK + GAP
        parts += [rule(x, top - 2, x, y - GAP + 2, "plot-axis") for x in (left, right)]
        return Drawing(parts, y)
