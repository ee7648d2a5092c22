"""How long sealing and verifying a million history rows takes. Run by hand:

    python -m tests.benchmarks.seal_million [--rows 1000000]

It makes a database of its own beside the one of DATABASE_URL, writes a tenth as many communities
with ten history rows each, times the raw SQL that no sealing can beat (one SHA-256 over each whole
row), then `seal` and `verify_history`, prints times, their ratio to the raw SQL, rows a second and
the memory of this process, and removes the database. The ratio can be compared between machines.
It ends with status 1 when the untouched history does not verify, or a changed row is not found.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kallari.settings")
django.setup()

from django.db import connection  # noqa: E402 - after django.setup()

from kallari.history.seals.findings import Finding  # noqa: E402
from kallari.history.seals.verifying import verify_history  # noqa: E402
from kallari.history.seals.writing import seal  # noqa: E402
from members.models import Community  # noqa: E402

ROWS_A_RECORD = 10
TABLE = Community.history.model._meta.db_table


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    before = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = f"{before}_seal_million"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        return measure(rows)
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)


def measure(rows: int) -> int:
    fill(rows)
    times: dict[str, float] = {}
    with timed(times, "raw SQL: sha256 over each row"), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(sha256(convert_to(h::text, 'UTF8'))) FROM {TABLE} h"  # noqa: S608  # our own table
        )
    with timed(times, "seal"):
        made = seal()
    untouched: list[Finding] = []
    with timed(times, "verify_history"):
        verified = verify_history(untouched.append)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {TABLE} DISABLE TRIGGER USER")
        cursor.execute(
            f"UPDATE {TABLE} SET note = 'x' WHERE history_id ="  # noqa: S608  # our own table
            f" (SELECT history_id FROM {TABLE} ORDER BY history_id OFFSET {rows // 2} LIMIT 1)"
        )
        cursor.execute(f"ALTER TABLE {TABLE} ENABLE TRIGGER USER")
    tampered: list[Finding] = []
    with timed(times, "verify_history, one row changed"):
        verify_history(tampered.append)
    report(times, rows)
    sizes()
    good = made is not None and made.row_count == verified.sealed_rows == rows
    good = good and not untouched and [one.kind for one in tampered] == ["row_changed"]
    sys.stdout.write("the changed row was found\n" if good else f"WRONG: {untouched[:3]}\n")
    return 0 if good else 1


def fill(rows: int) -> None:
    """Communities, each created and then changed nine times."""
    records = rows // ROWS_A_RECORD
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO members_community (name, canton, parish, note)"
            " SELECT 'Lugar ' || n, 'Tena', 'Misahuallí', 'vuelta ' || %s"
            " FROM generate_series(1, %s) n",
            [ROWS_A_RECORD, records],
        )
        cursor.execute(
            f"INSERT INTO {TABLE} (id, name, canton, parish, note, history_date, history_type,"  # noqa: S608  # our own table
            " history_change_reason, history_user_id, request_id, actor_name, actor_role)"
            " SELECT id, name, canton, parish, 'vuelta ' || turn, now(),"
            " CASE WHEN turn = 1 THEN '+' ELSE '~' END, 'según el mapa', 1, gen_random_uuid(),"
            " 'María Grefa Shiguango', 'Administración'"
            f" FROM generate_series(1, {ROWS_A_RECORD}) turn, members_community"
            " ORDER BY turn, id"
        )
        cursor.execute("VACUUM ANALYZE")


@contextmanager
def timed(times: dict[str, float], what: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    times[what] = time.perf_counter() - start


def report(times: dict[str, float], rows: int) -> None:
    raw = next(iter(times.values()))
    sys.stdout.write(f"{rows} history rows\n")
    for what, seconds in times.items():
        sys.stdout.write(
            f"{what:<34} {seconds:8.1f} s {seconds / raw:6.1f} × raw {rows / seconds:9.0f} rows/s\n"
        )


def sizes() -> None:
    with connection.cursor() as cursor:
        for table in (TABLE, "history_sealedrow"):
            cursor.execute("SELECT pg_total_relation_size(%s::regclass) / 1048576", [table])
            sys.stdout.write(f"{table:<34} {cursor.fetchone()[0]:8} MB with its indexes\n")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(f"{'memory of this process':<34} {memory:8} MB at most\n")


if __name__ == "__main__":
    sys.exit(main())
