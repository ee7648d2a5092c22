"""Deciding at once on many operations that wait."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from harvests.models import Delivery, Operation
from harvests.services.deliveries import decide_alert, void_delivery
from harvests.services.inbox import discard_operation, retry_operation
from kallari.history.context import require_reason

if TYPE_CHECKING:
    from harvests.models import DeliveryAlert
    from kallari.accounts.models import User


def retry_operations(
    *, actor: User, operations: Iterable[Operation], reason: str
) -> tuple[int, int]:
    """Look again at operations that wait, each by itself: what has come right is registered, what
    has not goes on waiting. So does what a revoked device sent, on which the office decides one by
    one.

    Returns:
        How many were registered, and how many still wait.

    Raises:
        ValidationError: ``reason_required``.
    """
    reason = require_reason(reason)
    told = sorted(operations, key=lambda one: one.pk)
    together = Operation.objects.tried_together().filter(pk__in=[one.pk for one in told])
    tried = set(together.values_list("pk", flat=True))
    registered = waiting = 0
    for operation in told:
        if operation.pk not in tried:
            waiting += 1
            continue
        try:
            with transaction.atomic():
                retry_operation(actor=actor, operation=operation, reason=reason)
        except ValidationError:
            waiting += 1
        else:
            registered += 1
    return registered, waiting


@transaction.atomic
def discard_operations(*, actor: User, operations: Iterable[Operation], reason: str) -> int:
    """Decide that none of these is registered, for one reason: all of them or none. Each keeps
    the decision by itself.

    Returns:
        How many.

    Raises:
        ValidationError: ``reason_required``; ``decided`` when somebody decided on one meanwhile.
    """
    reason = require_reason(reason)
    in_order = sorted(operations, key=lambda one: one.pk)  # two at once never wait for each other
    for operation in in_order:
        discard_operation(actor=actor, operation=operation, reason=reason)
    return len(in_order)


@transaction.atomic
def void_the_other(*, actor: User, alert: DeliveryAlert, reason: str) -> DeliveryAlert:
    """Of two deliveries that are one, the earlier is voided and the later counts.

    Raises:
        ValidationError: ``reason_required``; ``no_other``; ``not_valid``; ``decided``.
    """
    reason = require_reason(reason)
    if alert.other is None:
        raise ValidationError(_("El aviso no nombra otra entrega."), code="no_other")
    both = [alert.delivery_id, alert.other.pk]
    list(Delivery.objects.select_for_update().filter(pk__in=both).order_by("pk"))  # in one order
    # Decided first: voiding the other settles every doubt about it that is still open.
    explained = alert.Decision.EXPLAINED
    decided = decide_alert(actor=actor, alert=alert, decision=explained, reason=reason)
    void_delivery(actor=actor, delivery=alert.other, reason=reason)
    return decided
