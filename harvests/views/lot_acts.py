"""What is done with a lot: handed out, taken back, counted, spoiled, laid elsewhere, held back,
released, found to be less than it was certified as; and what came out of its process mended."""

from __future__ import annotations

from typing import Any

from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from harvests.forms.batches import OutputCorrectionForm
from harvests.forms.lots import (
    CountForm,
    DispatchForm,
    DowngradeForm,
    HoldForm,
    MoveLotForm,
    WriteOffForm,
)
from harvests.models import STRONGEST_FIRST, Batch, Lot, StockAdjustment, StockMovement
from harvests.permissions import stock as permissions
from harvests.recall import recall_of
from harvests.rules import SECOND_PERSON_KG
from harvests.services import batches as batch_services
from harvests.services import stock as services
from harvests.views.lots import lot_of
from harvests.wording import in_kilos, plain
from kallari.acting import act_page
from kallari.doors import actor_of, form_page, only
from members.forms.community_life import ReasonForm

Kind = StockMovement.Kind


def _left(lot: Lot) -> str:
    """«Quedan 39,000 kg.», with the pieces where they are counted."""
    if lot.balance.pieces is None:
        return _("Quedan %(kg)s.") % {"kg": in_kilos(lot.balance.kg)}
    return _("Quedan %(pieces)s unidades, %(kg)s.") % {
        "pieces": lot.balance.pieces,
        "kg": in_kilos(lot.balance.kg),
    }


def _with_stock(request: HttpRequest, code: str) -> Lot:
    """One of which something is left; for every other there is no such page."""
    found = lot_of(request, code)
    if not found.balance.kg:
        raise Http404
    return found


@only(permissions.may_move_stock)
@form_page
def dispatch(request: HttpRequest, code: str) -> HttpResponse:
    """Something leaves the house."""
    found, user = _with_stock(request, code), actor_of(request)
    form = DispatchForm(request.POST or None, lot=found)
    return act_page(
        request,
        form,
        lambda _told: services.dispatch_from_lot(actor=user, lot=found, **form.told),
        title=_("Entregar de %(code)s") % {"code": found.code},
        lead=f"{found.form.name}. {_left(found)}",
        button=_("Registrar la entrega"),
        back=found,
        done=lambda made: (
            _("%(kg)s de %(code)s para %(recipient)s.")
            % {"kg": in_kilos(-made.kg), "code": found.code, "recipient": made.recipient}
        ),
        then=lambda made: found,
    )


