"""Primary keys."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models


def random_key() -> models.UUIDField[uuid.UUID, uuid.UUID]:
    """A random UUID (version 4) as primary key: for what telephones make without a network, and
    for what must not tell how many there are, or in which order they came (DESIGN section 3)."""
    return models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)


def as_uuid(value: Any) -> uuid.UUID | None:
    """A key that somebody sent, or None where it is none."""
    try:
        return uuid.UUID(str(value))
    except ValueError:
        return None
