"""The pages at /personas/."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kallari.acting import carried_out
from kallari.doors import actor_of, form_page, only
from kallari.files.responses import file_response
from kallari.files.services import store_photograph
from kallari.forms import written
from kallari.history.newest import newest_changes
from members.forms.partners import CorrectDeathForm, DeathForm
from members.forms.persons import (
    BankAccountForm,
    CloseBankAccountForm,
    CorrectPersonForm,
    MoveForm,
    PersonFilterForm,
    PersonForm,
    PhotographForm,
)
from members.models import BankAccount, Family, Partner, Person
from members.permissions import people as permissions
from members.rules import MINIMUM_AGE
from members.services import partners as partner_services
from members.services import persons as services
from members.services.requirements import age_requirement
from members.views import PAGE_SIZE
from members.views.families import family_or_404, not_found_by_cedula, similar_people
from members.views.finding import MOST_FOUND, address_of, is_identity_number

if TYPE_CHECKING:
    from django.db import models

    from members.services.requirements import Requirement

FAMILIES_OFFERED = 10
"""How many families are offered to whoever moves a person."""


def person_or_404(request: HttpRequest, pk: uuid.UUID) -> Person:
    """A person whom the account sees."""
    rows = Person.objects.visible_to(request.user).select_related("family__community")
    return get_object_or_404(rows, pk=pk)


# --- The list ----------------------------------------------------------------------------------


@only(permissions.may_see_people)
@form_page
def persons(request: HttpRequest) -> HttpResponse:
    """All people the account sees, in alphabetical order; see `members.views.finding`."""
    may_identify = permissions.may_identify(request.user)
    data = request.POST if request.method == "POST" else request.GET
    form = PersonFilterForm(data, user=actor_of(request), may_identify=may_identify)
    if request.method != "POST":
        return _list(request, form)
    typed = data.get("buscar", "")
    list_url = reverse("members:persons")
    if not is_identity_number(typed):
        return redirect(address_of(form, list_url))
    people = Person.objects.visible_to(request.user).find(typed, by_cedula=may_identify)
    found = list(people.values_list("pk", flat=True)[:MOST_FOUND])
    if len(found) == 1:
        return redirect("members:person", found[0])
    if found:
        return _list(request, form, people_found=found)
    messages.warning(request, not_found_by_cedula(may_identify=may_identify))
    return redirect(address_of(form, list_url, without=("buscar",)))


def _list(
    request: HttpRequest, form: PersonFilterForm, people_found: list[uuid.UUID] | None = None
) -> HttpResponse:
    told = form.cleaned_data if form.is_valid() else {}
    text = "" if people_found else told.get("buscar", "")
    state = told.get("estado") or form.ALIVE
    rows = Person.objects.visible_to(request.user)
    if people_found is not None:
        rows, state = rows.filter(pk__in=people_found), form.ALL
    elif state == form.ALIVE:
        rows = rows.alive()
    elif state == form.DEAD:
        rows = rows.exclude(died_on=None)
    if told.get("comunidad"):
        rows = rows.filter(family__community=told["comunidad"])
    if told.get("sexo"):
        rows = rows.filter(sex=told["sexo"])
    if told.get("cedula"):
        rows = rows.filter(cedula__isnull=told["cedula"] == form.NO)
    if text.isascii() and text.isdigit():
        rows = rows.by_partner_number(int(text)) if len(text) <= 5 else rows.none()
    elif text:
        rows = rows.search(text)
    page = Paginator(rows.with_family(), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "members/persons.html",
        {
            "form": form,
            "page": page,
            "text": text,
            "state": state,
            "community": told.get("comunidad"),
            "by_cedula": people_found is not None,
            "may_identify": permissions.may_identify(request.user),
        },
        status=200 if form.is_valid() else 400,
    )


# --- One person --------------------------------------------------------------------------------


@only(permissions.may_see_people)
@require_safe
def person(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One person: who she is, how to reach her where one may know, her place in the association."""
    found = person_or_404(request, pk)
    user = actor_of(request)
    partnerships: models.QuerySet[Partner] = (
        Partner.objects.visible_to(user)
        .filter(person=found)
        .with_standing()
        .select_related("family")
        .order_by("-applied_on")
    )
    return render(
        request,
        "members/person.html",
        {
            "person": found,
            "partnerships": partnerships,
            "languages": _languages(found),
            "phone": _dialled(found.phone),
            "kin_phone": _dialled(found.next_of_kin_phone),
            "newest": newest_changes(user, found),
            "may_identify": permissions.may_identify(user),
            "may_change": permissions.may_change_person(user),
            "may_decide": permissions.may_decide_on_partners(user),
            "may_propose": permissions.may_propose_partner(user),
            "too_young": _too_young(found) if permissions.may_propose_partner(user) else None,
            "may_see_bank": permissions.may_see_bank_accounts(user),
        },
    )


