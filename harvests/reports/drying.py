"""What the wet harvest will give once it is dried or cured, by the figures in force on each day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import models

from harvests.models import FormFigure, ProductForm
from harvests.reports.totals import NOTHING, Totals

Kind = FormFigure.Kind
YIELDS = (Kind.DRY_YIELD, Kind.DRY_YIELD_LOW, Kind.DRY_YIELD_HIGH)


class Yields:
    """The dry yields of forms through time. One query."""

    def __init__(self, forms: Iterable[ProductForm]) -> None:
        rows = FormFigure.objects.filter(form__in=list(forms), kind__in=YIELDS)
        self._figures: dict[tuple[int, str], list[FormFigure]] = {}
        for row in rows.order_by(models.F("valid_from").asc(nulls_first=True)):
            self._figures.setdefault((row.form_id, row.kind), []).append(row)

    def on(self, form: int, kind: str, day: date) -> FormFigure | None:
        """Return the figure in force on a day."""
        rows = self._figures.get((form, kind), ())
        begun = [row for row in rows if row.valid_from is None or row.valid_from <= day]
        return begun[-1] if begun else None


@dataclass
class Drying:
    """What came in of a form, and how much dry product to expect of it: the figure, and the least
    and the most by the figures of its band, where there are any. Kilos of days without a figure
    are in `unknown_kg`."""

    form: ProductForm
    kg: Decimal = NOTHING
    unknown_kg: Decimal = NOTHING
    expected_kg: Decimal = NOTHING
    least_kg: Decimal | None = NOTHING
    most_kg: Decimal | None = NOTHING
    figures: list[FormFigure] = field(default_factory=list)
    """Those by which it was reckoned, each once, with their sources."""

    def add(self, day: date, kg: Decimal, yields: Yields) -> None:
        told = [yields.on(self.form.pk, kind, day) for kind in YIELDS]
        self.kg += kg
        if told[0] is None:
            self.unknown_kg += kg
            return
        self.expected_kg += kg * told[0].value
        self.least_kg = _more(self.least_kg, kg, told[1])
        self.most_kg = _more(self.most_kg, kg, told[2])
        self.figures += [one for one in told if one is not None and one not in self.figures]

    @property
    def is_confirmed(self) -> bool:
        """Whether somebody at the association stands for every figure."""
        return all(one.confirmed for one in self.figures)

    @property
    def yields(self) -> list[FormFigure]:
        """The expected yields by which it was reckoned, in the order of their days."""
        rows = [one for one in self.figures if one.kind == Kind.DRY_YIELD]
        return sorted(rows, key=lambda one: one.valid_from or date.min)

    @property
    def sources(self) -> list[str]:
        """Where the figures come from, each once."""
        return list(dict.fromkeys(one.source for one in self.figures))


def expected(totals: Totals, forms: Sequence[ProductForm], yields: Yields) -> list[Drying]:
    """Return what to expect of each form that came in and dries; kg received × dry yield."""
    found = {form.pk: Drying(form) for form in forms}
    for day, form, group in totals.by_day_and_form():
        if form in found and group.kg:
            found[form].add(day, group.kg, yields)
    return [one for one in found.values() if one.figures]


def _more(sum_kg: Decimal | None, kg: Decimal, figure: FormFigure | None) -> Decimal | None:
    """A bound is known only while each day's is."""
    return None if sum_kg is None or figure is None else sum_kg + kg * figure.value
