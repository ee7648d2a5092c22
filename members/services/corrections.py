"""What every correction of a row does with the fields it is told."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models

from kallari.history.context import acting, require_reason
from members.services.locks import locked

if TYPE_CHECKING:
    from kallari.accounts.models import User

RowT = TypeVar("RowT", bound=models.Model)


def refuse_other_fields(changes: dict[str, Any], correctable: AbstractSet[str]) -> None:
    """Keep a correction from doing what only an event does.

    Raises:
        TypeError: a field that is not among the correctable ones: the caller is wrong.
    """
    if unknown := set(changes) - correctable:
        raise TypeError(f"no field that is corrected: {sorted(unknown)}")


def assign(row: Any, changes: dict[str, Any]) -> bool:
    """Give a row what differs from what it has; return whether anything did."""
    different = {name: value for name, value in changes.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    return bool(different)


def written(row: RowT) -> RowT:
    """Check a row whole, write it and return it.

    Raises:
        ValidationError: what its fields, ``clean()`` and the constraints say.
    """
    row.full_clean()
    row.save()
    return row


def corrected(actor: User | None, row: RowT, reason: str, changes: dict[str, Any]) -> RowT:
    """Return the row as it is now, locked, with these changes; nothing is written where none of
    them differs. Inside a transaction.

    Raises:
        ValidationError: ``reason_required``; as `written`.
    """
    reason = require_reason(reason)
    with acting(actor, reason=reason):
        row = locked(row)
        return written(row) if assign(row, changes) else row
