"""The pages at /procesos/: the board, the list, one batch and what happens to it."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import F, Q, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from harvests.batch_sheet import expected_of, inputs_of, lots_of, plots_of, yield_of
from harvests.board import board as board_of
from harvests.board import cards_of
from harvests.forms.batches import BatchFilterForm, BoardFilterForm, MoveForm
from harvests.models import Batch, BatchReading, Lot
from harvests.permissions import batches as permissions
from harvests.permissions import stock as stock_permissions
from harvests.querysets.processes import BatchQuerySet
from harvests.services import batches as services
from harvests.services.ledger import class_of_inputs
from harvests.views import PAGE_SIZE
from kallari.acting import act_page
from kallari.doors import actor_of, form_page, only
from kallari.history.newest import newest_changes
from members.forms.community_life import ReasonForm


def batch_of(request: HttpRequest, code: str) -> Batch:
    """The batch of an address, as far as the reader may see it."""
    return get_object_or_404(Batch.objects.visible_to(request.user).with_names(), code=code)


def open_batch(request: HttpRequest, code: str) -> Batch:
    """One that is under way; for every other there is no such page."""
    found = batch_of(request, code)
    if not found.is_open:
        raise Http404
    return found


# --- The board and the list -----------------------------------------------------------------------


@only(permissions.may_see_batches)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """What is in which box and dryer now, and what is due."""
    user = actor_of(request)
    form = BoardFilterForm(request.GET, user=user)
    center = form.cleaned_data["centro"] if form.is_valid() else None
    return render(
        request,
        "harvests/board.html",
        {
            "form": form,
            "center": center,
            "centers": list(form.fields["centro"].queryset),  # type: ignore[attr-defined]
            "board": board_of(user, center),
            "now": timezone.now(),
            "may_work": permissions.may_work(user),
        },
        status=200 if form.is_valid() else 400,
    )


def _outside(rows: BatchQuerySet) -> BatchQuerySet:
    """Finished ones whose yield was not in its band."""
    return rows.filter(
        Q(yield_low__isnull=False)
        & (
            Q(totals__out_kg__lt=F("totals__in_kg") * F("yield_low"))
            | Q(totals__out_kg__gt=F("totals__in_kg") * F("yield_high"))
        ),
        status=Batch.Status.FINISHED,
    )


@only(permissions.may_see_batches)
@require_safe
def batches(request: HttpRequest) -> HttpResponse:
    """All batches, the newest first, each with its yield beside what was expected."""
    user = actor_of(request)
    form = BatchFilterForm(request.GET, user=user)
    told = form.cleaned_data if form.is_valid() else {}
    rows = Batch.objects.visible_to(user).with_names()
    if told.get("clase"):
        rows = rows.filter(kind=told["clase"])
    if told.get("centro"):
        rows = rows.filter(center=told["centro"])
    if told.get("anio"):
        rows = rows.filter(year=told["anio"])
    if told.get("estado") == form.OUTSIDE:
        rows = _outside(rows)
    elif told.get("estado"):
        rows = rows.filter(status=told["estado"])
    rows = rows.find(told.get("buscar", ""))
    sums = rows.exclude(status=Batch.Status.VOIDED).aggregate(
        in_kg=Sum("totals__in_kg"), out_kg=Sum("totals__out_kg")
    )
    return render(
        request,
        "harvests/batches.html",
        {
            "form": form,
            "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
            "sums": sums,
            "is_of_one_kind": bool(told.get("clase")),
            "is_filtered": any(told.values()),
            "may_work": permissions.may_work(user),
        },
        status=200 if form.is_valid() else 400,
    )


# --- One batch ------------------------------------------------------------------------------------


@only(permissions.may_see_batches)
@require_safe
def batch(request: HttpRequest, code: str) -> HttpResponse:
    """All that is known of one batch, and what may be done with it."""
    user = actor_of(request)
    found = batch_of(request, code)
    readings = list(
        found.readings.standing().select_related("read_by", "where", "replaces").order_by("read_at")
    )
    stages = list(found.stages.select_related("phase", "where").order_by("started_at", "pk"))
    current = next((one for one in stages if one.ended_at is None), None)
    expected = expected_of(found, services.took_by_form(found))
    lots = lots_of(found, user)
    targets = [one.phase.moisture_target for one in stages if one.phase]
    may_work = permissions.may_work(user)
    return render(
        request,
        "harvests/batch.html",
        {
            "batch": found,
            "card": cards_of([found])[0] if found.is_open else None,
            "inputs": inputs_of(found, user),
            "in_class": class_of_inputs(found),
            "stages": stages,
            "current": current,
            "readings": readings[::-1],
            "plots": plots_of(readings, next((one for one in targets if one is not None), None)),
            "expected": expected,
            "lots": lots,
            "yield": yield_of(found, expected, lots),
            "may_work": may_work and found.is_open,
            "may_correct_readings": may_work and found.status != Batch.Status.VOIDED,
            "may_void": may_work
            and found.status != Batch.Status.VOIDED
            and not services.was_used(lots),
            "may_mend": stock_permissions.may_move_stock(user)
            and found.status != Batch.Status.VOIDED,
            "newest": newest_changes(user, found, parts=(BatchReading, "batch")),
        },
    )


@only(permissions.may_work)
@form_page
def move(request: HttpRequest, code: str) -> HttpResponse:
    """A batch goes on to another phase, or to another place."""
    found, user = open_batch(request, code), actor_of(request)
    current = found.stages.current().select_related("phase", "where").first()
    lead = _("Ahora no está en ninguna fase.")
    if current is not None:
        lead = _("Ahora: %(phase)s, %(where)s, desde el %(since)s.") % {
            "phase": current.phase or _("sin fase"),
            "where": current.where or _("sin lugar anotado"),
            "since": f"{timezone.localtime(current.started_at):%d/%m/%Y %H:%M}",
        }
    return act_page(
        request,
        MoveForm(request.POST or None, batch=found, current=current, user=user),
        lambda told: services.move_batch(actor=user, batch=found, **told),
        title=_("Pasar %(code)s a otra fase o lugar") % {"code": found.code},
        lead=lead,
        button=_("Pasar el proceso"),
        back=found,
        done=lambda made: (
            _("%(code)s está ahora en %(phase)s, %(where)s.")
            % {
                "code": found.code,
                "phase": made.phase or _("ninguna fase"),
                "where": made.where or _("sin lugar anotado"),
            }
        ),
        then=lambda made: found,
    )


@only(permissions.may_work)
@form_page
def void(request: HttpRequest, code: str) -> HttpResponse:
    """A batch never was, or was entered twice."""
    found, user = batch_of(request, code), actor_of(request)
    if found.status == Batch.Status.VOIDED:
        raise Http404
    lots = list(Lot.objects.filter(batch=found))
    lead = _("Todo lo que entró vuelve a quedar sin usar. El código no se usa otra vez.")
    if lots:
        lead = ngettext(
            "Todo lo que entró vuelve a quedar sin usar, y su lote %(codes)s queda en cero. Solo se"
            " puede mientras nada haya salido de él. El código no se usa otra vez.",
            "Todo lo que entró vuelve a quedar sin usar, y sus lotes %(codes)s quedan en cero. Solo"
            " se puede mientras nada haya salido de ellos. El código no se usa otra vez.",
            len(lots),
        ) % {"codes": ", ".join(one.code for one in lots)}
    cannot = []
    if services.was_used(lots):
        lead = ""
        cannot = [
            _(
                "De sus lotes (%(codes)s) ya se sacó o se ajustó algo: ya no se anula. Corrija en"
                " cada lote lo que salió del proceso."
            )
            % {"codes": ", ".join(one.code for one in lots)}
        ]
    return act_page(
        request,
        ReasonForm(request.POST or None),
        lambda told: services.void_batch(actor=user, batch=found, **told),
        title=_("Anular el proceso %(code)s") % {"code": found.code},
        lead=lead,
        button=_("Anular el proceso"),
        is_dangerous=True,
        back=found,
        cannot=cannot,
        done=lambda made: _("El proceso %(code)s queda anulado.") % {"code": made.code},
    )
