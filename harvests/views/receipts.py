"""The receipt of a delivery, and the public page to which its QR leads."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from harvests.models import Delivery
from harvests.permissions import deliveries as permissions
from kallari.doors import actor_of, only

FORMATS = {"58": "58 mm", "80": "80 mm", "a4": "A4"}
"""Papers on which a receipt is printed, as the address names them."""
USUAL_FORMAT = "80"
FIRST_PRINT = timedelta(minutes=15)
"""How long after weighing what is printed is the receipt itself; later it is a copy.

The family is handed one receipt, at the scale: by the telephone, or by this page from whoever
weighed at the desk. What the office prints afterwards must not pass for a second delivery, so it is
marked. Whether a sheet really came out of the printer nobody can tell; a quarter of an hour leaves
room for a paper jam, and asks for no record of each print and no mark that could be left out of
the address.
"""


def is_copy(delivery: Delivery, now: datetime) -> bool:
    """Whether what is printed now is marked as a copy. What came from a telephone or from earlier
    records was handed over when it was weighed, however late it arrived here."""
    entered_here = delivery.via in {Delivery.Via.OFFICE, Delivery.Via.API}
    handed_over = delivery.received_at if entered_here else delivery.weighed_at
    return now - handed_over > FIRST_PRINT


def qr_svg(address: str) -> str:
    """An address as inline SVG, four modules of white around it; error correction M, because
    thermal paper is creased and rained upon."""
    qr = segno.make(address, error="m", micro=False)
    return qr.svg_inline(
        border=4, omitsize=True, svgclass="receipt-qr", lineclass=None, dark="#000"
    )


@only(permissions.may_see_deliveries)
@require_safe
def receipt(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The receipt of one delivery, for thermal paper or A4."""
    user = actor_of(request)
    rows = Delivery.objects.visible_to(user).with_names().select_related("variety", "supersedes")
    found = get_object_or_404(rows.select_related("superseded_by"), pk=pk)
    paper = request.GET.get("formato", USUAL_FORMAT)
    paper = paper if paper in FORMATS else USUAL_FORMAT
    address = request.build_absolute_uri(reverse("harvests:receipt_check", args=[found.pk]))
    return render(
        request,
        "harvests/receipt.html",
        {
            "delivery": found,
            "paper": paper,
            "papers": FORMATS.items(),
            "folio_end": found.folio.rpartition("-")[2],
            "is_short": not found.deduction_kg and not found.premium_usd,
            "is_copy": is_copy(found, timezone.now()),
            "address": address,
            "qr": qr_svg(address),
            "may_see_values": permissions.may_see_values(user),
        },
    )


@require_safe
def receipt_check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Whether a receipt is true, for whoever holds it: what its paper says, but no name of anybody
    and no money. An unknown key answers
    as one that a telephone has not sent yet: nobody learns which it is. One query."""
    found = (
        Delivery.objects.filter(pk=pk)  # public: the key stands on the receipt alone, and is random
        .with_device_number()
        .select_related("form__product", "quality", "family", "superseded_by")
        .first()
    )
    response = render(
        request,
        "harvests/receipt_check.html",
        {"delivery": found},
        status=404 if found is None else 200,
    )
    add_never_cache_headers(response)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
