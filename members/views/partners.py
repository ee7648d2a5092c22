"""The pages at /socios/: the register, one membership, and what happens in its life."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kallari.acting import carried_out
from kallari.doors import actor_of, form_page, only
from kallari.files.responses import file_response
from kallari.files.services import store_document
from kallari.forms import written
from kallari.history.newest import newest_changes
from members.cards import read_code
from members.forms.partners import (
    ApplyForm,
    CorrectPartnerForm,
    DeathForm,
    EndApplicationForm,
    LeaveForm,
    PartnerFilterForm,
    PersonSearchForm,
    RegisterForm,
    ReinstateForm,
    SuccessionForm,
    SuspendForm,
    TradeEvidenceForm,
)
from members.models import (
    MEMBERS,
    Community,
    Partner,
    PartnerCard,
    Person,
    Standing,
    TradeEvidence,
)
from members.permissions import cards as card_permissions
from members.permissions import people as permissions
from members.querysets.partners import PartnerQuerySet
from members.services import partners as services
from members.services.locks import next_number
from members.services.requirements import requirements
from members.views import PAGE_SIZE
from members.views.finding import MOST_FOUND, address_of, is_identity_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from kallari.accounts.models import User

FOUND_PEOPLE = 20
"""How many people a search offers; more of them ask for more letters."""
WAITING_SHOWN = 5


def _partner(request: HttpRequest, pk: UUID) -> Partner:
    rows = Partner.objects.visible_to(request.user).with_standing().with_people()
    return get_object_or_404(rows.select_related("succeeds__person"), pk=pk)


# --- The register -----------------------------------------------------------------------------


@only(permissions.may_see_partners)
@form_page
def partners(request: HttpRequest) -> HttpResponse:
    """The register of a day: who is a partner, who asks to be, who no longer is.

    The search box is sent by POST (see `members.views.finding`): a cédula or a card that was
    scanned is answered at once and never stands in an address; all else does.
    """
    data = request.POST if request.method == "POST" else request.GET
    form = PartnerFilterForm(
        data,
        communities=Community.objects.visible_to(request.user),
        by_cedula=permissions.may_identify(request.user),
    )
    if request.method != "POST":
        return _list(request, form)
    list_url = reverse("members:partners")
    typed = data.get("buscar", "")
    if is_identity_number(typed):
        found = _by_cedula(request, typed)
        warning = _not_found_by_cedula(request)
    elif (code := _card_code(request, typed)) is not None:
        cards = PartnerCard.objects.visible_to(request.user).filter(code=code)
        found = list(cards.values_list("partner", flat=True))
        warning = _("Ese código se leyó bien, pero no es de ningún carné.")
    else:
        return redirect(address_of(form, list_url))
    if len(found) == 1:
        return redirect("members:partner", found[0])
    if found:
        return _list(request, form, found)
    messages.warning(request, warning)
    return redirect(address_of(form, list_url, without=("buscar",)))


def _by_cedula(request: HttpRequest, typed: str) -> list[UUID]:
    people = Person.objects.find(typed, by_cedula=permissions.may_identify(request.user))
    rows = Partner.objects.visible_to(request.user).filter(person__in=people.order_by())
    return list(rows.values_list("pk", flat=True)[:MOST_FOUND])


def _not_found_by_cedula(request: HttpRequest) -> str:
    """What is said when a cédula leads nowhere; the cédula itself is not repeated."""
    if permissions.may_identify(request.user):
        return _("No hay socia, socio ni aspirante con esa cédula entre quienes usted ve.")
    return _("Con su cuenta no se busca por cédula. Escriba el nombre.")


def _card_code(request: HttpRequest, typed: str) -> str | None:
    """The code of a card that was scanned into the search box."""
    if not card_permissions.may_see_cards(request.user):
        return None
    try:
        return read_code(typed)
    except ValidationError:
        return None


def _list(
    request: HttpRequest, form: PartnerFilterForm, found: list[UUID] | None = None
) -> HttpResponse:
    told: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    day = told.get("al") or timezone.localdate()
    state = told.get("estado") or form.MEMBERS
    seen = Partner.objects.visible_to(request.user)
    if found is None:
        text = told.get("buscar", "")
        rows = _of_state(seen, state, day).find(text, by_cedula=False)
    else:
        text, state = "", form.ALL
        rows = seen.filter(pk__in=found)
    if told.get("comunidad"):
        rows = rows.filter(family__community=told["comunidad"])
    if told.get("sexo"):
        rows = rows.filter(person__sex=told["sexo"])
    by_name = told.get("orden") == form.BY_NAME
    ordering = ("person__search_key", "pk") if by_name else _BY_NUMBER
    listed = rows.with_standing(day).with_people().order_by(*ordering)
    page = Paginator(listed, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = [(one, Standing(one.standing) if one.standing else None) for one in page]
    filtered = state != form.MEMBERS or any(
        told.get(name) for name in ("buscar", "comunidad", "sexo", "al")
    )
    context: dict[str, Any] = {
        "form": form,
        "page": page,
        "rows": shown,
        "text": text,
        "community": told.get("comunidad"),
        "sex": dict(Person.Sex.choices).get(told.get("sexo", "")),
        "state": state,
        "states_shown": state not in {form.MEMBERS, Standing.APPLICANT},
        "as_of": told.get("al"),
        "by_name": by_name,
        "filtered": filtered,
        "may_propose": permissions.may_propose_partner(request.user),
        "may_issue_cards": card_permissions.may_issue_cards(request.user),
        "may_see_legal_list": permissions.may_see_legal_list(request.user),
    }
    if not filtered and page.number == 1 and permissions.may_decide_on_partners(request.user):
        waiting = seen.applicants().with_people().order_by("applied_on", "pk")
        context["waiting"] = list(waiting[: WAITING_SHOWN + 1])
        context["waiting_shown"] = WAITING_SHOWN
    return render(request, "members/partners.html", context, status=200 if form.is_valid() else 400)


_BY_NUMBER = (models.F("number").asc(nulls_last=True), "applied_on", "pk")


def _of_state(rows: PartnerQuerySet, state: str, day: date) -> PartnerQuerySet:
    """Those who on a day were what the filter says."""
    if state == PartnerFilterForm.MEMBERS:
        return rows.members_on(day)
    if state == Standing.APPLICANT:
        return rows.applicants_on(day)
    if state == PartnerFilterForm.ALL:
        return rows.filter(applied_on__lte=day)
    if state in MEMBERS:
        return rows.members_on(day).suspended_on(day, yes=state == Standing.SUSPENDED)
    return rows.filter(ended_on__lte=day, ended_how=state)


# --- One membership ---------------------------------------------------------------------------


@only(permissions.may_see_partners)
@require_safe
def partner(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One membership: its standing, its dates, what shows that it is in order, and what can
    be done about it."""
    found = _partner(request, pk)
    standing = found.standing_today
    identify = permissions.may_identify(request.user)
    sees_papers = request.user.has_perm("members.view_tradeevidence")
    may_decide = permissions.may_decide_on_partners(request.user)
    successor = (
        Partner.objects.visible_to(request.user).select_related("person").filter(succeeds=found)
    ).first()
    context: dict[str, Any] = {
        "partner": found,
        "newest": newest_changes(request.user, found),
        "standing": standing,
        "identify": identify,
        "age": found.person.age_on(timezone.localdate()) if identify else None,
        "suspensions": found.suspensions.all(),
        "successor": successor,
        "sees_papers": sees_papers,
        "may_decide": may_decide,
        "may_propose": permissions.may_propose_partner(request.user),
        "is_member": standing in MEMBERS,
        "may_succeed": may_decide and successor is None and _leaves_a_place(found),
    }
    if sees_papers:
        context["papers"] = TradeEvidence.objects.visible_to(request.user).filter(
            family=found.family_id
        )
        if identify and standing == Standing.APPLICANT:
            context["requirements"] = requirements(found, timezone.localdate())
    if card_permissions.may_see_cards(request.user):
        shown = PartnerCard.objects.visible_to(request.user).filter(partner=found)
        context["cards"] = list(shown)
        context["sees_cards"] = True
        context["may_issue_cards"] = card_permissions.may_issue_cards(request.user)
    return render(request, "members/partner.html", context)


