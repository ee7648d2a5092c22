"""What leaves the house, and what of it comes back."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from harvests.models import Lot, StockMovement
from harvests.services.ledger import Kind, Taken, lock_sources, reclassed, refuse_coming, write
from kallari.history.bulk import cleaned
from kallari.history.context import acting, require_reason
from members.services.locks import locked

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
        ValidationError: ``recipient_required``; ``on_hold``; ``not_enough``; ``in_the_future``;
            ``unseen_sign``.
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
    told = cleaned(StockMovement, recipient=recipient, reference=reference, note=note)
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
            **told,
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
