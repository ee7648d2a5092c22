"""What is there is counted, spoils, or is taken as a sample; much of it asks for two people."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from harvests.models import Lot, StockAdjustment, StockBalance
from harvests.rules import SECOND_PERSON_KG
from harvests.services.ledger import (
    Kind,
    Taken,
    lock_sources,
    refuse_now,
    refuse_other_measure,
    write,
)
from kallari.history.context import acting, require_reason
from kallari.units import GRAM, rounded
from members.services.locks import locked

if TYPE_CHECKING:
    from kallari.accounts.models import User


@transaction.atomic
def count_lot(
    *,
    actor: User | None,
    lot: Lot,
    counted_kg: Decimal,
    reason: str,
    counted_pieces: int | None = None,
    key: uuid.UUID | None = None,
) -> StockAdjustment:
    """Somebody weighed or counted what is there. Where pieces are missing or too many and the kilos
    are told as they stand, these change with the pieces.

    A small difference counts at once, a greater one waits for another person; so do small ones once
    they come to as much. More than is on record came out of the batch unweighed, and is counted as
    its output: so never more is there than went in.

    Raises:
        ValidationError: ``reason_required``; ``no_difference``; ``pieces_required``,
            ``not_counted``; ``count_waits``: the difference of another count is not on record yet,
            and would be taken off twice.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        lot = locked(lot)
        balance = StockBalance.objects.select_for_update().get(lot=lot)
        if lot.adjustments.filter(kind=StockAdjustment.Kind.COUNT).waiting().exists():
            raise ValidationError(
                _("Un conteo de %(code)s espera a otra persona: que decida primero sobre ese."),
                code="count_waits",
                params={"code": lot.code},
            )
        refuse_other_measure(counted_pieces, is_counted=balance.pieces is not None)
        difference, pieces = counted_kg - balance.kg, None
        if counted_pieces is not None and balance.pieces is not None:
            pieces = counted_pieces - balance.pieces
            if pieces and not difference:  # those that are missing weighed as much as the others
                difference = rounded(balance.kg * pieces / max(balance.pieces, 1), GRAM)
        if not difference:
            raise ValidationError(
                _("Se contó lo mismo que está anotado: no hay diferencia."), code="no_difference"
            )
        return _adjust(
            actor,
            StockAdjustment(
                lot=lot,
                kind=StockAdjustment.Kind.COUNT,
                kg=difference,
                pieces=pieces,
                counted_kg=counted_kg,
                reason=reason,
            ),
            key,
        )


@transaction.atomic
def write_off(
    *,
    actor: User | None,
    lot: Lot,
    kind: str,
    reason: str,
    kg: Decimal | None = None,
    pieces: int | None = None,
    key: uuid.UUID | None = None,
) -> StockAdjustment:
    """Something of a lot spoiled, or was taken as a sample.

    Args:
        kind: ``spoiled`` or ``sample`` of `StockAdjustment.Kind`.

    Raises:
        ValidationError: ``reason_required``; ``not_enough``; ``nothing_left``.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        (taken,) = lock_sources([Taken(lot, kg, pieces)])
        lot = locked(lot)  # of the class that it is now
        assert taken.kg is not None, "lock_sources tells every amount"  # noqa: S101
        return _adjust(
            actor,
            StockAdjustment(
                lot=lot,
                kind=kind,
                kg=-taken.kg,
                pieces=None if taken.pieces is None else -taken.pieces,
                reason=reason,
            ),
            key,
        )


def _adjust(
    actor: User | None, adjustment: StockAdjustment, key: uuid.UUID | None
) -> StockAdjustment:
    if key is not None:
        adjustment.pk = key
    adjustment.made_at, adjustment.made_by = timezone.now(), actor
    limit = SECOND_PERSON_KG.on(timezone.localdate())
    unseen = StockAdjustment.objects.seen_by_one(adjustment.lot)
    adjustment.needs_second = abs(adjustment.kg) + unseen > limit
    applied = not adjustment.needs_second
    adjustment.status = (
        StockAdjustment.Status.APPLIED if applied else StockAdjustment.Status.WAITING
    )
    adjustment.full_clean()
    adjustment.save()
    if applied:
        _apply(actor, adjustment)
    return adjustment


def _apply(actor: User | None, adjustment: StockAdjustment) -> None:
    lot = adjustment.lot
    above = adjustment.kg > 0
    write(
        [
            {
                "lot": lot,
                "kind": Kind.OUTPUT if above else Kind.ADJUSTMENT,
                "batch": lot.batch if above else None,
                "kg": adjustment.kg,
                "pieces": adjustment.pieces,
                "certification_class": lot.certification_class,
                "adjustment": adjustment,
                "note": adjustment.reason,
            }
        ],
        actor=actor,
        moved_at=timezone.now(),
    )
    refuse_now()


@transaction.atomic
def decide_adjustment(
    *, actor: User, adjustment: StockAdjustment, agrees: bool, reason: str
) -> StockAdjustment:
    """Another person than who counted agrees to a great difference, or refuses it.

    Raises:
        ValidationError: ``reason_required``; ``decided`` already; ``own_count``.
        IntegrityError: so much is not there any more.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        lot = locked(adjustment.lot)
        adjustment = locked(adjustment)
        if adjustment.status != StockAdjustment.Status.WAITING:
            raise ValidationError(_("Sobre ese ajuste ya se decidió."), code="decided")
        if adjustment.made_by_id == actor.pk:
            raise ValidationError(
                _("Lo confirma otra persona que quien lo anotó."), code="own_count"
            )
        adjustment.status = (
            StockAdjustment.Status.APPLIED if agrees else StockAdjustment.Status.REFUSED
        )
        adjustment.decided_at, adjustment.decided_by = timezone.now(), actor
        adjustment.full_clean()
        adjustment.save()
        if agrees:
            adjustment.lot = lot
            _apply(actor, adjustment)
    return adjustment
