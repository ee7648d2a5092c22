"""The drawings of a report."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from harvests.reports.tables import link_of
from kallari.plots import Bars, Columns, Lines, Plot, Series, Value
from kallari.units import CENT, rounded
from members.products import TradedProduct

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harvests.models import Product
    from harvests.reports.drying import Drying
    from harvests.reports.periods import Period
    from harvests.reports.report import Breakdown, CocoaPrices
    from harvests.reports.totals import Tally

_MOST_LINES = 30
"""Beyond which a drawing is no longer read: the table has them all."""


def of_breakdown(one: Breakdown, period: Period, told: Mapping[str, str | int]) -> Plot:
    """Draw what is measured in each line, now beside before.

    Args:
        told: the filters of the report, as they stand in its address.
    """
    lines = one.lines if one.is_in_time else one.lines[:_MOST_LINES]
    kind = Columns if one.is_in_time else Bars
    return kind(
        key=one.key,
        title=one.title,
        label_heading=one.heading,
        labels=[line.label for line in lines],
        links=[link_of(line, told) for line in lines],
        series=[
            Series(period.name, [_of(one, line.now, line.is_to_come) for line in lines]),
            Series(period.name_before, [_of(one, line.before, False) for line in lines]),
        ],
        unit=one.measure.unit,
        digits=one.measure.digits,
        as_of=period.now.words(),
        stacked=False,
    )


def of_drying(rows: list[Drying], period: Period) -> Plot:
    """Draw what to expect of each form: the figure between its least and its most."""
    has_band = any(row.least_kg is not None or row.most_kg is not None for row in rows)
    series = [Series(_("Esperado"), [row.expected_kg for row in rows])]
    if has_band:
        series = [
            Series(_("Lo menos"), [row.least_kg for row in rows]),
            *series,
            Series(_("Lo más"), [row.most_kg for row in rows]),
        ]
    return Bars(
        key="seco",
        title=_("Cuánto dará en seco"),
        label_heading=_("Presentación"),
        labels=[dry_name(row) for row in rows],
        series=series,
        unit=_("kg en seco"),
        as_of=_("de lo recibido %(span)s") % {"span": period.now.words()},
        stacked=False,
    )


def of_prices(cocoa: CocoaPrices, period: Period) -> Plot:
    """Draw what was paid for a quintal of dry cocoa against market and floor."""
    steps = [cocoa.steps.get(place) for place in range(len(cocoa.labels))]

    def values(name: str) -> list[Decimal | None]:
        found = [None if step is None else getattr(step, name) for step in steps]
        return [None if value is None else rounded(value, CENT) for value in found]

    return Lines(
        key="precio",
        title=_("Precio pagado y precio de referencia del cacao"),
        label_heading=_("Desde"),
        labels=cocoa.labels,
        series=[
            Series(_("Pagado"), values("per_qq")),
            Series(_("Mercado"), values("market_per_qq")),
            Series(_("Mínimo de comercio justo"), values("floor_per_qq")),
        ],
        unit=_("USD por quintal en seco, en finca"),
        digits=2,
        as_of=period.now.words(),
    )


def dry_name(row: Drying) -> str:
    """What comes of a form: dry cocoa of wet, cured vanilla of green."""
    product: Product = row.form.product
    names = {
        TradedProduct.COCOA.value: _("Cacao seco, de %(form)s"),
        TradedProduct.GUAYUSA.value: _("Guayusa seca, de %(form)s"),
        TradedProduct.VANILLA.value: _("Vainilla curada, de %(form)s"),
        TradedProduct.COFFEE.value: _("Café seco, de %(form)s"),
    }
    told = names.get(product.kind, _("En seco, de %(form)s"))
    return told % {"form": row.form.name.lower()}


def _of(one: Breakdown, tally: Tally, is_to_come: bool) -> Value:
    return None if is_to_come else one.measure.of(tally)
