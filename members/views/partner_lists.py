"""The legal list of partners, as it was on any day: to read, to print and to take along."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kallari.doors import only
from kallari.exports import csv_response, xlsx_response
from kallari.history.models import Seal
from members.forms.partner_lists import DayForm, PeriodForm
from members.models import Partner, Person
from members.models.partner import Standing
from members.permissions import people as permissions
from members.querysets.partners import PartnerQuerySet

FIRST_PERIOD = timedelta(days=365)
"""How far back the changes are shown when nobody says."""


def _listed(request: HttpRequest, day: date) -> PartnerQuerySet:
    """The members of a day by number, each with her person and community, in one query."""
    rows = Partner.objects.visible_to(request.user).members_on(day)
    return rows.with_standing(day).with_people().order_by("number")


@only(permissions.may_see_legal_list)
@require_safe
def legal_list(request: HttpRequest) -> HttpResponse:
    """Who was a registered member on a day."""
    form = DayForm(request.GET)
    if not form.is_valid():
        return render(request, "members/legal_list.html", {"form": form}, status=400)
    day = form.cleaned_data["fecha"] or timezone.localdate()
    if not request.GET.get("fecha"):
        form = DayForm({"fecha": day.isoformat()})
    partners = list(_listed(request, day))
    return render(
        request,
        "members/legal_list.html",
        {
            "form": form,
            "day": day,
            "query": f"fecha={day.isoformat()}",
            "partners": partners,
            "seal": Seal.objects.visible_to(request.user).newest(),
            "is_today": day == timezone.localdate(),
            "may_import": permissions.may_import_people(request.user),
            **_told_of(partners),
        },
    )


def _told_of(partners: Sequence[Partner]) -> dict[str, Any]:
    """How many there are, how many women among them, and how many are suspended."""
    women = sum(one.person.sex == Person.Sex.FEMALE for one in partners)
    unknown = sum(not one.person.sex for one in partners)
    return {
        "count": len(partners),
        "women": women,
        "share": 100 * women / len(partners) if partners else None,
        "sex_unknown": unknown,
        "suspended": sum(one.standing == Standing.SUSPENDED for one in partners),
    }


def _header() -> list[str]:
    return [
        _("Número"),
        _("Apellidos"),
        _("Nombres"),
        _("Cédula"),
        _("Sexo"),
        _("Comunidad"),
        _("Fecha de registro"),
        _("Resolución"),
        _("Estado"),
    ]


def _cells(partners: PartnerQuerySet) -> Iterator[list[Any]]:
    for partner in partners.iterator():
        person = partner.person
        yield [
            partner.number,
            person.surnames,
            person.given_names,
            person.cedula or person.cedula_missing_reason,
            person.get_sex_display(),
            partner.community.name,
            partner.registered_on,
            partner.resolution,
            Standing(partner.standing).label,
        ]


@only(permissions.may_see_legal_list)
@require_safe
def legal_list_workbook(request: HttpRequest) -> HttpResponseBase:
    """The same list as a workbook."""
    form = DayForm(request.GET)
    if not form.is_valid():
        return render(request, "members/legal_list.html", {"form": form}, status=400)
    day = form.cleaned_data["fecha"] or timezone.localdate()
    title = _("Lista legal de socias y socios al %(day)s") % {"day": date_format(day)}
    return xlsx_response(
        f"lista-legal-{day.isoformat()}.xlsx",
        _header(),
        _cells(_listed(request, day)),
        title=title,
        sheet=_("Socias y socios"),
    )


@only(permissions.may_see_legal_list)
@require_safe
def legal_list_csv(request: HttpRequest) -> HttpResponseBase:
    """The same list as CSV."""
    form = DayForm(request.GET)
    if not form.is_valid():
        return render(request, "members/legal_list.html", {"form": form}, status=400)
    day = form.cleaned_data["fecha"] or timezone.localdate()
    rows = _cells(_listed(request, day))
    return csv_response(f"lista-legal-{day.isoformat()}.csv", _header(), rows)


@only(permissions.may_see_legal_list)
@require_safe
def legal_list_changes(request: HttpRequest) -> HttpResponse:
    """Who joined and who left between two days."""
    today = timezone.localdate()
    asked = request.GET.dict() or {
        "desde": (today - FIRST_PERIOD).isoformat(),
        "hasta": today.isoformat(),
    }
    form = PeriodForm(asked)
    if not form.is_valid():
        return render(request, "members/legal_list_changes.html", {"form": form}, status=400)
    first, last = form.cleaned_data["desde"], form.cleaned_data["hasta"]
    rows = Partner.objects.visible_to(request.user).with_people()
    return render(
        request,
        "members/legal_list_changes.html",
        {
            "form": form,
            "first": first,
            "last": last,
            "before": rows.members_on(first).count(),
            "after": rows.members_on(last).count(),
            "joined": list(rows.joined_between(first, last).order_by("registered_on", "number")),
            "left": list(rows.left_between(first, last).order_by("ended_on", "number")),
        },
    )
