"""The pages of tests at /calidad/."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from harvests.cut_plots import cut_plot, shares, size_words
from harvests.forms.quality import (
    CorrectTestForm,
    QualityPhotographForm,
    QualityTestForm,
    SubjectFilterForm,
    TestFilterForm,
)
from harvests.grading import CLASSES
from harvests.models import (
    Batch,
    Delivery,
    Lot,
    ProductForm,
    QualityPhotograph,
    QualityTest,
)
from harvests.permissions import quality as permissions
from harvests.rules import BEANS_APART_NOTED
from harvests.services import quality as services
from harvests.views import PAGE_SIZE
from harvests.wording.quality import not_reached
from kallari.acting import act_page
from kallari.doors import actor_of, form_page, only
from kallari.files.responses import file_response
from kallari.forms import written
from kallari.history.newest import newest_changes
from kallari.units import CENT, rounded
from members.forms.community_life import ReasonForm

OFFERED = 12
"""How many lots, batches and deliveries one is offered to test."""
LOT, BATCH, DELIVERY = TestFilterForm.LOT, TestFilterForm.BATCH, TestFilterForm.DELIVERY


def _test(request: HttpRequest, pk: UUID) -> QualityTest:
    rows = QualityTest.objects.visible_to(request.user).with_names()
    return get_object_or_404(rows.select_related("replaces"), pk=pk)


@only(permissions.may_see_quality)
@require_safe
def quality_tests(request: HttpRequest) -> HttpResponse:
    """What was found in samples, the newest first."""
    user = actor_of(request)
    form = TestFilterForm(request.GET)
    told = form.cleaned_data if form.is_valid() else {}
    rows = QualityTest.objects.visible_to(user).with_names()
    rows = rows if told.get("estado") == form.ALL else rows.standing()
    if told.get("de"):
        fields = {LOT: "lot", BATCH: "batch", DELIVERY: "delivery"}
        rows = rows.filter(**{f"{fields[told['de']]}__isnull": False})
    if told.get("grado") == form.BELOW:
        rows = rows.below_the_table()
    elif told.get("grado") == form.UNGRADED:
        rows = rows.ungraded()
    elif told.get("grado"):
        rows = rows.filter(grade__code=told["grado"])
    if told.get("desde"):
        rows = rows.filter(tested_at__date__gte=told["desde"])
    if told.get("hasta"):
        rows = rows.filter(tested_at__date__lte=told["hasta"])
    rows = rows.find(told.get("buscar", ""))
    return render(
        request,
        "harvests/quality/tests.html",
        {
            "form": form,
            "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
            "is_filtered": any(told.values()),
            "may_test": permissions.may_test(user),
        },
        status=200 if form.is_valid() else 400,
    )


@only(permissions.may_see_quality)
@require_safe
def quality_test(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One test: what was found, the grade and why it is not a better one; to be printed."""
    found, user = _test(request, pk), actor_of(request)
    may_change = permissions.may_test(user) and not found.is_replaced
    table = services.table_for(found, timezone.localdate()) if may_change else None
    return render(
        request,
        "harvests/quality/test.html",
        {
            **_figures(found),
            "may_change": may_change,
            "newer_table": table if table is not None and table.pk != found.edition_id else None,
            "photographs": [
                one for one in found.photographs.select_related("file") if not one.file.is_erased
            ],
            "newest": newest_changes(user, found),
        },
    )


def _figures(test: QualityTest) -> dict[str, Any]:
    """What a test says, as its page and its preview show it."""
    cut = test.cut
    return {
        "test": test,
        "fermented": None if cut is None else cut.percent(cut.fermented),
        "weight": None if test.weight_of_100 is None else rounded(test.weight_of_100, CENT),
        "shares": shares(test),
        "plot": cut_plot(test),
        "below": not_reached(test.shortfalls),
        "size": size_words(test.bean_count, timezone.localdate(test.tested_at)),
    }


# --- Noting --------------------------------------------------------------------------------------


