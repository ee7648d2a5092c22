"""The pages at /lotes/ajustes/: differences that were counted, and those on which another person
has to decide."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from harvests.forms.lots import DecisionForm
from harvests.models import StockAdjustment
from harvests.permissions import stock as permissions
from harvests.services import stock as services
from harvests.views import PAGE_SIZE
from harvests.wording import in_kilos
from kallari.acting import act_page
from kallari.doors import actor_of, form_page, only

WAITING, ALL = "esperan", "todos"


@only(permissions.may_see_adjustments)
@require_safe
def adjustments(request: HttpRequest) -> HttpResponse:
    """What waits for a second person, the oldest first; or all of them, the newest first."""
    user = actor_of(request)
    shows_all = request.GET.get("cuales") == ALL
    rows = StockAdjustment.objects.visible_to(user).select_related(
        "lot__form", "made_by", "decided_by"
    )
    rows = rows.order_by("-made_at", "-pk") if shows_all else rows.waiting().order_by("made_at")
    return render(
        request,
        "harvests/adjustments.html",
        {
            "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
            "shows_all": shows_all,
            "may_confirm": permissions.may_confirm_adjustments(user),
        },
    )


def _count(found: StockAdjustment) -> str:
    """What was counted, and what was on record then."""
    if found.counted_kg is None or found.had_kg is None:
        return ""
    return _(" (contó %(counted)s; había %(had)s)") % {
        "counted": in_kilos(found.counted_kg),
        "had": in_kilos(found.had_kg),
    }


@only(permissions.may_confirm_adjustments)
@form_page
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Another person agrees to a great difference, or refuses it."""
    user = actor_of(request)
    rows = StockAdjustment.objects.visible_to(user).select_related("lot__form", "lot__balance")
    found = get_object_or_404(rows, pk=pk)
    if found.status != StockAdjustment.Status.WAITING:
        raise Http404
    form = DecisionForm(request.POST or None)
    return act_page(
        request,
        form,
        lambda _told: services.decide_adjustment(actor=user, adjustment=found, **form.told),
        title=_("Decidir el ajuste de %(code)s") % {"code": found.lot.code},
        lead=_(
            "%(what)s: %(kg)s%(count)s, anotado por %(who)s. Motivo: «%(reason)s». En registro"
            " quedan %(left)s."
        )
        % {
            "what": found.get_kind_display().capitalize(),
            "kg": in_kilos(found.kg),
            "count": _count(found),
            "who": found.made_by or _("nadie"),
            "reason": found.reason,
            "left": in_kilos(found.lot.balance.kg),
        },
        button=_("Guardar la decisión"),
        back=reverse("harvests:adjustments"),
        back_label=_("Ajustes"),
        done=lambda made: (
            _("Aplicado: el saldo de %(code)s ya cambió.") % {"code": found.lot.code}
            if made.status == StockAdjustment.Status.APPLIED
            else _("Rechazado: el saldo de %(code)s queda como estaba.") % {"code": found.lot.code}
        ),
        then=lambda _made: reverse("harvests:adjustments"),
    )
