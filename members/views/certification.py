"""The pages at /certificacion/: schemes, certificates, chakras, lists, samples, estimates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from kallari.doors import only
from kallari.exports import xlsx_response
from kallari.files.responses import file_response
from kallari.files.services import store_document
from kallari.forms import ReasonMixin, written
from kallari.history.newest import newest_changes
from kallari.plots import Bars, Series
from members import certification_reports as reports
from members.forms import certification as forms
from members.models import (
    Certificate,
    CertificationScheme,
    CertificationStatus,
    Chakra,
    ChakraCertification,
    CorrectiveAction,
    Finding,
    Partner,
    ReinspectionSample,
    YieldEstimate,
)
from members.permissions import certification as permissions
from members.permissions.people import may_identify
from members.products import TradedProduct
from members.services import certification as services
from members.services import sampling, yields

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from kallari.accounts.models import User

PAGE_SIZE = 50

form_page = require_http_methods(["GET", "HEAD", "POST"])


def actor_of(request: HttpRequest) -> User:
    """Who is signed in."""
    return cast("User", request.user)


def one_form(
    request: HttpRequest,
    form: BaseForm,
    *,
    title: str,
    button: str,
    back_url: str,
    back: str,
    lead: str = "",
    danger: bool = False,
) -> HttpResponse:
    """A page with one form about certification."""
    return render(
        request,
        "members/certification/form.html",
        {
            "form": form,
            "title": title,
            "button": button,
            "back_url": back_url,
            "back": back,
            "lead": lead,
            "danger": danger,
        },
    )


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
            "changes": newest_changes(user, found),
        },
    )


# --- Certificates ---------------------------------------------------------------------------------


def _certificate(request: HttpRequest, pk: int) -> Certificate:
    rows = Certificate.objects.visible_to(request.user).select_related("scheme", "document")
    return get_object_or_404(rows.defer("document__content", "document__preview"), pk=pk)


@only(permissions.may_see_certificates)
@require_safe
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """One paper: of whom, for how long, and its copy."""
    found = _certificate(request, pk)
    today = timezone.localdate()
    return render(
        request,
        "members/certification/certificate.html",
        {
            "certificate": found,
            "is_valid": found.valid_on(today),
            "days": (found.valid_until - today).days,
            "may_change": permissions.may_add_certificate(request.user),
            "changes": newest_changes(request.user, found),
        },
    )


@only(permissions.may_see_certificates)
@require_safe
def certificate_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The copy of a certificate, as a file to keep."""
    rows = Certificate.objects.visible_to(request.user).select_related("document")
    found = get_object_or_404(rows, pk=pk)
    return file_response(request, found.document, download=True)


@only(permissions.may_add_certificate)
@form_page
def add_certificate(request: HttpRequest) -> HttpResponse:
    """Register a certificate with its copy."""
    form = forms.CertificateForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():

        def act() -> Certificate:
            return services.add_certificate(
                actor=actor_of(request), **with_document(request, form.cleaned_data)
            )

        if (made := written(form, act)) is not None:
            messages.success(
                request, _("El certificado %(number)s queda registrado.") % {"number": made.number}
            )
            return redirect(made)
    return one_form(
        request,
        form,
        title=_("Registrar certificado"),
        button=_("Registrar certificado"),
        back_url=reverse("members:certification"),
        back=_("Certificación"),
    )


def with_document(request: HttpRequest, fields: dict[str, Any]) -> dict[str, Any]:
    """What a form tells, its file stored where there is one. Called within `written`, so that
    what is refused leaves no file behind: files are never removed."""
    told = dict(fields)
    upload = told.pop("document", None)
    if upload is not None:
        told["document"] = store_document(actor=actor_of(request), upload=upload)
    return told


