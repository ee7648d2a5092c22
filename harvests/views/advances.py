"""The pages at /anticipos/."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import F, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from harvests.forms.advances import AdvanceFilterForm, AdvanceForm
from harvests.models import Advance
from harvests.permissions import advances as permissions
from harvests.permissions import settlements as settlement_permissions
from harvests.services import advances as services
from harvests.views import PAGE_SIZE
from kallari.acting import act_page
from kallari.doors import actor_of, form_page, only
from kallari.history.newest import newest_changes
from members.forms.community_life import ReasonForm
from members.views.choosing import chosen_family, family_choice


def _advance(request: HttpRequest, pk: UUID) -> Advance:
    rows = Advance.objects.visible_to(request.user).with_names().with_taken()
    return get_object_or_404(rows.select_related("cash_movement__session__box"), pk=pk)


@only(permissions.may_see_advances)
@require_safe
def advances(request: HttpRequest) -> HttpResponse:
    """What was given in advance, the newest first."""
    user = actor_of(request)
    form = AdvanceFilterForm(request.GET, user=user)
    told = form.cleaned_data if form.is_valid() else {}
    rows = Advance.objects.visible_to(user).with_names().with_taken()
    rows = rows.exclude(voided_on=None) if told.get("estado") == form.VOIDED else rows.valid()
    if told.get("comunidad"):
        rows = rows.filter(family__community=told["comunidad"])
    if told.get("anio"):
        rows = rows.filter(given_on__year=told["anio"])
    rows = rows.find(told.get("buscar", ""))
    return render(
        request,
        "harvests/advances.html",
        {
            "form": form,
            "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
            "total": rows.aggregate(sum=Sum("amount_usd"))["sum"],
            "left": rows.valid().aggregate(sum=Sum(F("amount_usd") - F("taken_usd")))["sum"],
            "is_filtered": any(told.values()),
            "may_give": permissions.may_give_advances(user),
        },
        status=200 if form.is_valid() else 400,
    )


@only(permissions.may_see_advances)
@require_safe
def advance(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One advance: the receipt, to be printed and signed."""
    found, user = _advance(request, pk), actor_of(request)
    return render(
        request,
        "harvests/advance.html",
        {
            "advance": found,
            "may_settle": settlement_permissions.may_settle(user),
            "may_see_statement": settlement_permissions.may_see_settlements(user),
            "may_void": permissions.may_void_advances(user) and not found.taken_usd,
            "lines": found.lines.counting().select_related("settlement").order_by("pk"),
            "newest": newest_changes(user, found),
        },
    )


@only(permissions.may_give_advances)
@require_safe
def choose_family(request: HttpRequest) -> HttpResponse:
    """To whom."""
    return family_choice(
        request,
        heading=_("¿A qué familia se da el anticipo?"),
        then="harvests:advance_give",
        back=reverse("harvests:advances"),
        back_label=_("Anticipos"),
    )


@only(permissions.may_give_advances)
@form_page
def give(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give a family money in advance, or inputs on credit."""
    family, user = chosen_family(request, pk), actor_of(request)
    return act_page(
        request,
        AdvanceForm(request.POST or None, user=user, family=family),
        lambda told: services.give_advance(actor=user, family=family, **told),
        title=_("Dar un anticipo a %(family)s") % {"family": family},
        lead=_(
            "%(community)s. Se descuenta de lo que se le deba. Después se imprime el recibo para"
            " firmar."
        )
        % {"community": family.community},
        button=_("Registrar el anticipo"),
        back=reverse("harvests:advances"),
        back_label=_("Anticipos"),
        done=lambda made: (
            _("Anticipo %(code)s registrado: imprima el recibo.") % {"code": made.code}
        ),
    )


@only(permissions.may_void_advances)
@form_page
def void(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A receipt was written by mistake."""
    found, user = _advance(request, pk), actor_of(request)
    return act_page(
        request,
        ReasonForm(request.POST or None),
        lambda told: services.void_advance(actor=user, advance=found, **told),
        title=_("Anular el anticipo %(code)s") % {"code": found.code},
        lead=_("Deja de contarse. El recibo queda, marcado como anulado."),
        button=_("Anular el anticipo"),
        is_dangerous=True,
        back=found,
        back_label=found.code,
        done=lambda made: _("El anticipo %(code)s queda anulado.") % {"code": made.code},
    )
