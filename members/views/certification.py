"""The pages at /certificacion/: schemes, what ends soon, the list of any day, one chakra."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from kallari.acting import act_page, carried_out
from kallari.doors import actor_of, form_page, only
from kallari.exports import xlsx_response
from kallari.forms import ReasonMixin
from kallari.history.newest import newest_changes
from members import certification_reports as reports
from members.forms import certification as forms
from members.models import (
    Certificate,
    CertificationScheme,
    CertificationStatus,
    Chakra,
    ChakraCertification,
    Checklist,
    CorrectiveAction,
    Finding,
    Partner,
    YieldEstimate,
)
from members.permissions import certification as permissions
from members.permissions.people import may_identify
from members.services import certification as services
from members.services import inspections
from members.views import PAGE_SIZE

if TYPE_CHECKING:
    from django.db.models import QuerySet


# --- Overview -------------------------------------------------------------------------------------


@only(permissions.may_see_certification)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Each scheme with what the chakras are, and what has to be done soon."""
    today = timezone.localdate()
    user, lapsed = request.user, reports.lapsed_schemes(today)
    context: dict[str, Any] = {
        "today": today,
        "schemes": [
            (scheme, _counted(counts), lapsed.get(scheme.pk))
            for scheme, counts in reports.schemes_with_counts(user, today)
        ],
        "may_see_certificates": permissions.may_see_certificates(user),
        "may_see_inspections": permissions.may_see_inspections(user),
        "may_see_samples": permissions.may_see_samples(user),
        "may_see_estimates": permissions.may_see_estimates(user),
        "may_add_certificate": permissions.may_add_certificate(user),
        "may_decide": permissions.may_decide_on_chakras(user),
        "may_inspect": permissions.may_inspect(user),
    }
    if context["may_see_certificates"]:
        context["certificates"] = [
            (one, (one.last_on - today).days) for one in reports.covering_certificates(user, today)
        ]
        context["warn_days"] = max(reports.EXPIRY_WARNING_DAYS.on(today))
    if context["may_see_inspections"]:
        actions = CorrectiveAction.objects.visible_to(user)
        context["overdue"] = actions.overdue_on(today).count()
        context["open_findings"] = Finding.objects.visible_to(user).opened().count()
        context["uninspected"] = reports.uninspected(user, today).count()
    if context["may_see_samples"]:
        context["group"] = reports.group_conditions(today)
    return render(request, "members/certification/overview.html", context)


def _counted(counts: dict[str, int]) -> list[tuple[CertificationStatus, int]]:
    return [(status, counts[status]) for status in CertificationStatus if counts.get(status)]


