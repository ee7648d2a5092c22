"""A push: every operation written down raw first, then looked at, then answered (docs/sync.md)."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from harvests.intake.doors import DOORS, Taken
from harvests.intake.envelopes import ENTITIES, UNREADABLE, Envelope, open_envelope
from harvests.intake.facts import as_text
from harvests.intake.keeping import Answer, Kept, keep, note_results
from harvests.intake.reading import (
    Draft,
    Refusal,
    Refused,
    read_delivery,
    read_key,
)
from harvests.intake.receiving import OTHER_CONTENT, Outcome, receive
from harvests.intake.refusing import as_validation_error, refusals_of
from harvests.models import Delivery, Operation
from harvests.permissions.deliveries import may_correct
from harvests.services.deliveries import correct_delivery, void_delivery
from kallari.history.context import acting
from kallari.refusals import in_words
from kallari.text import clean_line

if TYPE_CHECKING:
    from kallari.accounts.models import User

logger = logging.getLogger(__name__)

MOST_OPERATIONS = 500

FAULT = Refusal(
    None, "fault", _("El programa no pudo con esto. Está guardado; avise a la oficina.")
)
DEVICE_REVOKED = Refusal(
    None, "device_revoked", _("El dispositivo fue anulado. La oficina decide sobre lo que envía.")
)
OP_TAKEN = Refusal(
    "op_id", "other_content", _("Ese identificador ya es de otra operación. Nada se ha cambiado.")
)


def take(
    operations: Sequence[Any], *, actor: User, within_transaction: bool = False
) -> list[dict[str, Any]]:
    """Take a push in and answer each operation, in order. Not inside a transaction: what was sent
    is committed before it is looked at.

    Args:
        operations: at most `MOST_OPERATIONS`, as JSON has them.
        within_transaction: everything stands or falls with the caller's transaction. For what no
            telephone sent and nobody can lose: demo data.
    """
    envelopes = [open_envelope(one) for one in operations]
    if not envelopes:
        return []
    with transaction.atomic(durable=not within_transaction):
        kept = keep(envelopes, actor=actor, now=timezone.now())
    answers: list[Answer | None] = [
        _answer_before_looking(envelope, row) for envelope, row in zip(envelopes, kept, strict=True)
    ]
    with acting(actor):
        _look(envelopes, kept, answers, actor)
    return [
        {
            "op_id": as_text(envelope.op_id),
            "result": str(answer.result),
            "entity_id": as_text(envelope.entity_id),
            "folio": answer.folio or None,
            "errors": answer.errors,
        }
        for envelope, answer in zip(envelopes, answers, strict=True)
        if answer is not None
    ]


def _answer_before_looking(envelope: Envelope, row: Kept) -> Answer | None:
    """The answer to what came before, or cannot be looked at; None for what is to be looked at."""
    if row.result in {Operation.Result.CREATED, Operation.Result.DUPLICATE}:
        return Answer(Operation.Result.DUPLICATE, row.folio)
    if row.result:
        return Answer(row.result, row.folio, row.errors)
    if envelope.op_id is None:
        return Answer(Operation.Result.REJECTED, errors=_told(envelope.refusals))
    if not row.is_owner:
        return Answer(Operation.Result.CONFLICT, errors=_told((OP_TAKEN,)))
    if row.is_revoked:
        return Answer(Operation.Result.HELD, errors=_told((DEVICE_REVOKED,)))
    if envelope.refusals:
        return Answer(Operation.Result.HELD, errors=_told(envelope.refusals))
    return None


def _look(
    envelopes: Sequence[Envelope],
    kept: Sequence[Kept],
    answers: list[Answer | None],
    actor: User,
) -> None:
    note_results(
        [
            (row.id, answer)
            for row, answer in zip(kept, answers, strict=True)
            if answer is not None and not row.result
        ]
    )
    drafts: list[Draft] = []
    places: list[int] = []
    # People and chakras first, that deliveries may name; what mends a delivery last.
    others: tuple[list[int], list[int]] = ([], [])
    unread: list[tuple[int, Answer]] = []
    for place, envelope in enumerate(envelopes):
        if answers[place] is not None:
            continue
        if envelope.act != ("delivery", "create"):
            others[envelope.entity == "delivery"].append(place)
            continue
        try:
            drafts.append(_draft(envelope))
            places.append(place)
        except Refused as refused:
            answer = Answer(Operation.Result.HELD, errors=_told(refused.refusals))
            answers[place] = answer
            unread.append((kept[place].id, answer))
    note_results(unread)
    for place in others[0]:
        answers[place] = look_at_one(envelopes[place], kept[place].id, actor)
    if drafts:
        _receive(drafts, places, kept, answers, actor)
    for place in others[1]:
        answers[place] = look_at_one(envelopes[place], kept[place].id, actor)


def _draft(envelope: Envelope) -> Draft:
    assert envelope.entity_id is not None, "what has no key has a refusal"  # noqa: S101
    return read_delivery(
        envelope.payload,
        key=envelope.entity_id,
        digest=envelope.digest,
        device=envelope.device,
        clock_offset_ms=envelope.clock_offset_ms,
    )


def _receive(
    drafts: Sequence[Draft],
    places: Sequence[int],
    kept: Sequence[Kept],
    answers: list[Answer | None],
    actor: User,
) -> None:
    def note(outcomes: Sequence[Outcome]) -> None:
        told = [_answer_to(outcome) for outcome in outcomes]
        note_results([(kept[place].id, one) for place, one in zip(places, told, strict=True)])
        for place, one in zip(places, told, strict=True):
            answers[place] = one

    try:
        receive(drafts, actor=actor, via=Delivery.Via.DEVICE, then=note)
    except Exception as error:
        # One of them breaks a law of the database that nobody foresaw: found one by one, so that
        # the good ones are not kept waiting.
        if len(drafts) == 1:
            answers[places[0]] = _hold(kept[places[0]].id, error)
            return
        for draft, place in zip(drafts, places, strict=True):
            _receive([draft], [place], kept, answers, actor)


def _hold(key: int, error: Exception) -> Answer:
    """Hold an operation that the database refuses, or over which the program itself stumbles: it
    is kept, those beside it go on, and the log tells us what to mend.

    Raises:
        DatabaseError: the database is not there, or cannot go on: nothing is acknowledged then,
            and the telephone sends again.
    """
    if isinstance(error, ValidationError | DatabaseError):
        answer = Answer(Operation.Result.HELD, errors=_told(refusals_of(in_words(error))))
    else:
        logger.error("an operation was held by a fault of ours", exc_info=error)
        answer = Answer(Operation.Result.HELD, errors=_told((FAULT,)))
    note_results([(key, answer)])
    return answer


def _answer_to(outcome: Outcome) -> Answer:
    return Answer(outcome.fate.value, outcome.folio, _told(outcome.refusals))


def look_at_one(envelope: Envelope, key: int, actor: User) -> Answer:
    """Carry out an operation that is no new delivery, once: its row of the inbox is locked."""
    try:
        with transaction.atomic():
            row = Operation.objects.select_for_update().get(pk=key)
            if row.result in {Operation.Result.CREATED, Operation.Result.DUPLICATE}:
                return Answer(Operation.Result.DUPLICATE, row.folio)
            answer = _carried_out(envelope, actor)
            note_results([(key, answer)])
            return answer
    except Refused as refused:
        answer = Answer(Operation.Result.HELD, errors=_told(refused.refusals))
    except Taken:
        answer = Answer(Operation.Result.CONFLICT, errors=_told((OTHER_CONTENT,)))
    except Exception as error:
        return _hold(key, error)
    note_results([(key, answer)])
    return answer


def _carried_out(envelope: Envelope, actor: User) -> Answer:
    assert envelope.entity_id is not None, "what has no key has a refusal"  # noqa: S101
    if envelope.entity != "delivery":
        if _was_made(envelope):
            return Answer(Operation.Result.DUPLICATE)
        is_new = DOORS[envelope.act](actor, envelope.entity_id, envelope.payload)
        return Answer(Operation.Result.CREATED if is_new else Operation.Result.DUPLICATE)
    if envelope.action == "void":
        return _void(envelope, envelope.entity_id, actor)
    return _correct(envelope, envelope.entity_id, actor)


def _was_made(envelope: Envelope) -> bool:
    """Whether another operation has made the same of the same entity. Two at once: the second
    waits."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(envelope.entity_id)]
        )
    return Operation.objects.filter(
        entity=envelope.entity,
        entity_id=envelope.entity_id,
        action=envelope.action,
        digest=envelope.digest,
        result=Operation.Result.CREATED,
    ).exists()


