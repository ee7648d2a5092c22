"""The pages at /familias/."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kallari.acting import carried_out
from kallari.doors import actor_of, form_page, only
from kallari.forms import written
from kallari.history.newest import newest_changes
from members import timeline
from members.family_links import family_links
from members.forms.families import (
    CloseFamilyForm,
    FamilyFilterForm,
    FamilyForm,
    NewFamilyForm,
    ReopenFamilyForm,
    StoryFilterForm,
)
from members.models import Chakra, ChakraCertification, Community, Family, Partner, Person
from members.permissions import people as permissions
from members.permissions.chakras import may_add_chakra
from members.services import families as services
from members.services import persons as persons_services
from members.views import PAGE_SIZE
from members.views.finding import MOST_FOUND, address_of, is_identity_number

if TYPE_CHECKING:
    from kallari.accounts.models import User

NEWEST_OF_STORY = 8
"""How much of its story the page of a family shows; the rest is one link away."""


def family_or_404(request: HttpRequest, pk: uuid.UUID) -> Family:
    """A family that the account sees."""
    rows = Family.objects.visible_to(request.user).select_related("community")
    return get_object_or_404(rows, pk=pk)


# --- The list ----------------------------------------------------------------------------------


@only(permissions.may_see_families)
@form_page
def families(request: HttpRequest) -> HttpResponse:
    """All families the account sees, in alphabetical order; see `members.views.finding`."""
    may_identify = permissions.may_identify(request.user)
    data = request.POST if request.method == "POST" else request.GET
    form = FamilyFilterForm(data, user=actor_of(request), may_identify=may_identify)
    if request.method != "POST":
        return _list(request, form)
    typed = data.get("buscar", "")
    list_url = reverse("members:families")
    if not is_identity_number(typed):
        return redirect(address_of(form, list_url))
    people = Person.objects.visible_to(request.user).find(typed, by_cedula=may_identify)
    found = list(dict.fromkeys(people.values_list("family", flat=True)[:MOST_FOUND]))
    if len(found) == 1:
        return redirect("members:family", found[0])
    if found:
        return _list(request, form, families_found=found)
    messages.warning(request, not_found_by_cedula(may_identify=may_identify))
    return redirect(address_of(form, list_url, without=("buscar",)))


def not_found_by_cedula(*, may_identify: bool) -> str:
    """What is said when a cédula leads nowhere; the cédula itself is not repeated."""
    if may_identify:
        return _("No hay nadie con esa cédula entre las personas que usted ve.")
    return _("Con su cuenta no se busca por cédula. Escriba el nombre.")


def _list(
    request: HttpRequest, form: FamilyFilterForm, families_found: list[uuid.UUID] | None = None
) -> HttpResponse:
    rows = Family.objects.visible_to(request.user)
    text, told = "", {}
    if form.is_valid():
        told = form.cleaned_data
        text = "" if families_found else told["buscar"]
    state = told.get("estado") or form.OPEN
    if families_found is not None:
        rows, state = rows.filter(pk__in=families_found), form.ALL
    elif state == form.OPEN:
        rows = rows.opened()
    elif state == form.CLOSED:
        rows = rows.closed()
    if told.get("comunidad"):
        rows = rows.filter(community=told["comunidad"])
    if told.get("socia") == form.WITH:
        rows = rows.with_partner()
    elif told.get("socia") == form.WITHOUT:
        rows = rows.without_partner()
    if text:
        rows = rows.find(text)
    rows = rows.with_counts().with_those_who_stand_for_them()
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "members/families.html",
        {
            "form": form,
            "page": page,
            "text": text,
            "state": state,
            "community": told.get("comunidad"),
            "by_cedula": families_found is not None,
            "may_add": permissions.may_add_family(request.user),
        },
        status=200 if form.is_valid() else 400,
    )


# --- One family --------------------------------------------------------------------------------


@only(permissions.may_see_families)
@require_safe
def family(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One family on one page: its people, who stands for it, and what happened lately."""
    found = family_or_404(request, pk)
    user = actor_of(request)
    people = list(
        Person.objects.visible_to(user)
        .filter(family=found)
        .with_family()
        .order_by("birth_year", "search_key")
    )
    partnerships = (
        Partner.objects.visible_to(user)
        .filter(family=found)
        .with_standing()
        .select_related("person")
        .order_by("-applied_on")
    )
    return render(
        request,
        "members/family.html",
        {
            "family": found,
            "people": [one for one in people if one.is_alive],
            "dead": [one for one in people if not one.is_alive],
            "partnerships": partnerships,
            "chakras": _chakras(found, user),
            "story": timeline.story_of(found, user, size=NEWEST_OF_STORY),
            "elsewhere": family_links(found, user),
            "newest": newest_changes(user, found),
            "may_change": permissions.may_change_family(user),
            "may_add_person": permissions.may_add_person(user),
            "may_identify": permissions.may_identify(user),
            "may_add_chakra": may_add_chakra(user),
        },
    )


