"""What happens to a lot: handed out, brought back, counted, spoiled, held back, found to be less
than it was certified as."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from harvests.genealogy import downstream
from harvests.models import (
    STRONGEST_FIRST,
    Lot,
    Place,
    StockAdjustment,
    StockBalance,
    StockMovement,
)
from harvests.rules import SECOND_PERSON_KG
from harvests.services.ledger import (
    Kind,
    Taken,
    lock_sources,
    reclassed,
    refuse_coming,
    refuse_now,
    refuse_other_measure,
    write,
)
from kallari.history.context import acting, require_reason
from kallari.units import GRAM, rounded
from members.services.corrections import assign, refuse_other_fields
from members.services.locks import locked, locked_all

if TYPE_CHECKING:
    from kallari.accounts.models import User


@transaction.atomic
def dispatch_from_lot(
    *,
    actor: User | None,
    lot: Lot,
    recipient: str,
    kg: Decimal | None = None,
    pieces: int | None = None,
    reference: str = "",
    at: datetime | None = None,
    note: str = "",
) -> StockMovement:
    """Something leaves the house: sold, given, sent. Neither kilos nor pieces: all that is left.

    Args:
        recipient: who receives it; a recall finds them by it.
        reference: the invoice or the shipment.

    Raises:
        ValidationError: ``recipient_required``; ``on_hold``; ``not_enough``; ``in_the_future``.
    """
    at = refuse_coming(at or timezone.now())
    if not recipient.strip():
        raise ValidationError(
            {
                "recipient": ValidationError(
                    _("Escriba a quién se entrega."), code="recipient_required"
                )
            }
        )
    with acting(actor):
        (taken,) = lock_sources([Taken(lot, kg, pieces)])
        lot = locked(lot)
        _refuse_held(lot)
        assert taken.kg is not None, "lock_sources tells every amount"  # noqa: S101
        line = {
            "lot": lot,
            "kind": Kind.DISPATCH,
            "kg": -taken.kg,
            "pieces": None if taken.pieces is None else -taken.pieces,
            "certification_class": lot.certification_class,
            "recipient": recipient.strip(),
            "reference": reference.strip(),
            "note": note,
        }
        write([line], actor=actor, moved_at=at)
    return lot.movements.order_by("-pk")[0]


def _refuse_held(lot: Lot) -> None:
    if lot.is_held:
        raise ValidationError(
            _("El lote %(code)s está retenido: nada sale de él hasta que se libere."),
            code="on_hold",
            params={"code": lot.code},
        )


@transaction.atomic
def take_back(*, actor: User | None, movement: StockMovement, reason: str) -> StockMovement:
    """What left came back, or never left: the whole of one hand-out goes against it, once. Of a lot
    that was found weaker since, it is of the weaker class too.

    Raises:
        ValidationError: ``reason_required``; ``not_a_dispatch``; ``reversed`` already.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        assert movement.lot is not None, "only lots are handed out"  # noqa: S101
        lot = locked(movement.lot)
        if movement.kind != Kind.DISPATCH or movement.reverses_id is not None:
            raise ValidationError(_("Eso no es una entrega."), code="not_a_dispatch")
        if StockMovement.objects.filter(reverses=movement).exists():
            raise ValidationError(_("Esa entrega ya quedó sin efecto."), code="reversed")
        kg, pieces = -movement.kg, None if movement.pieces is None else -movement.pieces
        line = {
            "lot": lot,
            "kind": Kind.DISPATCH,
            "kg": kg,
            "pieces": pieces,
            "certification_class": movement.certification_class,
            "recipient": movement.recipient,
            "reference": movement.reference,
            "reverses": movement,
            "note": reason,
        }
        # A lot that was found weaker meanwhile takes what comes back along.
        taken_along = reclassed(lot, kg, pieces, movement.certification_class)
        write([line, *taken_along], actor=actor, moved_at=timezone.now())
    return StockMovement.objects.get(reverses=movement)


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
            ``not_counted``.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        lot = locked(lot)
        balance = StockBalance.objects.select_for_update().get(lot=lot)
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


