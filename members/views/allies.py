"""The pages at /aliados/."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kallari.acting import act_page
from kallari.doors import actor_of, form_page, only
from kallari.files.responses import file_response
from kallari.history.newest import newest_changes
from members.forms.community_life import (
    AgreementCorrectionForm,
    AgreementForm,
    AllyCorrectionForm,
    AllyFilterForm,
    AllyForm,
    ContributionCorrectionForm,
    ContributionForm,
    ReasonForm,
    UseForm,
)
from members.models import Agreement, Ally, Contribution, ContributionUse
from members.permissions import community_life as permissions
from members.rules import EXPIRY_WARNING_DAYS
from members.services import allies as services
from members.views import PAGE_SIZE


def _ally(request: HttpRequest, pk: int) -> Ally:
    return get_object_or_404(Ally.objects.visible_to(request.user), pk=pk)


def _agreement(request: HttpRequest, pk: int) -> Agreement:
    rows = Agreement.objects.visible_to(request.user).select_related("ally", "document")
    return get_object_or_404(rows, pk=pk)


def _contribution(request: HttpRequest, pk: int) -> Contribution:
    rows = Contribution.objects.visible_to(request.user).with_names().with_used()
    return get_object_or_404(rows, pk=pk)


def _alert_days() -> int:
    """From how many days before its end on an agreement is shown as ending soon."""
    return max(EXPIRY_WARNING_DAYS.on(timezone.localdate()), default=0)


@only(permissions.may_see_allies)
@require_safe
def allies(request: HttpRequest) -> HttpResponse:
    """Who helps the association, with what in all, and which agreements end soon."""
    user = actor_of(request)
    form = AllyFilterForm(request.GET, user=user)
    told = form.cleaned_data if form.is_valid() else {}
    rows = Ally.objects.visible_to(user)
    if told.get("clase"):
        rows = rows.filter(kind=told["clase"])
    rows = rows.search(told.get("buscar", ""))
    page = Paginator(rows.with_totals(), PAGE_SIZE).get_page(request.GET.get("page"))
    given = Contribution.objects.visible_to(user).filter(ally__in=rows.order_by().values("pk"))
    return render(
        request,
        "members/allies.html",
        {
            "form": form,
            "page": page,
            "today": timezone.localdate(),
            "given": given.aggregate(sum=Sum("value_usd"))["sum"] or 0,
            "expiring": list(
                Agreement.objects.visible_to(user)
                .expiring(timezone.localdate(), within=_alert_days())
                .select_related("ally")
            ),
            "is_filtered": any(told.values()),
            "may_change": permissions.may_change_allies(user),
        },
        status=200 if form.is_valid() else 400,
    )


@only(permissions.may_see_allies)
@require_safe
def ally(request: HttpRequest, pk: int) -> HttpResponse:
    """One ally: agreements, what was given, what of it is left."""
    found, user = _ally(request, pk), actor_of(request)
    contributions = list(found.contributions.with_used())
    return render(
        request,
        "members/ally.html",
        {
            "ally": found,
            "agreements": list(found.agreements.all()),
            "contributions": contributions,
            "given": sum(one.value_usd for one in contributions),
            "left": sum(one.left_usd for one in contributions),
            "today": timezone.localdate(),
            "alert_days": _alert_days(),
            "may_change": permissions.may_change_allies(user),
            "may_record": permissions.may_record_contributions(user),
            "newest": newest_changes(user, found),
        },
    )


@only(permissions.may_change_allies)
@form_page
def add(request: HttpRequest) -> HttpResponse:
    """Enter an ally."""
    user = actor_of(request)
    return act_page(
        request,
        AllyForm(request.POST or None),
        lambda told: services.add_ally(actor=user, **told),
        title=_("Registrar un aliado"),
        button=_("Registrar el aliado"),
        back=reverse("members:allies"),
        back_label=_("Aliados"),
        done=lambda made: _("%(ally)s queda registrado.") % {"ally": made.name},
    )


@only(permissions.may_change_allies)
@form_page
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct an ally."""
    found, user = _ally(request, pk), actor_of(request)
    return act_page(
        request,
        AllyCorrectionForm(request.POST or None, instance=_ally(request, pk)),
        lambda told: services.correct_ally(actor=user, ally=found, **told),
        title=_("Corregir %(ally)s") % {"ally": found.name},
        button=_("Guardar los cambios"),
        back=found,
        done=lambda made: _("%(ally)s queda corregido.") % {"ally": made.name},
    )


# --- Agreements -----------------------------------------------------------------------------------


