"""Which history tables there are, and how their rows are read in the order of `history_id`."""

# ruff: noqa: S608  # names of tables and columns come from the models and are quoted

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.utils import timezone

from kallari.history.seals.canonical import Entry, SealedTable, quoted, row_digest_sql
from kallari.history.tracked import history_of, tracked_models

if TYPE_CHECKING:
    from kallari.history.models import Seal

SEQUENCE = "kallari_history_id_seq"

OVERDUE = timedelta(days=2)
"""Seals are made every night; history that waits longer than this is worth a word."""


def column_of(model: type[models.Model], field_name: str) -> str:
    """The column that holds a field.

    Raises:
        TypeError: the field has none.
    """
    column = getattr(model._meta.get_field(field_name), "column", None)
    if column is None:
        raise TypeError(f"{model._meta.label}.{field_name}")
    return str(column)


@dataclass(frozen=True)
class Tracked:
    """A model and its history."""

    model: type[models.Model]
    history: type[models.Model]

    @property
    def table(self) -> str:
        return self.history._meta.db_table

    @property
    def object_column(self) -> str:
        """The history table's column that names the record."""
        return column_of(self.history, self.model._meta.pk.name)

    @property
    def columns(self) -> list[tuple[str, str, str]]:
        """Followed fields: label, the record's column, the history's column."""
        return [
            (str(field.verbose_name), column_of(self.model, name), column_of(self.history, name))
            for field in self.history.tracked_fields  # type: ignore[attr-defined]
            for name in [field.name]
        ]


def tracked_tables() -> list[Tracked]:
    """All models with history, by the name of their history table."""
    tracked = [
        Tracked(model, history_of(model)) for model in tracked_models() if not model._meta.proxy
    ]
    return sorted(tracked, key=lambda one: one.table)


def database_columns(tables: Sequence[str]) -> dict[str, list[str]]:
    """The columns that the tables have in the database, in its order; {} for one without table."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)
            FROM pg_class c
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE c.oid IN (SELECT to_regclass(quote_ident(name)) FROM unnest(%s) name)
            GROUP BY c.relname
            """,
            [list(tables)],
        )
        return dict(cursor.fetchall())


def tables_to_seal() -> list[SealedTable]:
    """Every history table with all its columns, as a new seal covers them."""
    tracked = tracked_tables()
    columns = database_columns([one.table for one in tracked])
    return [
        SealedTable(table=one.table, object=one.object_column, columns=columns[one.table])
        for one in tracked
    ]


def rows_sql(tables: Sequence[tuple[int, SealedTable]]) -> str:
    """A query: history_id, table_index, object_pk, digest of the rows of all tables with
    ``%(after)s < history_id <= %(upto)s``."""
    return " UNION ALL ".join(
        f"SELECT history_id, {index}::smallint AS table_index,"
        f" {quoted(covered['object'])}::text AS object_pk, {row_digest_sql(covered)} AS digest"
        f" FROM {quoted(covered['table'])}"
        " WHERE history_id > %(after)s AND history_id <= %(upto)s"
        for index, covered in tables
    )


def steps(tables: Sequence[str], after: int, upto: int, size: int) -> Iterator[tuple[int, int]]:
    """Cut ``(after, upto]`` into ranges that hold at most `size` rows of all tables together."""
    every = " UNION ALL ".join(
        f"SELECT history_id FROM {quoted(table)}"
        " WHERE history_id > %(after)s AND history_id <= %(upto)s"
        for table in tables
    )
    with connection.cursor() as cursor:
        while after < upto:
            cursor.execute(
                f"SELECT max(history_id), count(*) FROM"
                f" (SELECT history_id FROM ({every}) e ORDER BY history_id LIMIT %(size)s) c",
                {"after": after, "upto": upto, "size": size},
            )
            last, count = cursor.fetchone()
            if count < size:
                last = upto
            yield after, last
            after = last


def entries_of_rows(
    tables: Sequence[SealedTable], after: int, upto: int, *, batch: int = 20_000
) -> Iterator[Entry]:
    """The entries recomputed from the history rows themselves, in order."""
    names = [covered["table"] for covered in tables]
    yield from (
        (history_id, names[index], object_pk, digest)
        for history_id, index, object_pk, digest in fetch(
            "SELECT history_id, table_index, object_pk, encode(digest, 'hex')"
            f" FROM ({rows_sql(list(enumerate(tables)))}) r ORDER BY history_id, table_index",
            {"after": after, "upto": upto},
            batch=batch,
        )
    )


def fetch(sql: str, params: Any = None, *, batch: int = 2_000) -> Iterator[tuple[Any, ...]]:
    """Run a query with a cursor on the server: memory stays bounded however many rows come."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        while rows := cursor.fetchmany(batch):
            yield from rows


def count_after(history_id: int, *, most: int | None = None) -> int:
    """How many history rows come after `history_id`: what waits for the next seal. A page gives
    `most`, beyond which it need not know: before the first seal of a large register that is
    quicker by far."""
    every = " UNION ALL ".join(
        f"(SELECT 1 FROM {quoted(one.table)} WHERE history_id > %(after)s LIMIT %(most)s)"
        for one in tracked_tables()
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM ({every}) e LIMIT %(most)s) c",
            {"after": history_id, "most": most},
        )
        return int(cursor.fetchone()[0])


def last_history_id() -> int:
    """The newest number that the sequence gave; 0 before the first."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {SEQUENCE}")
        return int(cursor.fetchone()[0])


MOST_COUNTED = 10_000


def waiting_for_a_seal(newest: Seal | None) -> dict[str, Any]:
    """What the pages say of the rows that wait: how many, up to a limit, and whether too long.
    A timer that stopped is noticed there."""
    unsealed = count_after(newest.upto_id if newest else 0, most=MOST_COUNTED + 1)
    return {
        "unsealed": min(unsealed, MOST_COUNTED),
        "more_unsealed": unsealed > MOST_COUNTED,
        "overdue": overdue(newest, unsealed),
    }


def overdue(newest: Seal | None, unsealed: int) -> bool:
    """Whether history waits for a seal longer than it should."""
    return bool(unsealed) and (newest is None or timezone.now() - newest.sealed_at > OVERDUE)