@only(permissions.may_add_certificate)
@form_page
def correct_certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a certificate, attach its copy, note that it was withdrawn."""
    found = _certificate(request, pk)
    form = forms.CertificateCorrectionForm(
        request.POST or None, request.FILES or None, instance=_certificate(request, pk)
    )
    if request.method == "POST" and form.is_valid():

        def act() -> Certificate:
            told = with_document(request, form.cleaned_data)
            return services.correct_certificate(actor=actor_of(request), certificate=found, **told)

        if (done := written(form, act)) is not None:
            messages.success(request, _("El certificado queda corregido."))
            return redirect(done)
    return one_form(
        request,
        form,
        title=_("Corregir %(certificate)s") % {"certificate": found},
        button=_("Guardar corrección"),
        back_url=found.get_absolute_url(),
        back=str(found),
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
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        act = told.pop("act")
        if act == form.BEGIN:
            told.pop("resolution")
        else:
            told.pop("transition_started_on")
        service: Any = {
            form.BEGIN: services.begin_transition,
            form.CERTIFY: services.certify_chakra,
            form.SUSPEND: services.suspend_chakra,
            form.REINSTATE: services.reinstate_chakra,
            form.EXCLUDE: services.exclude_chakra,
        }[act]
        done = written(form, lambda: service(actor=actor_of(request), chakra=found, **told))
        if done is not None:
            messages.success(
                request,
                _("La chakra %(chakra)s queda: %(status)s, desde el %(day)s.")
                % {
                    "chakra": found.code,
                    "status": done.get_status_display(),
                    "day": date_format(done.starts_on),
                },
            )
            return redirect("members:chakra_certification", found.pk)
    return one_form(
        request,
        form,
        title=_("Decidir sobre %(chakra)s") % {"chakra": found.code},
        button=_("Registrar la decisión"),
        back_url=reverse("members:chakra_certification", args=[found.pk]),
        back=str(found),
        lead=_("Lo que era termina ese día, y lo que se decide comienza."),
    )


@only(permissions.may_decide_on_chakras)
@form_page
def transitions(request: HttpRequest) -> HttpResponse:
    """Move every chakra to the year of transition that it has reached."""
    today = timezone.localdate()
    form = ReasonMixin(
        request.POST or None, initial={"reason": _("Paso de año de la transición, según la regla.")}
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        moved = written(
            form,
            lambda: services.advance_transitions(actor=actor_of(request), on=today, **told),
        )
        if moved is not None:
            messages.success(
                request,
                ngettext(
                    "Una chakra pasó a su año de transición.",
                    "%(number)s chakras pasaron a su año de transición.",
                    moved,
                )
                % {"number": moved},
            )
            return redirect("members:certification")
    due = services.due_turns(today)
    return render(
        request,
        "members/certification/transitions.html",
        {"form": form, "due": [(row, later[-1]) for row, later in due.items()], "today": today},
    )


# --- Samples --------------------------------------------------------------------------------------


@only(permissions.may_see_samples)
@require_safe
def samples(request: HttpRequest) -> HttpResponse:
    """All samples, the newest first."""
    rows = ReinspectionSample.objects.visible_to(request.user).select_related("scheme")
    page = Paginator(rows.defer("population"), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "members/certification/samples.html",
        {"page": page, "may_draw": permissions.may_draw_sample(request.user)},
    )


@only(permissions.may_draw_sample)
@form_page
def draw(request: HttpRequest) -> HttpResponse:
    """Draw the sample of a scheme's group."""
    form = forms.SampleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        made = written(form, lambda: sampling.draw_sample(actor=actor_of(request), **told))
        if made is not None:
            messages.success(
                request,
                _("La muestra queda sorteada: %(size)s integrantes.") % {"size": made.size},
            )
            return redirect(made)
    return one_form(
        request,
        form,
        title=_("Sortear una muestra"),
        button=_("Sortear muestra"),
        back_url=reverse("members:samples"),
        back=_("Muestras"),
        lead=_(
            "Una parte por riesgo y el resto al azar, según las reglas. Queda guardado todo lo que "
            "hace falta para repetir el sorteo."
        ),
    )


@only(permissions.may_see_samples)
@require_safe
def sample(request: HttpRequest, pk: Any) -> HttpResponse:
    """Who is in a sample, why, and whether it comes out again."""
    rows = ReinspectionSample.objects.visible_to(request.user).select_related("scheme")
    found = get_object_or_404(rows, pk=pk)
    return render(
        request,
        "members/certification/sample.html",
        {
            "sample": found,
            "members": len(found.population),
            "sampled": [
                (one, found.number_of(one.partner))
                for one in found.sampled.select_related(
                    "partner__person", "partner__family__community"
                )
            ],
            "is_as_drawn": sampling.is_as_drawn(found),
        },
    )


# --- Estimates ------------------------------------------------------------------------------------


@only(permissions.may_see_estimates)
@require_safe
def estimates(request: HttpRequest) -> HttpResponse:
    """What chakras should give in a year, and what they gave."""
    form = forms.YearForm(request.GET)
    today = timezone.localdate()
    year = (form.cleaned_data.get("anio") if form.is_valid() else None) or today.year
    rows = YieldEstimate.objects.visible_to(request.user).filter(year=year)
    page = Paginator(
        rows.select_related("chakra__family__community").order_by("chakra__number", "product"),
        PAGE_SIZE,
    ).get_page(request.GET.get("page"))
    totals = reports.yield_totals(YieldEstimate.objects.visible_to(request.user), year)
    products = [product for product in TradedProduct if product in totals]
    plot = Bars(
        key="yields",
        title=_("Estimado y entregado en %(year)s") % {"year": year},
        label_heading=_("Producto"),
        labels=[product.label for product in products] or [_("cacao")],
        series=[
            Series(_("Estimado"), [totals[product][0] for product in products] or [None]),
            Series(_("Entregado"), [totals[product][1] for product in products] or [None]),
        ],
        unit="kg",
        stacked=False,
        as_of=_("Al %(day)s") % {"day": date_format(today)},
    )
    return render(
        request,
        "members/certification/estimates.html",
        {
            "form": form,
            "page": page,
            "year": year,
            "rows": reports.yields(list(page.object_list), year, today),
            "plot": plot,
        },
        status=200 if form.is_valid() else 400,
    )


@only(permissions.may_estimate)
@form_page
def estimate(request: HttpRequest, pk: Any) -> HttpResponse:
    """Say what a chakra should give."""
    found = _chakra(request, pk)
    form = forms.EstimateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        made = written(
            form,
            lambda: yields.estimate_yield(actor=actor_of(request), chakra=found, **told),
        )
        if made is not None:
            messages.success(request, _("La estimación queda registrada."))
            return redirect("members:chakra_certification", found.pk)
    return one_form(
        request,
        form,
        title=_("Estimar la cosecha de %(chakra)s") % {"chakra": found.code},
        button=_("Registrar estimación"),
        back_url=reverse("members:chakra_certification", args=[found.pk]),
        back=str(found),
    )
