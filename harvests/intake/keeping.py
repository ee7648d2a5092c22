"""The rows of the inbox: every operation written down as it came, and what came of it beside it."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection

from harvests.intake.envelopes import Envelope
from harvests.intake.facts import as_text
from harvests.models import Device, Operation
from kallari.history.context import acting

if TYPE_CHECKING:
    from kallari.accounts.models import User


@dataclass(slots=True)
class Kept:
    """The row of the inbox that an operation is, and what came of it."""

    id: int
    result: str
    folio: str
    errors: list[dict[str, Any]]
    is_owner: bool
    """Whether no operation of the same id with other content came before it."""
    is_revoked: bool = False
    """Whether its device is."""


@dataclass(slots=True)
class Answer:
    """What is answered for one operation."""

    result: str
    folio: str = ""
    errors: list[dict[str, Any]] = field(default_factory=list)


def keep(envelopes: Sequence[Envelope], *, actor: User, now: datetime) -> list[Kept]:
    """Write every operation down as it came; one that came before with the same content is
    counted. A device that is not known yet becomes known."""
    revoked = _meet_devices(envelopes, actor)
    times = Counter((one.op_id, one.digest) for one in envelopes)
    first: dict[tuple[uuid.UUID | None, str], Envelope] = {}
    for one in envelopes:
        first.setdefault((one.op_id, one.digest), one)
    rows = [
        {
            "op_id": as_text(one.op_id),
            "entity": one.entity,
            "entity_id": as_text(one.entity_id),
            "action": one.action,
            "digest": one.digest,
            "raw": one.raw,
            "user_id": actor.pk,
            "device_id": as_text(one.device),
            "device_seq": one.device_seq,
            "received_at": now.isoformat(),
            "times_received": times[key],
        }
        # In one order, so that two pushes of the same operations never wait for each other.
        for key, one in sorted(first.items(), key=lambda item: str(item[0][0]))
    ]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [json.dumps(rows, ensure_ascii=False)])
        cursor.execute(_KEPT, [[row[0] for row in cursor.fetchall()]])
        kept = {
            (op_id, digest): Kept(key, result, folio, json.loads(errors), is_owner)
            for key, op_id, digest, result, folio, errors, is_owner in cursor.fetchall()
        }
    return [
        replace(kept[as_text(one.op_id), one.digest], is_revoked=one.device in revoked)
        for one in envelopes
    ]


_KEEP = """
    -- # without history: what was sent is kept as it came, by trigger
    INSERT INTO harvests_operation AS operation
        (op_id, entity, entity_id, action, digest, raw, user_id, device_id, device_seq,
         received_at, times_received, result, folio, errors, is_open)
    SELECT op_id, entity, entity_id, action, digest, raw, user_id, device_id, device_seq,
           received_at, times_received, '', '', '[]', true
    FROM json_populate_recordset(NULL::harvests_operation, %s)
    ON CONFLICT (op_id, digest) DO UPDATE
        SET times_received = operation.times_received + excluded.times_received
    RETURNING id
"""
_KEPT = """
    SELECT id, op_id::text, digest, result, folio, errors::text, NOT EXISTS (
        SELECT 1 FROM harvests_operation earlier
        WHERE earlier.op_id = kept.op_id AND earlier.id < kept.id
          AND earlier.digest <> kept.digest)
    FROM harvests_operation kept WHERE id = ANY (%s)
"""


def _meet_devices(envelopes: Sequence[Envelope], actor: User) -> set[uuid.UUID]:
    """Let new devices become known; return the revoked ones."""
    wanted = sorted({one.device for one in envelopes if one.device is not None})
    known = dict(Device.objects.filter(pk__in=wanted).values_list("pk", "revoked_at"))
    for key in wanted:
        if key in known:
            continue
        with connection.cursor() as cursor:
            # Two first messages at once: the second waits here, and finds it known.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(key)])
        if not Device.objects.filter(pk=key).exists():
            with acting(actor):
                Device(pk=key, user=actor).save(force_insert=True)
    return {key for key, revoked_at in known.items() if revoked_at is not None}


def note_results(results: Sequence[tuple[int, Answer]]) -> None:
    """Write beside each operation what came of it. What is on record already stays so: of two that
    arrive at once the one that made it has said so."""
    if not results:
        return
    rows = [
        {
            "id": key,
            "result": str(answer.result),
            "folio": answer.folio,
            "errors": answer.errors,
            "is_open": answer.result in Operation.WAIT,
        }
        for key, answer in results
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            -- # without history: what came of it; the office's decisions on it have history
            UPDATE harvests_operation operation
            SET result = told.result, folio = told.folio, errors = told.errors,
                is_open = told.is_open
            FROM json_populate_recordset(NULL::harvests_operation, %s) told
            WHERE operation.id = told.id AND operation.result NOT IN ('created', 'duplicate')
            """,
            [json.dumps(rows, ensure_ascii=False)],
        )
