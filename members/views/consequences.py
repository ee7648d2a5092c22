"""The pages at /certificacion/acciones/ and of sanctions: what follows from a visit."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kallari.acting import act_page
from kallari.doors import actor_of, form_page, only
from members.forms import certification as forms
from members.models import (
    CorrectiveAction,
    Finding,
    Inspection,
    Sanction,
)
from members.permissions import certification as permissions
from members.services import inspections as services
from members.views import PAGE_SIZE
from members.views.certificates import with_document

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


@only(permissions.may_agree_actions)
@form_page
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree with a family on one more thing to do about a finding."""
    rows = Finding.objects.visible_to(request.user).select_related("inspection__family")
    found = get_object_or_404(rows, pk=pk)
    return act_page(
        request,
        forms.AgreeActionForm(request.POST or None),
        lambda told: services.agree_action(actor=actor_of(request), finding=found, **told),
        title=_("Acordar otra acción"),
        button=_("Anotar la acción"),
        back=found.inspection,
        back_label=_("Inspección"),
        lead=f"{found.inspection.family}: {found.description}",
        done=lambda made: (
            _("Queda acordado, hasta el %(day)s.") % {"day": date_format(made.due_on)}
        ),
        then=lambda _made: found.inspection,
    )


# --- Sanctions ------------------------------------------------------------------------------------


@only(permissions.may_sanction)
@form_page
def sanction(request: HttpRequest, pk: Any) -> HttpResponse:
    """Warn, suspend or exclude the family that was inspected."""
    rows = Inspection.objects.visible_to(request.user).select_related("family", "checklist")
    found = get_object_or_404(rows, pk=pk)
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
