"""What telephones say, as docs/sync.md writes it."""

from __future__ import annotations

import itertools
import uuid
from typing import Any

_numbers = itertools.count(1)
WEIGHED_AT = "2026-03-02T08:30:00-05:00"


def payload(family: Any = None, **told: Any) -> dict[str, Any]:
    """A sack of 100 lb of wet cocoa; what is given as None is left out."""
    said: dict[str, Any] = {
        "family": str(family.pk) if family is not None else None,
        "product_form": "baba",
        "quantity": "100",
        "unit": "lb",
        "weighed_at": WEIGHED_AT,
        "center": "TENA",
    } | told
    return {name: value for name, value in said.items() if value is not None}


def operation(
    said: dict[str, Any] | None = None, *, device: uuid.UUID | None = None, **envelope: Any
) -> dict[str, Any]:
    """One operation of a push."""
    return {
        "op_id": str(uuid.uuid4()),
        "entity": "delivery",
        "entity_id": str(uuid.uuid4()),
        "action": "create",
        "schema": 1,
        "device_id": str(device or uuid.UUID("d0d0d0d0-0000-4000-8000-000000000001")),
        "device_seq": next(_numbers),
        "recorded_at": WEIGHED_AT,
        "clock_offset_ms": 0,
        "payload": said,
    } | envelope
