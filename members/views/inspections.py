"""The pages at /certificacion/: inspections, corrective actions, sanctions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
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
    CorrectiveAction,
    Family,
    Inspection,
    Partner,
    Person,
    Sanction,
)
from members.permissions import certification as permissions
from members.services import inspections as services
from members.views import PAGE_SIZE
from members.views.certificates import with_document

SUGGESTED = 30
"""How many families the page names that have not been visited this year."""


# --- Inspections ----------------------------------------------------------------------------------


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
            "may_sanction": permissions.may_sanction(request.user),
            "changes": newest_changes(request.user, found),
        },
    )


@only(permissions.may_see_inspections)
@require_safe
def report_file(request: HttpRequest, pk: Any) -> HttpResponseBase:
    """The signed report of a visit, as a file to keep."""
    return file_response(request, _inspection(request, pk).document, download=True)


# --- Corrective actions ---------------------------------------------------------------------------


@only(permissions.may_see_inspections)
@require_safe
def actions(request: HttpRequest) -> HttpResponse:
    """What families have still to do, the most urgent first."""
    form = forms.ActionFilterForm(request.GET)
    today = timezone.localdate()
    rows = CorrectiveAction.objects.visible_to(request.user).with_places()
    state = form.cleaned_data["estado"] if form.is_valid() else ""
    if state == "cumplidas":
        rows = rows.exclude(closed_on=None).order_by("-closed_on", "pk")
    elif state == "vencidas":
        rows = rows.overdue_on(today)
    else:
        rows = rows.opened_on(today)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    severities = CorrectiveAction.objects.visible_to(request.user).opened_on(today)
    counted = dict(
        severities.order_by()
        .values_list("finding__severity")
        .annotate(number=Count("pk"))
        .values_list("finding__severity", "number")
    )
    return render(
        request,
        "members/certification/actions.html",
        {
            "form": form,
            "page": page,
            "rows": [(one, one.is_overdue_on(today)) for one in page.object_list],
            "state": state,
            "counted": counted,
            "may_close": permissions.may_close_actions(request.user),
        },
        status=200 if form.is_valid() else 400,
    )


def _action(request: HttpRequest, pk: int) -> CorrectiveAction:
    rows = CorrectiveAction.objects.visible_to(request.user).with_places()
    return get_object_or_404(rows, pk=pk)


@only(permissions.may_close_actions)
@form_page
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that something is done, and what shows it."""
    found = _action(request, pk)
    form = forms.CloseActionForm(request.POST or None, request.FILES or None)
    return act_page(
        request,
        form,
        lambda told: services.close_action(
            actor=actor_of(request), action=found, **with_document(request, told)
        ),
        title=_("Dar por cumplida"),
        button=_("Dar por cumplida"),
        back=reverse("members:actions"),
        back_label=_("Acciones correctivas"),
        lead=f"{found.finding.inspection.family}: {found.what}",
        done=lambda _made: _("La acción queda cumplida."),
        then=lambda _made: "members:actions",
    )


@only(permissions.may_close_actions)
@form_page
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a family more time."""
    found = _action(request, pk)
    form = forms.ExtendActionForm(request.POST or None)
    return act_page(
        request,
        form,
        lambda told: services.extend_action(actor=actor_of(request), action=found, **told),
        title=_("Dar más plazo"),
        button=_("Cambiar el plazo"),
        back=reverse("members:actions"),
        back_label=_("Acciones correctivas"),
        done=lambda made: _("El plazo es ahora el %(day)s.") % {"day": date_format(made.due_on)},
        then=lambda _made: "members:actions",
        lead=_("%(family)s: %(what)s. El plazo es el %(day)s.")
        % {
            "family": found.finding.inspection.family,
            "what": found.what,
            "day": date_format(found.due_on),
        },
    )


# --- Sanctions ------------------------------------------------------------------------------------


@only(permissions.may_sanction)
@form_page
def sanction(request: HttpRequest, pk: Any) -> HttpResponse:
    """Warn, suspend or exclude the family that was inspected."""
    found = _inspection(request, pk)
    form = forms.SanctionForm(
        request.POST or None, initial={"scheme": found.checklist.scheme_id, "kind": "warning"}
    )
    return act_page(
        request,
        form,
        lambda told: services.impose_sanction(
            actor=actor_of(request), family=found.family, inspection=found, **told
        ),
        title=_("Sancionar a %(family)s") % {"family": found.family},
        button=_("Registrar sanción"),
        back=found,
        back_label=_("Inspección"),
        done=lambda made: _("La sanción queda registrada: %(sanction)s.") % {"sanction": made},
        then=lambda _made: found,
        lead=_(
            "Una suspensión o exclusión cambia ese día todas las chakras de la familia bajo el "
            "esquema. Una advertencia no cambia ninguna."
        ),
        is_dangerous=True,
    )


@only(permissions.may_sanction)
@form_page
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """A sanction no longer weighs."""
    rows = Sanction.objects.visible_to(request.user).select_related("family", "scheme")
    found = get_object_or_404(rows, pk=pk)
    form = forms.LiftForm(request.POST or None)
    return act_page(
        request,
        form,
        lambda told: services.lift_sanction(actor=actor_of(request), sanction=found, **told),
        title=_("Levantar %(sanction)s") % {"sanction": found},
        button=_("Levantar sanción"),
        back=reverse("members:certification"),
        back_label=_("Certificación"),
        done=lambda _made: _("La sanción queda levantada."),
        then=lambda _made: "members:certification",
        lead=_("Lo que se suspendió vuelve a ser lo que era; una exclusión no se deshace."),
    )
