"""The pages of the seals at /auditoria/sellos/."""

from __future__ import annotations

import segno
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kallari.history.models import Seal
from kallari.history.seals.tables import tracked_tables, waiting_for_a_seal
from kallari.history.views import readers_only

ON_A_PAGE = 25


@never_cache
@readers_only
@require_safe
def seal_list(request: HttpRequest) -> HttpResponse:
    """The chain, newest first, with the code of its end for the minutes.

    ``antes``: the page begins below the seal of this number.
    """
    every = seals = Seal.objects.visible_to(request.user)
    newest = every.newest()
    below = request.GET.get("antes", "")
    if below:
        if not (below.isascii() and below.isdigit() and len(below) < 10):
            raise Http404
        seals = seals.filter(number__lt=int(below))
    page = list(seals.order_by("-number")[: ON_A_PAGE + 1])
    more = len(page) > ON_A_PAGE
    page = page[:ON_A_PAGE]
    context = {
        "newest": newest,
        "newest_qr": qr_of(newest) if newest else "",
        "seals": page,
        "sealed_rows": every.aggregate(total=Sum("row_count"))["total"] or 0,
        "first_url": reverse("history:seals") if below else "",
        "older_url": f"{reverse('history:seals')}?antes={page[-1].number}" if more else "",
    } | waiting_for_a_seal(newest)
    return render(request, "history/seals.html", context)


@never_cache
@readers_only
@require_safe
def seal_sheet(request: HttpRequest, number: int) -> HttpResponse:
    """One seal, to print and keep with the minutes."""
    seal = get_object_or_404(Seal.objects.visible_to(request.user), number=number)
    names = {one.table: one.model._meta.verbose_name_plural for one in tracked_tables()}
    context = {
        "seal": seal,
        "qr": qr_of(seal),
        "tables": [names.get(covered["table"], covered["table"]) for covered in seal.tables],
    }
    return render(request, "history/seal.html", context)


def qr_of(seal: Seal) -> str:
    """The code as a QR symbol, as a data URI: whoever scans it gets the code without copying."""
    return str(segno.make_qr(seal.code, error="m").svg_data_uri(border=2, scale=4))
