"""The pages at /insumos/."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Sum
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
    InputCorrectionForm,
    InputFilterForm,
    InputForm,
    InputKindCorrectionForm,
    InputKindForm,
    ReasonForm,
)
from members.forms.lists import EARLIEST_YEAR, LATEST_YEAR
from members.models import InputDistribution, InputKind
from members.permissions import community_life as permissions
from members.rules import INPUT_RECORD_YEARS
from members.services import inputs as services
from members.views import PAGE_SIZE
from members.views.choosing import chosen_family, family_choice


def _input(request: HttpRequest, pk: UUID) -> InputDistribution:
    rows = InputDistribution.objects.visible_to(request.user).with_names()
    return get_object_or_404(rows.select_related("gathering"), pk=pk)


@only(permissions.may_see_inputs)
@require_safe
def inputs(request: HttpRequest) -> HttpResponse:
    """What was handed out, the newest first."""
    user = actor_of(request)
    form = InputFilterForm(request.GET, user=user)
    rows = InputDistribution.objects.visible_to(user).with_names()
    told = form.cleaned_data if form.is_valid() else {}
    state = told.get("estado") or form.VALID
    rows = rows.exclude(voided_on=None) if state == form.VOIDED else rows.valid()
    if state == form.NOT_ORGANIC:
        rows = rows.filter(was_organic=False)
    if told.get("insumo"):
        rows = rows.filter(kind=told["insumo"])
    if told.get("comunidad"):
        rows = rows.filter(family__community=told["comunidad"])
    if told.get("anio"):
        rows = rows.filter(handed_on__year=told["anio"])
    rows = rows.find(told.get("buscar", ""))
    may_see_values = permissions.may_see_input_values(user)
    return render(
        request,
        "members/inputs.html",
        {
            "form": form,
            "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
            "is_filtered": any(told.values()),
            "may_see_values": may_see_values,
            "value": rows.aggregate(sum=Sum("value_usd"))["sum"] if may_see_values else None,
            "may_add": permissions.may_hand_out_inputs(user),
            "may_see_allies": permissions.may_see_allies(user),
        },
        status=200 if form.is_valid() else 400,
    )


@only(permissions.may_see_inputs)
@require_safe
def given(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One handing out: the receipt, to be printed and signed."""
    found, user = _input(request, pk), actor_of(request)
    may_see_allies = permissions.may_see_allies(user)
    return render(
        request,
        "members/input.html",
        {
            "given": found,
            "may_see_values": permissions.may_see_input_values(user),
            "may_change": permissions.may_change_inputs(user),
            "may_see_allies": may_see_allies,
            "uses": list(found.paid_by.with_names()) if may_see_allies else [],
            "newest": newest_changes(user, found),
        },
    )


@only(permissions.may_hand_out_inputs)
@require_safe
def choose_family(request: HttpRequest) -> HttpResponse:
    """To whom."""
    return family_choice(
        request,
        title=_("Registrar entrega de insumos"),
        heading=_("¿A qué familia se entrega?"),
        then="members:input_hand_out",
        back=reverse("members:inputs"),
        back_label=_("Insumos entregados"),
    )


