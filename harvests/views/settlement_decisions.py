"""Deciding on settlements: approved by another person than who made them, discarded, reversed."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from harvests.forms.settlements import ApproveManyForm, ConfirmForm
from harvests.models import Settlement
from harvests.permissions import settlements as permissions
from harvests.services import settlements as services
from harvests.views.settlements import lines_of, settlement_of
from harvests.wording import in_usd
from kallari.acting import act_page
from kallari.doors import actor_of, form_page, only
from kallari.forms import written
from members.forms.community_life import ReasonForm

APPROVED_AT_ONCE = 200
"""Drafts on the page where several are approved."""


@only(permissions.may_approve)
@form_page
def approve(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Stand for a settlement that somebody else made."""
    found, user = settlement_of(request, pk), actor_of(request)
    return act_page(
        request,
        ConfirmForm(request.POST or None),
        lambda told: services.approve_settlement(actor=user, settlement=found, **told),
        title=_("Aprobar la liquidación %(code)s") % {"code": found.code},
        lead=_("%(family)s: %(usd)s. La hizo %(author)s. Después se paga, y ya no cambia.")
        % {"family": found.family, "usd": in_usd(found.total_usd), "author": found.author},
        button=_("Aprobar la liquidación"),
        back=found,
        back_label=found.code,
        done=lambda made: _("La liquidación %(code)s queda aprobada.") % {"code": made.code},
        template="harvests/settlement_approve.html",
        settlement=found,
        **lines_of(found),
    )


@only(permissions.may_approve)
@form_page
def approve_many(request: HttpRequest) -> HttpResponse:
    """Stand for several settlements that somebody else made."""
    user = actor_of(request)
    form = ApproveManyForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        done = written(
            form,
            lambda: services.approve_settlements(
                actor=user, settlements=form.cleaned_data["settlement"]
            ),
        )
        if done is not None:
            approved, left = done
            messages.success(request, _what_was_approved(approved, left))
            return redirect("harvests:settlements")
    drafts = Settlement.objects.visible_to(user).drafts().with_names()
    others = drafts.exclude(author=user).order_by("family__community__search_key", "number")
    rows = list(others[:APPROVED_AT_ONCE])
    return render(
        request,
        "harvests/settlements_approve.html",
        {
            "form": form,
            "rows": rows,
            "number": others.count(),
            "total": sum(one.total_usd for one in rows),
            "own": drafts.filter(author=user).count(),
        },
    )


def _what_was_approved(approved: list[Settlement], left: list[Settlement]) -> str:
    total = sum((one.total_usd for one in approved), Decimal(0))
    said = ngettext(
        "Una liquidación aprobada, por %(usd)s.",
        "%(number)s liquidaciones aprobadas, por %(usd)s.",
        len(approved),
    ) % {"number": len(approved), "usd": in_usd(total)}
    if not left:
        return said
    return "{} {}".format(
        said,
        _("Quedan por revisar: %(codes)s (propias, o con una entrega corregida después).")
        % {"codes": ", ".join(one.code for one in left)},
    )


@only(permissions.may_discard)
@form_page
def discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A draft was made by mistake."""
    found, user = settlement_of(request, pk), actor_of(request)
    return act_page(
        request,
        ReasonForm(request.POST or None),
        lambda told: services.discard_settlement(actor=user, settlement=found, **told),
        title=_("Descartar la liquidación %(code)s") % {"code": found.code},
        lead=_("Lo que está en ella se puede liquidar otra vez. El número queda, sin valor."),
        button=_("Descartar la liquidación"),
        is_dangerous=True,
        back=found,
        back_label=found.code,
        done=lambda made: _("La liquidación %(code)s queda descartada.") % {"code": made.code},
    )


@only(permissions.may_approve)
@form_page
def reverse_(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Undo an approved settlement of which nothing was paid."""
    found, user = settlement_of(request, pk), actor_of(request)
    return act_page(
        request,
        ReasonForm(request.POST or None),
        lambda told: services.reverse_settlement(actor=user, settlement=found, **told),
        title=_("Revertir la liquidación %(code)s") % {"code": found.code},
        lead=_(
            "Se escribe otra con los mismos valores en contra, y lo que está en ella se puede"
            " liquidar de nuevo. La primera queda como se aprobó."
        ),
        button=_("Revertir la liquidación"),
        is_dangerous=True,
        back=found,
        back_label=found.code,
        done=lambda made: (
            _("La liquidación %(code)s queda revertida por la %(reversal)s.")
            % {"code": found.code, "reversal": made.code}
        ),
    )
