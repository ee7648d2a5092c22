"""The one order in which the register is locked, so that two writers never wait for each other
for ever: numbers, then families, then communities, then people, then memberships, each by
primary key. Chakras come after their families.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import connection, models

ModelT = TypeVar("ModelT", bound=models.Model)


def lock_numbers(series: str) -> None:
    """Let one transaction at a time draw the next number of a series: ``"family"``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"members_{series}_number"])


def next_number(rows: type[models.Model] | models.QuerySet[Any]) -> int:
    """The number after the highest of a table, or of those of its rows that are counted together
    (a year's); under `lock_numbers` nobody else draws it."""
    counted = rows if isinstance(rows, models.QuerySet) else rows._base_manager.all()
    highest: int | None = counted.aggregate(highest=models.Max("number"))["highest"]
    return (highest or 0) + 1


def locked(row: ModelT) -> ModelT:
    """Return the row as it is now, locked until the transaction ends."""
    return type(row)._base_manager.select_for_update().get(pk=row.pk)


def locked_all(rows: Iterable[ModelT]) -> list[ModelT]:
    """Lock several rows of one table in the order of their keys."""
    by_model = list(rows)
    if not by_model:
        return []
    keys = [row.pk for row in by_model]
    manager = type(by_model[0])._base_manager
    return list(manager.select_for_update().filter(pk__in=keys).order_by("pk"))
