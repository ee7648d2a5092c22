"""How fast the change list is on a million history rows. Run by hand:

    python -m tests.benchmarks.change_list [--rows 1000000] [--runs 30]

It makes a database of its own beside the one of DATABASE_URL, fills the history of every tracked
model with generate_series through the triggers and constraints of production, asks for whole pages
the way a browser does, prints a table, and removes the database. Every page should stay below
100 ms (p95) on an idle machine; it ends with status 1 when one does not. "own CPU" is the time that
Python works for a page, whatever else the machine does; "finding" and "counting" are the two
statements over all models.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import tracemalloc
import uuid
from collections.abc import Callable, Iterable
from typing import Any, cast

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kallari.settings")
django.setup()

from django.conf import settings  # noqa: E402 - after django.setup()
from django.db import connection, models  # noqa: E402
from django.test import Client  # noqa: E402

from kallari.accounts.models import User  # noqa: E402
from kallari.history import changes  # noqa: E402
from kallari.history.tracked import history_of, tracked_models  # noqa: E402
from kallari.history.wording import primary_key, tracked_fields  # noqa: E402
from tests.history.factories import NOON, multiply  # noqa: E402
from tests.people import ACTORS, make_account, sign_in  # noqa: E402

LIMIT_MS = 100
YEARS = 2
IMPORT = uuid.UUID(int=7)
"""One request that wrote a twentieth of everything, as the import of a register does."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=30)
    options = parser.parse_args()
    settings.ALLOWED_HOSTS.append("testserver")  # no test environment: it slows down templates
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        accounts = {actor: make_account(actor) for actor in ACTORS.values() if actor != "anonymous"}
        fill(options.rows, [account.pk for account in accounts.values()])
        return measure(options.runs, accounts)
    finally:
        connection.creation.destroy_test_db(settings.DATABASES["default"]["NAME"], verbosity=0)


def fill(rows: int, people: list[int]) -> None:
    """Spread `rows` history rows over all tracked models and two years.

    Ten versions of each record, one in fifty removed, one in five by nobody, requests of ten
    rows and one of a twentieth of everything.
    """
    tracked = tracked_models()
    each = rows // len(tracked)
    step = YEARS * 365 * 24 * 3600 / each
    persons = f"(ARRAY{people}::bigint[])[1 + mod(n, {len(people)})]"
    started = time.perf_counter()
    for model in tracked:
        template = history_of(model).objects.create(**_template(model))  # type: ignore[attr-defined]
        multiply(
            template,
            each,
            **_references(model, people, each),
            **{
                str(primary_key(model).column): f"1000000 + mod(n, {max(1, each // 10)})",
                "history_date": f"template.history_date + n * {step} * interval '1 second'",
                "history_type": f"CASE WHEN n <= {each // 10} THEN '+'"
                " WHEN mod(n, 50) = 0 THEN '-' ELSE '~' END",
                "history_user_id": f"CASE WHEN mod(n, 5) = 0 THEN NULL ELSE {persons} END",
                "request_id": f"CASE WHEN mod(n, 20) = 0 THEN '{IMPORT}'::uuid"
                " ELSE md5((n / 10)::text)::uuid END",
            },
        )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    say(f"{rows} rows in {len(tracked)} models, {time.perf_counter() - started:.0f} s")


def _template(model: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "history_date": NOON,
        "history_type": "~",
        "history_change_reason": "Corrección según el acta.",
        "actor_name": "Rosa Grefa",
        "actor_role": "Administración",
        "request_id": None,
    }
    for field in tracked_fields(model):
        if isinstance(field, models.ForeignKey):
            values[field.attname] = None
        elif isinstance(field, models.BooleanField):
            values[field.attname] = True
        elif isinstance(field, models.DateTimeField):
            values[field.attname] = NOON
        elif isinstance(field, models.DateField):
            values[field.attname] = None if field.null else NOON.date()
        elif isinstance(field, (models.CharField, models.TextField)):
            values[field.attname] = "Un texto corriente"[: field.max_length]
        elif isinstance(field, models.IntegerField):
            values[field.attname] = 1
    return values


def _references(model: Any, people: list[int], each: int) -> dict[str, str]:
    """Foreign keys lead to living accounts, else to records that history alone remembers; one
    text differs from version to version."""
    expressions: dict[str, str] = {}
    for field in tracked_fields(model):
        if isinstance(field, models.ForeignKey):
            to_person = f"(ARRAY{people}::bigint[])[1 + mod(n, {len(people)})]"
            elsewhere = f"1000000 + mod(n, {max(1, each // 10)})"
            is_person = field.remote_field.model._meta.label_lower == "accounts.user"
            expressions[field.attname] = to_person if is_person else elsewhere
        elif type(field) is models.CharField and (field.max_length or 0) >= 60:
            expressions[field.attname] = "'Versión ' || n"
    return expressions