def _leaves_a_place(partner: Partner) -> bool:
    """Whether somebody of the family may be registered in the place of this former partner."""
    if partner.registered_on is None or partner.ended_on is None:
        return False
    others = Partner.objects.filter(family=partner.family_id, registered_on__isnull=False)
    return partner.family.is_open and not others.filter(ended_on=None).exists()


@only(permissions.may_see_partners)
@require_safe
def photograph(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """A partner's photograph, reduced."""
    rows = Partner.objects.visible_to(request.user).select_related("person__photograph")
    found = get_object_or_404(rows, pk=pk)
    return file_response(request, found.person.photograph, preview="grande" not in request.GET)


def _may_see_papers(user: User) -> bool:
    return user.has_perm("members.view_tradeevidence")


@only(_may_see_papers)
@require_safe
def paper(request: HttpRequest, pk: UUID, paper: int) -> HttpResponseBase:
    """The copy of a paper of earlier trade."""
    found = _partner(request, pk)
    rows = TradeEvidence.objects.visible_to(request.user).filter(family=found.family_id)
    evidence = get_object_or_404(rows.select_related("document"), pk=paper)
    stored = evidence.document
    return file_response(request, stored, download=stored is not None and not stored.is_image)


# --- The application --------------------------------------------------------------------------


@only(permissions.may_propose_partner)
@form_page
def apply(request: HttpRequest) -> HttpResponse:
    """Somebody asks to become a partner: first who, then when."""
    if "persona" not in request.GET:
        return _choose_person(request)
    try:
        chosen = UUID(request.GET["persona"])
    except ValueError:
        return _choose_person(request)
    people = Person.objects.visible_to(request.user).select_related("family__community")
    person = get_object_or_404(people, pk=chosen)
    form = ApplyForm(request.POST or None)
    return carried_out(
        request,
        form,
        lambda told: services.apply_for_partnership(actor=actor_of(request), person=person, **told),
        done=lambda _made: (
            _(
                "Queda anotada la solicitud de %(name)s. Vea aquí qué le falta para "
                "entrar en el registro."
            )
            % {"name": person.name}
        ),
    ) or render(request, "members/partner_apply.html", {"form": form, "person": person})


def _choose_person(request: HttpRequest) -> HttpResponse:
    """Search for whoever asks to become a partner; a cédula never stands in the address."""
    by_cedula = permissions.may_identify(request.user)
    data = request.POST if request.method == "POST" else request.GET
    form = PersonSearchForm(data, by_cedula=by_cedula)
    text = form.cleaned_data["buscar"].strip() if form.is_valid() else ""
    if request.method == "POST" and not is_identity_number(text):
        return redirect(address_of(form, reverse("members:partner_apply")))
    found: list[Person] = []
    if text:
        live = Partner.objects.filter(person=models.OuterRef("pk"), ended_on=None)
        people = Person.objects.visible_to(request.user).alive().filter(family__closed_on=None)
        people = people.find(text, by_cedula=by_cedula and request.method == "POST")
        people = people.select_related("family__community")
        found = list(people.annotate(is_taken=models.Exists(live))[: FOUND_PEOPLE + 1])
    context = {
        "form": form,
        "text": text,
        "found": found[:FOUND_PEOPLE],
        "more": len(found) > FOUND_PEOPLE,
        "identify": by_cedula,
    }
    return render(request, "members/partner_choose.html", context)


def _may_add_papers(user: User) -> bool:
    return user.has_perm("members.add_tradeevidence")


@only(_may_add_papers)
@form_page
def add_paper(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Attach a paper of trade before this system, with its copy."""
    found = _partner(request, pk)
    form = TradeEvidenceForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        upload = told.pop("document")

        def act() -> TradeEvidence:
            document = store_document(actor=actor_of(request), upload=upload)
            return services.add_trade_evidence(
                actor=actor_of(request), family=found.family, document=document, **told
            )

        if (made := written(form, act)) is not None:
            messages.success(
                request,
                _("Queda adjunto «%(reference)s» de la familia %(family)s.")
                % {"reference": made.reference, "family": found.family},
            )
            return redirect(found)
    return _form(request, "members/partner_paper.html", form, found)


@only(permissions.may_decide_on_partners)
@form_page
def register(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Admit an applicant: what is met and what is not stands above the form."""
    found = _partner(request, pk)
    if found.registered_on is not None or found.ended_on is not None:
        return _too_late(request, found, _("%(name)s ya no es aspirante."))
    form = RegisterForm(request.POST or None, proposed=next_number(Partner))
    day = timezone.localdate()
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        day = told["registered_on"]
        made = written(
            form, lambda: services.register_partner(actor=actor_of(request), partner=found, **told)
        )
        if made is not None:
            messages.success(
                request,
                _(
                    "%(name)s queda en el registro con el número %(number)s. "
                    "Ahora puede emitir su carné."
                )
                % {"name": found.person.name, "number": made.number},
            )
            return redirect(found)
    asked = requirements(found, day)
    return _form(
        request,
        "members/partner_register.html",
        form,
        found,
        requirements=asked,
        day=day,
        all_met=all(one.met for one in asked),
    )


@only(permissions.may_decide_on_partners)
@form_page
def end_application(request: HttpRequest, pk: UUID) -> HttpResponse:
    """An application is withdrawn or not admitted."""
    found = _partner(request, pk)
    if found.registered_on is not None or found.ended_on is not None:
        return _too_late(request, found, _("%(name)s ya no es aspirante."))
    form = EndApplicationForm(request.POST or None)

    def act(told: dict[str, Any]) -> Partner:
        return services.end_application(
            actor=actor_of(request), partner=found, how=told.pop("ended_how"), **told
        )

    return _one_act(
        request,
        "members/partner_end_application.html",
        form,
        found,
        act,
        _("La solicitud de %(name)s queda cerrada. Puede presentar otra cuando quiera."),
    )


# --- The membership ---------------------------------------------------------------------------


@only(permissions.may_decide_on_partners)
@form_page
def suspend(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Suspend a registered partner, by resolution."""
    found = _partner(request, pk)
    if found.standing_today != Standing.REGISTERED:
        return _too_late(request, found, _("%(name)s no está en registro activo."))
    return _one_act(
        request,
        "members/partner_suspend.html",
        SuspendForm(request.POST or None),
        found,
        lambda told: services.suspend_partner(actor=actor_of(request), partner=found, **told),
        _("%(name)s, número %(number)s, queda en suspensión."),
    )


@only(permissions.may_decide_on_partners)
@form_page
def reinstate(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a suspension, by resolution."""
    found = _partner(request, pk)
    if found.standing_today != Standing.SUSPENDED:
        return _too_late(request, found, _("%(name)s no está en suspensión."))
    return _one_act(
        request,
        "members/partner_reinstate.html",
        ReinstateForm(request.POST or None),
        found,
        lambda told: services.reinstate_partner(actor=actor_of(request), partner=found, **told),
        _("%(name)s, número %(number)s, vuelve al registro activo."),
    )


@only(permissions.may_decide_on_partners)
@form_page
def leave(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A registered partner leaves, or is expelled by resolution."""
    found = _partner(request, pk)
    if not found.is_member:
        return _too_late(request, found, _("%(name)s no está en el registro."))

    def act(told: dict[str, Any]) -> Partner:
        return services.end_partnership(
            actor=actor_of(request), partner=found, how=told.pop("ended_how"), **told
        )

    return _one_act(
        request,
        "members/partner_leave.html",
        LeaveForm(request.POST or None),
        found,
        act,
        _(
            "%(name)s, número %(number)s, sale del registro. Si alguien de la familia ocupa su "
            "lugar, anote la sucesión."
        ),
    )


@only(permissions.may_decide_on_partners)
@form_page
def death(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A partner or applicant has died."""
    found = _partner(request, pk)
    if not found.person.is_alive:
        return _too_late(request, found, _("Ya consta el fallecimiento de %(name)s."))
    return _one_act(
        request,
        "members/partner_death.html",
        DeathForm(request.POST or None),
        found,
        lambda told: services.record_death(actor=actor_of(request), person=found.person, **told),
        _(
            "Consta el fallecimiento de %(name)s. Si alguien de la familia ocupa su lugar, "
            "anote la sucesión."
        ),
    )


@only(permissions.may_decide_on_partners)
@form_page
def succeed(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Somebody of the family takes the place of a partner who died or left."""
    found = _partner(request, pk)
    if not _leaves_a_place(found) or Partner.objects.filter(succeeds=found).exists():
        return _too_late(request, found, _("El lugar de %(name)s no está libre."))
    people = Person.objects.visible_to(request.user).alive().filter(family=found.family_id)
    people = people.exclude(pk=found.person_id)
    form = SuccessionForm(request.POST or None, people=people)
    return carried_out(
        request,
        form,
        lambda told: services.succeed_partner(actor=actor_of(request), former=found, **told),
        done=lambda made: (
            _(
                "%(name)s ocupa el lugar de %(former)s con el número %(number)s. "
                "Ahora puede emitir su carné."
            )
            % {
                "name": form.cleaned_data["successor"].name,
                "former": found.person.name,
                "number": made.number,
            }
        ),
    ) or _form(request, "members/partner_succeed.html", form, found, people=people)


@only(permissions.may_decide_on_partners)
@form_page
def correct(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Correct a date, number or resolution that was written wrongly."""
    found = _partner(request, pk)
    return _one_act(
        request,
        "members/partner_correct.html",
        CorrectPartnerForm(request.POST or None, partner=found),
        found,
        lambda told: services.correct_partner(actor=actor_of(request), partner=found, **told),
        _("Los datos de %(name)s quedan corregidos. Las listas de días pasados los siguen."),
    )


def _one_act(
    request: HttpRequest,
    template: str,
    form: BaseForm,
    found: Partner,
    act: Callable[[dict[str, Any]], Any],
    done: str,
) -> HttpResponse:
    return carried_out(
        request,
        form,
        act,
        done=lambda _made: done % {"name": found.person.name, "number": found.number},
        then=lambda _made: found,
    ) or _form(request, template, form, found)


def _too_late(request: HttpRequest, found: Partner, why: str) -> HttpResponse:
    """The membership is no longer what the page is for: say so where it is shown."""
    messages.warning(request, why % {"name": found.person.name})
    return redirect(found)


def _form(
    request: HttpRequest, template: str, form: BaseForm, found: Partner, **context: Any
) -> HttpResponse:
    return render(request, template, {"form": form, "partner": found, **context})
