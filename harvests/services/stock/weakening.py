"""A lot is found to be less than it was certified as, and with it all that was made of it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from harvests.genealogy import downstream
from harvests.models import STRONGEST_FIRST, Lot, StockBalance
from harvests.services.ledger import reclassed, refuse_now, write
from kallari.history.context import acting, require_reason
from members.services.locks import locked_all

if TYPE_CHECKING:
    from kallari.accounts.models import User


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
        lots = lock_with_all_made_of([lot.pk])
        now = next(one.certification_class for one in lots if one.pk == lot.pk)
        if STRONGEST_FIRST.index(to) <= STRONGEST_FIRST.index(now):
            raise ValidationError(
                _("La certificación de un lote baja, nunca sube."), code="class_raised"
            )
        changed = weaken(actor, lots, to)
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