@only(permissions.may_see_inspections)
@require_safe
def expiries(request: HttpRequest) -> HttpResponse:
    """All that runs out or is missing: certificates, corrective actions, yearly visits."""
    today = timezone.localdate()
    page = Paginator(reports.uninspected(request.user, today), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    return render(
        request,
        "members/certification/expiries.html",
        {
            "today": today,
            "certificates": [
                (one, (one.last_on - today).days)
                for one in reports.expiring_certificates(request.user, today)
            ],
            "actions": [
                (one, one.is_overdue_on(today))
                for one in reports.urgent_actions(request.user, today)[:200]
            ],
            "agreements": [
                (one, (one.ends_on - today).days)
                for one in reports.expiring_agreements(request.user, today)
                if one.ends_on is not None
            ],
            "page": page,
            "may_inspect": permissions.may_inspect(request.user),
        },
    )


@only(permissions.may_see_certification)
@require_safe
def scheme(request: HttpRequest, pk: int) -> HttpResponse:
    """One scheme: what it asks, its certificates, its checklists, what the chakras are."""
    user, today = request.user, timezone.localdate()
    found = get_object_or_404(CertificationScheme.objects.visible_to(user), pk=pk)
    rows = ChakraCertification.objects.visible_to(user).filter(scheme=found)
    checklists = (
        found.checklists.prefetch_related("items").order_by("-year")
        if permissions.may_see_inspections(user)
        else []
    )
    return render(
        request,
        "members/certification/scheme.html",
        {
            "scheme": found,
            "lapsed_on": reports.lapsed_schemes(today).get(found.pk),
            "today": today,
            "counts": _counted(reports.scheme_counts(rows, today).get(found.pk, {})),
            "certificates": [
                (one, one.valid_on(today))
                for one in Certificate.objects.visible_to(user).filter(scheme=found)
            ],
            "checklists": checklists,
            "may_copy": permissions.may_copy_checklists(user),
            "changes": newest_changes(user, found),
        },
    )


@only(permissions.may_copy_checklists)
@form_page
def copy_checklist(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the list of another year with the questions of an earlier one."""
    rows = Checklist.objects.visible_to(request.user).select_related("scheme")
    found = get_object_or_404(rows, pk=pk)
    return act_page(
        request,
        forms.CopyChecklistForm(
            request.POST or None, initial={"year": timezone.localdate().year + 1}
        ),
        lambda told: inspections.copy_checklist(actor=actor_of(request), checklist=found, **told),
        title=_("Preparar la lista de otro año"),
        button=_("Copiar las preguntas"),
        back=found.scheme,
        lead=_("Las preguntas de %(checklist)s pasan a la lista nueva.") % {"checklist": found},
        done=lambda made: (
            _("Queda preparada la lista de control de %(year)s.") % {"year": made.year}
        ),
        then=lambda made: made.scheme,
    )


# --- The list of any day --------------------------------------------------------------------------


def _list(request: HttpRequest) -> tuple[forms.ListFilterForm, QuerySet[Any], date]:
    form = forms.ListFilterForm(request.GET)
    told = form.cleaned_data if form.is_valid() else {}
    day = told.get("dia") or timezone.localdate()
    rows = ChakraCertification.objects.visible_to(request.user)
    state = told.get("estado", "")
    if state == forms.ListFilterForm.APPROVED:
        rows = rows.approved_on(day)
    else:
        rows = rows.standing_on(day)
        if state == "transicion":
            rows = rows.in_transition()
        elif state != forms.ListFilterForm.ALL:
            rows = rows.filter(status=state)
    if told.get("esquema"):
        rows = rows.filter(scheme=told["esquema"])
    return form, rows.for_list(day), day


def _with_partners(rows: Any) -> Any:
    """Put beside each row who answered for its family that day."""
    partners = Partner.objects.with_people().in_bulk({row.partner for row in rows} - {None})
    for row in rows:
        row.answering = partners.get(row.partner)
    return rows


@only(permissions.may_see_certification)
@require_safe
def approved(request: HttpRequest) -> HttpResponse:
    """Who was approved on any day, or what all chakras were; to look at and to print."""
    form, rows, day = _list(request)
    size = 5000 if "imprimir" in request.GET else PAGE_SIZE
    page = Paginator(rows, size).get_page(request.GET.get("page"))
    _with_partners(page.object_list)
    scheme = form.cleaned_data.get("esquema") if form.is_valid() else None
    lapsed = reports.lapsed_schemes(day)
    query = request.GET.copy()
    for name in ("page", "imprimir"):
        query.pop(name, None)
    return render(
        request,
        "members/certification/approved.html",
        {
            "form": form,
            "page": page,
            "day": day,
            "is_approved": not form.data.get("estado"),
            "query": query.urlencode(),
            "scheme": scheme,
            "lapsed": [
                (one, lapsed[one.pk])
                for one in CertificationScheme.objects.visible_to(request.user)
                if one.pk in lapsed and scheme in {None, one}
            ],
            "may_see_inspections": permissions.may_see_inspections(request.user),
        },
        status=200 if form.is_valid() else 400,
    )


@only(permissions.may_see_certification)
@require_safe
def approved_workbook(request: HttpRequest) -> HttpResponseBase:
    """The same list as a workbook; identity numbers for who may see them."""
    _form, rows, day = _list(request)
    identified = may_identify(request.user)
    heading = [
        _("Número"),
        _("Socia o socio"),
        *([_("Cédula")] if identified else []),
        _("Comunidad"),
        _("Familia"),
        _("Chakra"),
        _("Área (ha)"),
        _("Esquema"),
        _("Estado"),
        _("Desde"),
        _("Inicio de la transición"),
        _("Última inspección"),
    ]

    def lines() -> Iterator[list[Any]]:
        for row in _with_partners(list(rows)):
            who = row.answering
            person = who.person if who is not None else None
            yield [
                who.number if who is not None else None,
                person.listed_name if person is not None else "",
                *([person.cedula if person is not None else ""] if identified else []),
                row.chakra.family.community.name,
                row.chakra.family.code,
                row.chakra.code,
                row.area_then,
                row.scheme.name,
                row.get_status_display(),
                row.starts_on,
                row.transition_started_on,
                row.last_inspected_on,
            ]

    title = _("Certificación al %(day)s") % {"day": date_format(day)}
    return xlsx_response(f"certificacion-{day}.xlsx", heading, lines(), title=title, sheet=str(day))


# --- One chakra -----------------------------------------------------------------------------------


def _chakra(request: HttpRequest, pk: Any) -> Chakra:
    return get_object_or_404(Chakra.objects.visible_to(request.user).with_people(), pk=pk)


@only(permissions.may_see_certification)
@require_safe
def chakra(request: HttpRequest, pk: Any) -> HttpResponse:
    """What a chakra was and is under each scheme, and what it should give."""
    found, user = _chakra(request, pk), request.user
    rows = ChakraCertification.objects.visible_to(user).filter(chakra=found)
    history: dict[CertificationScheme, list[ChakraCertification]] = {}
    for row in rows.select_related("scheme").order_by("scheme", "-starts_on"):
        history.setdefault(row.scheme, []).append(row)
    return render(
        request,
        "members/certification/chakra.html",
        {
            "chakra": found,
            "histories": list(history.items()),
            "estimates": YieldEstimate.objects.visible_to(user).filter(chakra=found),
            "may_decide": permissions.may_decide_on_chakras(user),
            "may_estimate": permissions.may_estimate(user),
            "may_revise": permissions.may_revise_estimates(user),
        },
    )


@only(permissions.may_decide_on_chakras)
@form_page
def decide(request: HttpRequest, pk: Any) -> HttpResponse:
    """Begin, certify, suspend, reinstate or exclude a chakra under a scheme."""
    found = _chakra(request, pk)
    form = forms.DecisionForm(
        request.POST or None, initial={"scheme": request.GET.get("esquema", "")}
    )

    def act(told: dict[str, Any]) -> ChakraCertification:
        kind = told.pop("act")
        if kind == form.BEGIN:
            told.pop("resolution")
        else:
            told.pop("transition_started_on")
        service: Any = {
            form.BEGIN: services.begin_transition,
            form.CERTIFY: services.certify_chakra,
            form.SUSPEND: services.suspend_chakra,
            form.REINSTATE: services.reinstate_chakra,
            form.EXCLUDE: services.exclude_chakra,
        }[kind]
        decided: ChakraCertification = service(actor=actor_of(request), chakra=found, **told)
        return decided

    page = reverse("members:chakra_certification", args=[found.pk])
    return act_page(
        request,
        form,
        act,
        title=_("Decidir sobre %(chakra)s") % {"chakra": found.code},
        button=_("Registrar la decisión"),
        back=page,
        back_label=str(found),
        lead=_("Lo que era termina ese día, y lo que se decide comienza."),
        done=lambda decided: (
            _("La chakra %(chakra)s queda: %(status)s, desde el %(day)s.")
            % {
                "chakra": found.code,
                "status": decided.get_status_display(),
                "day": date_format(decided.starts_on),
            }
        ),
        then=lambda _decided: page,
    )


@only(permissions.may_decide_on_chakras)
@form_page
def transitions(request: HttpRequest) -> HttpResponse:
    """Move every chakra to the year of transition that it has reached."""
    today = timezone.localdate()
    form = ReasonMixin(
        request.POST or None, initial={"reason": _("Paso de año de la transición, según la regla.")}
    )
    answer = carried_out(
        request,
        form,
        lambda told: services.advance_transitions(actor=actor_of(request), on=today, **told),
        done=lambda moved: (
            ngettext(
                "Una chakra pasó a su año de transición.",
                "%(number)s chakras pasaron a su año de transición.",
                moved,
            )
            % {"number": moved}
        ),
        then=lambda _moved: "members:certification",
    )
    if answer:
        return answer
    due = services.due_turns(today)
    return render(
        request,
        "members/certification/transitions.html",
        {"form": form, "due": [(row, later[-1]) for row, later in due.items()], "today": today},
    )