def _too_young(person: Person) -> Requirement | None:
    """Why nobody can apply for her yet, when it is known that she is under age."""
    today = timezone.localdate()
    asked = age_requirement(person.born_on, today, years=MINIMUM_AGE.on(today))
    return None if person.born_on is None or asked.met else asked


def _languages(person: Person) -> list[str]:
    known = [(person.speaks_kichwa, _("kichwa")), (person.speaks_spanish, _("español"))]
    return [name for speaks, name in known if speaks] + [person.other_languages] * bool(
        person.other_languages
    )


def _dialled(number: str) -> str:
    """A telephone number as a telephone dials it."""
    return re.sub(r"[^0-9+]", "", number)


@only(permissions.may_see_people)
@require_safe
def photograph(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """The person's photograph, small unless asked for ``?grande``."""
    found = person_or_404(request, pk)
    return file_response(request, found.photograph, preview="grande" not in request.GET)


# --- Writing -----------------------------------------------------------------------------------


@only(permissions.may_add_person)
@form_page
def add(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Enter a person into a family, after looking for similar people."""
    family = family_or_404(request, pk)
    form = PersonForm(request.POST or None)
    duplicates: list[Person] = []
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        made = written(
            form, lambda: services.add_person(actor=actor_of(request), family=family, **told)
        )
        if made is not None:
            messages.success(
                request,
                _("%(person)s queda en la familia %(family)s.")
                % {"person": made.name, "family": family},
            )
            return redirect(made)
        duplicates = similar_people(form, family.community)
    return render(
        request,
        "members/person_add.html",
        {
            "form": form,
            "family": family,
            "duplicates": duplicates,
            "seen": services.seen_by(actor_of(request), duplicates),
        },
    )


@only(permissions.may_change_person)
@form_page
def correct(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Correct what is written of a person, and why."""
    found = person_or_404(request, pk)
    form = CorrectPersonForm(request.POST or None, instance=person_or_404(request, pk))
    duplicates: list[Person] = []
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        corrected = written(
            form, lambda: services.correct_person(actor=actor_of(request), person=found, **told)
        )
        if corrected is not None:
            messages.success(
                request, _("La ficha de %(person)s queda corregida.") % {"person": corrected.name}
            )
            return redirect(corrected)
        duplicates = similar_people(form, found.community, found)
    return render(
        request,
        "members/person_correct.html",
        {
            "form": form,
            "person": found,
            "duplicates": duplicates,
            "seen": services.seen_by(actor_of(request), duplicates),
        },
    )


@only(permissions.may_change_person)
@form_page
def move(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A person goes over to another family: look for it, choose it, say why."""
    found = person_or_404(request, pk)
    seen = Family.objects.visible_to(request.user).opened().exclude(pk=found.family_id)
    text = request.GET.get("buscar", "").strip()[:80]
    key = _uuid(request.GET.get("familia", ""))
    chosen = seen.filter(pk=key).select_related("community").first() if key else None
    form = MoveForm(request.POST or None)
    if request.method == "POST" and chosen is not None and form.is_valid():
        told = form.cleaned_data
        moved = written(
            form,
            lambda: services.move_person(
                actor=actor_of(request), person=found, family=chosen, **told
            ),
        )
        if moved is not None:
            messages.success(
                request,
                _("%(person)s está ahora en la familia %(family)s.")
                % {"person": moved.name, "family": chosen},
            )
            return redirect(moved)
    offered = seen.find(text).with_counts().select_related("community") if text else seen.none()
    return render(
        request,
        "members/person_move.html",
        {
            "form": form,
            "person": found,
            "text": text,
            "chosen": chosen,
            "families": offered[:FAMILIES_OFFERED],
        },
    )


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


@only(permissions.may_change_person)
@form_page
def death(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A person has died. Of a partner or an applicant the page of the membership asks."""
    found = person_or_404(request, pk)
    held = found.partnerships.filter(ended_on=None).first()
    if held is not None:
        return redirect("members:partner_death", held.pk)
    form = DeathForm(request.POST or None)
    return carried_out(
        request,
        form,
        lambda told: partner_services.record_death(actor=actor_of(request), person=found, **told),
        done=lambda _done: _("Consta el fallecimiento de %(person)s.") % {"person": found.name},
        then=lambda _done: found,
    ) or render(request, "members/person_death.html", {"form": form, "person": found})


@only(permissions.may_decide_on_partners)
@form_page
def correct_death(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A death was noted of the wrong person, or with another day. The office corrects it: the
    membership that ended with it follows."""
    found = person_or_404(request, pk)
    if found.is_alive:
        messages.warning(
            request, _("No consta el fallecimiento de %(person)s.") % {"person": found.name}
        )
        return redirect(found)
    form = CorrectDeathForm(request.POST or None, person=found)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        done = written(
            form,
            lambda: partner_services.correct_death(actor=actor_of(request), person=found, **told),
        )
        if done is not None:
            said = (
                _("Ya no consta el fallecimiento de %(person)s.")
                if done.is_alive
                else _("El día del fallecimiento de %(person)s queda corregido.")
            )
            messages.success(request, said % {"person": found.name})
            return redirect(found)
    return render(request, "members/person_death_correct.html", {"form": form, "person": found})


@only(permissions.may_change_person)
@form_page
def change_photograph(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a photograph, or hand one in."""
    found = person_or_404(request, pk)
    form = PhotographForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        told, actor = form.cleaned_data, actor_of(request)

        @transaction.atomic
        def act() -> Person:
            stored = store_photograph(actor=actor, upload=told["photograph"])
            return services.correct_person(
                actor=actor, person=found, photograph=stored, reason=told["reason"]
            )

        if written(form, act) is not None:
            messages.success(
                request, _("La fotografía de %(person)s queda guardada.") % {"person": found.name}
            )
            return redirect(found)
    return render(request, "members/person_photograph.html", {"form": form, "person": found})


# --- Bank accounts -----------------------------------------------------------------------------


@only(permissions.may_see_bank_accounts)
@form_page
def bank_accounts(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Where a person is paid: the account in use, earlier ones, and another one from a day on."""
    found = person_or_404(request, pk)
    may_change = permissions.may_change_bank_accounts(request.user)
    if request.method == "POST" and not may_change:
        raise Http404
    form = BankAccountForm(request.POST or None) if may_change else None
    if request.method == "POST" and form is not None and form.is_valid():
        told = form.cleaned_data
        account = written(
            form,
            lambda: services.add_bank_account(actor=actor_of(request), person=found, **told),
        )
        if account is not None:
            messages.success(
                request,
                _("A %(person)s se le paga desde ahora en %(account)s.")
                % {"person": found.name, "account": account},
            )
            return redirect("members:bank_accounts", found.pk)
    return render(
        request,
        "members/bank_accounts.html",
        {
            "person": found,
            "form": form,
            "accounts": BankAccount.objects.visible_to(request.user).filter(person=found),
            "may_change": may_change,
        },
    )


@only(permissions.may_change_bank_accounts)
@form_page
def close_bank_account(request: HttpRequest, pk: uuid.UUID, account: int) -> HttpResponse:
    """An account is no longer used, and no other one takes its place."""
    found = person_or_404(request, pk)
    rows = BankAccount.objects.visible_to(request.user).filter(person=found)
    held = get_object_or_404(rows, pk=account)
    form: BaseForm = CloseBankAccountForm(request.POST or None)
    return carried_out(
        request,
        form,
        lambda told: services.close_bank_account(actor=actor_of(request), account=held, **told),
        done=lambda _closed: _("La cuenta %(account)s queda en desuso.") % {"account": held},
        then=lambda _closed: reverse("members:bank_accounts", args=[found.pk]),
    ) or render(
        request, "members/bank_account_close.html", {"form": form, "person": found, "account": held}
    )
