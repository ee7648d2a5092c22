"""The report at /informes/cuentas/: what is owed by community, and the money for this week."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from harvests.permissions.settlements import may_see_settlements
from harvests.reports.money import MoneyReport
from kallari.doors import actor_of, only
from kallari.exports import xlsx_response

if TYPE_CHECKING:
    from django.http import HttpResponseBase


@only(may_see_settlements)
@require_safe
def money_report(request: HttpRequest) -> HttpResponse:
    """What is owed to families, by community, and the money that is needed this week."""
    report = MoneyReport(actor_of(request), timezone.localdate())
    context: dict[str, Any] = {"report": report}
    if not report.is_empty:
        context |= {
            "communities": report.plot_of_communities(),
            "needs": report.plot_of_needs(),
        }
    return render(request, "harvests/reports/money.html", context)


@only(may_see_settlements)
@require_safe
def money_workbook(request: HttpRequest, key: str) -> HttpResponseBase:
    """The numbers of one part as a workbook."""
    report = MoneyReport(actor_of(request), timezone.localdate())
    sheets = {
        "comunidades": (_("Lo que se debe"), report.sheet_of_communities),
        "semana": (_("Dinero de la semana"), report.sheet_of_needs),
    }
    if key not in sheets:
        raise Http404
    title, make = sheets[key]
    header, rows = make()
    return xlsx_response(
        f"cuentas-{key}-{report.today.isoformat()}.xlsx",
        header,
        rows,
        title=f"{title}. {date_format(report.today)}",
        sheet=title,
    )
