"""The tables beneath the drawings: what is measured now, before and the change, then all else."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.http import urlencode
from django.utils.translation import gettext as _

from kallari.plots import Row, Table
from kallari.plots.columns import UNKNOWN
from kallari.plots.scale import written
from kallari.units import rounded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harvests.reports.prices import Paid
    from harvests.reports.report import Breakdown, CocoaPrices, Line, Measure, Report, Tally

TENTH = Decimal("0.1")


def of_breakdown(one: Breakdown, report: Report, told: Mapping[str, str | int]) -> Table:
    """Every line of a breakdown, and what they add up to."""
    measure = one.measure
    headers = [
        one.heading,
        f"{measure.name}, {report.period.name}",
        f"{measure.name}, {report.period.name_before}",
        _("Cambio"),
        *(name for name, _value in _more(one, report, report.total.now)),
    ]
    rows = [
        Row(line.label, link_of(line, told), tuple(_cells(one, report, line))) for line in one.lines
    ]
    return Table(tuple(headers), tuple(rows), tuple(_cells(one, report, report.total)))


def link_of(line: Line, told: Mapping[str, str | int]) -> str:
    """The address of the report narrowed to a line; none where it is so narrow already."""
    if line.narrows is None or line.narrows.keys() <= told.keys():
        return ""
    return f"?{urlencode({**told, **line.narrows})}"


def of_prices(cocoa: CocoaPrices) -> Table:
    """What was paid in each step, against market and floor."""
    headers = (
        _("Desde"),
        _("Kilos en seco"),
        _("Pagado (USD/kg)"),
        _("Pagado (USD/qq)"),
        _("Mercado, en finca (USD/qq)"),
        _("Diferencia"),
        _("Mínimo de comercio justo, en finca (USD/qq)"),
        _("Diferencia"),
    )

    def cells(step: Paid) -> tuple[str, ...]:
        return (
            written(step.kg, 0),
            _say(step.per_kg, 4),
            _say(step.per_qq, 2),
            _say(step.market_per_qq, 2),
            signed_percent(step.above_market_percent),
            _say(step.floor_per_qq, 2),
            signed_percent(step.above_floor_percent),
        )

    rows = []
    for place, label in enumerate(cocoa.labels):
        step = cocoa.steps.get(place)
        if step is not None:
            rows.append(Row(label, "", cells(step)))
    return Table(headers, tuple(rows), cells(cocoa.now))


def change(now: int | Decimal, before: int | Decimal) -> str:
    """By how many percent it grew or shrank; nothing where there was nothing before."""
    if not before:
        return UNKNOWN
    return signed_percent((Decimal(now) - Decimal(before)) * 100 / Decimal(before))


def signed_percent(value: Decimal | None) -> str:
    """A percentage with its sign, or a dash."""
    if value is None:
        return UNKNOWN
    sign = "+" if rounded(value, TENTH) > 0 else ""
    return f"{sign}{written(value, 1)}\u00a0%"


def facts_of(report: Report) -> list[tuple[str, str, str]]:
    """The whole in large numbers: what, how much, and how much before with the change."""
    line = report.total
    told: list[tuple[str, int | Decimal, int | Decimal, int]] = []
    if report.has_kilos:
        told.append((_("Kilos"), line.now.kg, line.before.kg, 0))
    if report.has_pieces:
        told.append((_("Unidades"), line.now.pieces, line.before.pieces, 0))
    told += [
        (_("Entregas"), line.now.deliveries, line.before.deliveries, 0),
        (_("Socias y socios"), len(line.now.partners), len(line.before.partners), 0),
    ]
    if report.sees_money:
        told.append((_("Valor, con premios (USD)"), line.now.usd, line.before.usd, 2))
    return [
        (
            name,
            written(now, digits),
            _("antes %(value)s (%(change)s)")
            % {"value": written(before, digits), "change": change(now, before)},
        )
        for name, now, before, digits in told
    ]


def facts_of_prices(cocoa: CocoaPrices) -> list[tuple[str, str, str]]:
    """What was paid for a quintal and a kilo, market and floor: each with what stands beneath."""
    now, before = cocoa.now, cocoa.before

    def priced(value: Decimal | None) -> str:
        return UNKNOWN if value is None else f"{written(value, 2)} USD/qq"

    per_kg = UNKNOWN if now.per_kg is None else written(now.per_kg, 2)
    return [
        (
            _("Pagado por quintal en seco"),
            priced(now.per_qq),
            _("%(per_kg)s USD/kg; antes %(before)s")
            % {"per_kg": per_kg, "before": priced(before.per_qq)},
        ),
        (
            _("Mercado, en finca"),
            priced(now.market_per_qq),
            _("lo pagado: %(percent)s") % {"percent": signed_percent(now.above_market_percent)},
        ),
        (
            _("Mínimo de comercio justo, en finca"),
            priced(now.floor_per_qq),
            _("lo pagado: %(percent)s") % {"percent": signed_percent(now.above_floor_percent)},
        ),
    ]


def _cells(one: Breakdown, report: Report, line: Line) -> list[str]:
    measure: Measure = one.measure
    now, before = measure.of(line.now), measure.of(line.before)
    more = [value for _name, value in _more(one, report, line.now)]
    if line.is_to_come:
        return [UNKNOWN, written(before, measure.digits), UNKNOWN, *[UNKNOWN] * len(more)]
    return [
        written(now, measure.digits),
        written(before, measure.digits),
        change(now, before),
        *more,
    ]


def _more(one: Breakdown, report: Report, tally: Tally) -> list[tuple[str, str]]:
    """What is told besides what is measured, each with its heading."""
    told = []
    if not report.mixes or report.sees_money:
        told.append((_("Entregas"), written(tally.deliveries, 0)))
    if one.counts_partners:
        told.append((_("Socias y socios"), written(len(tally.partners), 0)))
    if report.has_kilos and report.mixes:
        told.append((_("Kilos"), written(tally.kg, 0)))
    if report.has_pieces and report.mixes:
        told.append((_("Unidades"), written(tally.pieces, 0)))
    if report.sees_money:
        if not report.mixes:
            told.append((_("Total (USD)"), written(tally.usd, 2)))
        if report.has_kilos and not report.mixes:
            told.append((_("USD por kilo"), _say(_per_kg(tally), 4)))
    return told


def _per_kg(tally: Tally) -> Decimal | None:
    """What a kilo cost as it came; unknown where pieces were paid among it."""
    return tally.usd / tally.kg if tally.kg and not tally.pieces else None


def _say(value: int | Decimal | None, digits: int) -> str:
    return UNKNOWN if value is None else written(value, digits)