def _chakras(family: Family, user: User) -> QuerySet[Chakra]:
    """The chakras that the family works, with area, and what each is under each scheme today."""
    today = timezone.localdate()
    statuses = ChakraCertification.objects.visible_to(user).on(today).select_related("scheme")
    return (
        Chakra.objects.visible_to(user)
        .filter(family=family)
        .opened()
        .with_areas()
        .prefetch_related(Prefetch("certifications", statuses, to_attr="present_statuses"))
    )


@only(permissions.may_see_families)
@require_safe
def story(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What happened in a family, the newest first; by kind and by year."""
    found = family_or_404(request, pk)
    kinds = [(source.key, source.label) for source in timeline.sources()]
    form = StoryFilterForm(request.GET, kinds=kinds)
    told = form.cleaned_data if form.is_valid() else {}
    number = request.GET.get("page", "1")
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 5 else 1
    kind, year = told.get("clase", ""), told.get("ano")
    return render(
        request,
        "members/family_story.html",
        {
            "family": found,
            "form": form,
            "kind": dict(kinds).get(kind, ""),
            "year": str(year or ""),
            "story": timeline.story_of(found, actor_of(request), kind=kind, year=year, page=page),
        },
        status=200 if form.is_valid() else 400,
    )


# --- Writing -----------------------------------------------------------------------------------


@only(permissions.may_add_family)
@form_page
def add(request: HttpRequest) -> HttpResponse:
    """Enter a family with the person who answers for it, after looking for similar people."""
    user = actor_of(request)
    initial = {"community": request.GET.get("comunidad"), "kinship": Person.Kinship.HEAD}
    form = NewFamilyForm(request.POST or None, user=user, initial=initial)
    duplicates: list[Person] = []
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        community: Community = told.pop("community")
        house = {"name": told.pop("name") or told["surnames"], "joined_on": told.pop("joined_on")}

        @transaction.atomic
        def act() -> Person:
            made = services.add_family(actor=user, community=community, **house)
            return persons_services.add_person(actor=user, family=made, **told)

        person = written(form, act)
        if person is not None:
            messages.success(
                request,
                _("La familia %(family)s queda registrada con %(person)s.")
                % {"family": person.family, "person": person.name},
            )
            return redirect(person.family)
        duplicates = similar_people(form, community)
    return render(
        request,
        "members/family_add.html",
        {
            "form": form,
            "duplicates": duplicates,
            "seen": persons_services.seen_by(actor_of(request), duplicates),
        },
    )


def similar_people(
    form: BaseForm, community: Community, person: Person | None = None
) -> list[Person]:
    """Whom a refused form may mean, to be shown beside the refusal; asks whether it is another."""
    taken = form.has_error("cedula", "cedula_taken")
    similar = form.has_error("__all__", "similar")
    if not taken and not similar:
        return []
    if similar and "distinct" in form.fields:
        form.ask_whether_distinct()  # type: ignore[attr-defined]  # a PersonForm
    told = form.cleaned_data
    typed = form.data.get(form.add_prefix("cedula"), "")
    born = told.get("born_on")
    found = persons_services.probable_duplicates(
        surnames=told.get("surnames", ""),
        given_names=told.get("given_names", ""),
        community=community,
        birth_year=born.year if born else told.get("birth_year"),
        cedula=typed,
        other_than=None if person is None else person.pk,
    )
    return found if similar else found[:1]


@only(permissions.may_change_family)
@form_page
def correct(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Another name, another community, another note, and why."""
    found = family_or_404(request, pk)
    form = FamilyForm(
        request.POST or None, instance=family_or_404(request, pk), user=actor_of(request)
    )
    return _one_act(
        request,
        "members/family_correct.html",
        form,
        found,
        services.correct_family,
        _("La familia %(family)s queda corregida."),
    )


@only(permissions.may_change_family)
@form_page
def close(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A family is no longer in the association."""
    return _one_act(
        request,
        "members/family_close.html",
        CloseFamilyForm(request.POST or None),
        family_or_404(request, pk),
        services.close_family,
        _("La familia %(family)s queda retirada."),
    )


@only(permissions.may_change_family)
@form_page
def reopen(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A family comes back."""
    return _one_act(
        request,
        "members/family_reopen.html",
        ReopenFamilyForm(request.POST or None),
        family_or_404(request, pk),
        services.reopen_family,
        _("La familia %(family)s está otra vez en la asociación."),
    )


def _one_act(
    request: HttpRequest,
    template: str,
    form: BaseForm,
    found: Family,
    service: Callable[..., Family],
    done: str,
) -> HttpResponse:
    return carried_out(
        request,
        form,
        lambda told: service(actor=actor_of(request), family=found, **told),
        done=lambda result: done % {"family": result},
    ) or render(request, template, {"form": form, "family": found})