@transaction.atomic
def downgrade_lot(*, actor: User | None, lot: Lot, to: str, reason: str) -> list[Lot]:
    """A lot is found to be less than it was certified as: it and all that was made of it, as far as
    that is stronger, become the weaker class, with the kilos that are left. What left the house
    stays as it left: the recall of the lot tells who received it.

    Returns:
        The lots that changed.

    Raises:
        ValidationError: ``reason_required``; ``class_raised``: it would not become weaker.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        if STRONGEST_FIRST.index(to) <= STRONGEST_FIRST.index(lot.certification_class):
            raise ValidationError(
                _("La certificación de un lote baja, nunca sube."), code="class_raised"
            )
        changed = weaken(actor, lock_with_all_made_of([lot.pk]), to)
        refuse_now()
    return changed


def lock_with_all_made_of(lots: Collection[uuid.UUID]) -> list[Lot]:
    """These lots and all that was made of them, locked. Whoever makes something of one of them at
    the same moment shares its lock, so what they made is among them when this comes to hold it."""
    keys: set[uuid.UUID] = set()
    while (found := downstream(lots)) != keys:
        keys = found
        rows = locked_all(Lot.objects.filter(pk__in=keys))
    return rows if keys else []


def weaken(actor: User | None, lots: Iterable[Lot], to: str) -> list[Lot]:
    """Give those of these lots that are stronger the class `to`, and their kilos with them.

    Args:
        lots: locked, with all that was made of them (`lock_with_all_made_of`).
    """
    rank = STRONGEST_FIRST.index(to)
    stronger = [lot for lot in lots if STRONGEST_FIRST.index(lot.certification_class) < rank]
    balances = {
        one.lot_id: one for one in StockBalance.objects.filter(lot__in=stronger).order_by("lot")
    }
    lines: list[dict[str, Any]] = []
    for lot in stronger:
        before, lot.certification_class = lot.certification_class, to
        lot.full_clean()
        lot.save()
        left = balances[lot.pk]
        if left.kg:
            lines += reclassed(lot, left.kg, left.pieces, before)
    if lines:
        write(lines, actor=actor, moved_at=timezone.now())
    return stronger


@transaction.atomic
def hold_lot(*, actor: User | None, lot: Lot, reason: str, with_all_made_of_it: bool) -> list[Lot]:
    """Nothing leaves a lot until it is released: a recall, a doubt, a result that is awaited.

    Args:
        with_all_made_of_it: hold everything downstream too.

    Raises:
        ValidationError: ``reason_required``; ``on_hold`` already, all of them.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        lots = lock_with_all_made_of([lot.pk]) if with_all_made_of_it else [locked(lot)]
        held = [one for one in lots if not one.is_held]
        if not held:
            raise ValidationError(_("Ya está retenido."), code="on_hold")
        now = timezone.now()
        for one in held:
            one.held_at = now
            one.save()
    return held


@transaction.atomic
def release_lot(*, actor: User | None, lot: Lot, reason: str) -> Lot:
    """A lot that was held may be used again.

    Raises:
        ValidationError: ``reason_required``; ``not_held``.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        lot = locked(lot)
        if not lot.is_held:
            raise ValidationError(_("El lote no está retenido."), code="not_held")
        lot.held_at = None
        lot.save()
    return lot


@transaction.atomic
def move_lot(
    *, actor: User | None, lot: Lot, where: Place | None, reason: str, **changes: Any
) -> Lot:
    """A lot is laid somewhere else, or its sacks are marked anew (``sacks``, ``marks``, ``note``).

    Raises:
        ValidationError: ``reason_required``.
    """
    refuse_other_fields(changes, {"sacks", "marks", "note"})
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        lot = locked(lot)
        lot.where = where
        assign(lot, changes)
        lot.full_clean()
        lot.save()
    return lot
