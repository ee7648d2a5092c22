"""An outsider's recomputation: docs/history.md and plain SQL, without our program for it.

Nothing of `kallari.history.seals.canonical` is used below except where the bytes it makes are
compared with what stands here.
"""

# ruff: noqa: S608  # an outsider's SQL

from __future__ import annotations

import hashlib
import json
import re
import uuid
from datetime import date

import pytest
from django.conf import settings as settings_of_django
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kallari.history.context import acting
from kallari.history.seals import canonical
from kallari.history.seals.codes import paper_code
from kallari.history.seals.writing import seal
from members.models import CommunityAlias
from tests.history.tampering import findings, sql
from tests.members.factories import community
from tests.people import make_account

# --- What the page describes, in the plainest Python --------------------------------------------


def piece(text: str | None) -> bytes:
    if text is None:
        return b"-"
    octets = text.encode("utf-8")
    return str(len(octets)).encode() + b":" + octets


def take_apart(octets: bytes) -> list[str | None]:
    """Read pieces back; works for every run of pieces, so no two runs have the same octets."""
    pieces: list[str | None] = []
    while octets:
        if octets[:1] == b"-":
            pieces.append(None)
            octets = octets[1:]
        else:
            length, octets = octets.split(b":", 1)
            pieces.append(octets[: int(length)].decode("utf-8"))
            octets = octets[int(length) :]
    return pieces


def recompute(number: int) -> str:
    """The digest of a seal, from the history tables alone: the list of sealed rows is not read."""
    for setting, value in {
        "TimeZone": "UTC",
        "DateStyle": "ISO",
        "IntervalStyle": "postgres",
        "extra_float_digits": "1",
        "bytea_output": "hex",
    }.items():
        sql("SELECT set_config(%s, %s, true)", [setting, value])
    previous, sealed_at, after, upto, rows, tables = sql(
        "SELECT previous_digest, sealed_at::text, after_id, upto_id, row_count, tables::text"
        " FROM history_seal WHERE number = %s",
        [number],
    )[0]
    tables = json.loads(tables)

    header: list[str | None] = ["kallari seal 1", str(number), previous, sealed_at]
    header += [str(after), str(upto), str(rows), str(len(tables))]
    for table in tables:
        header += [table["table"], table["object"], str(len(table["columns"])), *table["columns"]]

    entries = []
    for table in tables:
        names = [f'"{name}"::text' for name in table["columns"]]
        for history_id, object_pk, *values in sql(
            f'SELECT history_id, "{table["object"]}"::text, {", ".join(names)}'
            f' FROM "{table["table"]}" WHERE history_id > %s AND history_id <= %s',
            [after, upto],
        ):
            row = b"".join(map(piece, ["kallari row 1", table["table"], *values]))
            digest = hashlib.sha256(row).hexdigest()
            entries.append((history_id, table["table"], object_pk, digest))

    octets = b"".join(map(piece, header))
    for history_id, name, object_pk, digest in sorted(entries):
        octets += b"".join(map(piece, [str(history_id), name, object_pk, digest]))
    return hashlib.sha256(octets).hexdigest()


# --- The seals of the application agree with it -------------------------------------------------


@pytest.mark.django_db
def test_an_outsider_gets_the_digests_of_the_seals() -> None:
    one = community("Ñukanchik “Sacha” 100 %", note="a:b\n-\t5:x\\'\"")
    with acting(reason="ya no trabajamos ahí"):
        one.closed_on = date(2026, 2, 28)
        one.save()
    make_account("auditor", second_factor=False)
    first = seal()
    manager = make_account("manager", second_factor=False)
    with acting(manager, reason="con 3: dos puntos", request_id=uuid.uuid4()):
        one.note = ""
        one.closed_on = None
        one.save()
        CommunityAlias.objects.create(community=one, spelling="Sacha")
    second = seal()

    assert first is not None
    assert second is not None
    assert recompute(1) == first.digest
    assert recompute(2) == second.digest
    assert second.previous_digest == first.digest
    assert findings() == []


# --- No two rows have the same octets -----------------------------------------------------------

text = st.none() | st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12
)
tricky = st.sampled_from([None, "", "-", "--", "0:", "1:-", "2:0:", ":", "12", "1:a1:b"])
runs = st.lists(text | tricky, max_size=6)


@given(runs)
@example(["1:a", None, "-", ""])
def test_pieces_are_read_back_as_they_were(run: list[str | None]) -> None:
    assert take_apart(b"".join(map(canonical.item, run))) == run


@given(runs)
def test_our_pieces_are_those_of_the_page(run: list[str | None]) -> None:
    assert list(map(canonical.item, run)) == list(map(piece, run))


