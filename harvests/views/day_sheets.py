"""The sheet of a day at each center, to print and to check against the paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from harvests.forms.delivery_lists import CenterForm
from harvests.models import Delivery
from harvests.permissions import deliveries as permissions
from harvests.reports.by_form import Total, added_up
from kallari.doors import actor_of, only
from members.forms.lists import EARLIEST_DAY, LATEST_DAY

NOTHING = Decimal(0)


@dataclass(frozen=True)
class CenterSheet:
    """What one center took in on a day, in the order of folios; what does not count, beneath."""

    center: Any
    rows: list[Delivery]
    without_value: list[Delivery]
    totals: list[Total]
    all: Total


@only(permissions.may_see_day_sheets)
@require_safe
def day_sheet(request: HttpRequest, day: str) -> HttpResponse:
    """What came in on a day, a sheet a center, to be printed, checked and signed."""
    on = _day(day)
    user = actor_of(request)
    form = CenterForm(request.GET, user=user)
    center = form.cleaned_data["centro"] if form.is_valid() else None
    rows = Delivery.objects.visible_to(user).filter(weighed_on=on)
    if center is not None:
        rows = rows.filter(center=center)
    named = rows.with_names().select_related("superseded_by")
    by_center: dict[Any, list[Delivery]] = {}
    for row in named.order_by("center__code", "folio_year", "folio_number"):
        by_center.setdefault(row.center, []).append(row)
    sheets = [_sheet(one, found) for one, found in by_center.items()]
    return render(
        request,
        "harvests/day_sheet.html",
        {
            "day": on,
            "form": form,
            "sheets": sheets,
            "previous": date.fromordinal(on.toordinal() - 1),
            "next": date.fromordinal(on.toordinal() + 1) if on < timezone.localdate() else None,
        },
        status=200 if form.is_valid() else 400,
    )


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
    if not EARLIEST_DAY <= day <= LATEST_DAY:
        raise Http404
    return day


def _sheet(center: Any, rows: list[Delivery]) -> CenterSheet:
    """Add up in memory what was read: a day of a center is a few hundred rows."""
    valid = [row for row in rows if row.is_valid]
    forms: dict[Any, list[Delivery]] = {}
    for row in valid:
        forms.setdefault(row.form, []).append(row)
    totals = [
        Total(
            form=form,
            number=len(found),
            net_kg=sum((row.net_kg for row in found if row.net_kg is not None), NOTHING),
            pieces=sum((row.quantity for row in found if row.net_kg is None), NOTHING),
            usd=sum((row.total_usd for row in found), NOTHING),
        )
        for form, found in sorted(forms.items(), key=lambda one: (one[0].place, one[0].name))
    ]
    return CenterSheet(
        center, valid, [row for row in rows if not row.is_valid], totals, added_up(totals)
    )
