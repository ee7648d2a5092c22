"""Where a lot comes from, and where a delivery went."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from harvests.destinations import destinations
from harvests.lot_origin import SHEET_HEADING, LotOrigin, as_rows
from harvests.models import Delivery, Lot
from harvests.permissions.genealogy import may_see_destinations, may_trace
from kallari.doors import actor_of, only
from kallari.exports import xlsx_response

SHOWN = 50
"""Deliveries shown at once; the rest is folded away, and in the workbook."""


def _lot(request: HttpRequest, code: str) -> Lot:
    return get_object_or_404(Lot.objects.visible_to(request.user).with_names(), code=code)


@only(may_trace)
@require_safe
def lot_origin(request: HttpRequest, code: str) -> HttpResponse:
    """The communities, families and deliveries a lot comes from, and all that was done."""
    origin = LotOrigin(_lot(request, code))
    return render(
        request,
        "harvests/lot_origin.html",
        {
            "origin": origin,
            "lot": origin.lot,
            "first_lines": origin.lines[:SHOWN],
            "more_lines": origin.lines[SHOWN:],
        },
    )


@only(may_trace)
@require_safe
def lot_origin_workbook(request: HttpRequest, code: str) -> HttpResponseBase:
    """The deliveries of a lot as a workbook."""
    origin = LotOrigin(_lot(request, code))
    return xlsx_response(
        f"kallari-origen-{origin.lot.code}.xlsx",
        [str(one) for one in SHEET_HEADING],
        as_rows(origin.lines),
        title=_("Origen del lote %(code)s") % {"code": origin.lot.code},
        sheet=origin.lot.code,
    )


@only(may_see_destinations)
@require_safe
def delivery_destinations(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Where the kilos of a delivery are."""
    delivery = get_object_or_404(Delivery.objects.visible_to(actor_of(request)).with_names(), pk=pk)
    if delivery.net_kg is None:
        raise Http404
    return render(
        request,
        "harvests/delivery_destinations.html",
        {"delivery": delivery, "found": destinations(delivery)},
    )
