"""The pages at /comunidades/."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kallari.acting import carried_out
from kallari.doors import actor_of, form_page, only
from kallari.forms import written
from kallari.history.newest import newest_changes
from members.forms.communities import (
    AliasForm,
    CloseForm,
    CommunityFilterForm,
    CommunityForm,
    NewCommunityForm,
    ReopenForm,
    SeatsForm,
)
from members.forms.families import AssignForm, WithdrawForm
from members.models import Community, CommunityAssignment, Family, Partner, Person
from members.permissions import communities as permissions
from members.services import communities as services
from members.services import families as families_services
from members.services.delegates import Share, share_delegate_seats, shares_on
from members.views import PAGE_SIZE


def _community(request: HttpRequest, pk: int) -> Community:
    return get_object_or_404(Community.objects.visible_to(request.user), pk=pk)


@only(permissions.may_see_communities)
@require_safe
def communities(request: HttpRequest) -> HttpResponse:
    """All villages in alphabetical order; a search finds a name in any spelling."""
    form = CommunityFilterForm(request.GET)
    rows = Community.objects.visible_to(request.user).with_aliases()
    state, text = form.OPEN, ""
    if form.is_valid():
        state = form.cleaned_data["estado"] or form.OPEN
        text = form.cleaned_data["buscar"]
    if state == form.OPEN:
        rows = rows.opened()
    elif state == form.CLOSED:
        rows = rows.closed()
    page = Paginator(rows.search(text), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "members/communities.html",
        {
            "form": form,
            "page": page,
            "text": text,
            "state": state,
            "may_add": permissions.may_add_community(request.user),
            "may_import": permissions.may_import_communities(request.user),
            "may_share_seats": permissions.may_change_community(request.user),
        },
        status=200 if form.is_valid() else 400,
    )


@only(permissions.may_see_communities)
@require_safe
def community(request: HttpRequest, pk: int) -> HttpResponse:
    """One village: where it lies, how its name is written, what was changed."""
    found = _community(request, pk)
    context: dict[str, Any] = {
        "community": found,
        "aliases": found.aliases.all(),
        "may_change": permissions.may_change_community(request.user),
        "may_add_alias": permissions.may_add_alias(request.user),
        "newest": newest_changes(request.user, found),
        "lives_here": _lives_here(request, found),
        "assignments": CommunityAssignment.objects.visible_to(request.user)
        .filter(community=found)
        .select_related("user"),
        "sees_assignments": permissions.may_see_assignments(request.user),
        "may_assign": permissions.may_assign(request.user),
    }
    return render(request, "members/community.html", context)


def _lives_here(request: HttpRequest, found: Community) -> dict[str, int] | None:
    """How many families, people and partners; None for who sees the people of others alone."""
    user = request.user
    if not Community.objects.whose_people_are_seen_by(user).filter(pk=found.pk).exists():
        return None
    return {
        "families": Family.objects.visible_to(user).opened().filter(community=found).count(),
        "people": Person.objects.visible_to(user)
        .alive()
        .filter(family__community=found, family__closed_on=None)
        .count(),
        "partners": Partner.objects.visible_to(user)
        .members()
        .filter(family__community=found)
        .count(),
    }


@only(permissions.may_assign)
@form_page
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an agent work in a village, or a delegate represent it."""
    found = _community(request, pk)
    form = AssignForm(request.POST or None, community=found)
    return carried_out(
        request,
        form,
        lambda told: families_services.assign_community(
            actor=actor_of(request), community=found, **told
        ),
        done=lambda assignment: (
            _("%(person)s tiene ahora a cargo %(community)s.")
            % {"person": assignment.user, "community": found.name}
        ),
        then=lambda _assignment: found,
    ) or _form(request, "members/community_assign.html", form, community=found)


@only(permissions.may_assign)
@form_page
def withdraw(request: HttpRequest, pk: int, assignment: int) -> HttpResponse:
    """An account no longer works in a village, or represents it."""
    found = _community(request, pk)
    rows = CommunityAssignment.objects.visible_to(request.user).filter(community=found)
    held = get_object_or_404(rows.select_related("user"), pk=assignment)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data

        def act() -> bool:
            families_services.withdraw_community(actor=actor_of(request), assignment=held, **told)
            return True

        if written(form, act):
            messages.success(
                request,
                _("%(person)s ya no tiene a cargo %(community)s.")
                % {"person": held.user, "community": found.name},
            )
            return redirect(found)
    return _form(request, "members/community_withdraw.html", form, community=found, assignment=held)