def _void(envelope: Envelope, key: uuid.UUID, actor: User) -> Answer:
    delivery = _own_delivery(key, "entity_id", actor)
    if delivery.status == Delivery.Status.VOIDED:
        return Answer(Operation.Result.DUPLICATE, delivery.folio)
    void_delivery(actor=actor, delivery=delivery, reason=_reason(envelope))
    return Answer(Operation.Result.CREATED, delivery.folio)


def _correct(envelope: Envelope, key: uuid.UUID, actor: User) -> Answer:
    taken = Delivery.objects.filter(pk=key).first()
    if taken is not None:
        if taken.content_digest != envelope.digest:
            raise Taken
        return Answer(Operation.Result.DUPLICATE, taken.folio)
    told = dict(envelope.payload)
    first = _own_delivery(read_key(told.pop("supersedes", None), "supersedes"), "supersedes", actor)
    told.pop("reason", None)
    corrected = correct_delivery(
        actor=actor,
        delivery=first,
        told=told,
        reason=_reason(envelope),
        key=key,
        digest=envelope.digest,
        device=envelope.device,
        clock_offset_ms=envelope.clock_offset_ms,
        via=Delivery.Via.DEVICE,
    )
    return Answer(Operation.Result.CREATED, corrected.folio)


def _reason(envelope: Envelope) -> str:
    reason = envelope.payload.get("reason")
    try:
        return clean_line(reason)[:500] if isinstance(reason, str) else ""
    except ValidationError as refusal:
        raise Refused(Refusal("reason", "invalid", refusal.messages[0])) from refusal


