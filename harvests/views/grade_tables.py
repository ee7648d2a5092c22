"""The pages of the tables of grades at /calidad/tablas/."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from harvests.forms.quality import (
    CorrectEditionForm,
    CorrectGradeForm,
    GradeForm,
    NewEditionForm,
)
from harvests.models import Grade, GradeEdition
from harvests.permissions import quality as permissions
from harvests.rules import BEAN_SIZES, BEANS_APART_MOST, BEANS_APART_NOTED, CADMIUM_CHOCOLATE
from harvests.services import grade_tables as services
from harvests.services.usual_grades import add_usual_grades
from kallari.acting import act_page
from kallari.doors import actor_of, form_page, only
from kallari.history.newest import newest_changes
from kallari.rules.declaring import Rule
from members.forms.community_life import ReasonForm


def _edition(request: HttpRequest, pk: int, *, is_draft: bool | None = None) -> GradeEdition:
    rows = GradeEdition.objects.visible_to(request.user).select_related("product")
    if is_draft is not None:
        rows = rows.filter(published_at__isnull=is_draft)
    return get_object_or_404(rows, pk=pk)


def _grade(request: HttpRequest, pk: int, grade: int) -> Grade:
    edition = _edition(request, pk, is_draft=True)
    return get_object_or_404(edition.grades.select_related("edition__product"), pk=grade)


@only(permissions.may_see_grade_tables)
@require_safe
def grade_tables(request: HttpRequest) -> HttpResponse:
    """The table in force for each product, earlier and coming ones, and drafts."""
    user, today = actor_of(request), timezone.localdate()
    rows = list(
        GradeEdition.objects.visible_to(user)
        .select_related("product")
        .prefetch_related("grades__variety")
    )
    in_force: dict[int, GradeEdition] = {}
    for one in rows:  # the newest of each product comes first
        if one.is_published and (one.valid_from is None or one.valid_from <= today):
            in_force.setdefault(one.product_id, one)
    held = set(in_force.values())
    may_enter = permissions.may_enter_grade_tables(user)
    return render(
        request,
        "harvests/quality/tables.html",
        {
            "in_force": list(in_force.values()),
            "others": [one for one in rows if one.is_published and one not in held],
            "drafts": [one for one in rows if not one.is_published] if may_enter else [],
            "today": today,
            "rules": [
                _rule_today(rule, today)
                for rule in (BEANS_APART_NOTED, BEANS_APART_MOST, BEAN_SIZES, CADMIUM_CHOCOLATE)
            ],
            "may_enter": may_enter,
        },
    )


def _rule_today(rule: Rule[Any], day: date) -> dict[str, Any]:
    row = rule.row_on(day)
    words = rule.words(rule.kind.typed(row.value))
    return {"label": rule.label, "words": words, "confirmed": row.confirmed}


@only(permissions.may_see_grade_tables)
@require_safe
def grade_table(request: HttpRequest, pk: int) -> HttpResponse:
    """One table with its grades."""
    found, user = _edition(request, pk), actor_of(request)
    may_enter = permissions.may_enter_grade_tables(user)
    if not (found.is_published or may_enter):
        raise Http404
    return render(
        request,
        "harvests/quality/table.html",
        {
            "edition": found,
            "grades": found.grades.select_related("variety"),
            "tests": found.tests.count(),
            "may_enter": may_enter,
            "newest": newest_changes(user, found),
        },
    )


@only(permissions.may_enter_grade_tables)
@form_page
def usual(request: HttpRequest) -> HttpResponse:
    """Enter the usual table at once."""
    user = actor_of(request)
    return act_page(
        request,
        forms.Form(request.POST if request.method == "POST" else None),
        lambda told: add_usual_grades(actor=user),
        title=_("Poner la tabla usual"),
        lead=_(
            "Los grados del cacao de la NTE INEN 176, edición de 2006. Queda sin confirmar hasta"
            " que alguien la compare con la norma. Si ya hay una tabla desde siempre, no cambia."
        ),
        button=_("Poner la tabla"),
        back=reverse("harvests:grade_tables"),
        back_label=_("Tablas"),
        done=lambda made: _("Rige %(table)s.") % {"table": made},
        then=lambda made: reverse("harvests:grade_tables"),
    )


@only(permissions.may_enter_grade_tables)
@form_page
def draft(request: HttpRequest) -> HttpResponse:
    """Begin another edition."""
    user = actor_of(request)
    newest = GradeEdition.objects.published().first()
    return act_page(
        request,
        NewEditionForm(
            request.POST or None,
            initial={"product": newest and newest.product_id, "like": newest and newest.pk},
        ),
        lambda told: services.draft_edition(actor=user, **told),
        title=_("Otra edición de la tabla"),
        lead=_(
            "Es un borrador: no califica nada hasta que se publique. Lo ya calificado no cambia."
        ),
        button=_("Comenzar el borrador"),
        back=reverse("harvests:grade_tables"),
        back_label=_("Tablas"),
        done=lambda made: _("Borrador de %(table)s: revise sus grados.") % {"table": made},
    )


@only(permissions.may_enter_grade_tables)
@form_page
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """What a draft says of itself."""
    found, user = _edition(request, pk, is_draft=True), actor_of(request)
    return act_page(
        request,
        CorrectEditionForm(request.POST or None, instance=found),
        lambda told: services.correct_edition(actor=user, edition=found, **told),
        title=_("Corregir %(table)s") % {"table": found},
        button=_("Guardar los cambios"),
        back=found,
        done=lambda made: _("%(table)s queda corregida.") % {"table": made},
    )


@only(permissions.may_enter_grade_tables)
@form_page
def add_grade(request: HttpRequest, pk: int) -> HttpResponse:
    """A grade more in a draft."""
    found, user = _edition(request, pk, is_draft=True), actor_of(request)
    last = found.grades.order_by("position").last()
    return act_page(
        request,
        GradeForm(
            request.POST or None,
            edition=found,
            initial={"position": last.position + 1 if last else 1},
        ),
        lambda told: services.add_grade(actor=user, edition=found, **told),
        title=_("Añadir un grado a %(table)s") % {"table": found},
        lead=_("Los límites son por cada cien granos. Vacío: la tabla no lo limita."),
        button=_("Añadir el grado"),
        back=found,
        done=lambda made: _("%(grade)s queda en la tabla.") % {"grade": made},
        then=lambda made: found,
    )


@only(permissions.may_enter_grade_tables)
@form_page
def correct_grade(request: HttpRequest, pk: int, grade: int) -> HttpResponse:
    """A grade of a draft was written wrongly."""
    found, user = _grade(request, pk, grade), actor_of(request)
    return act_page(
        request,
        CorrectGradeForm(request.POST or None, instance=found, edition=found.edition),
        lambda told: services.correct_grade(actor=user, grade=found, **told),
        title=_("Corregir el grado %(grade)s") % {"grade": found},
        lead=_("Los límites son por cada cien granos. Vacío: la tabla no lo limita."),
        button=_("Guardar los cambios"),
        back=found.edition,
        done=lambda made: _("%(grade)s queda corregido.") % {"grade": made},
        then=lambda made: found.edition,
    )


@only(permissions.may_enter_grade_tables)
@form_page
def remove_grade(request: HttpRequest, pk: int, grade: int) -> HttpResponse:
    """A grade is not in this edition."""
    found, user = _grade(request, pk, grade), actor_of(request)
    return _with_reason(
        request,
        lambda told: services.remove_grade(actor=user, grade=found, **told),
        title=_("Quitar el grado %(grade)s") % {"grade": found},
        lead=_("Sale de este borrador. Las tablas publicadas no cambian."),
        button=_("Quitar el grado"),
        back=found.edition,
        is_dangerous=True,
        done=lambda made: _("El grado ya no está en %(table)s.") % {"table": made},
    )


@only(permissions.may_enter_grade_tables)
@form_page
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Grade by a table from its first day on."""
    found, user = _edition(request, pk, is_draft=True), actor_of(request)
    return _with_reason(
        request,
        lambda told: services.publish_edition(actor=user, edition=found, **told),
        title=_("Publicar %(table)s") % {"table": found},
        lead=_(
            "Desde su primer día se califica con ella, y ya no se cambia. Lo ya calificado conserva"
            " su grado y su tabla."
        ),
        button=_("Publicar la tabla"),
        back=found,
        is_dangerous=True,
        done=lambda made: _("%(table)s queda publicada.") % {"table": made},
    )


@only(permissions.may_enter_grade_tables)
@form_page
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody has compared the table with the norm."""
    found, user = _edition(request, pk), actor_of(request)
    if found.confirmed:
        raise Http404
    return _with_reason(
        request,
        lambda told: services.confirm_edition(actor=user, edition=found, **told),
        title=_("Confirmar %(table)s") % {"table": found},
        lead=_("Usted responde por que cada cifra es la de la norma. Diga dónde la comparó."),
        button=_("Confirmar la tabla"),
        back=found,
        done=lambda made: _("%(table)s queda confirmada.") % {"table": made},
    )


def _with_reason(request: HttpRequest, act: Any, **words: Any) -> HttpResponse:
    return act_page(request, ReasonForm(request.POST or None), act, **words)
