"""The pages of partners' cards: issued, revoked, printed one by one or ten on a sheet."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from kallari.doors import actor_of, form_page, only
from kallari.forms import written
from members.forms.cards import CardFilterForm, RevokeCardForm
from members.models import Community, Partner, PartnerCard
from members.permissions.cards import may_issue_cards
from members.services import cards as services

PER_SHEET = 10
"""Cards on a sheet of A4: two columns of five."""
COLUMNS = 2


def _partner(request: HttpRequest, pk: UUID) -> Partner:
    rows = Partner.objects.visible_to(request.user).with_standing().with_people()
    return get_object_or_404(rows, pk=pk)


def _card(partner: Partner) -> PartnerCard | None:
    """The card in force, knowing its partner without asking again."""
    found = PartnerCard.objects.in_force().filter(partner=partner).first()
    if found is not None:
        found.partner = partner
    return found


@only(may_issue_cards)
@require_safe
def card(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A partner's card, front and back; printed on paper of its own size."""
    found = _partner(request, pk)
    context = {
        "partner": found,
        "card": _card(found),
        "earlier": found.cards.exclude(revoked_on=None),
    }
    return render(request, "members/partner_card.html", context)


@only(may_issue_cards)
@require_POST
def issue(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Issue a partner's card."""
    found = _partner(request, pk)
    try:
        services.issue_card(actor=actor_of(request), partner=found)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(
            request,
            _("El carné de %(name)s queda emitido. Imprímalo y entréguelo.")
            % {"name": found.person.name},
        )
    return redirect("members:partner_card", pk=found.pk)


@only(may_issue_cards)
@form_page
def revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A card was lost or is worn out: it opens nothing any more, and another takes its place."""
    found = _partner(request, pk)
    in_force = _card(found)
    if in_force is None:
        messages.warning(
            request, _("%(name)s no tiene carné que anular.") % {"name": found.person.name}
        )
        return redirect("members:partner_card", pk=found.pk)
    form = RevokeCardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        another = form.cleaned_data["another"]
        act = services.replace_card if another else services.revoke_card
        if written(form, lambda: act(actor=actor_of(request), card=in_force, reason=reason)):
            done = (
                _("El carné anterior de %(name)s ya no vale. Imprima y entregue el nuevo.")
                if another
                else _("El carné de %(name)s ya no vale.")
            )
            messages.success(request, done % {"name": found.person.name})
            return redirect("members:partner_card", pk=found.pk)
    return render(request, "members/partner_card_revoke.html", {"form": form, "partner": found})


@only(may_issue_cards)
@form_page
def cards(request: HttpRequest) -> HttpResponse:
    """The cards of a community: who has one; those that are missing are issued at once."""
    form, community, rows = _of_community(request)
    if request.method == "POST" and community is not None:
        made = services.issue_missing_cards(actor=actor_of(request), partners=rows)
        messages.success(
            request,
            ngettext(
                "Se emitió %(number)s carné de %(community)s. Imprima ahora las hojas.",
                "Se emitieron %(number)s carnés de %(community)s. Imprima ahora las hojas.",
                len(made),
            )
            % {"number": len(made), "community": community},
        )
        query = urlencode({"comunidad": community.pk})
        return redirect(f"{reverse('members:partner_cards')}?{query}")
    in_force = _in_force(rows)
    context = {
        "form": form,
        "community": community,
        "rows": [(row, in_force.get(row.pk)) for row in rows],
        "missing": sum(row.pk not in in_force for row in rows),
        "unphotographed": sum(row.person.photograph_id is None for row in rows),
        "printable": len(in_force),
    }
    status = 200 if form.is_valid() else 400
    return render(request, "members/partner_cards.html", context, status=status)


@only(may_issue_cards)
@require_safe
def sheets(request: HttpRequest) -> HttpResponse:
    """The cards of a community, ten on a sheet of A4, each sheet followed by its backs in the
    order in which they fall when the paper is turned over its long edge."""
    form, community, rows = _of_community(request)
    in_force = _in_force(rows)
    printed = [in_force[row.pk] for row in rows if row.pk in in_force]
    pages = [printed[at : at + PER_SHEET] for at in range(0, len(printed), PER_SHEET)]
    context = {
        "form": form,
        "community": community,
        "number": len(printed),
        "sheets": [(page, _turned(page)) for page in pages],
    }
    return render(request, "members/partner_card_sheets.html", context)


def _of_community(
    request: HttpRequest,
) -> tuple[CardFilterForm, Community | None, list[Partner]]:
    """What is asked for, and the registered partners of that community by number."""
    communities = Community.objects.visible_to(request.user)
    form = CardFilterForm(request.GET, communities=communities)
    community: Community | None = form.cleaned_data["comunidad"] if form.is_valid() else None
    if community is None:
        return form, None, []
    rows = Partner.objects.visible_to(request.user).members().filter(family__community=community)
    return form, community, list(rows.with_standing().with_people().order_by("number"))


def _in_force(rows: list[Partner]) -> dict[UUID, PartnerCard]:
    """The cards in force by partner, each knowing its partner without asking again."""
    partners = {row.pk: row for row in rows}
    found = {
        card.partner_id: card for card in PartnerCard.objects.in_force().filter(partner__in=rows)
    }
    for pk, card in found.items():
        card.partner = partners[pk]
    return found


def _turned(page: list[PartnerCard]) -> list[PartnerCard | None]:
    """The backs of a sheet: in each row the columns change places."""
    places: list[Any] = [*page, *[None] * (-len(page) % COLUMNS)]
    return [
        places[at + COLUMNS - 1 - column]
        for at in range(0, len(places), COLUMNS)
        for column in range(COLUMNS)
    ]