@only(permissions.may_change_allies)
@form_page
def add_agreement(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter an agreement."""
    found, user = _ally(request, pk), actor_of(request)
    return act_page(
        request,
        AgreementForm(request.POST or None, request.FILES or None),
        lambda told: services.sign_agreement(actor=user, ally=found, **told),
        title=_("Anotar un convenio con %(ally)s") % {"ally": found.name},
        button=_("Guardar el convenio"),
        back=found,
        done=lambda made: _("El convenio «%(title)s» queda anotado.") % {"title": made.title},
        then=lambda made: found,
    )


@only(permissions.may_change_allies)
@form_page
def correct_agreement(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct or prolong an agreement, or attach its paper."""
    found, user = _agreement(request, pk), actor_of(request)
    return act_page(
        request,
        AgreementCorrectionForm(
            request.POST or None, request.FILES or None, instance=_agreement(request, pk)
        ),
        lambda told: services.correct_agreement(actor=user, agreement=found, **told),
        title=_("Corregir el convenio «%(title)s»") % {"title": found.title},
        lead=_("Si no escoge otra copia, queda la que hay."),
        button=_("Guardar los cambios"),
        back=found.ally,
        done=lambda made: _("El convenio «%(title)s» queda corregido.") % {"title": made.title},
        then=lambda made: found.ally,
    )


@only(permissions.may_see_allies)
@require_safe
def agreement_document(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The signed paper of an agreement."""
    return file_response(request, _agreement(request, pk).document, download=True)


# --- Contributions --------------------------------------------------------------------------------


@only(permissions.may_see_allies)
@require_safe
def contribution(request: HttpRequest, pk: int) -> HttpResponse:
    """One contribution, what it paid for, and what is left."""
    found, user = _contribution(request, pk), actor_of(request)
    return render(
        request,
        "members/contribution.html",
        {
            "contribution": found,
            "uses": list(found.uses.with_names()),
            "may_record": permissions.may_record_contributions(user),
            "newest": newest_changes(user, found),
        },
    )


@only(permissions.may_record_contributions)
@form_page
def add_contribution(request: HttpRequest, pk: int) -> HttpResponse:
    """Take down what an ally gave."""
    found, user = _ally(request, pk), actor_of(request)
    return act_page(
        request,
        ContributionForm(request.POST or None, ally=found),
        lambda told: services.receive_contribution(actor=user, ally=found, **told),
        title=_("Anotar un aporte de %(ally)s") % {"ally": found.name},
        button=_("Guardar el aporte"),
        back=found,
        done=lambda made: (
            _("El aporte de %(value)s USD queda anotado.") % {"value": made.value_usd}
        ),
    )


@only(permissions.may_record_contributions)
@form_page
def correct_contribution(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a contribution."""
    found, user = _contribution(request, pk), actor_of(request)
    return act_page(
        request,
        ContributionCorrectionForm(
            request.POST or None, ally=found.ally, instance=_contribution(request, pk)
        ),
        lambda told: services.correct_contribution(actor=user, contribution=found, **told),
        title=_("Corregir el aporte «%(description)s»") % {"description": found.description},
        button=_("Guardar los cambios"),
        back=found,
        done=lambda made: (
            _("El aporte queda corregido: %(value)s USD.") % {"value": made.value_usd}
        ),
    )


@only(permissions.may_record_contributions)
@form_page
def add_use(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what a part of a contribution paid for."""
    found, user = _contribution(request, pk), actor_of(request)
    return act_page(
        request,
        UseForm(request.POST or None, contribution=found),
        lambda told: services.use_contribution(actor=user, contribution=found, **told),
        title=_("Anotar qué pagó este aporte"),
        lead=_("%(contribution)s, recibido el %(day)s. Quedan %(left)s USD.")
        % {
            "contribution": found,
            "day": date_format(found.received_on),
            "left": found.left_usd,
        },
        button=_("Guardar el uso"),
        back=found,
        done=lambda made: _("%(amount)s USD quedan anotados.") % {"amount": made.amount_usd},
        then=lambda made: found,
    )


@only(permissions.may_record_contributions)
@form_page
def take_back_use(request: HttpRequest, pk: int) -> HttpResponse:
    """A contribution did not pay for that after all."""
    rows = ContributionUse.objects.visible_to(request.user).with_names()
    found, user = get_object_or_404(rows, pk=pk), actor_of(request)

    def act(told: dict[str, Any]) -> Contribution:
        services.take_back_use(actor=user, use=found, **told)
        return found.contribution

    return act_page(
        request,
        ReasonForm(request.POST or None),
        act,
        title=_("Quitar el uso de %(amount)s USD") % {"amount": found.amount_usd},
        lead=_("«%(paid_for)s». Lo que pagó queda libre otra vez.") % {"paid_for": found.paid_for},
        button=_("Quitar el uso"),
        is_dangerous=True,
        back=found.contribution,
        done=lambda made: _("El uso queda quitado."),
    )
