"""How fast the register's pages are on the full demo. Run by hand:

    python -m tests.benchmarks.register_pages [--runs 50]

It makes a database of its own beside the one of DATABASE_URL, loads the full demo, asks for whole
pages the way a browser does, prints a table, and removes the database. Every page should stay
below 200 ms (p95) on an idle machine; it ends with status 1 when one does not. "own CPU" is the
time that Python works for a page, whatever else the machine does. Pages that do not exist yet are
left out.
"""

from __future__ import annotations

import argparse
import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kallari.settings")
django.setup()

from django.conf import settings  # noqa: E402 - after django.setup()
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from kallari import gunicorn_config  # noqa: E402
from kallari.accounts.models import User  # noqa: E402
from tests.people import sign_in  # noqa: E402

LIMIT_MS = 200

PAGES = (
    ("administracion", "/"),
    ("administracion", "/comunidades/"),
    ("administracion", "/familias/"),
    ("administracion", "/familias/?buscar=grefa"),
    ("administracion", "/personas/"),
    ("administracion", "/personas/?buscar=rosa+andi"),
    ("administracion", "/socios/"),
    ("administracion", "/socios/lista-legal/"),
    ("administracion", "/chakras/"),
    ("administracion", "/certificacion/"),
    ("administracion", "/certificacion/lista/"),
    ("administracion", "/certificacion/inspecciones/"),
    ("administracion", "/certificacion/acciones/"),
    ("administracion", "/certificacion/estimaciones/"),
    ("administracion", "/certificacion/vencimientos/"),
    ("administracion", "/encuentros/"),
    ("administracion", "/insumos/"),
    ("administracion", "/panorama/"),
    ("tecnico", "/familias/"),
    ("tecnico", "/panorama/"),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=50)
    options = parser.parse_args()
    settings.ALLOWED_HOSTS.append("testserver")  # no test environment: it slows down templates
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        call_command("demo", scale="full")
        return measure(options.runs)
    finally:
        connection.creation.destroy_test_db(settings.DATABASES["default"]["NAME"], verbosity=0)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def measure(runs: int) -> int:
    """Print a line a page; return 1 when one is too slow."""
    say(f"{'page':<44} {'queries':>7} {'p50 ms':>8} {'p95 ms':>8} {'own CPU':>8} {'KB':>6}")
    too_slow = False
    gunicorn_config.when_ready(None)  # as the server does before it answers
    for username, address in PAGES:
        browser = sign_in(Client(), User.objects.get(username=username))
        if browser.get(address).status_code == 404:
            continue
        with CaptureQueriesContext(connection) as asked:
            content = browser.get(address).content
        queries = len(asked)
        walls, cpu = [], time.process_time()
        for _run in range(runs):
            started = time.perf_counter()
            browser.get(address)
            walls.append((time.perf_counter() - started) * 1000)
        cpu = (time.process_time() - cpu) * 1000 / runs
        walls.sort()
        middle, late = walls[len(walls) // 2], walls[min(len(walls) - 1, len(walls) * 95 // 100)]
        too_slow |= late > LIMIT_MS
        name = f"{address} ({username})"
        say(
            f"{name:<44} {queries:>7} {middle:>8.0f} {late:>8.0f} {cpu:>8.0f}"
            f" {len(content) / 1024:>6.0f}",
        )
    return int(too_slow)


if __name__ == "__main__":
    sys.exit(main())
