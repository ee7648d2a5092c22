"""The pages at /certificacion/inspecciones/: visits with their checklists."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kallari.acting import act_page
from kallari.doors import actor_of, form_page, only
from kallari.files.responses import file_response
from kallari.forms import written
from kallari.history.newest import newest_changes
from members.certification_reports import uninspected
from members.forms import certification as forms
from members.models import (
    Checklist,
    Family,
    Inspection,
    Partner,
    Person,
)
from members.permissions import certification as permissions
from members.services import inspections as services
from members.views import PAGE_SIZE
from members.views.certificates import with_document

SUGGESTED = 30
"""How many families the page names that have not been visited this year."""


@only(permissions.may_see_inspections)
@require_safe
def inspections(request: HttpRequest) -> HttpResponse:
    """All visits, the newest first."""
    form = forms.InspectionFilterForm(request.GET)
    rows = Inspection.objects.visible_to(request.user).with_places().with_findings()
    if form.is_valid():
        told = form.cleaned_data
        if told["anio"]:
            rows = rows.filter(inspected_on__year=told["anio"])
        if told["esquema"]:
            rows = rows.filter(checklist__scheme=told["esquema"])
        if told["clase"]:
            rows = rows.filter(kind=told["clase"])
    rows = rows.order_by("-inspected_on", "pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "members/certification/inspections.html",
        {"form": form, "page": page, "may_inspect": permissions.may_inspect(request.user)},
        status=200 if form.is_valid() else 400,
    )


@only(permissions.may_inspect)
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Whom to inspect, and with which checklist."""
    form = forms.FindFamilyForm(request.GET)
    text = form.cleaned_data["buscar"] if form.is_valid() else ""
    today = timezone.localdate()
    if text:
        found = Family.objects.visible_to(request.user).opened().find(text)
        families = list(found.select_related("community")[:SUGGESTED])
    else:
        due = uninspected(request.user, today)[:SUGGESTED]
        families = [partner.family for partner in due]
    return render(
        request,
        "members/certification/choose.html",
        {
            "form": form,
            "text": text,
            "families": families,
            "checklists": Checklist.objects.visible_to(request.user)
            .in_force(today)
            .select_related("scheme"),
        },
        status=200 if form.is_valid() else 400,
    )


@only(permissions.may_inspect)
@form_page
def inspect(request: HttpRequest, family: Any, pk: int) -> HttpResponse:
    """Hand in a visit with its checklist."""
    found = get_object_or_404(
        Family.objects.visible_to(request.user).select_related("community"), pk=family
    )
    checklist = get_object_or_404(
        Checklist.objects.visible_to(request.user).select_related("scheme"), pk=pk
    )
    actor = actor_of(request)
    form = forms.InspectionForm(
        request.POST or None,
        request.FILES or None,
        checklist=checklist,
        initial={
            "kind": Inspection.Kind.INTERNAL,
            "inspected_on": timezone.localdate(),
            "inspector_name": str(actor),
        },
    )
    if request.method == "POST" and form.is_valid():
        told = {name: form.cleaned_data[name] for name in form.Meta.fields}
        told["inspector_person"] = _inspector(form)
        if told["kind"] == Inspection.Kind.INTERNAL:
            told["inspector"] = actor
        if form.is_valid():
            told["document"] = form.cleaned_data["document"]

            def act() -> Inspection:
                return services.record_inspection(
                    actor=actor,
                    family=found,
                    checklist=checklist,
                    answers=form.answers(),
                    **with_document(request, told),
                )

            if (made := written(form, act)) is not None:
                messages.success(
                    request, _("La inspección de %(family)s queda registrada.") % {"family": found}
                )
                return redirect(made)
    return render(
        request,
        "members/certification/inspect.html",
        {"form": form, "family": found, "checklist": checklist},
    )


def _inspector(form: forms.InspectionForm) -> Person | None:
    """The person of the partner whose number was typed."""
    number = form.cleaned_data.get("inspector_number")
    if number is None:
        return None
    partner = Partner.objects.filter(number=number).select_related("person").first()
    if partner is None:
        form.add_error("inspector_number", _("Nadie tiene ese número."))
        return None
    return partner.person


def _inspection(request: HttpRequest, pk: Any) -> Inspection:
    rows = Inspection.objects.visible_to(request.user).with_places()
    return get_object_or_404(rows.select_related("inspector_person", "document"), pk=pk)


@only(permissions.may_see_inspections)
@require_safe
def inspection(request: HttpRequest, pk: Any) -> HttpResponse:
    """One visit as a report, to look at and to print."""
    found = _inspection(request, pk)
    today = timezone.localdate()
    findings = found.findings.select_related("item", "chakra").prefetch_related("actions")
    return render(
        request,
        "members/certification/inspection.html",
        {
            "inspection": found,
            "answers": found.answers.select_related("item").order_by("item__number"),
            "findings": [
                (
                    finding,
                    [(action, action.is_overdue_on(today)) for action in finding.actions.all()],
                )
                for finding in findings
            ],
            "sanctions": found.sanctions.all(),
            "may_close": permissions.may_close_actions(request.user),
            "may_agree": permissions.may_agree_actions(request.user),
            "may_correct": permissions.may_correct_inspections(request.user),
            "may_sanction": permissions.may_sanction(request.user),
            "changes": newest_changes(request.user, found),
        },
    )


@only(permissions.may_see_inspections)
@require_safe
def report_file(request: HttpRequest, pk: Any) -> HttpResponseBase:
    """The signed report of a visit, as a file to keep."""
    return file_response(request, _inspection(request, pk).document, download=True)


@only(permissions.may_correct_inspections)
@form_page
def correct(request: HttpRequest, pk: Any) -> HttpResponse:
    """Correct what was written of a visit, attach its signed report; its answers stay."""
    found = _inspection(request, pk)
    return act_page(
        request,
        forms.CorrectInspectionForm(
            request.POST or None, request.FILES or None, instance=_inspection(request, pk)
        ),
        lambda told: services.correct_inspection(
            actor=actor_of(request), inspection=found, **with_document(request, told)
        ),
        title=_("Corregir la inspección de %(family)s") % {"family": found.family},
        button=_("Guardar corrección"),
        back=found,
        back_label=_("Inspección"),
        lead=_(
            "Las respuestas y los hallazgos quedan: para otro resultado se inspecciona otra vez."
        ),
        done=lambda _made: _("La inspección queda corregida."),
    )
