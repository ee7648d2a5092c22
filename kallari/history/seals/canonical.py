"""How a history row and a seal become bytes. docs/history.md says the same for outsiders; neither
changes without the other, and never for seals that exist.

Everything is a run of *items*. An item is ``-`` for NULL, else the number of its octets in UTF-8,
a colon, and the octets. A run of items can be taken apart in one way only (a digit begins a
length, a hyphen never does), so two different rows never become the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypedDict

from django.db import connection

ROW_TAG = "kallari row 1"
SEAL_TAG = "kallari seal 1"

SESSION = {
    "TimeZone": "UTC",
    "DateStyle": "ISO",
    "IntervalStyle": "postgres",
    "extra_float_digits": "1",
    "bytea_output": "hex",
}
"""What makes ``column::text`` mean the same everywhere."""


class SealedTable(TypedDict):
    """One history table as a seal covers it."""

    table: str
    object: str
    columns: list[str]


@dataclass(frozen=True)
class Header:
    """What a seal's digest covers before the rows. `sealed_at` is PostgreSQL's text in UTC."""

    number: int
    previous_digest: str | None
    sealed_at: str
    after_id: int
    upto_id: int
    row_count: int
    tables: list[SealedTable]


Entry = tuple[int, str, str, str]
"""One sealed row: history_id, table, object_pk, digest in hexadecimal."""


def item(text: str | None) -> bytes:
    """Return one item.

    >>> item("ñandú"), item(""), item(None)
    (b'7:\\xc3\\xb1and\\xc3\\xba', b'0:', b'-')
    """
    if text is None:
        return b"-"
    octets = text.encode()
    return b"%d:%b" % (len(octets), octets)


def header_bytes(header: Header) -> bytes:
    """The items that stand before the entries of the rows."""
    items: list[str | None] = [
        SEAL_TAG,
        str(header.number),
        header.previous_digest,
        header.sealed_at,
        str(header.after_id),
        str(header.upto_id),
        str(header.row_count),
        str(len(header.tables)),
    ]
    for covered in header.tables:
        columns = covered["columns"]
        items += [covered["table"], covered["object"], str(len(columns)), *columns]
    return b"".join(map(item, items))


def entries_digest(entries: Iterable[Entry], start: bytes = b"") -> tuple[str, int]:
    """SHA-256 over `start` and the entries, each as four items; and how many they were."""
    hasher = hashlib.sha256(start)
    count = 0
    for history_id, table, object_pk, digest in entries:
        hasher.update(
            item(str(history_id)) + item(table) + item(object_pk) + b"64:" + digest.encode()
        )
        count += 1
    return hasher.hexdigest(), count


def quoted(name: str) -> str:
    """An identifier for SQL."""
    if "%" in name:  # would be read as a parameter
        raise ValueError(name)
    return '"' + name.replace('"', '""') + '"'


def row_digest_sql(covered: SealedTable) -> str:
    """An SQL expression: the SHA-256 (bytea) of one row of a history table.

    The server computes it, so that a million rows need not travel. It needs no extension.
    """
    start = quoted((item(ROW_TAG) + item(covered["table"])).decode()).replace('"', "'")
    parts = [
        f"coalesce(octet_length({column}::text) || ':' || {column}::text, '-')"
        for column in map(quoted, covered["columns"])
    ]
    return f"sha256(convert_to({' || '.join([start, *parts])}, 'UTF8'))"


@contextmanager
def fixed_session() -> Iterator[None]:
    """Within the current transaction: the fixed settings, and PostgreSQL's own functions first,
    so that nobody's `sha256` in another schema is called instead."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        schema = cursor.fetchone()[0]
    with local_settings(SESSION | {"search_path": f"pg_catalog, {quoted(schema)}"}):
        yield


@contextmanager
def local_settings(settings: Mapping[str, str]) -> Iterator[None]:
    """Within the current transaction: PostgreSQL's settings, put back afterwards (after an error
    the roll-back does it)."""
    before = {}
    with connection.cursor() as cursor:
        for name, value in settings.items():
            cursor.execute("SELECT current_setting(%s)", [name])
            before[name] = cursor.fetchone()[0]
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
    yield
    with connection.cursor() as cursor:
        for name, value in before.items():
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
