"""What every correction of a row does with the fields it is told."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Any


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
