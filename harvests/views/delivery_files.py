"""The list of deliveries as a file: CSV of any length, a workbook of a bounded one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from harvests.forms.delivery_lists import DeliveryFilterForm
from harvests.models import Delivery
from harvests.permissions import deliveries as permissions
from kallari.doors import actor_of, only
from kallari.exports import csv_response, xlsx_response
from kallari.units import ABBREVIATIONS

if TYPE_CHECKING:
    from harvests.querysets.deliveries import DeliveryQuerySet

MOST_IN_WORKBOOK = 100_000
"""Rows of a workbook; more are sent as CSV, which is written while it is read."""


def _heading(*, values: bool) -> list[str]:
    money = [
        _("Precio (USD)"),
        _("Precio por"),
        _("Valor (USD)"),
        _("Premio (USD)"),
        _("Total (USD)"),
    ]
    return [
        _("Folio"),
        _("Pesado el"),
        _("Centro"),
        _("Código de la familia"),
        _("Familia"),
        _("Socia o socio"),
        _("Comunidad"),
        _("Producto"),
        _("Presentación"),
        _("Variedad"),
        _("Calidad"),
        _("Certificación"),
        _("Cantidad"),
        _("Unidad"),
        _("Envases"),
        _("Bruto (kg)"),
        _("Tara (kg)"),
        _("Descuento (kg)"),
        _("Por qué se descuenta"),
        _("Neto (kg)"),
        _("Humedad (%)"),
        *(money if values else []),
        _("Quién recibió"),
        _("Por dónde llegó"),
        _("Registrado el"),
        _("Estado"),
        _("Documento anterior"),
        _("Nota"),
    ]


def _lines(rows: DeliveryQuerySet, *, values: bool) -> Iterator[list[Any]]:
    for row in rows.with_names().select_related("variety").iterator(chunk_size=2000):
        money = [
            row.unit_price_usd,
            ABBREVIATIONS[row.price_unit],
            row.amount_usd,
            row.premium_usd,
            row.total_usd,
        ]
        yield [
            row.folio,
            row.weighed_at,
            row.center.name,
            row.family.code,
            row.family.name,
            row.partner.person.name if row.partner else "",
            row.community.name,
            row.form.product.name,
            row.form.name,
            row.variety.name if row.variety else "",
            row.quality.name if row.quality else "",
            row.get_certification_class_display(),
            row.quantity,
            ABBREVIATIONS[row.unit],
            row.containers,
            row.gross_kg,
            row.tare_kg,
            row.deduction_kg,
            row.deduction_reason,
            row.net_kg,
            row.moisture_percent,
            *(money if values else []),
            str(row.agent),
            row.get_via_display(),
            row.received_at,
            row.get_status_display(),
            row.reference,
            row.note,
        ]


def _asked_for(request: HttpRequest) -> tuple[DeliveryFilterForm, DeliveryQuerySet | None]:
    user = actor_of(request)
    form = DeliveryFilterForm(request.GET, user=user)
    if not form.is_valid():
        return form, None
    seen = Delivery.objects.visible_to(user)
    return form, form.narrowed(seen, by_day=False).order_by("weighed_at", "pk")


def _refused(request: HttpRequest, form: DeliveryFilterForm) -> HttpResponse:
    context = {"form": form, "list_url": reverse("harvests:deliveries")}
    return render(request, "harvests/deliveries.html", context, status=400)


def _file_name(form: DeliveryFilterForm, suffix: str) -> str:
    first, last = form.period
    days = "-a-".join(day.isoformat() for day in (first, last) if day)
    return f"kallari-entregas{f'-{days}' if days else ''}.{suffix}"


@only(permissions.may_see_deliveries)
@require_safe
def deliveries_csv(request: HttpRequest) -> HttpResponseBase:
    """The filtered list as CSV, the oldest first, written while it is read."""
    form, rows = _asked_for(request)
    if rows is None:
        return _refused(request, form)
    values = permissions.may_see_values(actor_of(request))
    name = _file_name(form, "csv")
    return csv_response(name, _heading(values=values), _lines(rows, values=values))


@only(permissions.may_see_deliveries)
@require_safe
def deliveries_workbook(request: HttpRequest) -> HttpResponseBase:
    """The same as a workbook; a very long list is refused with a word about CSV."""
    form, rows = _asked_for(request)
    if rows is None:
        return _refused(request, form)
    if len(rows.values_list("pk")[: MOST_IN_WORKBOOK + 1]) > MOST_IN_WORKBOOK:
        form.add_error(
            None,
            _("Son más de cien mil entregas: acorte el período, o descargue la lista en CSV."),
        )
        return _refused(request, form)
    values = permissions.may_see_values(actor_of(request))
    return xlsx_response(
        _file_name(form, "xlsx"),
        _heading(values=values),
        _lines(rows, values=values),
        title=_("Entregas"),
        sheet=_("Entregas"),
    )