def _own_delivery(key: uuid.UUID, name: str, actor: User) -> Delivery:
    """A delivery that the actor may mend."""
    found = Delivery.objects.visible_to(actor).filter(pk=key).first()
    if found is None or not may_correct(actor, found):
        raise Refused(
            Refusal(name, "does_not_exist", _("No existe, o no le toca a usted corregirla."))
        )
    return found


def _told(refusals: Sequence[Refusal]) -> list[dict[str, Any]]:
    return [one.told() for one in refusals]


# --- What the office registers --------------------------------------------------------------------


def register(told: dict[str, Any], *, operation: Operation, actor: User) -> Answer:
    """Register an operation that waited, in the name of whoever decided it, in the caller's
    transaction. What has the key of another delivery goes under a new one.

    Raises:
        ValidationError: what speaks against it.
    """
    envelope = open_envelope(told)
    envelope.device = None  # a revoked device has had its say: the office decides
    if envelope.entity_id is None or (
        envelope.act == ("delivery", "create")
        and Delivery.objects.filter(pk=envelope.entity_id)
        .exclude(content_digest=envelope.digest)
        .exists()
    ):
        envelope.entity_id = uuid.uuid4()
    readable = envelope.act in ENTITIES and bool(envelope.payload)
    if not readable:
        raise as_validation_error(envelope.refusals or (UNREADABLE,))
    try:
        if envelope.act == ("delivery", "create"):
            draft = _draft(envelope)
            (outcome,) = receive(
                [draft], actor=actor, agent=operation.user, via=Delivery.Via.DEVICE
            )
            answer = _answer_to(outcome)
            if outcome.refusals:
                raise as_validation_error(outcome.refusals)
        else:
            answer = _carried_out(envelope, actor)
    except Refused as refused:
        raise as_validation_error(refused.refusals) from refused
    except Taken as taken:
        raise as_validation_error((OTHER_CONTENT,)) from taken
    answer.result = Operation.Result.CREATED
    note_results([(operation.pk, answer)])
    return answer
