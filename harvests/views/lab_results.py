"""The pages of laboratories at /calidad/laboratorio/."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from harvests.forms.quality import (
    CorrectLabResultForm,
    LabFilterForm,
    LabResultForm,
    SubjectFilterForm,
    TestFilterForm,
)
from harvests.limits import with_limits
from harvests.models import LabResult, Lot
from harvests.permissions import quality as permissions
from harvests.rules import CADMIUM_CHOCOLATE
from harvests.services import quality as services
from harvests.views import PAGE_SIZE
from harvests.views.quality import OFFERED
from kallari.acting import act_page
from kallari.doors import actor_of, form_page, only
from kallari.files.responses import file_response
from kallari.history.newest import newest_changes

if TYPE_CHECKING:
    from kallari.rules.models import RuleValue


def _result(request: HttpRequest, pk: UUID) -> LabResult:
    rows = LabResult.objects.visible_to(request.user).with_names()
    return get_object_or_404(rows.select_related("file", "replaces"), pk=pk)


@only(permissions.may_see_lab_results)
@require_safe
def lab_results(request: HttpRequest) -> HttpResponse:
    """What laboratories found, the newest first."""
    user = actor_of(request)
    form = LabFilterForm(request.GET)
    told = form.cleaned_data if form.is_valid() else {}
    rows = LabResult.objects.visible_to(user).with_names()
    rows = rows if told.get("estado") == TestFilterForm.ALL else rows.standing()
    if told.get("sustancia"):
        rows = rows.filter(substance=told["sustancia"])
    if told.get("desde"):
        rows = rows.filter(reported_on__gte=told["desde"])
    if told.get("hasta"):
        rows = rows.filter(reported_on__lte=told["hasta"])
    rows = rows.find(told.get("buscar", ""))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "harvests/quality/lab_results.html",
        {
            "form": form,
            "page": page,
            "rows": list(with_limits(page.object_list)),
            "is_filtered": any(told.values()),
            "may_note": permissions.may_note_lab_results(user),
        },
        status=200 if form.is_valid() else 400,
    )


def limit_beside(result: LabResult) -> RuleValue | None:
    """The row of the rule that a result is shown beside; None where there is none."""
    if result.substance != LabResult.Substance.CADMIUM:
        return None
    return CADMIUM_CHOCOLATE.row_on(result.reported_on)


@only(permissions.may_see_lab_results)
@require_safe
def lab_result(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One result, with its report and the limit that is shown beside it."""
    found, user = _result(request, pk), actor_of(request)
    row = limit_beside(found)
    return render(
        request,
        "harvests/quality/lab_result.html",
        {
            "result": found,
            "limit": row,
            "limit_value": None if row is None else CADMIUM_CHOCOLATE.kind.typed(row.value),
            "has_report": found.file is not None and not found.file.is_erased,
            "may_change": permissions.may_note_lab_results(user) and not found.is_replaced,
            "newest": newest_changes(user, found),
        },
    )


@only(permissions.may_note_lab_results)
@require_safe
def choose_lot(request: HttpRequest) -> HttpResponse:
    """Of which lot."""
    form = SubjectFilterForm(request.GET)
    text = form.cleaned_data["buscar"] if form.is_valid() else ""
    lots = Lot.objects.visible_to(request.user).with_names().find(text)
    return render(
        request,
        "harvests/quality/choose.html",
        {
            "form": form,
            "is_filtered": bool(text.strip()),
            "lots": (lots if text.strip() else lots.in_stock())[: 2 * OFFERED],
            "is_for_laboratory": True,
        },
    )


@only(permissions.may_note_lab_results)
@form_page
def note_result(request: HttpRequest, code: str) -> HttpResponse:
    """Note what a laboratory reports of a lot."""
    user = actor_of(request)
    lot = get_object_or_404(Lot.objects.visible_to(user).with_names(), code=code)
    return act_page(
        request,
        LabResultForm(request.POST or None, request.FILES or None),
        lambda told: services.note_lab_result(actor=user, lot=lot, **told),
        title=_("Resultado de laboratorio de %(code)s") % {"code": lot.code},
        lead=_("Una sustancia por vez, como la dice el informe: %(form)s.")
        % {"form": lot.form.name.lower()},
        button=_("Guardar el resultado"),
        back=reverse("harvests:lab_results"),
        back_label=_("Laboratorio"),
        done=_noted,
    )


@only(permissions.may_note_lab_results)
@form_page
def correct(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What a result should have said: another one in its place."""
    first, user = _result(request, pk), actor_of(request)
    if first.is_replaced:
        raise Http404

    def act(told: dict[str, Any]) -> LabResult:
        why = told.pop("reason")
        return services.replace_lab_result(actor=user, result=first, why=why, **told)

    return act_page(
        request,
        CorrectLabResultForm(request.POST or None, request.FILES or None, instance=first),
        act,
        title=_("Corregir el resultado de %(code)s") % {"code": first.lot.code},
        lead=_("El primero queda como está; en su lugar vale el que anote aquí."),
        button=_("Guardar la corrección"),
        back=first,
        back_label=str(first),
        done=_noted,
    )


def _noted(made: LabResult) -> str:
    return _("%(what)s de %(code)s: queda anotado.") % {
        "what": made.get_substance_display().capitalize(),
        "code": made.lot.code,
    }


@only(permissions.may_see_lab_results)
@require_safe
def report(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Hand out the report of a laboratory."""
    found = _result(request, pk)
    is_paper = found.file is not None and not found.file.is_image
    return file_response(request, found.file, download=is_paper)
