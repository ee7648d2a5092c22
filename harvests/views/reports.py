"""Reports over what was handed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from harvests.forms.reports import ReportForm
from harvests.permissions.reports import may_see_reports
from harvests.reports import plots, tables, workbooks
from harvests.reports.periods import ONE_DAY as A_DAY
from harvests.reports.periods import Kind, Period, whole
from harvests.reports.report import Breakdown, Report
from kallari.doors import actor_of, only
from kallari.exports import xlsx_response
from members.querysets.reach import sees_every_community

if TYPE_CHECKING:
    from kallari.plots import Plot, Table

BREAKDOWNS: dict[str, Callable[[Report], Breakdown]] = {
    "tiempo": lambda report: report.by_time,
    "presentaciones": lambda report: report.by_form,
    "certificacion": lambda report: report.by_class,
    "comunidades": lambda report: report.by_community,
    "centros": lambda report: report.by_center,
    "sexo": lambda report: report.by_sex,
    "personas": lambda report: report.by_agent,
}
"""By the name in the address of their files, in the order of the page."""

SHEET_NAMES = {"precio": gettext_lazy("Precio del cacao")}
"""Of parts whose title is longer than the 31 letters that a sheet's name may have."""


@only(may_see_reports)
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """What came in within a period, cut in every way, against the period before."""
    form = ReportForm(request.GET.dict(), user=actor_of(request))
    if not form.is_valid():
        return render(request, "harvests/reports/report.html", {"form": form}, status=400)
    report, told = Report(form.scope, form.period), form.told
    return render(
        request,
        "harvests/reports/report.html",
        {
            "form": form,
            "report": report,
            "period": report.period,
            "scope": report.scope,
            "query": urlencode(told),
            "tabs": _tabs(form, told),
            "steps": _steps(report.period, form, told),
            "is_part": not sees_every_community(request.user),
        }
        | _drawn(report, told),
    )


def _drawn(report: Report, told: dict[str, Any]) -> dict[str, Any]:
    """Every part with its drawing; nothing of a period without deliveries."""
    if report.is_empty:
        return {}
    parts: list[tuple[Plot, Table]] = [
        (
            plots.of_breakdown(one, report.period, told),
            tables.of_breakdown(one, report, told),
        )
        for one in (find(report) for find in BREAKDOWNS.values())
        if not (one.is_in_time and len(one.lines) == 1)
    ]
    drawn: dict[str, Any] = {"parts": parts, "facts": tables.facts_of(report)}
    if report.drying:
        drawn["drying"] = plots.of_drying(report.drying, report.period)
        drawn["drying_rows"] = [(row, plots.dry_name(row)) for row in report.drying]
    if report.cocoa is not None and report.cocoa.now.kg:
        drawn["prices"] = plots.of_prices(report.cocoa, report.period)
        drawn["price_table"] = tables.of_prices(report.cocoa)
        drawn["price_facts"] = tables.facts_of_prices(report.cocoa)
    return drawn


def _tabs(form: ReportForm, told: dict[str, Any]) -> list[dict[str, Any]]:
    """The lengths of a period, each with the address of the same report of that length."""
    kept = {name: told[name] for name in told if name not in {"periodo", "temporada", "hasta"}}
    return [
        {
            "name": kind.label,
            "url": f"?{urlencode({**kept, 'periodo': kind.value})}",
            "is_current": kind == form.cleaned_data["periodo"],
        }
        for kind in Kind
    ]


def _steps(period: Period, form: ReportForm, told: dict[str, Any]) -> dict[str, str]:
    """The addresses of the same report of the period before and of the one after."""
    kept = {name: told[name] for name in told if name not in {"temporada", "desde", "hasta"}}
    if period.kind == Kind.DATES:
        return {}
    if period.season is not None:
        at = form.seasons.index(period.season)
        found = {}
        if at + 1 < len(form.seasons):
            found["earlier"] = f"?{urlencode({**kept, 'temporada': form.seasons[at + 1].pk})}"
        if at > 0:
            found["later"] = f"?{urlencode({**kept, 'temporada': form.seasons[at - 1].pk})}"
        return found
    earlier = whole(period.kind, period.whole.first - A_DAY).first
    later = period.whole.last + A_DAY
    found = {"earlier": f"?{urlencode({**kept, 'desde': earlier.isoformat()})}"}
    if later <= form.today:
        found["later"] = f"?{urlencode({**kept, 'desde': later.isoformat()})}"
    return found


@only(may_see_reports)
@require_safe
def report_workbook(request: HttpRequest, key: str) -> HttpResponseBase:
    """The numbers of one part of the report as a workbook."""
    form = ReportForm(request.GET.dict(), user=actor_of(request))
    if key not in {*BREAKDOWNS, "seco", "precio"}:
        raise Http404
    if not form.is_valid():
        return render(request, "harvests/reports/report.html", {"form": form}, status=400)
    report = Report(form.scope, form.period)
    title, (header, rows) = _sheet(report, key)
    span = report.period.now
    return xlsx_response(
        f"acopio-{key}-{span.first.isoformat()}-{span.last.isoformat()}.xlsx",
        header,
        rows,
        title=f"{title}. {span.words()}",
        sheet=str(SHEET_NAMES.get(key, title)),
    )


def _sheet(report: Report, key: str) -> tuple[str, workbooks.Sheet]:
    if key == "seco":
        if not report.sees_drying:
            raise Http404
        plot = plots.of_drying(report.drying, report.period)
        return str(plot.title), workbooks.of_drying(report.drying)
    if key == "precio":
        if report.cocoa is None:
            raise Http404
        plot = plots.of_prices(report.cocoa, report.period)
        return str(plot.title), workbooks.of_prices(report.cocoa)
    one = BREAKDOWNS[key](report)
    return one.title, workbooks.of_breakdown(one, report)
