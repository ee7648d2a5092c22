"""The dashboard: the register at a glance, on any day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from kallari.doors import only
from kallari.exports import xlsx_response
from members.forms.panorama import PanoramaForm
from members.panorama import PLOTS, Panorama
from members.permissions.people import may_see_panorama
from members.querysets.reach import sees_every_community
from members.reports import Register

if TYPE_CHECKING:
    from kallari.accounts.models import User


def _asked(request: HttpRequest) -> tuple[PanoramaForm, Panorama | None, dict[str, Any]]:
    """The form, what it asks for unless it is wrong, and that as it stands in an address."""
    user = cast("User", request.user)
    today = timezone.localdate().isoformat()
    form = PanoramaForm({"fecha": today} | request.GET.dict(), user=user)
    if not form.is_valid():
        return form, None, {}
    day, community = form.cleaned_data["fecha"], form.cleaned_data["comunidad"]
    told = {"fecha": day.isoformat()} | ({"comunidad": community.pk} if community else {})
    return form, Panorama(Register(user, day, community)), told


@only(may_see_panorama)
@require_safe
def panorama(request: HttpRequest) -> HttpResponse:
    """Partners, growth, applicants, chakras, certification, and what ends."""
    form, found, told = _asked(request)
    if found is None:
        return render(request, "members/panorama.html", {"form": form}, status=400)
    return render(
        request,
        "members/panorama.html",
        {
            "form": form,
            "panorama": found,
            "day": found.day,
            "community": found.register.community,
            "query": urlencode(told),
            "is_part": not sees_every_community(request.user),
        },
    )


@only(may_see_panorama)
@require_safe
def panorama_workbook(request: HttpRequest, key: str) -> HttpResponseBase:
    """The numbers of one plot as a workbook."""
    if key not in PLOTS:
        raise Http404
    form, found, _told = _asked(request)
    if found is None:
        return render(request, "members/panorama.html", {"form": form}, status=400)
    plot = PLOTS[key](found)
    header = [str(plot.label_heading), *(str(one.name) for one in plot.series)]
    rows = [
        [str(label), *(one.values[place] for one in plot.series)]
        for place, label in enumerate(plot.labels)
    ]
    return xlsx_response(
        f"panorama-{key}-{found.day.isoformat()}.xlsx",
        header,
        rows,
        title=f"{plot.title}. {plot.as_of}",
        sheet=header[0],
    )