@only(permissions.may_change_community)
@form_page
def seats(request: HttpRequest) -> HttpResponse:
    """How many delegates each community sends to the General Board, and how many by today's
    register; shared again by decision."""
    form = SeatsForm(request.POST or None)
    answer = carried_out(
        request,
        form,
        lambda told: share_delegate_seats(actor=actor_of(request), **told),
        done=lambda shared: (
            _("Quedan repartidos %(seats)s puestos.") % {"seats": sum(shared.values())}
        ),
        then=lambda _shared: "members:seats",
    )
    if answer:
        return answer
    rows = list(Community.objects.visible_to(request.user).order_by("search_key"))
    try:
        shares = shares_on(timezone.localdate(), rows)
    except ValidationError as error:
        shares = [Share(one, 0, one.delegate_seats) for one in rows]
        messages.error(request, " ".join(error.messages))
    context = {
        "shares": [one for one in shares if one.members or one.community.delegate_seats],
        "has": sum(one.community.delegate_seats for one in shares),
        "would_have": sum(one.seats for one in shares),
        "members": sum(one.members for one in shares),
    }
    return _form(request, "members/seats.html", form, **context)


@only(permissions.may_add_community)
@form_page
def add(request: HttpRequest) -> HttpResponse:
    """Enter a village; a similar name asks whether it is another one."""
    form = NewCommunityForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        made = written(form, lambda: services.add_community(actor=actor_of(request), **told))
        if made is not None:
            messages.success(
                request, _("La comunidad %(name)s queda registrada.") % {"name": made.name}
            )
            return redirect(made)
        if form.has_error("name", "similar"):
            form.ask_whether_distinct()
    return _form(request, "members/community_add.html", form)


@only(permissions.may_change_community)
@form_page
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name, another place, another note, and why."""
    found = _community(request, pk)
    form = CommunityForm(request.POST or None, instance=_community(request, pk))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        name, why = told.pop("name"), {"actor": actor_of(request), "reason": told.pop("reason")}

        def act() -> Community:
            services.rename_community(community=found, name=name, **why)
            return services.correct_community(community=found, **told, **why)

        if (corrected := written(form, act)) is not None:
            messages.success(
                request, _("La comunidad %(name)s queda corregida.") % {"name": corrected.name}
            )
            return redirect(corrected)
    return _form(request, "members/community_correct.html", form, community=found)


@only(permissions.may_add_alias)
@form_page
def add_alias(request: HttpRequest, pk: int) -> HttpResponse:
    """One more spelling under which a village is found."""
    found = _community(request, pk)
    form = AliasForm(request.POST or None)
    return carried_out(
        request,
        form,
        lambda told: services.add_alias(actor=actor_of(request), community=found, **told),
        done=lambda alias: (
            _("%(name)s se encuentra desde ahora también como «%(spelling)s».")
            % {"name": found.name, "spelling": alias.spelling}
        ),
        then=lambda _alias: found,
    ) or _form(request, "members/community_alias.html", form, community=found)


@only(permissions.may_change_community)
@form_page
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """The association no longer works in a village."""
    found = _community(request, pk)
    return _one_act(
        request,
        "members/community_close.html",
        CloseForm(request.POST or None),
        found,
        services.close_community,
        _("La comunidad %(name)s queda cerrada."),
    )


@only(permissions.may_change_community)
@form_page
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """The association works in a closed village again."""
    found = _community(request, pk)
    return _one_act(
        request,
        "members/community_reopen.html",
        ReopenForm(request.POST or None),
        found,
        services.reopen_community,
        _("La comunidad %(name)s queda abierta otra vez."),
    )


def _one_act(
    request: HttpRequest,
    template: str,
    form: BaseForm,
    found: Community,
    service: Callable[..., Community],
    done: str,
) -> HttpResponse:
    return carried_out(
        request,
        form,
        lambda told: service(actor=actor_of(request), community=found, **told),
        done=lambda result: done % {"name": result.name},
    ) or _form(request, template, form, community=found)


def _form(request: HttpRequest, template: str, form: BaseForm, **context: Any) -> HttpResponse:
    return render(request, template, {"form": form, **context})
