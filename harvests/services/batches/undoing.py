"""What came out was weighed wrongly, or a batch is found never to have been."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from harvests.models import Batch, Delivery, Lot, StockMovement
from harvests.rules import SECOND_PERSON_KG
from harvests.services.batches.outputs import end
from harvests.services.ledger import Kind, reclassed, refuse_now, refuse_other_measure, write
from kallari.history.context import acting, require_reason
from members.services.locks import locked, locked_all

if TYPE_CHECKING:
    from kallari.accounts.models import User


@transaction.atomic
def correct_output(
    *, actor: User | None, lot: Lot, kg: Decimal, pieces: int | None = None, reason: str
) -> Lot:
    """What came out as a lot was weighed or written wrongly: the difference goes against it and
    its batch. What was taken from the lot since stays taken. A yield that leaves its band by it
    takes the reason as its note.

    Args:
        kg: what came out of the batch as this lot, all in all.

    Raises:
        ValidationError: ``reason_required``; ``no_difference``; ``voided``; ``pieces_required``;
            ``second_person``: much less (`harvests.rules.SECOND_PERSON_KG`) is told by another
            person than who weighed it.
        IntegrityError: more than went in, or less than was taken from the lot since.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        batch = locked(lot.batch)
        if batch.status == Batch.Status.VOIDED:
            raise ValidationError(_("El proceso está anulado."), code="voided")
        lot = locked(lot)
        made = lot.movements.filter(kind=Kind.OUTPUT).aggregate(
            kg=models.Sum("kg"), pieces=models.Sum("pieces")
        )
        refuse_other_measure(pieces, is_counted=made["pieces"] is not None)
        difference = kg - made["kg"]
        if not difference:
            raise ValidationError(_("Es lo que ya está anotado."), code="no_difference")
        _refuse_much_less_alone(actor, lot, difference)
        write(
            [
                {
                    "batch": batch,
                    "lot": lot,
                    "kind": Kind.OUTPUT,
                    "kg": difference,
                    "pieces": None if pieces is None else pieces - made["pieces"],
                    "certification_class": lot.certification_class,
                    "note": reason,
                }
            ],
            actor=actor,
            moved_at=timezone.now(),
        )
        refuse_now()
        _explain_yield(batch, reason)
    return lot


def _refuse_much_less_alone(actor: User | None, lot: Lot, difference: Decimal) -> None:
    """Kilos that were on record are not let go by one person: in however many parts."""
    weighed = lot.movements.filter(kind=Kind.OUTPUT)
    less = (weighed.filter(kg__lt=0).aggregate(kg=models.Sum("kg"))["kg"] or 0) + difference
    if (
        difference < 0
        and -less > SECOND_PERSON_KG.on(timezone.localdate())
        and actor is not None
        and weighed.filter(kg__gt=0, moved_by=actor).exists()
    ):
        raise ValidationError(
            _("Es mucho menos: lo corrige otra persona que quien lo pesó."), code="second_person"
        )


def _explain_yield(batch: Batch, reason: str) -> None:
    """A batch that is finished says why it gave more or less than expected."""
    if batch.yield_state in {"low", "high"} and not batch.yield_note:
        batch.yield_note = reason
        batch.full_clean()
        batch.save()


@transaction.atomic
def void_batch(*, actor: User | None, batch: Batch, reason: str) -> Batch:
    """A batch never was, or was entered twice: all that it took goes back to where it came from,
    its lots are empty. Only while nothing was taken from them.

    Raises:
        ValidationError: ``reason_required``; ``voided``; ``used``: something was taken from a lot
            of it.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        batch = locked(batch)
        if batch.status == Batch.Status.VOIDED:
            raise ValidationError(_("El proceso ya está anulado."), code="voided")
        lots = locked_all(Lot.objects.filter(batch=batch))
        if was_used(lots):
            raise ValidationError(
                _("De sus lotes ya se sacó o se ajustó algo: corrija los pesos en su lugar."),
                code="used",
            )
        now = timezone.now()
        write(_undoing(batch), actor=actor, moved_at=now)
        end(batch, Batch.Status.VOIDED, max(now, batch.started_at))
        refuse_now()
    return batch


def was_used(lots: Iterable[Lot]) -> bool:
    """Whether something was taken from any of these lots, or adjusted. One query."""
    no_use = [Kind.OUTPUT, Kind.RECLASS]
    return StockMovement.objects.filter(lot__in=lots).exclude(kind__in=no_use).exists()


def _undoing(batch: Batch) -> list[dict[str, Any]]:
    """The lines that take back what a batch gave and took."""
    sums = (
        StockMovement.objects.filter(batch=batch)
        .values("lot", "delivery", "kind", "certification_class")
        .annotate(sum_kg=models.Sum("kg"), sum_pieces=models.Sum("pieces"))
        .exclude(sum_kg=0)
        .order_by("-kind", "delivery", "lot")  # outputs before inputs
    )
    lots = Lot.objects.in_bulk([one["lot"] for one in sums if one["lot"]])
    deliveries = Delivery.objects.in_bulk([one["delivery"] for one in sums if one["delivery"]])
    lines: list[dict[str, Any]] = []
    for one in sums:
        kg, pieces = -one["sum_kg"], None if one["sum_pieces"] is None else -one["sum_pieces"]
        lot = lots.get(one["lot"])
        lines.append(
            {
                "batch": batch,
                "lot": lot,
                "delivery": deliveries.get(one["delivery"]),
                "kind": one["kind"],
                "kg": kg,
                "pieces": pieces,
                "certification_class": one["certification_class"],
            }
        )
        if lot is not None:
            lines += reclassed(lot, kg, pieces, one["certification_class"])
    return lines
