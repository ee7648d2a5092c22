"""The pages at /encuentros/."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from kallari.acting import act_page
from kallari.doors import actor_of, form_page, only
from kallari.files.responses import file_response
from kallari.forms import written
from kallari.history.newest import newest_changes
from kallari.plots import Bars, Columns, Series
from kallari.refusals import refusal_at
from members.forms.community_life import (
    GatheringCorrectionForm,
    GatheringFileForm,
    GatheringFilterForm,
    GatheringForm,
    ReasonForm,
    RollForm,
)
from members.forms.lists import EARLIEST_YEAR, LATEST_YEAR
from members.models import Attendance, Gathering, GatheringFile, Person
from members.permissions import community_life as permissions
from members.querysets.gatherings import Tally, total_of
from members.services import gatherings as services
from members.services.cards import partner_by_card
from members.views import PAGE_SIZE

if TYPE_CHECKING:
    from kallari.accounts.models import User

MOST_FOUND = 30
"""How many people a search beneath the roll shows."""
BLANK_LINES = 12
"""Lines for names that nobody expected, on the sheet to sign."""


def _gathering(request: HttpRequest, pk: UUID) -> Gathering:
    rows = Gathering.objects.visible_to(request.user).with_names()
    return get_object_or_404(rows, pk=pk)


@only(permissions.may_see_gatherings)
@require_safe
def gatherings(request: HttpRequest) -> HttpResponse:
    """Trainings and mingas, the newest first, with who came."""
    user = actor_of(request)
    form = GatheringFilterForm(request.GET, user=user)
    rows = Gathering.objects.visible_to(user).with_names()
    told = form.cleaned_data if form.is_valid() else {}
    state = told.get("estado") or form.ALL
    if state == form.CANCELLED:
        rows = rows.exclude(cancelled_on=None)
    elif state == form.HELD:
        rows = rows.held()
    elif state == form.PLANNED:
        rows = rows.not_cancelled().filter(held_on__gt=timezone.localdate())
    else:
        rows = rows.not_cancelled()
    if told.get("clase"):
        rows = rows.filter(kind=told["clase"])
    if told.get("comunidad"):
        rows = rows.filter(community=told["comunidad"])
    if told.get("anio"):
        rows = rows.filter(held_on__year=told["anio"])
    page = Paginator(rows.search(told.get("buscar", "")), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    shown = list(page.object_list)
    tallies = Gathering.objects.filter(pk__in=[one.pk for one in shown]).tallies() if shown else {}
    return render(
        request,
        "members/gatherings.html",
        {
            "form": form,
            "page": page,
            "rows": [(one, tallies[one.pk]) for one in shown],
            "is_filtered": any(value for name, value in told.items()) and state != "",
            "may_add": permissions.may_record_gathering(user),
        },
        status=200 if form.is_valid() else 400,
    )


@only(permissions.may_see_gatherings)
@require_safe
def gathering(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One training or minga: what was done, who came, photographs, who paid."""
    found, user = _gathering(request, pk), actor_of(request)
    tally = Gathering.objects.filter(pk=found.pk).tallies()[found.pk]
    may_see_allies = permissions.may_see_allies(user)
    return render(
        request,
        "members/gathering.html",
        {
            "gathering": found,
            "tally": tally,
            "attendances": list(found.attendances.with_people()),
            "files": list(found.files.kept().select_related("file")),
            "inputs": list(found.inputs.visible_to(user).valid().with_names()),
            "uses": list(found.paid_by.with_names()) if may_see_allies else [],
            "may_see_allies": may_see_allies,
            "may_record": permissions.may_record_gathering(user),
            "may_change": permissions.may_change_gathering(user),
            "may_erase": permissions.may_erase_gathering_files(user),
            "newest": newest_changes(user, found),
        },
    )


@only(permissions.may_record_gathering)
@form_page
def add(request: HttpRequest) -> HttpResponse:
    """Plan a training or a minga, or take down one that was held."""
    user = actor_of(request)
    return act_page(
        request,
        GatheringForm(request.POST or None, user=user),
        lambda told: services.add_gathering(actor=user, **told),
        title=_("Anotar una capacitación o minga"),
        lead=_("Antes, para convocar; o después, con lo que se hizo."),
        button=_("Guardar el encuentro"),
        back=reverse("members:gatherings"),
        back_label=_("Encuentros"),
        done=lambda made: _("«%(topic)s» queda anotado.") % {"topic": made.topic},
    )


