"""What a push holds, as far as it can be read: nothing is asked of the database (docs/sync.md)."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from django.utils.translation import gettext_lazy as _

from harvests.intake.doors import DOORS
from harvests.intake.reading import (
    MOST_OFFSET_MS,
    Refusal,
    Refused,
    content_digest,
    printable,
    read_instant,
    read_key,
)

OLDEST_SCHEMA = NEWEST_SCHEMA = 1
ENVELOPE = frozenset(
    {
        "op_id",
        "entity",
        "entity_id",
        "action",
        "schema",
        "device_id",
        "device_seq",
        "recorded_at",
        "clock_offset_ms",
        "payload",
    }
)
ENTITIES = frozenset(
    {("delivery", "create"), ("delivery", "correct"), ("delivery", "void"), *DOORS}
)

UNREADABLE = Refusal(None, "unreadable", _("No es una operación: le falta su identificador."))
NEWER_SCHEMA = Refusal(
    "schema", "unknown_schema", _("El teléfono habla una versión que este servidor no conoce.")
)
UNKNOWN_ENTITY = Refusal("entity", "unknown_entity", _("El servidor no conoce ese acto."))


@dataclass(slots=True)
class Envelope:
    """An operation as far as it can be read."""

    raw: str
    digest: str
    op_id: uuid.UUID | None = None
    entity: str = ""
    entity_id: uuid.UUID | None = None
    action: str = ""
    device: uuid.UUID | None = None
    device_seq: int | None = None
    clock_offset_ms: int | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)
    refusals: tuple[Refusal, ...] = ()

    @property
    def act(self) -> tuple[str, str]:
        return self.entity, self.action


def open_envelope(operation: Any) -> Envelope:
    """Return what can be read of an operation; what cannot stands among its refusals."""
    raw = _written(operation)
    if not isinstance(operation, dict):
        return Envelope(raw, content_digest("", "", "", operation), refusals=(UNREADABLE,))
    entity, action = operation.get("entity"), operation.get("action")
    envelope = Envelope(
        raw,
        content_digest(
            str(entity), str(operation.get("entity_id")), str(action), operation.get("payload")
        ),
        entity=printable(str(entity or ""), 20),
        action=printable(str(action or ""), 10),
    )
    try:
        envelope.op_id = read_key(operation.get("op_id"), "op_id")
    except Refused:
        envelope.refusals = (UNREADABLE,)
        return envelope
    envelope.refusals = tuple(_read_rest(operation, envelope))
    return envelope


def _written(operation: Any) -> str:
    """The operation as one line of JSON, letters as they are, unless one is only half a letter."""
    text = json.dumps(operation, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(operation, separators=(",", ":"))
    return text


def _read_rest(operation: dict[str, Any], envelope: Envelope) -> list[Refusal]:
    refusals: list[Refusal] = []
    for name, attribute in (("entity_id", "entity_id"), ("device_id", "device")):
        try:
            setattr(envelope, attribute, read_key(operation.get(name), name))
        except Refused as refused:
            refusals += refused.refusals
    sequence, offset = operation.get("device_seq"), operation.get("clock_offset_ms")
    if _is_whole(sequence) and 0 <= sequence < 2**53:
        envelope.device_seq = sequence
    elif sequence is not None:
        refusals.append(Refusal("device_seq", "invalid", _("Escriba un número entero.")))
    if _is_whole(offset) and abs(offset) <= MOST_OFFSET_MS:
        envelope.clock_offset_ms = offset
    elif offset is not None:
        refusals.append(Refusal("clock_offset_ms", "invalid", _("Escriba un número entero.")))
    if operation.get("recorded_at") is not None:
        try:
            read_instant(operation["recorded_at"], "recorded_at")
        except Refused as refused:
            refusals += refused.refusals
    payload = operation.get("payload")
    if isinstance(payload, dict):
        envelope.payload = payload
    else:
        refusals.append(Refusal("payload", "required", _("Falta lo que se registra.")))
    schema = operation.get("schema", OLDEST_SCHEMA)
    if not _is_whole(schema) or not OLDEST_SCHEMA <= schema <= NEWEST_SCHEMA:
        refusals.append(NEWER_SCHEMA)
    if envelope.act not in ENTITIES:
        refusals.append(UNKNOWN_ENTITY)
    if unknown := sorted(set(operation) - ENVELOPE):
        refusals.append(Refusal(unknown[0], "unknown_field", _("Este campo no existe.")))
    return refusals


def _is_whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)
