"""What telephones send, and what the office decides on what could not be taken."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError

from harvests.intake import inbox
from harvests.intake.envelopes import open_envelope
from harvests.intake.keeping import Answer, note_results
from harvests.models import Delivery, Operation, OperationDecision
from harvests.services.deliveries import correct_delivery
from kallari.api.parsers import JSONParser
from kallari.history.context import acting, require_reason

if TYPE_CHECKING:
    from kallari.accounts.models import User

LARGEST_FILE = 20 * 1024 * 1024
MOST_IN_A_FILE = 5_000
"""Operations; a telephone that was away for a year has fewer."""


def take_push(*, actor: User, operations: Sequence[Any]) -> list[dict[str, Any]]:
    """Take a push in: every operation is written down raw in a transaction of its own, then looked
    at, then answered, in order (docs/sync.md). Not to be called inside a transaction.

    Raises:
        ValidationError: ``too_many``.
    """
    if len(operations) > inbox.MOST_OPERATIONS:
        raise ValidationError(
            _("De una vez se envían a lo más %(most)s operaciones."),
            code="too_many",
            params={"most": inbox.MOST_OPERATIONS},
        )
    return inbox.take(operations, actor=actor)


def take_outbox_file(*, actor: User, content: bytes) -> list[dict[str, Any]]:
    """Take in the file into which a telephone has written its outbox, as a last resort. The same
    file twice changes nothing. Not to be called inside a transaction.

    Raises:
        ValidationError: ``no_outbox``: it is none.
    """
    refusal = ValidationError(
        _("Este archivo no es la bandeja de salida de un teléfono."), code="no_outbox"
    )
    if len(content) > LARGEST_FILE:
        raise refusal
    try:
        told = JSONParser().parse(io.BytesIO(content))
    except ParseError as error:
        raise refusal from error
    if not isinstance(told, dict) or told.get("kallari_outbox") != 1:
        raise refusal
    operations = told.get("operations")
    if (
        not isinstance(operations, list)
        or len(operations) > MOST_IN_A_FILE
        or not all(isinstance(one, dict) for one in operations)
    ):
        raise refusal
    results: list[dict[str, Any]] = []
    for start in range(0, len(operations), inbox.MOST_OPERATIONS):
        part = operations[start : start + inbox.MOST_OPERATIONS]
        results += inbox.take(part, actor=actor)
    return results


@transaction.atomic
def retry_operation(
    *,
    actor: User,
    operation: Operation,
    reason: str,
    amended: Mapping[str, Any] | None = None,
) -> OperationDecision:
    """Look again at an operation that waits, as it came or with its payload amended, and register
    it. Who sent it stays on record; who registered it is the actor.

    An operation in conflict is registered under a key of its own: it is another delivery.

    Raises:
        ValidationError: ``reason_required``; ``decided`` already; ``unreadable``; what still
            speaks against it, at the fields of the payload.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        operation = _waiting(operation)
        told = _told(operation)
        if amended is not None:
            told["payload"] = dict(amended)
        answer = inbox.register(told, operation=operation, actor=actor)
        return _decide(
            operation,
            actor,
            OperationDecision.Verdict.RETRIED
            if amended is None
            else OperationDecision.Verdict.AMENDED,
            reason,
            amended=None if amended is None else dict(amended),
            folio=answer.folio,
        )


@transaction.atomic
def correct_with_what_came(*, actor: User, operation: Operation, reason: str) -> OperationDecision:
    """What came again with another content is right: the delivery that has its key is corrected by
    it, in one act. The first counts no more; who weighed stays who weighed.

    Raises:
        ValidationError: ``reason_required``; ``decided`` already; ``not_in_conflict`` with any
            delivery; ``not_valid`` when the delivery was corrected or voided meanwhile; what
            speaks against what came, at the fields of the payload.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        operation = _waiting(operation)
        on_record = None
        if operation.is_delivery_in_conflict and operation.entity_id is not None:
            on_record = Delivery.objects.filter(pk=operation.entity_id).first()
        if on_record is None:
            raise ValidationError(
                _("No hay ninguna entrega registrada que esto contradiga."),
                code="not_in_conflict",
            )
        envelope = open_envelope(_told(operation))
        made = correct_delivery(
            actor=actor,
            delivery=on_record,
            told=envelope.payload,
            reason=reason,
            clock_offset_ms=envelope.clock_offset_ms,
            via=Delivery.Via.DEVICE,
        )
        note_results([(operation.pk, Answer(Operation.Result.CREATED, made.folio))])
        return _decide(
            operation, actor, OperationDecision.Verdict.CORRECTED, reason, folio=made.folio
        )


@transaction.atomic
def discard_operation(*, actor: User, operation: Operation, reason: str) -> OperationDecision:
    """An operation that waits is not registered; it stays as it came.

    Raises:
        ValidationError: ``reason_required``; ``decided`` already.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        operation = _waiting(operation)
        # What nobody had looked at yet is held from now on: when it comes again, it is not taken.
        result = operation.result or Operation.Result.HELD
        Operation.objects.filter(pk=operation.pk).update(is_open=False, result=result)
        return _decide(operation, actor, OperationDecision.Verdict.DISCARDED, reason)


def _waiting(operation: Operation) -> Operation:
    operation = Operation.objects.select_for_update().get(pk=operation.pk)
    if not operation.is_open:
        raise ValidationError(_("Sobre esto ya se decidió."), code="decided")
    return operation


def _told(operation: Operation) -> dict[str, Any]:
    told = json.loads(operation.raw)
    if not isinstance(told, dict):
        raise ValidationError(
            _("Lo que llegó no se puede leer; no hay qué registrar."), code="unreadable"
        )
    return told


def _decide(
    operation: Operation,
    actor: User,
    verdict: str,
    reason: str,
    *,
    amended: Mapping[str, Any] | None = None,
    folio: str = "",
) -> OperationDecision:
    decision = OperationDecision(
        operation=operation,
        verdict=verdict,
        reason=reason,
        amended=amended,
        folio=folio,
        decided_at=timezone.now(),
        decided_by=actor,
    )
    decision.full_clean()
    decision.save()
    return decision