@pytest.mark.django_db
@settings(deadline=None)
@given(st.lists(text | tricky, min_size=1, max_size=6))
def test_the_server_makes_the_same_octets(run: list[str | None]) -> None:
    columns = [f"c{place}" for place in range(len(run))]
    expression = canonical.row_digest_sql({"table": "t", "object": "c0", "columns": columns})
    values = ", ".join("%s::text" for _ in run)

    ((digest,),) = sql(
        f"SELECT {expression} FROM (VALUES ({values})) v ({', '.join(columns)})", run
    )

    assert (
        bytes(digest) == hashlib.sha256(b"".join(map(piece, ["kallari row 1", "t", *run]))).digest()
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("true", "true"),
        ("'2026-03-01 07:30:00.120000-05'::timestamptz", "2026-03-01 12:30:00.12+00"),
        ("'2026-03-01'::date", "2026-03-01"),
        ("1.50::numeric(8, 3)", "1.500"),
        ("0.1::float8 + 0.2::float8", "0.30000000000000004"),
        ("'1 day 02:03'::interval", "1 day 02:03:00"),
        ("'\\x00ff'::bytea", "\\x00ff"),
        ("""'{"b": 1,  "a": [null]}'::jsonb""", '{"a": [null], "b": 1}'),
        ("'{a,NULL,\"b c\"}'::text[]", '{a,NULL,"b c"}'),
        ("'D9428888-122B-11E1-B85C-61CD3CBB3210'::uuid", "d9428888-122b-11e1-b85c-61cd3cbb3210"),
    ],
)
def test_values_are_the_text_that_the_page_says(typed: str, expected: str) -> None:
    """Whatever the session, the role or the database prefer. Expected: PostgreSQL's manual."""
    for setting in (
        "TimeZone = 'America/Guayaquil'",
        "DateStyle = 'German'",
        "IntervalStyle = 'iso_8601'",
        "extra_float_digits = 0",
        "bytea_output = 'escape'",
    ):
        sql(f"SET LOCAL {setting}")
    expression = canonical.row_digest_sql({"table": "t", "object": "c", "columns": ["c"]})

    with canonical.fixed_session():
        ((digest,),) = sql(f"SELECT {expression} FROM (SELECT {typed} AS c) v".replace("%", "%%"))

    assert (
        bytes(digest)
        == hashlib.sha256(b"".join(map(piece, ["kallari row 1", "t", expected]))).digest()
    )
    assert sql("SHOW DateStyle") == [("German, DMY",)]


@given(st.integers(1, 9), st.lists(st.sampled_from(["a", "b", "c"]), max_size=4))
def test_a_header_says_where_its_columns_end(number: int, columns: list[str]) -> None:
    """Moving a column from one table's list to another's gives other octets."""

    def octets(*lists: list[str]) -> bytes:
        return canonical.header_bytes(
            canonical.Header(
                number=number,
                previous_digest=None,
                sealed_at="2026-01-01 00:00:00+00",
                after_id=0,
                upto_id=5,
                row_count=5,
                tables=[
                    {"table": f"t{place}", "object": "id", "columns": names}
                    for place, names in enumerate(lists)
                ],
            )
        )

    seen = {octets(columns[:cut], columns[cut:]) for cut in range(len(columns) + 1)}
    assert len(seen) == len(columns) + 1


def test_the_example_of_the_page_is_right() -> None:
    """Its digests and its code, made with our own functions from the values it names."""
    page = (settings_of_django.BASE_DIR / "docs/history.md").read_text()
    example = dict(
        re.findall(r"^(row|seal|code)\s+(.*)$", page.split("```text")[1].split("```")[0], re.M)
    )
    shown = re.findall(r"^sha256\s+(\w{64})$", page, re.M)
    values = ["kallari row 1", "village", "1", "7", "Ñandú", None]
    header = canonical.Header(
        number=1,
        previous_digest=None,
        sealed_at="2026-03-01 12:30:00+00",
        after_id=0,
        upto_id=1,
        row_count=1,
        tables=[
            {"table": "village", "object": "id", "columns": ["history_id", "id", "name", "note"]}
        ],
    )

    row = b"".join(map(canonical.item, values))
    start = canonical.header_bytes(header)
    digest, _ = canonical.entries_digest([(1, "village", "7", shown[0])], start)

    assert example["row"] == row.decode()
    assert shown == [hashlib.sha256(row).hexdigest(), digest]
    assert example["seal"].startswith(start.decode())
    assert hashlib.sha256(example["seal"].encode()).hexdigest() == digest
    assert example["code"] == paper_code(1, digest)
