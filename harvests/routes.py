"""What a kind of process may take and give, and how much usually comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from harvests.models import ProcessRoute
from kallari.units import rounded

if TYPE_CHECKING:
    from harvests.models import ProcessKind

STEP = Decimal("0.0001")


@dataclass(frozen=True)
class Band:
    """Between which parts of a kilo usually come out of each kilo that went in."""

    low: Decimal
    expected: Decimal
    high: Decimal

    def holds(self, yielded: Decimal) -> bool:
        """Whether a yield is as usual, both ends included."""
        return self.low <= yielded <= self.high


class Routes:
    """The routes of one kind of process in force on one day: one query."""

    def __init__(self, kind: ProcessKind, day: date) -> None:
        # The newest of several for the same forms comes last, and stays.
        self._rows: dict[tuple[int | None, int | None], ProcessRoute] = {
            (route.takes_id, route.gives_id): route
            for route in ProcessRoute.objects.filter(kind=kind).on(day)
        }

    def takes(self, form: int) -> bool:
        """Whether a form may go in."""
        return any(takes in (form, None) for takes, _gives in self._rows)

    def find(self, takes: int, gives: int) -> ProcessRoute | None:
        """The route from one form to another, if there is one."""
        if found := self._rows.get((takes, gives)):
            return found
        return self._rows.get((None, None)) if takes == gives else None

    def given(self, takes: set[int]) -> set[int]:
        """The forms that may come out of what went in: those that every form in it can become."""
        known = {gives for _takes, gives in self._rows if gives is not None} | takes
        return {gives for gives in known if all(self.find(one, gives) for one in takes)}

    def band(self, took: Mapping[int, Decimal], gives: int) -> Band | None:
        """How much of a form usually comes out of kilos of several: the mean of their bands by
        weight, to four places. None where one of them has no band.

        Args:
            took: form → kilos that went in.
        """
        total = sum(took.values(), Decimal(0))
        if not total:
            return None
        sums = [Decimal(0)] * 3
        for form, kg in took.items():
            route = self.find(form, gives)
            if route is None or route.yield_low is None:
                return None
            ends = (route.yield_low, route.yield_expected, route.yield_high)
            sums = [done + kg * (end or 0) for done, end in zip(sums, ends, strict=True)]
        low, expected, high = (rounded(one / total, STEP) for one in sums)
        return Band(low, expected, high)