@only(permissions.may_hand_out_inputs)
@form_page
def hand_out(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Hand something to a family."""
    family, user = chosen_family(request, pk), actor_of(request)
    return act_page(
        request,
        InputForm(request.POST or None, user=user, family=family),
        lambda told: services.hand_out_input(actor=user, family=family, **told),
        title=_("Entregar insumos a %(family)s") % {"family": family},
        lead=_("%(community)s. Después se imprime el recibo para firmar.")
        % {"community": family.community},
        button=_("Registrar la entrega"),
        back=reverse("members:family_inputs", args=[family.pk]),
        back_label=_("Insumos de la familia"),
        done=lambda made: (
            _("Entrega %(code)s registrada: imprima el recibo.") % {"code": made.code}
        ),
    )


@only(permissions.may_change_inputs)
@form_page
def correct(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Correct a handing out."""
    found, user = _input(request, pk), actor_of(request)
    return act_page(
        request,
        InputCorrectionForm(
            request.POST or None, user=user, family=found.family, instance=_input(request, pk)
        ),
        lambda told: services.correct_input(actor=user, distribution=found, **told),
        title=_("Corregir la entrega %(code)s") % {"code": found.code},
        lead=_("Si el insumo o la familia no son los correctos, anule esta entrega."),
        button=_("Guardar los cambios"),
        back=found,
        done=lambda made: _("La entrega %(code)s queda corregida.") % {"code": made.code},
    )


@only(permissions.may_change_inputs)
@form_page
def void(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A handing out was written by mistake."""
    found, user = _input(request, pk), actor_of(request)
    return act_page(
        request,
        ReasonForm(request.POST or None),
        lambda told: services.void_input(actor=user, distribution=found, **told),
        title=_("Anular la entrega %(code)s") % {"code": found.code},
        lead=_("Deja de contarse. El recibo queda, marcado como anulado."),
        button=_("Anular la entrega"),
        is_dangerous=True,
        back=found,
        done=lambda made: _("La entrega %(code)s queda anulada.") % {"code": made.code},
    )


def _day(text: str) -> date:
    today = timezone.localdate()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return day if EARLIEST_YEAR <= day.year <= LATEST_YEAR else today


@only(permissions.may_see_inputs)
@require_safe
def of_family(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What a family was given in the years that the certifier asks for, to be printed."""
    family, user = chosen_family(request, pk), actor_of(request)
    day = _day(request.GET.get("al", ""))
    years = INPUT_RECORD_YEARS.on(day)
    rows = list(
        InputDistribution.objects.visible_to(user)
        .valid()
        .filter(family=family)
        .years_before(day, years)
        .with_names()
    )
    totals: dict[tuple[str, str], Decimal] = {}
    for row in rows:
        key = (row.kind.name, row.get_unit_display())
        totals[key] = totals.get(key, Decimal(0)) + row.quantity
    return render(
        request,
        "members/family_inputs.html",
        {
            "family": family,
            "day": day,
            "years": years,
            "rows": rows,
            "totals": sorted(totals.items()),
            "not_organic": [row for row in rows if not row.was_organic],
            "may_see_values": permissions.may_see_input_values(user),
            "may_add": permissions.may_hand_out_inputs(user) and family.is_open,
        },
    )


# --- Kinds --------------------------------------------------------------------------------------


@only(permissions.may_see_input_kinds)
@require_safe
def kinds(request: HttpRequest) -> HttpResponse:
    """What is given, in which unit, and whether organic chakras may use it."""
    return render(
        request,
        "members/input_kinds.html",
        {
            "kinds": list(InputKind.objects.visible_to(request.user)),
            "may_change": permissions.may_change_input_kinds(request.user),
            "may_see_inputs": permissions.may_see_inputs(request.user),
        },
    )


@only(permissions.may_change_input_kinds)
@form_page
def add_kind(request: HttpRequest) -> HttpResponse:
    """A kind of input."""
    user = actor_of(request)
    return act_page(
        request,
        InputKindForm(request.POST or None),
        lambda told: services.add_input_kind(actor=user, **told),
        title=_("Añadir una clase de insumo"),
        button=_("Guardar el insumo"),
        back=reverse("members:input_kinds"),
        back_label=_("Clases de insumos"),
        done=lambda made: _("%(kind)s queda en la lista.") % {"kind": made.name},
        then=lambda made: reverse("members:input_kinds"),
    )


@only(permissions.may_change_input_kinds)
@form_page
def correct_kind(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a kind of input, or retire it."""
    found = get_object_or_404(InputKind.objects.visible_to(request.user), pk=pk)
    user = actor_of(request)
    return act_page(
        request,
        InputKindCorrectionForm(request.POST or None, instance=InputKind.objects.get(pk=found.pk)),
        lambda told: services.correct_input_kind(actor=user, kind=found, **told),
        title=_("Corregir %(kind)s") % {"kind": found.name},
        lead=_("Lo entregado antes conserva su unidad y si estaba permitido ese día."),
        button=_("Guardar los cambios"),
        back=reverse("members:input_kinds"),
        back_label=_("Clases de insumos"),
        done=lambda made: _("%(kind)s queda corregido.") % {"kind": made.name},
        then=lambda made: reverse("members:input_kinds"),
    )
