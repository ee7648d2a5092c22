"""Reports over what lies in stock, what came out of processes, and where all kilos are."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from harvests.forms.stock_reports import BalanceForm, StockReportForm
from harvests.models import CertificationClass
from harvests.permissions.reports import may_see_stock_reports
from harvests.reports import stock
from harvests.reports.mass_balance import Balance, MassBalance
from kallari.doors import actor_of, only
from kallari.exports import xlsx_response


def _class_names() -> dict[str, str]:
    names = {key: str(name).capitalize() for key, name in CertificationClass.choices}
    return names | {"total": _("Todo"), "fairtrade": _("Comercio justo (socias y socios)")}


@only(may_see_stock_reports)
@require_safe
def mass_balance(request: HttpRequest) -> HttpResponse:
    """Received, processed, lost, handed out, on hand; and what does not agree."""
    form = BalanceForm(request.GET.dict(), user=actor_of(request))
    if not form.is_valid() or form.product is None:
        status = 200 if form.is_valid() else 400
        return render(request, "harvests/reports/mass_balance.html", {"form": form}, status=status)
    balance, names = MassBalance(form.product, form.span), _class_names()
    told: dict[str, Any] = {
        "producto": form.product.pk,
        "desde": form.span.first.isoformat(),
        "hasta": form.span.last.isoformat(),
    }
    rows = [*balance.classes, balance.total, balance.partners]
    return render(
        request,
        "harvests/reports/mass_balance.html",
        {
            "form": form,
            "balance": balance,
            "columns": [(names[one.key], one) for one in rows],
            "query": urlencode(told),
        },
    )


@only(may_see_stock_reports)
@require_safe
def mass_balance_workbook(request: HttpRequest) -> HttpResponseBase:
    """The same as a workbook."""
    form = BalanceForm(request.GET.dict(), user=actor_of(request))
    if not form.is_valid() or form.product is None:
        return render(request, "harvests/reports/mass_balance.html", {"form": form}, status=400)
    balance, names = MassBalance(form.product, form.span), _class_names()
    rows = [*balance.classes, balance.total, balance.partners]
    return xlsx_response(
        f"kallari-balance-{form.product.code}-{form.span.first}-{form.span.last}.xlsx",
        [_("Certificación"), *(str(name) for name, _value in _figures(balance.total))],
        [[names[one.key], *(value for _name, value in _figures(one))] for one in rows],
        title=_("Balance de masa, %(product)s, %(days)s")
        % {"product": form.product, "days": form.span.words()},
        sheet=str(form.product),
    )


def _figures(one: Balance) -> list[tuple[str, Any]]:
    """What the page tells of a column, in its order."""
    return [
        (_("Había (kg)"), one.before.kg),
        (_("Había sin usar (kg)"), one.before.unused),
        (_("Había en proceso (kg)"), one.before.under_way),
        (_("Había en lotes (kg)"), one.before.in_lots),
        (_("Recibido (kg)"), one.received),
        (_("Cambió de certificación (kg)"), one.moved),
        (_("Perdido en los procesos (kg)"), one.lost),
        (_("Entregado a clientes (kg)"), one.dispatched),
        (_("Dañado, muestras y conteos (kg)"), one.written_off),
        (_("Queda (kg)"), one.after.kg),
        (_("Queda sin usar (kg)"), one.after.unused),
        (_("Queda en proceso (kg)"), one.after.under_way),
        (_("Queda en lotes (kg)"), one.after.in_lots),
        (_("Diferencia (kg)"), one.difference),
        (_("Entró a procesos (kg)"), one.processed),
    ]


@only(may_see_stock_reports)
@require_safe
def stock_report(request: HttpRequest) -> HttpResponse:
    """What is there and how old, what came out of what went in, how long it took."""
    user = actor_of(request)
    form = StockReportForm(request.GET.dict(), user=user)
    if not form.is_valid():
        return render(request, "harvests/reports/stock.html", {"form": form}, status=400)
    rows = stock.stock(user, form.product)
    context: dict[str, Any] = {
        "form": form,
        "span": form.span,
        "stock": (stock.stock_plot(rows), stock.stock_table(rows)),
        "phases": stock.phases(user, form.span, form.product),
        "query": urlencode(
            {
                name: getattr(value, "pk", value)
                for name, value in form.cleaned_data.items()
                if value
            }
        ),
    }
    if form.kind is not None:
        made = stock.yields(user, form.kind, form.span)
        context["yields"] = (
            stock.yield_plot(made, form.kind, form.span),
            stock.yield_table(made),
        )
        context["outside"] = sum(stock.is_outside(one) for one in made)
        context["batches"] = len(made)
    return render(request, "harvests/reports/stock.html", context)


@only(may_see_stock_reports)
@require_safe
def stock_report_workbook(request: HttpRequest, key: str) -> HttpResponseBase:
    """The numbers of one part as a workbook."""
    user = actor_of(request)
    form = StockReportForm(request.GET.dict(), user=user)
    if not form.is_valid():
        return render(request, "harvests/reports/stock.html", {"form": form}, status=400)
    rows: list[list[Any]]
    if key == "existencias":
        found, today = stock.stock(user, form.product), timezone.localdate()
        of_what, days = str(form.product or ""), date_format(today, "DATE_FORMAT")
        name = f"kallari-existencias-{form.product.code if form.product else 'todo'}-{today}.xlsx"
        header = [
            _("Producto"),
            _("Al"),
            _("Presentación"),
            _("Lotes"),
            _("Kilos"),
            _("Unidades"),
            *stock.age_names(),
        ]
        rows = [
            [of_what, today, one.label, one.lots, one.kg, one.pieces, *one.by_age] for one in found
        ]
    elif key == "rendimiento" and form.kind is not None:
        made = stock.yields(user, form.kind, form.span)
        of_what, days = str(form.kind), str(form.span.words())
        name = f"kallari-rendimiento-{form.kind.code}-{form.span.first}-{form.span.last}.xlsx"
        header = [
            _("Clase de proceso"),
            _("Proceso"),
            _("Terminó"),
            _("Entró (kg)"),
            _("Salió (kg)"),
            _("Rendimiento"),
            _("Al menos"),
            _("A lo más"),
            _("Por qué"),
        ]
        rows = [
            [
                of_what,
                one.code,
                one.ended_at,
                one.totals.in_kg,
                one.totals.out_kg,
                one.totals.yielded,
                one.yield_low,
                one.yield_high,
                one.yield_note,
            ]
            for one in made
        ]
    else:
        raise Http404
    title = f"{key.capitalize()}: {of_what}. {days}"
    return xlsx_response(name, header, rows, title=title, sheet=key)
