"""A lot is held back, released, or laid somewhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from harvests.models import Lot, Place
from harvests.services.stock.weakening import lock_with_all_made_of
from kallari.history.context import acting, require_reason
from members.services.corrections import assign, refuse_other_fields
from members.services.locks import locked

if TYPE_CHECKING:
    from kallari.accounts.models import User


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
