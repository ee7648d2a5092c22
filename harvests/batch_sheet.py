"""What the page of one batch tells: what is in it, how it went, what came out and how much that
is beside what was expected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from harvests.models import (
    Batch,
    BatchReading,
    Delivery,
    Lot,
    ProductForm,
    StockMovement,
)
from harvests.routes import Band, Routes
from kallari.plots import Lines, Plot, Series
from kallari.units import GRAM, rounded

if TYPE_CHECKING:
    from kallari.accounts.models import User

Kind = StockMovement.Kind
Reading = BatchReading.Kind


@dataclass(frozen=True)
class InputLine:
    """Kilos of one delivery or one lot that lie in a batch."""

    source: Delivery | Lot
    kg: Decimal
    pieces: int | None = None


@dataclass
class InputGroup:
    """What came from one community, or all lots."""

    title: str
    is_lots: bool = False
    lines: list[InputLine] = field(default_factory=list)

    @property
    def kg(self) -> Decimal:
        """All of it."""
        return sum((one.kg for one in self.lines), Decimal(0))


@dataclass(frozen=True)
class Inputs:
    """All that is in a batch."""

    groups: list[InputGroup]
    hidden: int
    """Deliveries of communities that the reader does not see."""
    hidden_kg: Decimal

    @property
    def number(self) -> int:
        """How many deliveries and lots."""
        return self.hidden + sum(len(group.lines) for group in self.groups)


def inputs_of(batch: Batch, user: User) -> Inputs:
    """What is in a batch, lots first, then by community, the most first. Three queries."""
    sums = {
        one["delivery"] or one["lot"]: (-one["sum_kg"], one["sum_pieces"])
        for one in StockMovement.objects.filter(batch=batch, kind=Kind.INPUT)
        .values("delivery", "lot")
        .annotate(sum_kg=Sum("kg"), sum_pieces=Sum("pieces"))
        .filter(sum_kg__lt=0)
        .order_by()
    }
    lots = Lot.objects.visible_to(user).filter(pk__in=sums).select_related("form").order_by("code")
    deliveries = (
        Delivery.objects.visible_to(user)
        .filter(pk__in=sums)
        .select_related("family", "community", "form")
        .order_by("weighed_at", "pk")
    )
    of_lots = InputGroup(_("Lotes"), is_lots=True)
    communities: dict[int, InputGroup] = {}
    for lot in lots:
        kg, pieces = sums.pop(lot.pk)
        of_lots.lines.append(InputLine(lot, kg, None if pieces is None else -pieces))
    for delivery in deliveries:
        group = communities.setdefault(
            delivery.community_id, InputGroup(str(delivery.community.name))
        )
        group.lines.append(InputLine(delivery, sums.pop(delivery.pk)[0]))
    groups = sorted(communities.values(), key=lambda one: (-one.kg, one.title))
    if of_lots.lines:
        groups.insert(0, of_lots)
    return Inputs(groups, len(sums), sum((kg for kg, _pieces in sums.values()), Decimal(0)))


@dataclass(frozen=True)
class Expected:
    """How much of a form usually comes out of what is in a batch."""

    form: ProductForm
    band: Band | None
    low_kg: Decimal | None
    high_kg: Decimal | None


def expected_of(batch: Batch, took: Mapping[int, Decimal]) -> list[Expected]:
    """What may come out, and how much of it is usual. Two queries.

    Args:
        took: form → kilos that are in it (`harvests.services.batches.took_by_form`).
    """
    routes = Routes(batch.kind, timezone.localdate())
    forms = ProductForm.objects.filter(pk__in=routes.given(set(took))) if took else []
    total = sum(took.values(), Decimal(0))
    found = []
    for form in forms:
        band = routes.band(took, form.pk)
        low = rounded(total * band.low, GRAM) if band else None
        high = rounded(total * band.high, GRAM) if band else None
        found.append(Expected(form, band, low, high))
    return found


@dataclass(frozen=True)
class YieldBar:
    """A yield beside its band, as it is drawn: all in parts of a hundred of the bar."""

    low: Decimal
    high: Decimal
    yielded: Decimal

    @property
    def is_usual(self) -> bool:
        """Whether it lies in the band."""
        return self.low <= self.yielded <= self.high

    @property
    def _ends(self) -> tuple[float, float]:
        around = max(float(self.high - self.low), 0.02)
        first = max(0.0, min(float(self.low), float(self.yielded)) - around / 2)
        last = min(1.0, max(float(self.high), float(self.yielded)) + around / 2)
        return first, max(last, first + 0.001)

    def _place(self, value: Decimal) -> float:
        first, last = self._ends
        return 100 * (float(value) - first) / (last - first)

    @property
    def band_x(self) -> str:
        """Where the band begins."""
        return f"{self._place(self.low):.2f}"

    @property
    def band_width(self) -> str:
        """How wide it is."""
        return f"{max(1.0, self._place(self.high) - self._place(self.low)):.2f}"

    @property
    def mark_x(self) -> str:
        """Where the mark of the yield begins."""
        return f"{min(98.8, max(0.0, self._place(self.yielded) - 0.6)):.2f}"


def yield_of(batch: Batch, expected: Sequence[Expected], lots: Sequence[Any]) -> YieldBar | None:
    """The yield beside the band by which the batch was judged, or would be now."""
    yielded = batch.totals.yielded
    if yielded is None or not batch.totals.out_kg:
        return None
    if batch.yield_low is not None and batch.yield_high is not None:
        return YieldBar(batch.yield_low, batch.yield_high, yielded)
    main = max(lots, key=lambda one: one.made_kg or 0, default=None)
    for one in expected:
        if main is not None and one.form.pk == main.form_id and one.band is not None:
            return YieldBar(one.band.low, one.band.high, yielded)
    return None


def lots_of(batch: Batch, user: User) -> list[Any]:
    """The lots that came out, with ``made_kg`` and ``made_pieces``. One query."""
    made = Q(movements__kind=Kind.OUTPUT)
    return list(
        Lot.objects.visible_to(user)
        .filter(batch=batch)
        .select_related("form__product", "where", "balance")
        .annotate(
            made_kg=Sum("movements__kg", filter=made),
            made_pieces=Sum("movements__pieces", filter=made),
        )
        .order_by("number")
    )


def plots_of(readings: Sequence[BatchReading], target: Decimal | None) -> list[Plot]:
    """The temperatures, moistures and so on of a batch, as far as there are two of a kind."""
    plots: list[Plot] = []
    titles: dict[str, tuple[str, str, int]] = {
        Reading.TEMPERATURE.value: (_("Temperatura"), "°C", 1),
        Reading.MOISTURE.value: (_("Humedad"), "%", 1),
        Reading.ACIDITY.value: (_("Acidez"), "pH", 2),
        Reading.WEIGHT.value: (_("Peso"), "kg", 1),
    }
    for kind, (title, unit, digits) in titles.items():
        rows = [one for one in readings if one.kind == kind and one.value is not None]
        if len(rows) < 2:
            continue
        series = [Series(_("leída"), [one.value for one in rows])]
        if kind == Reading.MOISTURE and target is not None:
            series.append(Series(_("meta"), [target] * len(rows)))
        plots.append(
            Lines(
                key=f"plot-{kind}",
                title=title,
                label_heading=_("Cuándo"),
                labels=[date_format(timezone.localtime(one.read_at), "d/m H:i") for one in rows],
                series=series,
                unit=unit,
                digits=digits,
                from_zero=False,
            )
        )
    return plots
