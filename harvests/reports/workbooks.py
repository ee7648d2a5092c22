"""The numbers of a report's parts as rows of a spreadsheet: unrounded, with all that is known."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from harvests.reports.plots import dry_name
from kallari.units import GRAM, PRICE_STEP, rounded

if TYPE_CHECKING:
    from harvests.reports.drying import Drying
    from harvests.reports.report import Breakdown, CocoaPrices, Report, Tally

Sheet = tuple[list[str], list[list[Any]]]


def of_breakdown(one: Breakdown, report: Report) -> Sheet:
    """Every line now and before, and what they add up to."""
    columns = _columns(one, report)
    header = [one.heading]
    for name in (report.period.name, report.period.name_before):
        header += [f"{column}, {name}" for column in columns]
    lines = [*one.lines, report.total]
    rows = [
        [line.label, *_figures(one, report, line.now), *_figures(one, report, line.before)]
        for line in lines
    ]
    return header, rows


def of_drying(rows: list[Drying]) -> Sheet:
    """What came in, what to expect, by which figure."""
    header = [
        _("Presentación"),
        _("Recibido (kg)"),
        _("Sin cifra (kg)"),
        _("Lo menos (kg en seco)"),
        _("Esperado (kg en seco)"),
        _("Lo más (kg en seco)"),
        _("Rendimiento"),
        _("De dónde sale"),
        _("Confirmado"),
    ]
    return header, [
        [
            dry_name(row),
            row.kg,
            row.unknown_kg,
            _to(row.least_kg, GRAM),
            _to(row.expected_kg, GRAM),
            _to(row.most_kg, GRAM),
            # A number to reckon with; text only where the figure changed meanwhile.
            row.yields[0].value.normalize()
            if len(row.yields) == 1
            else "; ".join(f"{one.value.normalize():f}" for one in row.yields),
            "; ".join(row.sources),
            _("sí") if row.is_confirmed else _("no"),
        ]
        for row in rows
    ]


def of_prices(cocoa: CocoaPrices) -> Sheet:
    """What was paid in each step for dry cocoa, and what market and floor came to at the farm."""
    header = [
        _("Desde"),
        _("Kilos en seco"),
        _("Pagado (USD)"),
        _("Pagado (USD/kg en seco)"),
        _("Pagado (USD/qq en seco)"),
        _("Mercado, en finca (USD/qq en seco)"),
        _("Pagado sobre el mercado (%)"),
        _("Mínimo de comercio justo, en finca (USD/qq en seco)"),
        _("Pagado sobre el mínimo (%)"),
    ]
    rows: list[list[Any]] = []
    steps = [(label, cocoa.steps.get(place)) for place, label in enumerate(cocoa.labels)]
    for label, step in [*steps, (_("Total"), cocoa.now)]:
        if step is None:
            rows.append([label, *[None] * 8])
            continue
        rows.append(
            [
                label,
                _to(step.kg, GRAM),
                step.usd,
                *(
                    _to(value, PRICE_STEP)
                    for value in (
                        step.per_kg,
                        step.per_qq,
                        step.market_per_qq,
                        step.above_market_percent,
                        step.floor_per_qq,
                        step.above_floor_percent,
                    )
                ),
            ]
        )
    return header, rows


def _columns(one: Breakdown, report: Report) -> list[str]:
    columns = [_("Entregas")]
    if one.counts_partners:
        columns.append(_("Socias y socios"))
    columns.append(_("Kilos"))
    if report.has_pieces:
        columns.append(_("Unidades"))
    if report.sees_money:
        columns += [_("Valor (USD)"), _("Premio (USD)"), _("Total (USD)")]
    return columns


def _figures(one: Breakdown, report: Report, tally: Tally) -> list[Any]:
    figures: list[Any] = [tally.deliveries]
    if one.counts_partners:
        figures.append(len(tally.partners))
    figures.append(tally.kg)
    if report.has_pieces:
        figures.append(tally.pieces)
    if report.sees_money:
        figures += [tally.amount_usd, tally.premium_usd, tally.usd]
    return figures


def _to(value: Decimal | None, step: Decimal) -> Decimal | None:
    return None if value is None else rounded(value, step)
