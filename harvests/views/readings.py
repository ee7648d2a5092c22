"""What is read and done during a batch, by touch, at the box and the dryer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from harvests.forms.batches import ReadingForm
from harvests.models import Batch, BatchReading, BatchStage
from harvests.permissions import batches as permissions
from harvests.services import batches as services
from harvests.views.batches import batch_of, open_batch
from harvests.wording.readings import said
from kallari.acting import act_page, carried_out
from kallari.doors import actor_of, form_page, only

if TYPE_CHECKING:
    from kallari.accounts.models import User

Kind = BatchReading.Kind


def kinds_for(stage: BatchStage | None) -> list[dict[str, Any]]:
    """What can be noted, what the phase asks for first."""
    phase = stage.phase if stage else None
    asked = [
        *([Kind.TURN] if phase and phase.turn_hours else []),
        *([Kind.TEMPERATURE] if phase and phase.asks_temperature else []),
        *([Kind.MOISTURE] if phase and phase.asks_moisture else []),
    ]
    usual = [Kind.TURN, Kind.TEMPERATURE, Kind.MOISTURE, Kind.WEIGHT, Kind.ACIDITY, Kind.NOTE]
    labels = {
        Kind.TURN: _("Volteo"),
        Kind.TEMPERATURE: _("Temperatura"),
        Kind.MOISTURE: _("Humedad"),
        Kind.WEIGHT: _("Peso"),
        Kind.ACIDITY: _("Acidez"),
        Kind.NOTE: _("Observación"),
    }
    icons = {
        Kind.TURN: "turn",
        Kind.TEMPERATURE: "temperature",
        Kind.MOISTURE: "drop",
        Kind.WEIGHT: "scale",
        Kind.ACIDITY: "flask",
        Kind.NOTE: "edit",
    }
    ordered = [*asked, *(one for one in usual if one not in asked)]
    return [
        {"key": one.value, "label": labels[one], "icon": icons[one], "is_asked": one in asked}
        for one in ordered
    ]


@only(permissions.may_work)
@form_page
def reading(request: HttpRequest, code: str) -> HttpResponse:
    """Note what is read: which thing, then one number."""
    found, user = open_batch(request, code), actor_of(request)
    current = found.stages.current().select_related("phase", "where").first()
    where = current.where if current else None
    kinds = kinds_for(current)
    kind = request.GET.get("que", "")
    if kind and kind not in Kind.values:
        raise Http404
    form = (
        ReadingForm(request.POST or None, batch=found, kind=kind, user=user, where=where)
        if kind
        else None
    )
    if form is not None:
        answer = carried_out(
            request,
            form,
            lambda _told: _noted(user, found, form.told),
            done=lambda made: (
                _("Anotado en %(code)s. %(reading)s.") % {"code": found.code, "reading": said(made)}
            ),
            then=lambda made: found,
        )
        if answer is not None:
            return answer
    return render(
        request,
        "harvests/batch_reading.html",
        {
            "batch": found,
            "current": current,
            "kinds": kinds,
            "kind": next((one for one in kinds if one["key"] == kind), None),
            "form": form,
        },
    )


def _noted(user: User, batch: Batch, told: dict[str, Any]) -> BatchReading:
    """Note it once: whoever taps twice sent the same thing twice."""
    key = told.get("key")
    if key is not None:
        again = BatchReading.objects.filter(pk=key, batch=batch).first()
        if again is not None:
            return again
    return services.note_reading(actor=user, batch=batch, **told)


@only(permissions.may_work)
@form_page
def turned(request: HttpRequest, code: str) -> HttpResponse:
    """One tap: it was turned, now. Whoever comes by the address is asked first."""
    found, user = open_batch(request, code), actor_of(request)
    if request.method != "POST":
        return redirect(f"{reverse('harvests:batch_reading', args=[found.code])}?que=turn")
    form = ReadingForm(request.POST, batch=found, kind=Kind.TURN.value, user=user)
    answer = carried_out(
        request,
        form,
        lambda _told: _noted(user, found, form.told),
        done=lambda made: _("Anotado: %(code)s se volteó.") % {"code": found.code},
        then=lambda made: found,
    )
    if answer is None:
        messages.error(request, _("No se anotó el volteo. Inténtelo otra vez."))
        return redirect(found)
    return answer


@only(permissions.may_work)
@form_page
def replace(request: HttpRequest, code: str, pk: UUID) -> HttpResponse:
    """A reading was written wrongly: another takes its place, the wrong one stays in history. That
    is often seen when the batch has ended."""
    found, user = batch_of(request, code), actor_of(request)
    if found.status == Batch.Status.VOIDED:
        raise Http404
    rows = found.readings.standing().select_related("where")
    wrong = get_object_or_404(rows, pk=pk)
    form = ReadingForm(
        request.POST or None,
        batch=found,
        replaces=wrong,
        kind=wrong.kind,
        user=user,
        where=wrong.where,
        initial={"value": wrong.value, "note": wrong.note, "read_at": wrong.read_at},
    )
    return act_page(
        request,
        form,
        lambda _told: services.note_reading(actor=user, batch=found, replaces=wrong, **form.told),
        title=_("Corregir la lectura de %(code)s") % {"code": found.code},
        lead=_("Estaba anotado: %(reading)s. La de antes queda en la historia.")
        % {"reading": said(wrong)},
        button=_("Guardar la lectura"),
        back=found,
        done=lambda made: _("Corregido. %(reading)s.") % {"reading": said(made)},
        then=lambda made: found,
    )
