"""The pages at /voluntariado/."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kallari.acting import act_page
from kallari.doors import actor_of, form_page, only
from kallari.history.newest import newest_changes
from members.forms.community_life import (
    ReasonForm,
    StayCorrectionForm,
    StayForm,
    VolunteerCorrectionForm,
    VolunteerFilterForm,
    VolunteerForm,
)
from members.models import Stay, Volunteer
from members.permissions import community_life as permissions
from members.services import volunteers as services
from members.views import PAGE_SIZE


def _volunteer(request: HttpRequest, pk: UUID) -> Volunteer:
    return get_object_or_404(Volunteer.objects.visible_to(request.user), pk=pk)


def _stay(request: HttpRequest, pk: int) -> Stay:
    rows = Stay.objects.visible_to(request.user).with_names()
    return get_object_or_404(rows, pk=pk)


@only(permissions.may_see_volunteers)
@require_safe
def volunteers(request: HttpRequest) -> HttpResponse:
    """Who came from outside to help, and when."""
    user, today = actor_of(request), timezone.localdate()
    form = VolunteerFilterForm(request.GET, user=user)
    told = form.cleaned_data if form.is_valid() else {}
    visible = Volunteer.objects.visible_to(user)
    state = told.get("estado") or form.ALL
    rows = {
        form.HERE: lambda: visible.here_on(today),
        form.COMING: lambda: visible.coming_after(today),
        form.GONE: lambda: visible.gone_by(today),
    }.get(state, lambda: visible)()
    stays = Stay.objects.visible_to(user).valid().select_related("community")
    rows = rows.search(told.get("buscar", "")).prefetch_related(
        Prefetch("stays", queryset=stays, to_attr="shown_stays")
    )
    return render(
        request,
        "members/volunteers.html",
        {
            "form": form,
            "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
            "here": visible.here_on(today).count(),
            "is_filtered": any(told.values()),
            "may_change": permissions.may_change_volunteers(user),
        },
        status=200 if form.is_valid() else 400,
    )


@only(permissions.may_see_volunteers)
@require_safe
def volunteer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One volunteer or intern, with stays; how they are reached only for the office."""
    found, user = _volunteer(request, pk), actor_of(request)
    return render(
        request,
        "members/volunteer.html",
        {
            "volunteer": found,
            "stays": list(found.stays.visible_to(user).select_related("community", "host_family")),
            "may_contact": permissions.may_contact_volunteers(user),
            "may_change": permissions.may_change_volunteers(user),
            "newest": newest_changes(user, found),
        },
    )


@only(permissions.may_change_volunteers)
@form_page
def add(request: HttpRequest) -> HttpResponse:
    """Enter a volunteer or an intern."""
    user = actor_of(request)
    return act_page(
        request,
        VolunteerForm(request.POST or None, user=user),
        lambda told: services.add_volunteer(actor=user, **told),
        title=_("Registrar voluntaria, voluntario o pasante"),
        lead=_("Después se anota su estadía."),
        button=_("Registrar"),
        back=reverse("members:volunteers"),
        back_label=_("Voluntariado"),
        done=lambda made: _("%(name)s queda en la lista. Anote ahora su estadía.") % {"name": made},
    )


@only(permissions.may_change_volunteers)
@form_page
def correct(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Correct what is written of a volunteer."""
    found, user = _volunteer(request, pk), actor_of(request)
    return act_page(
        request,
        VolunteerCorrectionForm(request.POST or None, user=user, instance=_volunteer(request, pk)),
        lambda told: services.correct_volunteer(actor=user, volunteer=found, **told),
        title=_("Corregir la ficha de %(name)s") % {"name": found},
        button=_("Guardar los cambios"),
        back=found,
        done=lambda made: _("La ficha de %(name)s queda corregida.") % {"name": made},
    )


@only(permissions.may_change_volunteers)
@form_page
def add_stay(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A volunteer stays for a time."""
    found, user = _volunteer(request, pk), actor_of(request)
    return act_page(
        request,
        StayForm(request.POST or None, user=user),
        lambda told: services.add_stay(actor=user, volunteer=found, **told),
        title=_("Anotar una estadía de %(name)s") % {"name": found},
        button=_("Guardar la estadía"),
        back=found,
        done=lambda made: _("La estadía de %(name)s queda anotada.") % {"name": made.volunteer},
    )


@only(permissions.may_change_volunteers)
@form_page
def correct_stay(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a stay, or note that somebody left earlier or stays longer."""
    found, user = _stay(request, pk), actor_of(request)
    return act_page(
        request,
        StayCorrectionForm(request.POST or None, user=user, instance=_stay(request, pk)),
        lambda told: services.correct_stay(actor=user, stay=found, **told),
        title=_("Corregir la estadía de %(name)s") % {"name": found.volunteer},
        button=_("Guardar los cambios"),
        back=found,
        back_label=str(found.volunteer),
        done=lambda made: _("La estadía de %(name)s queda corregida.") % {"name": made.volunteer},
    )


@only(permissions.may_change_volunteers)
@form_page
def cancel_stay(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody did not come."""
    found, user = _stay(request, pk), actor_of(request)
    return act_page(
        request,
        ReasonForm(request.POST or None),
        lambda told: services.cancel_stay(actor=user, stay=found, **told),
        title=_("Anular la estadía de %(name)s") % {"name": found.volunteer},
        lead=_("Si se fue antes, corrija el último día en lugar de anularla."),
        button=_("Anular la estadía"),
        is_dangerous=True,
        back=found,
        back_label=str(found.volunteer),
        done=lambda made: _("La estadía de %(name)s queda anulada.") % {"name": made.volunteer},
    )
