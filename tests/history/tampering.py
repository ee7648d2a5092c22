"""What somebody with SQL does to history, and what `verify_history` says about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models

from kallari.history.seals.codes import PaperCode
from kallari.history.seals.findings import Finding
from kallari.history.seals.verifying import verify_history


def sql(statement: str, params: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
    """Run plain SQL, past everything that Django and history do."""
    with connection.cursor() as cursor:
        cursor.execute(statement, list(params) or None)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def triggers_off(*models_: type[models.Model]) -> Iterator[None]:
    """The tamperer switches the triggers of these tables off, and on again afterwards."""
    tables = [model._meta.db_table for model in models_]
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    for table in tables:
        sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    for table in tables:
        sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def findings(*, codes: Iterable[PaperCode] = (), since: int = 1) -> list[Finding]:
    """All that verification finds."""
    found: list[Finding] = []
    verified = verify_history(found.append, codes=codes, since=since)
    assert verified.findings == len(found)
    return found


def told(found: Iterable[Finding]) -> list[tuple[str, str, str, int | None]]:
    """What each finding names: kind, model, record, history row."""
    return [(one.kind.value, one.model, one.object_pk, one.history_id) for one in found]