def measure(runs: int, accounts: dict[str, User]) -> int:
    client = sign_in(Client(), accounts["administration"])
    person = accounts["extension_agent"].pk
    idle = make_account("nobody", username="nadie").pk
    places = changes.find(changes.Filters(), size=1).places
    newest = places[0]
    middle = NOON + (newest.at - NOON) / 2
    deep = str(changes.Cursor(middle, newest.history_id))
    oldest = str(changes.Cursor(NOON, newest.history_id))
    backwards = str(changes.Cursor(middle, newest.history_id, newer=True))
    first_day, last_day = f"{middle:%Y-%m-01}", f"{middle:%Y-%m-28}"
    pages: dict[str, dict[str, Any]] = {
        "first page": {},
        "page amid the list": {"cursor": deep},
        "the same, towards the newer": {"cursor": backwards},
        "last page": {"cursor": oldest},
        "one person": {"persona": person},
        "one person, deep": {"persona": person, "cursor": deep},
        "nobody": {"persona": "sin-cuenta"},
        "creations (all old)": {"clase": "creacion"},
        "removals": {"clase": "retiro"},
        "one person's creations": {"persona": person, "clase": "creacion"},
        "somebody who did nothing": {"persona": idle},
        "one model": {"modelo": "accounts.user"},
        "one month": {"desde": first_day, "hasta": last_day},
        "one month, one person": {"desde": first_day, "hasta": last_day, "persona": person},
        "before anything": {"hasta": "2001-01-01"},
        "a small request": {"acto": uuid.UUID("d3d9446802a44259755d38e6d163e820")},
        "an import": {"acto": IMPORT},
        "an import, deep": {"acto": IMPORT, "cursor": deep},
        "an import's removals": {"acto": IMPORT, "clase": "retiro"},
        "one record": {"modelo": "accounts.user", "objeto": 1_000_007},
    }
    slow = []
    heads = ["rows", "p50 ms", "p95 ms", "own CPU", "finding", "counting"]
    say(f"{'page':32}" + "".join(f"{head:>9}" for head in heads))
    for name, query in pages.items():
        shown = 0

        def ask(query: dict[str, Any] = query) -> None:
            nonlocal shown
            response = client.get("/auditoria/", query)
            assert response.status_code == 200, response.content.decode()
            shown = response.content.count(b'<section class="change">')

        p50, p95 = percentiles(ask, runs)
        own, _slowest = percentiles(ask, runs, clock=time.process_time)
        filters, cursor = _parsed(query)
        finding, _slowest = percentiles(lambda f=filters, c=cursor: changes.find(f, c), runs)  # type: ignore[misc]
        counting, _slowest = percentiles(lambda f=filters: changes.count(f), runs)  # type: ignore[misc]
        say(f"{name:32}{shown:9}{p50:9.1f}{p95:9.1f}{own:9.1f}{finding:9.1f}{counting:9.1f}")
        if p95 > LIMIT_MS:
            slow.append(name)
    export(client)
    if slow:
        say(f"slower than {LIMIT_MS} ms: {', '.join(slow)}")
    return 1 if slow else 0


def export(client: Client, lines: int = 50_000) -> None:
    response = client.get("/auditoria/exportar.csv")
    content = cast("Iterable[bytes]", response.streaming_content)  # type: ignore[attr-defined]
    stream = iter(content)
    started = time.perf_counter()
    for _line in range(lines):
        next(stream)
    took = time.perf_counter() - started
    tracemalloc.start()
    peaks = []
    for _fifth in range(5):
        for _line in range(lines // 5):
            next(stream)
        peaks.append(tracemalloc.get_traced_memory()[1] / 2**20)
    tracemalloc.stop()
    say(
        f"CSV: {lines} lines in {took:.1f} s; peak memory after each fifth of as many more, MiB: "
        + ", ".join(f"{peak:.1f}" for peak in peaks)
    )


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def percentiles(
    act: Callable[[], object], runs: int, *, clock: Callable[[], float] = time.perf_counter
) -> tuple[float, float]:
    """The median and the 95th percentile in ms, after two rounds to warm up."""
    took = []
    for run in range(runs + 2):
        started = clock()
        act()
        if run >= 2:
            took.append((clock() - started) * 1000)
    took.sort()
    return took[len(took) // 2], took[int(len(took) * 0.95)]


def _parsed(query: dict[str, Any]) -> tuple[changes.Filters, changes.Cursor | None]:
    from kallari.history.forms import ChangeFilterForm

    form = ChangeFilterForm({name: str(value) for name, value in query.items()})
    assert form.is_valid(), form.errors
    return form.filters, form.cleaned_data["cursor"]


if __name__ == "__main__":
    sys.exit(main())