@only(permissions.may_move_stock)
@form_page
def take_back(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """What was handed out came back, or never left."""
    found, user = lot_of(request, code), actor_of(request)
    rows = StockMovement.objects.visible_to(user).filter(lot=found, kind=Kind.DISPATCH, kg__lt=0)
    movement = get_object_or_404(rows.filter(reversed_by=None), pk=pk)
    return act_page(
        request,
        ReasonForm(request.POST or None),
        lambda told: services.take_back(actor=user, movement=movement, **told),
        title=_("Devolver a %(code)s") % {"code": found.code},
        lead=_(
            "Vuelve al lote todo lo de esa entrega: %(kg)s que se dieron a %(recipient)s. Las dos"
            " líneas quedan a la vista."
        )
        % {"kg": in_kilos(-movement.kg), "recipient": movement.recipient},
        button=_("Devolver al lote"),
        is_dangerous=True,
        back=found,
        done=lambda made: (
            _("%(kg)s volvieron a %(code)s.") % {"kg": in_kilos(made.kg), "code": found.code}
        ),
        then=lambda made: found,
    )


def _adjusted(made: StockAdjustment) -> str:
    if made.status == StockAdjustment.Status.WAITING:
        return _("Anotado: %(kg)s. Espera a que otra persona lo confirme.") % {
            "kg": in_kilos(made.kg)
        }
    return _("Anotado: %(kg)s. El saldo ya cambió.") % {"kg": in_kilos(made.kg)}


@only(permissions.may_count_stock)
@form_page
def count(request: HttpRequest, code: str) -> HttpResponse:
    """Somebody weighed or counted what is there."""
    found, user = lot_of(request, code), actor_of(request)
    form = CountForm(request.POST or None, lot=found)
    limit = _("Una diferencia de más de %(limit)s kg la confirma otra persona.") % {
        "limit": plain(SECOND_PERSON_KG.on(timezone.localdate()))
    }
    return act_page(
        request,
        form,
        lambda _told: services.count_lot(actor=user, lot=found, **form.told),
        title=_("Contar %(code)s") % {"code": found.code},
        lead=f"{_left(found)} {limit}",
        button=_("Anotar lo contado"),
        back=found,
        done=_adjusted,
        then=lambda made: found,
    )


@only(permissions.may_count_stock)
@form_page
def write_off(request: HttpRequest, code: str) -> HttpResponse:
    """Something spoiled, or was taken as a sample."""
    found, user = _with_stock(request, code), actor_of(request)
    form = WriteOffForm(request.POST or None, lot=found)
    return act_page(
        request,
        form,
        lambda _told: services.write_off(actor=user, lot=found, **form.told),
        title=_("Dañado o muestra de %(code)s") % {"code": found.code},
        lead=_left(found),
        button=_("Sacar del lote"),
        back=found,
        done=_adjusted,
        then=lambda made: found,
    )


@only(permissions.may_change_lots)
@form_page
def move(request: HttpRequest, code: str) -> HttpResponse:
    """A lot is laid elsewhere, or its sacks are marked anew."""
    found, user = lot_of(request, code), actor_of(request)
    return act_page(
        request,
        MoveLotForm(request.POST or None, lot=found, user=user),
        lambda told: services.move_lot(actor=user, lot=found, **told),
        title=_("Mover o marcar %(code)s") % {"code": found.code},
        lead=_("Dónde está, en cuántos sacos, con qué marcas."),
        button=_("Guardar"),
        back=found,
        done=lambda made: (
            _("%(code)s queda en %(where)s.")
            % {"code": made.code, "where": made.where or _("ningún lugar anotado")}
        ),
        then=lambda made: found,
    )


@only(permissions.may_hold_lots)
@form_page
def hold(request: HttpRequest, code: str) -> HttpResponse:
    """Nothing leaves a lot, nor what was made of it, until it is released."""
    found, user = lot_of(request, code), actor_of(request)
    follows = recall_of(found)
    return act_page(
        request,
        HoldForm(request.POST or None),
        lambda told: services.hold_lot(actor=user, lot=found, **told),
        title=_("Retener %(code)s") % {"code": found.code},
        lead=_("Nada sale de un lote retenido, ni hacia un proceso ni hacia un cliente."),
        button=_("Retener"),
        is_dangerous=True,
        back=found,
        done=lambda made: (
            _("Retenidos: %(codes)s.") % {"codes": ", ".join(one.code for one in made)}
        ),
        then=lambda made: found,
        template="harvests/lot_consequence.html",
        recall=follows,
        question=_("Lo que se hizo con él"),
    )


@only(permissions.may_hold_lots)
@form_page
def release(request: HttpRequest, code: str) -> HttpResponse:
    """A lot that was held may be used again."""
    found, user = lot_of(request, code), actor_of(request)
    if not found.is_held:
        raise Http404
    return act_page(
        request,
        ReasonForm(request.POST or None),
        lambda told: services.release_lot(actor=user, lot=found, **told),
        title=_("Liberar %(code)s") % {"code": found.code},
        lead=_("Vuelve a poder usarse y entregarse. Los otros lotes retenidos siguen retenidos."),
        button=_("Liberar el lote"),
        back=found,
        done=lambda made: _("%(code)s está libre.") % {"code": made.code},
        then=lambda made: found,
    )


@only(permissions.may_change_lots)
@form_page
def downgrade(request: HttpRequest, code: str) -> HttpResponse:
    """A lot is found to be less than it was certified as."""
    found, user = lot_of(request, code), actor_of(request)
    if found.certification_class == STRONGEST_FIRST[-1]:
        raise Http404
    return act_page(
        request,
        DowngradeForm(request.POST or None, lot=found),
        lambda told: services.downgrade_lot(actor=user, lot=found, **told),
        title=_("Bajar de certificación %(code)s") % {"code": found.code},
        lead=_(
            "Baja él y todo lo que se hizo con él. No se puede volver a subir. Lo que ya salió"
            " queda como salió: su retiro dice quién lo tiene."
        ),
        button=_("Bajar de certificación"),
        is_dangerous=True,
        back=found,
        done=_fallen,
        then=lambda made: found,
        template="harvests/lot_consequence.html",
        recall=recall_of(found),
        question=_("Baja con él"),
    )


def _fallen(made: list[Lot]) -> str:
    codes = ", ".join(one.code for one in made)
    return ngettext(
        "Bajó de certificación %(codes)s.", "Bajaron de certificación %(codes)s.", len(made)
    ) % {"codes": codes}


@only(permissions.may_move_stock)
@form_page
def correct_output(request: HttpRequest, code: str) -> HttpResponse:
    """What came out of the process as this lot was weighed or written wrongly."""
    found, user = lot_of(request, code), actor_of(request)
    if found.batch.status == Batch.Status.VOIDED:
        raise Http404
    made = _made(found)
    return act_page(
        request,
        OutputCorrectionForm(
            request.POST or None, is_counted=made["pieces"] is not None, initial=made
        ),
        lambda told: batch_services.correct_output(actor=user, lot=found, **told),
        title=_("Corregir lo que salió como %(code)s") % {"code": found.code},
        lead=_(
            "La diferencia va contra el lote y su proceso %(batch)s; lo que ya se sacó del lote"
            " sigue sacado."
        )
        % {"batch": found.batch.code},
        button=_("Guardar la corrección"),
        back=found,
        done=lambda _made: _("Corregido: %(code)s.") % {"code": found.code},
        then=lambda _made: found,
    )


def _made(lot: Lot) -> dict[str, Any]:
    return lot.movements.filter(kind=Kind.OUTPUT).aggregate(kg=Sum("kg"), pieces=Sum("pieces"))
