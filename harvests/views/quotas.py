"""The pages at /cupos/."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from harvests.forms.quotas import QuotaCorrectionForm, QuotaFilterForm, QuotaForm
from harvests.models import Quota
from harvests.permissions import quotas as permissions
from harvests.services import quotas as services
from harvests.views import PAGE_SIZE
from kallari.acting import act_page
from kallari.doors import actor_of, form_page, only
from kallari.units import rounded
from members.forms.community_life import ReasonForm
from members.views.choosing import chosen_family, family_choice


def _quota(request: HttpRequest, pk: int) -> Quota:
    return get_object_or_404(Quota.objects.visible_to(request.user).standing().with_names(), pk=pk)


def _percent_used(quota: Any) -> int:
    """How much of a quota has come in, in whole percents."""
    return int(rounded(100 * quota.delivered_kg / quota.limit_kg, Decimal(1)))


def _to_list() -> dict[str, Any]:
    return {"back": reverse("harvests:quotas"), "back_label": _("Cupos")}


@only(permissions.may_see_quotas)
@require_safe
def quotas(request: HttpRequest) -> HttpResponse:
    """Quotas, with how much of each has come in."""
    user = actor_of(request)
    form = QuotaFilterForm(request.GET, user=user)
    told = form.cleaned_data if form.is_valid() else {}
    rows = Quota.objects.visible_to(user).with_names()
    today, state = timezone.localdate(), told.get("estado") or form.NOW
    if state == form.WITHDRAWN:
        rows = rows.exclude(withdrawn_on=None)
    elif state == form.ALL:
        rows = rows.standing()
    else:
        rows = rows.on(today)
    if told.get("presentacion"):
        rows = rows.filter(form=told["presentacion"])
    if community := told.get("comunidad"):
        rows = rows.of_community(community)
    page = Paginator(rows.with_delivered(), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "harvests/quotas.html",
        {
            "form": form,
            "today": today,
            "page": page,
            "rows": [(one, _percent_used(one)) for one in page],
            "is_filtered": any(told.values()),
            "may_set": permissions.may_set_quotas(user),
        },
        status=200 if form.is_valid() else 400,
    )


@only(permissions.may_set_quotas)
@form_page
def set_quota(request: HttpRequest) -> HttpResponse:
    """A quota of a community, or of all."""
    user = actor_of(request)
    return act_page(
        request,
        QuotaForm(request.POST or None, user=user),
        lambda told: services.set_quota(actor=user, **told),
        title=_("Poner un cupo"),
        lead=_("Cuántos kilos se reciben en esos días. Lo que pase del cupo se pregunta."),
        button=_("Poner el cupo"),
        done=lambda made: _("El cupo de %(form)s está puesto.") % {"form": made.form},
        then=lambda made: reverse("harvests:quotas"),
        **_to_list(),
    )


@only(permissions.may_set_quotas)
@require_safe
def choose_family(request: HttpRequest) -> HttpResponse:
    """Whose quota."""
    return family_choice(
        request,
        heading=_("¿De qué familia es el cupo?"),
        then="harvests:quota_of_family",
        **_to_list(),
    )


@only(permissions.may_set_quotas)
@form_page
def of_family(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A quota of one family."""
    family, user = chosen_family(request, pk), actor_of(request)
    return act_page(
        request,
        QuotaForm(request.POST or None, user=user, family=family),
        lambda told: services.set_quota(actor=user, family=family, **told),
        title=_("Poner un cupo a %(family)s") % {"family": family},
        lead=_("%(community)s. Lo que pase del cupo se pregunta.")
        % {"community": family.community},
        button=_("Poner el cupo"),
        done=lambda made: _("El cupo de %(form)s está puesto.") % {"form": made.form},
        then=lambda made: reverse("harvests:quotas"),
        **_to_list(),
    )


@only(permissions.may_set_quotas)
@form_page
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a quota."""
    found, user = _quota(request, pk), actor_of(request)
    return act_page(
        request,
        QuotaCorrectionForm(request.POST or None, instance=_quota(request, pk)),
        lambda told: services.correct_quota(actor=user, quota=found, **told),
        title=_("Corregir el cupo de %(form)s") % {"form": found.form},
        lead=_("Es de: %(whose)s. Si no es el correcto, retírelo y ponga otro.")
        % {"whose": found.whose},
        button=_("Guardar los cambios"),
        done=lambda made: _("El cupo de %(form)s queda corregido.") % {"form": made.form},
        then=lambda made: reverse("harvests:quotas"),
        **_to_list(),
    )


@only(permissions.may_set_quotas)
@form_page
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """From today on the quota asks nobody any more."""
    found, user = _quota(request, pk), actor_of(request)
    return act_page(
        request,
        ReasonForm(request.POST or None),
        lambda told: services.withdraw_quota(actor=user, quota=found, **told),
        title=_("Retirar el cupo de %(form)s") % {"form": found.form},
        lead=_("Es de: %(whose)s. Desde hoy no se pregunta más por él; queda en la lista.")
        % {"whose": found.whose},
        button=_("Retirar el cupo"),
        is_dangerous=True,
        done=lambda made: _("El cupo de %(form)s está retirado.") % {"form": made.form},
        then=lambda made: reverse("harvests:quotas"),
        **_to_list(),
    )