@only(permissions.may_test)
@require_safe
def choose_subject(request: HttpRequest) -> HttpResponse:
    """What is tested: a lot in stock, a batch under way, a delivery."""
    user = actor_of(request)
    form = SubjectFilterForm(request.GET)
    text = form.cleaned_data["buscar"] if form.is_valid() else ""
    lots = Lot.objects.visible_to(user).with_names().find(text)
    lots = lots.exclude(form__counted=ProductForm.Counted.PIECE)  # no beans to cut
    batches = Batch.objects.visible_to(user).with_names().exclude(status=Batch.Status.VOIDED)
    deliveries = Delivery.objects.visible_to(user).valid().with_names()
    plain = "".join(text.split()).upper()
    if plain:
        deliveries = deliveries.filter(
            Q(folio__contains=plain) | Q(family__search_key__contains=text.lower())
        )
    return render(
        request,
        "harvests/quality/choose.html",
        {
            "form": form,
            "is_filtered": bool(plain),
            "lots": (lots if plain else lots.in_stock())[:OFFERED],
            "batches": (batches.find(text) if plain else batches.under_way())[:OFFERED],
            "deliveries": deliveries[: OFFERED if plain else OFFERED // 2],
        },
    )


def _subject(request: HttpRequest, kind: str, code: str) -> dict[str, Any]:
    """What is to be tested, by the name that the service has for it."""
    if kind == LOT:
        lots = Lot.objects.visible_to(request.user).with_names()
        return {"lot": get_object_or_404(lots, code=code)}
    if kind == BATCH:
        batches = Batch.objects.visible_to(request.user).with_names()
        return {"batch": get_object_or_404(batches, code=code)}
    if kind == DELIVERY:
        deliveries = Delivery.objects.visible_to(request.user).with_names()
        return {"delivery": get_object_or_404(deliveries, folio=code)}
    raise Http404


@only(permissions.may_test)
@form_page
def note_test(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """Cut a hundred beans: counted by touch, looked at, then kept."""
    user, of = actor_of(request), _subject(request, kind, code)
    (subject,) = of.values()
    product = services.product_of(**of)
    source = of.get("lot") or of.get("delivery")
    form = QualityTestForm(
        request.POST or None,
        product=product,
        initial={"variety": getattr(source, "variety", None), "sampler": user.get_full_name()},
    )
    return _counted(
        request,
        form,
        review=lambda told: services.reviewed(**of, **told),
        keep=lambda told, key: services.note_quality_test(actor=user, key=key, **of, **told),
        context={
            "title": _("Prueba de %(code)s") % {"code": code},
            "lead": _lead(subject, product),
            "back_url": reverse("harvests:quality_tests"),
            "back_label": _("Calidad"),
            "button": _("Guardar la prueba"),
        },
    )


@only(permissions.may_test)
@form_page
def correct_test(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What a test should have said: another one in its place."""
    first, user = _test(request, pk), actor_of(request)
    if first.is_replaced:
        raise Http404
    of: dict[str, Any] = {"lot": first.lot, "batch": first.batch, "delivery": first.delivery}
    form = CorrectTestForm(request.POST or None, instance=first, product=services.product_of(**of))
    return _counted(
        request,
        form,
        review=lambda told: services.reviewed(**of, replaces=first, **_without_reason(told)),
        keep=lambda told, key: services.replace_quality_test(
            actor=user, test=first, why=told["reason"], key=key, **_without_reason(told)
        ),
        context={
            "title": _("Corregir la prueba %(code)s") % {"code": first.code},
            "lead": _("La primera queda como está; en su lugar vale la que anote aquí."),
            "back_url": first.get_absolute_url(),
            "back_label": first.code,
            "button": _("Guardar la corrección"),
        },
    )


def _without_reason(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name != "reason"}


def _counted(
    request: HttpRequest, form: Any, *, review: Any, keep: Any, context: dict[str, Any]
) -> HttpResponse:
    """Show the counters; then what they say; then keep that, once, and only what was looked at."""
    preview = None
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        key, looked_at = told.pop("key"), told.pop("looked_at")
        told["beans_counted"] = None
        seal = _seal(told)
        if "guardar" in request.POST and looked_at == seal:
            if key and (there := QualityTest.objects.filter(pk=key).first()):
                return redirect(there)  # the button was touched twice
            if made := written(form, lambda: keep(told, key)):
                messages.success(
                    request,
                    _("Prueba %(code)s guardada: %(grade)s.")
                    % {"code": made.code, "grade": _grade_words(made)},
                )
                return redirect(made)
        elif preview := written(form, lambda: review(told)):
            form.data = form.data.copy()
            form.data["looked_at"] = seal
    figures = _figures(preview) if preview is not None else {}
    return render(
        request,
        "harvests/quality/count.html",
        {
            "form": form,
            "classes": CLASSES,
            "apart": BEANS_APART_NOTED.on(timezone.localdate()),
            **figures,
            **context,
        },
    )


def _seal(told: dict[str, Any]) -> str:
    """What was looked at, so that nothing else is kept."""
    plain = json.dumps({name: str(value) for name, value in told.items()}, sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()


def _grade_words(test: QualityTest) -> str:
    if test.grade is not None:
        return _("grado %(grade)s") % {"grade": test.grade.code}
    if test.lacks_weight:
        return _("sin calificar: falta pesar 100 granos")
    return _("bajo la tabla") if test.edition is not None else _("sin grado")


def _lead(subject: Any, product: Any) -> str:
    if isinstance(subject, Lot):
        return _("Lote de %(form)s.") % {"form": subject.form.name.lower()}
    if isinstance(subject, Batch):
        return _("Proceso: %(kind)s.") % {"kind": subject.kind.name.lower()}
    return _("%(form)s de la familia %(family)s.") % {
        "form": subject.form.name,
        "family": subject.family.name,
    }


@only(permissions.may_test)
@form_page
def regrade(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Grade the same counts by the table in force today."""
    found, user = _test(request, pk), actor_of(request)
    table = services.table_for(found, timezone.localdate())
    if found.is_replaced or table is None or table.pk == found.edition_id:
        raise Http404
    return act_page(
        request,
        ReasonForm(request.POST or None),
        lambda told: services.regrade_quality_test(actor=user, test=found, why=told["reason"]),
        title=_("Calificar %(code)s con %(table)s") % {"code": found.code, "table": table},
        lead=_(
            "Los mismos granos, con la tabla que rige hoy. El grado anterior queda anotado con su"
            " tabla."
        ),
        button=_("Calificar otra vez"),
        back=found,
        back_label=found.code,
        done=lambda made: (
            _("%(code)s: %(grade)s.") % {"code": made.code, "grade": _grade_words(made)}
        ),
    )


# --- Photographs ---------------------------------------------------------------------------------


@only(permissions.may_test)
@form_page
def add_photograph(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The cut beans on their board."""
    found, user = _test(request, pk), actor_of(request)
    return act_page(
        request,
        QualityPhotographForm(request.POST or None, request.FILES or None),
        lambda told: services.add_quality_photograph(actor=user, test=found, **told),
        title=_("Añadir una fotografía a %(code)s") % {"code": found.code},
        lead=_("De los granos cortados, con buena luz y sin sombra."),
        button=_("Guardar la fotografía"),
        back=found,
        back_label=found.code,
        done=lambda made: _("La fotografía queda guardada."),
        then=lambda made: found,
    )


@only(permissions.may_see_quality)
@require_safe
def photograph(request: HttpRequest, pk: UUID, number: int) -> HttpResponseBase:
    """Hand out a photograph."""
    rows = QualityPhotograph.objects.visible_to(request.user).select_related("file")
    kept = get_object_or_404(rows, test=pk, pk=number)
    return file_response(request, kept.file, preview="reducida" in request.GET)
