"""Writing lines of the ledger of kilos. The services of batches and of stock stand on it."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from harvests.models import (
    EARLIEST,
    STRONGEST_FIRST,
    Batch,
    Delivery,
    Lot,
    StockBalance,
    StockMovement,
)
from harvests.wording import plain
from kallari.history.bulk import insert_with_history
from kallari.history.context import current_actor
from kallari.units import GRAM, rounded
from members.services.locks import locked_all

if TYPE_CHECKING:
    from kallari.accounts.models import User

HELD_UNTIL_THE_END = (
    "harvests.BatchTotals:what_comes_out_went_in",
    "harvests.Lot:a_class_is_the_weakest",
)
Kind = StockMovement.Kind


@dataclass(frozen=True)
class Taken:
    """Some kilos of a delivery or of a lot that go into a batch."""

    source: Delivery | Lot
    kg: Decimal | None = None
    """None: all that is left."""
    pieces: int | None = None
    """Of what is counted; None: as many as the kilos are."""


def refuse_now() -> None:
    """Let the database say now what it would refuse when the transaction ends, so that whoever
    acts learns it from the act. Anything later is looked at again at the end."""
    pgtrigger.constraints(pgtrigger.Immediate, *HELD_UNTIL_THE_END)
    pgtrigger.constraints(pgtrigger.Deferred, *HELD_UNTIL_THE_END)


def weakest(classes: Iterable[str]) -> str:
    """The weakest of certification classes: what is mixed is sold as."""
    return max(classes, key=STRONGEST_FIRST.index)


def refuse_coming(at: datetime) -> datetime:
    """Return a moment that has come, and not before the association was.

    Raises:
        ValidationError: ``in_the_future``; ``too_long_ago``.
    """
    if at < EARLIEST:
        raise ValidationError(
            _("Esa fecha es demasiado antigua. Revise el año."), code="too_long_ago"
        )
    if at > timezone.now():
        raise ValidationError(_("Esa hora todavía no llega."), code="in_the_future")
    return at


def refuse_other_measure(pieces: int | None, *, is_counted: bool) -> None:
    """What is counted is told in pieces too, what is weighed is not.

    Raises:
        ValidationError: ``pieces_required``; ``not_counted``.
    """
    if is_counted and pieces is None:
        raise ValidationError(_("Se cuenta por unidades: escriba cuántas."), code="pieces_required")
    if not is_counted and pieces is not None:
        raise ValidationError(_("Eso se pesa: no se cuenta por unidades."), code="not_counted")


def write(lines: Sequence[Mapping[str, Any]], *, actor: User | None, moved_at: datetime) -> None:
    """Write lines of the ledger, each with its history, in one journey to the database.

    Args:
        lines: ``kind``, ``kg``, ``certification_class``, and of ``lot``, ``delivery``, ``batch``,
            ``pieces``, ``adjustment``, ``reverses``, ``recipient``, ``reference``, ``note`` those
            that it has.

    Raises:
        IntegrityError: what the law of kilos refuses (`harvests.triggers.stock`).
    """
    actor = actor or current_actor()
    recorded_at = timezone.now()
    insert_with_history(
        (
            StockMovement,
            [
                {
                    "lot_id": _key(line.get("lot")),
                    "delivery_id": _key(line.get("delivery")),
                    "kind": str(line["kind"]),
                    "kg": str(line["kg"]),
                    "pieces": line.get("pieces"),
                    "certification_class": line["certification_class"],
                    "batch_id": _key(line.get("batch")),
                    "adjustment_id": _key(line.get("adjustment")),
                    "reverses_id": _key(line.get("reverses")),
                    "recipient": line.get("recipient", ""),
                    "reference": line.get("reference", ""),
                    "note": line.get("note", ""),
                    "moved_at": min(moved_at, recorded_at).isoformat(),
                    "recorded_at": recorded_at.isoformat(),
                    "moved_by_id": actor.pk if actor is not None else None,
                }
                for line in lines
            ],
        ),
        actor=actor,
    )


def reclassed(lot: Lot, kg: Decimal, pieces: int | None, from_class: str) -> list[dict[str, Any]]:
    """The lines by which kilos of a lot pass from a class to that of the lot; none where they are
    of it already. Below zero: those that the lot loses in the class they came in with."""
    if from_class == lot.certification_class:
        return []
    both = {"lot": lot, "kind": Kind.RECLASS}
    gone = {"kg": -kg, "pieces": None if pieces is None else -pieces}
    return [
        {**both, **gone, "certification_class": from_class},
        {**both, "kg": kg, "pieces": pieces, "certification_class": lot.certification_class},
    ]


def _key(row: models.Model | None) -> Any:
    if row is None:
        return None
    return str(row.pk) if isinstance(row.pk, uuid.UUID) else row.pk


def lock_sources(taken: Sequence[Taken]) -> list[Taken]:
    """Lock what is taken from, in the one order (deliveries, then lots, by key), and return it
    with every amount told.

    Raises:
        ValidationError: ``not_valid``, ``not_weighed``, ``not_enough``, ``nothing_left``,
            ``taken_twice``.
    """
    keys = [one.source.pk for one in taken]
    if len(set(keys)) < len(keys):
        raise ValidationError(_("Algo está anotado dos veces."), code="taken_twice")
    deliveries = locked_all([one.source for one in taken if isinstance(one.source, Delivery)])
    lots = locked_all([one.source for one in taken if isinstance(one.source, Lot)])
    rows: list[Any] = [*deliveries, *lots]
    balances = {
        one.delivery_id or one.lot_id: one
        for one in StockBalance.objects.filter(
            models.Q(delivery__in=deliveries) | models.Q(lot__in=lots)
        )
    }
    told = {one.source.pk: one for one in taken}
    return [_told(told[row.pk], row, balances.get(row.pk)) for row in rows]


def _told(taken: Taken, source: Delivery | Lot, balance: StockBalance | None) -> Taken:
    params = {"source": str(source)}
    if isinstance(source, Delivery):
        if source.net_kg is None:
            raise ValidationError(
                _("%(source)s se recibió por unidad: no entra a un proceso."),
                code="not_weighed",
                params=params,
            )
        if not source.is_valid:
            raise ValidationError(
                _("La entrega %(source)s fue corregida o anulada: use la que vale."),
                code="not_valid",
                params=params,
            )
        left, left_pieces = balance.kg if balance else source.net_kg, None
    else:
        assert balance is not None, "every lot has a balance"  # noqa: S101
        left, left_pieces = balance.kg, balance.pieces
    if not left:
        raise ValidationError(
            _("De %(source)s ya no queda nada."), code="nothing_left", params=params
        )
    kg, pieces = in_kilos_and_pieces(taken.kg, taken.pieces, left, left_pieces)
    if kg > left or (left_pieces is not None and pieces is not None and pieces > left_pieces):
        raise ValidationError(
            _("De %(source)s quedan %(left)s kg. Escriba a lo más eso."),
            code="not_enough",
            params={**params, "left": plain(left)},
        )
    return Taken(source, kg, pieces)


def in_kilos_and_pieces(
    kg: Decimal | None, pieces: int | None, left_kg: Decimal, left_pieces: int | None
) -> tuple[Decimal, int | None]:
    """How much is meant by kilos, by pieces, or by neither (all that is left). Pieces weigh in
    proportion; with the last one go the last kilos.

    Raises:
        ValidationError: ``weight_required``; ``pieces_required``: it is counted by the piece, and
            only kilos are told.
    """
    if left_pieces is None or not left_pieces:
        if kg is not None and kg <= 0:
            raise ValidationError(_("Los kilos son más que cero."), code="weight_required")
        return (left_kg if kg is None else kg), None
    if pieces is None:
        if kg is not None and kg != left_kg:
            raise ValidationError(
                _("Se cuenta por unidades: escriba cuántas."), code="pieces_required"
            )
        pieces = left_pieces
    if pieces <= 0:
        raise ValidationError(_("Las unidades son más que cero."), code="pieces_required")
    if pieces >= left_pieces:
        return (left_kg if pieces == left_pieces else left_kg + GRAM), pieces
    return max(GRAM, min(rounded(left_kg * pieces / left_pieces, GRAM), left_kg - GRAM)), pieces


def class_of_inputs(batch: Batch) -> str | None:
    """The weakest class of what is in a batch; None while nothing is. One query."""
    took = (
        StockMovement.objects.filter(batch=batch, kind=Kind.INPUT)
        .values("delivery__certification_class", "lot__certification_class", "delivery", "lot")
        .annotate(took=models.Sum("kg"))
        .filter(took__lt=0)
        .order_by()
    )
    classes = {
        one["delivery__certification_class"] or one["lot__certification_class"] for one in took
    }
    return weakest(classes) if classes else None


def took_by_form(batch: Batch) -> dict[int, Decimal]:
    """Kilos that went into a batch and were not taken out again, by the key of their form. One
    query."""
    rows = (
        StockMovement.objects.filter(batch=batch, kind=Kind.INPUT)
        .values_list("delivery__form", "lot__form")
        .annotate(took=models.Sum("kg"))
        .order_by()
    )
    took: Counter[int] = Counter()
    for of_delivery, of_lot, kg in rows:
        took[of_delivery or of_lot] -= kg
    return {form: Decimal(kg) for form, kg in took.items() if kg}