@only(permissions.may_change_gathering)
@form_page
def correct(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Correct a gathering, or write what was done."""
    found, user = _gathering(request, pk), actor_of(request)
    return act_page(
        request,
        GatheringCorrectionForm(request.POST or None, user=user, instance=_gathering(request, pk)),
        lambda told: services.correct_gathering(actor=user, gathering=found, **told),
        title=_("Completar o corregir «%(topic)s»") % {"topic": found.topic},
        button=_("Guardar los cambios"),
        back=found,
        done=lambda made: _("«%(topic)s» queda corregido.") % {"topic": made.topic},
    )


@only(permissions.may_change_gathering)
@form_page
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A gathering does not take place."""
    found, user = _gathering(request, pk), actor_of(request)
    return act_page(
        request,
        ReasonForm(request.POST or None),
        lambda told: services.cancel_gathering(actor=user, gathering=found, **told),
        title=_("Suspender «%(topic)s»") % {"topic": found.topic},
        lead=_("Deja de contarse. Queda en la lista de los suspendidos, con el motivo."),
        button=_("Suspender el encuentro"),
        is_dangerous=True,
        back=found,
        done=lambda made: _("«%(topic)s» queda suspendido.") % {"topic": made.topic},
    )


# --- The roll -----------------------------------------------------------------------------------


@only(permissions.may_record_gathering)
@form_page
def roll(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Tick who came: the community's people, who was found by name, and who showed a card.

    Works without script: looking for somebody saves what is ticked first.
    """
    found, user = _gathering(request, pk), actor_of(request)
    initial = {
        name: getattr(found, name) or ""
        for name in ("visiting_women", "visiting_men", "visiting_unknown")
    }
    form = RollForm(request.POST or None, initial=initial)
    text = request.GET.get("buscar", "")[:80]
    if request.method == "POST" and form.is_valid():
        noted = written(form, lambda: _note_roll(request, found, form))
        if noted is not None:
            messages.success(request, noted)
            looked_for = request.POST.get("buscar", "").strip()[:80]
            if "look" in request.POST and looked_for:
                query = urlencode({"buscar": looked_for})
                return redirect(f"{reverse('members:gathering_roll', args=[pk])}?{query}#buscar")
            if form.cleaned_data["card"]:
                return redirect(f"{reverse('members:gathering_roll', args=[pk])}#carne")
            return redirect(found)
    present = {one.person_id: one.person for one in found.attendances.with_people()}
    people = _people_of(found, user)
    listed = {one.pk for one in people}
    others = [person for key, person in present.items() if key not in listed]
    ticked = _keys(request.POST.getlist("came")) if form.errors else set(present)
    return render(
        request,
        "members/gathering_roll.html",
        {
            "gathering": found,
            "form": form,
            "text": text,
            "people": [(one, one.pk in ticked, one.pk in present) for one in people],
            "others": [(one, one.pk in ticked, one.pk in present) for one in others],
            "found": [
                (one, one.pk in ticked, False)
                for one in _look_for(text, user, listed | set(present))
            ],
        },
    )


def _people_of(found: Gathering, user: User) -> list[Person]:
    """The people of the community who were alive on that day, in alphabetical order."""
    return list(
        Person.objects.visible_to(user)
        .filter(family__community=found.community_id, family__closed_on=None)
        .filter(Q(died_on=None) | Q(died_on__gte=found.held_on))
        .select_related("family__community")
        .order_by("search_key", "id")
    )


def _look_for(text: str, user: User, without: set[UUID]) -> list[Person]:
    if not text.strip():
        return []
    rows = Person.objects.visible_to(user).search(text).exclude(pk__in=without)
    return list(rows.alive().select_related("family__community")[:MOST_FOUND])


def _keys(texts: list[str]) -> set[UUID]:
    """The keys among what a form sent; what is none is nobody."""
    keys = set()
    for text in texts:
        try:
            keys.add(UUID(text))
        except ValueError:
            continue
    return keys


def _note_roll(request: HttpRequest, found: Gathering, form: RollForm) -> str:
    """Write what changed of the roll; return it in words."""
    user, told = actor_of(request), form.cleaned_data
    came, was = _keys(request.POST.getlist("came")), _keys(request.POST.getlist("was"))
    reason = told["reason"]
    added, struck = services.call_roll(
        actor=user,
        gathering=found,
        came=Person.objects.visible_to(user).filter(pk__in=came - was),
        struck=Person.objects.filter(attendances__gathering=found, pk__in=was - came),
        reason=reason,
    )
    if told["card"]:
        added += _note_card(user, found, told["card"])
    visitors = {
        name: told[name] or 0 for name in ("visiting_women", "visiting_men", "visiting_unknown")
    }
    if any(getattr(found, name) != value for name, value in visitors.items()):
        services.correct_gathering(
            actor=user, gathering=found, reason=reason or _("cuenta de visitas"), **visitors
        )
    said = ngettext("%(number)s persona anotada.", "%(number)s personas anotadas.", added) % {
        "number": added
    }
    if struck:
        said += " " + ngettext("%(number)s quitada.", "%(number)s quitadas.", struck) % {
            "number": struck
        }
    return said


def _note_card(user: User, found: Gathering, text: str) -> int:
    """Note the partner whose card was read.

    Raises:
        ValidationError: at the field, when it is no card, or none in force.
    """
    try:
        partner = partner_by_card(text)
    except ValidationError as refusal:
        raise ValidationError({"card": refusal}) from refusal
    if partner is None:
        raise refusal_at("card", _("Ese carné no está en vigor."), code="card_not_in_force")
    added, _struck = services.call_roll(
        actor=user, gathering=found, came=[partner.person], noted=Attendance.Noted.CARD
    )
    return added


@only(permissions.may_see_gatherings)
@require_safe
def sheet(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The list on paper: to be signed, or, with ``?llena``, of who came."""
    found, user = _gathering(request, pk), actor_of(request)
    is_filled = "llena" in request.GET
    if is_filled:
        people = [one.person for one in found.attendances.with_people()]
    else:
        people = _people_of(found, user)
    return render(
        request,
        "members/gathering_sheet.html",
        {
            "gathering": found,
            "people": people,
            "is_filled": is_filled,
            "blank": range(0 if is_filled else BLANK_LINES),
            "tally": Gathering.objects.filter(pk=found.pk).tallies()[found.pk],
        },
    )


# --- Photographs and papers ----------------------------------------------------------------------


def _file(request: HttpRequest, pk: UUID, number: int) -> GatheringFile:
    rows = GatheringFile.objects.visible_to(request.user).select_related("file", "gathering")
    return get_object_or_404(rows, gathering=pk, pk=number)


@only(permissions.may_record_gathering)
@form_page
def add_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A photograph, or the signed list."""
    found, user = _gathering(request, pk), actor_of(request)
    return act_page(
        request,
        GatheringFileForm(request.POST or None, request.FILES or None),
        lambda told: services.add_gathering_file(actor=user, gathering=found, **told),
        title=_("Añadir una fotografía o un documento"),
        lead=_("Pregunte antes de fotografiar. Quien no quiera salir, no sale."),
        button=_("Guardar el archivo"),
        back=found,
        done=lambda made: _("«%(caption)s» queda guardado.") % {"caption": made.caption},
        then=lambda made: found,
    )


@only(permissions.may_see_gatherings)
@require_safe
def file(request: HttpRequest, pk: UUID, number: int) -> HttpResponseBase:
    """Hand out a photograph or a paper."""
    kept = _file(request, pk, number)
    return file_response(
        request,
        kept.file,
        preview="grande" not in request.GET,
        download=not kept.file.is_image,
    )


@only(permissions.may_erase_gathering_files)
@form_page
def erase_file(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """Erase a photograph, because somebody on it wishes it."""
    kept, user = _file(request, pk, number), actor_of(request)
    if kept.file.is_erased:
        raise Http404

    def act(told: dict[str, Any]) -> GatheringFile:
        services.erase_gathering_file(actor=user, kept=kept, **told)
        return kept

    return act_page(
        request,
        ReasonForm(request.POST or None),
        act,
        title=_("Borrar «%(caption)s»") % {"caption": kept.caption},
        lead=_("Se borra para siempre. Queda anotado que lo hubo, y por qué se borró."),
        button=_("Borrar el archivo"),
        is_dangerous=True,
        back=kept.gathering,
        done=lambda made: _("«%(caption)s» queda borrado.") % {"caption": made.caption},
        then=lambda made: made.gathering,
    )


# --- The year -----------------------------------------------------------------------------------


@only(permissions.may_see_gatherings)
@require_safe
def summary(request: HttpRequest) -> HttpResponse:
    """A year of trainings and mingas: how many, who came, in which communities."""
    user, today = actor_of(request), timezone.localdate()
    year = _year_of(request.GET.get("anio", ""), today.year)
    visible = Gathering.objects.visible_to(user)
    held = visible.held().filter(held_on__year=year)
    tallies = held.tallies()
    by_community: dict[str, Tally] = {}
    addresses: dict[str, str] = {}
    list_url = reverse("members:gatherings")
    by_kind: dict[str, Tally] = {kind: Tally() for kind in Gathering.Kind.values}
    for one in held.with_names():
        name = one.community.name
        by_community[name] = by_community.get(name, Tally()) + tallies[one.pk]
        addresses[name] = f"{list_url}?{urlencode({'comunidad': one.community_id, 'anio': year})}"
        by_kind[one.kind] += tallies[one.pk]
    years = sorted({day.year for day in visible.held().dates("held_on", "year")} | {today.year})
    return render(
        request,
        "members/gathering_summary.html",
        {
            "year": str(year),  # as a name: no thousands are set apart in it
            "before": str(max((one for one in years if one < year), default="")),
            "after": str(min((one for one in years if one > year), default="")),
            "total": total_of(tallies.values()),
            "kinds": [(label, by_kind[kind]) for kind, label in Gathering.Kind.choices],
            "plots": [
                _attendance_plot(year, by_community, addresses),
                _months_plot(year, visible.per_month(year)),
            ],
        },
    )


def _year_of(text: str, this_year: int) -> int:
    """The year that an address asks for; this one when it is none."""
    asked = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else this_year
    return asked if EARLIEST_YEAR <= asked <= LATEST_YEAR else this_year


def _attendance_plot(year: int, tallies: dict[str, Tally], addresses: dict[str, str]) -> Bars:
    names = sorted(tallies, key=lambda name: (-tallies[name].total, name))
    rows = [tallies[name] for name in names]
    series = [
        Series(_("Mujeres"), [row.women for row in rows]),
        Series(_("Hombres"), [row.men for row in rows]),
        Series(_("No se sabe"), [row.unknown_sex for row in rows]),
    ]
    if any(row.other_sex for row in rows):
        series.insert(2, Series(_("Otro"), [row.other_sex for row in rows]))
    return Bars(
        key="attendance-by-community",
        title=_("Asistencia por comunidad"),
        label_heading=_("Comunidad"),
        labels=names,
        series=series,
        unit=_("asistencias"),
        as_of=_("Año %(year)s. Quien vino dos veces cuenta dos veces.") % {"year": year},
        links=[addresses[name] for name in names],
        with_total=True,
    )


def _months_plot(year: int, counts: dict[tuple[int, str], int]) -> Columns:
    return Columns(
        key="gatherings-by-month",
        title=_("Encuentros por mes"),
        label_heading=_("Mes"),
        labels=[MONTHS[month] for month in range(1, 13)],
        series=[
            Series(label, [counts.get((month, kind), 0) for month in range(1, 13)])
            for kind, label in (
                (Gathering.Kind.TRAINING, _("Capacitaciones")),
                (Gathering.Kind.MINGA, _("Mingas")),
            )
        ],
        unit=_("encuentros"),
        as_of=_("Año %(year)s") % {"year": year},
        with_total=True,
    )
