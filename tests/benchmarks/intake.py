"""How many deliveries a second the intake takes, against raw inserts. Run by hand:

    python -m tests.benchmarks.intake [--seconds 5] [--clients 1 4 8] [--keep]

It makes a database of its own beside the one of DATABASE_URL (with ``--keep`` it stays and is used
again), starts gunicorn as the house does (two processes, a token), and measures in one run, on one
server:

- one delivery: ``POST /api/v1/deliveries/``, against raw psycopg2 inserting the same rows (the
  delivery, the share of its chakra, the history of both) in one commit;
- five hundred: ``POST /api/v1/sync/push/``, against ``execute_values`` of the same rows in one
  commit.

Raw draws no folios and checks nothing itself; the tables' constraints and triggers hold for both.
Only the ratios carry over to other machines. Yardsticks (REFERENCE): a plain DRF view set with
simple-history reaches 7 % in both, a bare WSGI function 40 % and more. The aim: 15 % and 40 %.
"""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import os
import socket
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterable
from contextlib import closing
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kallari.settings")
django.setup()

import psycopg2  # noqa: E402 - after django.setup()
from django.conf import settings  # noqa: E402
from django.db import connection, connections  # noqa: E402
from psycopg2 import extras  # noqa: E402

from harvests.models import CollectionCenter, Delivery, DeliveryShare  # noqa: E402
from kallari.accounts import services  # noqa: E402
from kallari.accounts.models import User  # noqa: E402
from kallari.embedded_postgres import CHECKOUT  # noqa: E402
from members.models import Family  # noqa: E402
from tests.harvests.factories import world  # noqa: E402
from tests.members import factories as make  # noqa: E402
from tests.people import make_account  # noqa: E402

FAMILIES = 300
PUSHED = 500

Act = Callable[[], int]
"""Hands deliveries in once; how many."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 4, 8])
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    before = settings.DATABASES["default"]["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, keepdb=options.keep)
    try:
        run(options.seconds, options.clients)
    finally:
        if not options.keep:
            connection.creation.destroy_test_db(before, verbosity=0)


def run(seconds: float, clients: list[int]) -> None:
    families, token = lay_down()
    with closing(Application()) as application:
        told = Telling(application.port, token, families)
        Telling(application.port, token, families).one()
        raw = Raw(Delivery.objects.latest("received_at"))
        connections.close_all()
        say(f"{'':24}{'clients':>8}{'per s':>9}{'p50 ms':>9}{'p95 ms':>9}{'of raw':>9}")
        for what, ours, theirs in (
            ("one delivery", told.one, raw.one),
            (f"push of {PUSHED}", told.many, raw.many),
        ):
            for number in clients:
                raw_rate = report(f"{what}, raw", number, measure(theirs, number, seconds))
                report(f"{what}, ours", number, measure(ours, number, seconds), raw_rate)


def lay_down() -> tuple[list[str], str]:
    """A catalogue with prices, families with a chakra each, an account with a token."""
    if not CollectionCenter.objects.exists():
        world()
        of = make.community("Rumi Yaku")
        for _each in range(FAMILIES):
            make.chakra(of=make.family(of=of))
        make_account("center_operator", username="acopio")
    account = User.objects.get(username="acopio")
    _token, key = services.make_token(None, account=account, label="medida")
    return [str(key) for key in Family.objects.values_list("pk", flat=True)], key


class Application:
    """gunicorn with the house's own settings on a free port."""

    def __init__(self) -> None:
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--config", "python:kallari.gunicorn_config"],
            cwd=CHECKOUT,
            env=os.environ | {"DATABASE_URL": url(), "KALLARI_BIND": f"127.0.0.1:{self.port}"},
        )
        while True:
            with closing(http.client.HTTPConnection("127.0.0.1", self.port)) as client:
                try:
                    client.request("GET", "/healthz")
                    client.getresponse()
                except OSError:
                    time.sleep(0.1)
                else:
                    return

    def close(self) -> None:
        self._process.terminate()
        self._process.wait()


def url() -> str:
    """The database of the benchmark, as DATABASE_URL names one."""
    given = os.environ["DATABASE_URL"]
    address, mark, rest = given.partition("?")
    return f"{address.rpartition('/')[0]}/{connection.settings_dict['NAME']}{mark}{rest}"


class Telling:
    """What a program and a telephone send, over one connection that stays."""

    def __init__(self, port: int, token: str, families: list[str]) -> None:
        self._port, self._families = port, families
        self._headers = {"Authorization": f"Token {token}", "Content-Type": "application/json"}
        self._client: http.client.HTTPConnection | None = None
        self._number = 0
        self._device = str(uuid.uuid4())

    def one(self) -> int:
        self._post("/api/v1/deliveries/", {"id": str(uuid.uuid4()), **self._payload()}, 201)
        return 1

    def many(self) -> int:
        operations = [
            {
                "op_id": str(uuid.uuid4()),
                "entity": "delivery",
                "entity_id": str(uuid.uuid4()),
                "action": "create",
                "schema": 1,
                "device_id": self._device,
                "device_seq": number,
                "recorded_at": "2026-03-02T09:00:00-05:00",
                "clock_offset_ms": 0,
                "payload": self._payload(),
            }
            for number in range(PUSHED)
        ]
        answer = self._post("/api/v1/sync/push/", {"operations": operations}, 200)
        assert {one["result"] for one in answer["results"]} == {"created"}
        return PUSHED

    def _payload(self) -> dict[str, Any]:
        """Another family and weight each time, another week after five hundred."""
        self._number += 1
        number = self._number * 7919 + os.getpid() * 104729
        week = self._number // PUSHED + os.getpid()
        return {
            "family": self._families[number % len(self._families)],
            "product_form": "baba",
            "quantity": f"{30 + number % 1_000_000 / 100:.2f}",
            "unit": "lb",
            "weighed_at": f"20{24 + week % 2}-{1 + week % 12:02d}-{1 + week % 23 + number % 5:02d}"
            f"T09:{number % 60:02d}:00-05:00",
        }

    def _post(self, address: str, body: Any, expected: int) -> Any:
        if self._client is None:
            self._client = http.client.HTTPConnection("127.0.0.1", self._port)
        self._client.request("POST", address, json.dumps(body), self._headers)
        answer = self._client.getresponse()
        content = answer.read()
        assert answer.status == expected, content
        return json.loads(content)


class Raw:
    """The rows of one delivery, inserted again and again under other keys."""

    def __init__(self, like: Delivery) -> None:
        share = DeliveryShare.objects.get(delivery=like)
        self._delivery = self._row(Delivery, like.pk)
        self._share = self._row(DeliveryShare, share.pk)
        self._kept = self._row(Delivery.history.model, like.history.get().pk)
        self._kept_share = self._row(DeliveryShare.history.model, share.history.get().pk)
        self._connection: Any = None
        self._number = int(time.time() * 1000) % 100_000_000

    @staticmethod
    def _row(model: Any, key: Any) -> tuple[str, dict[str, Any]]:
        """The table, and the columns that are not made by the database."""
        fields = [
            field
            for field in model._meta.concrete_fields
            if not field.generated
            and field.column != "history_id"
            and not field.get_internal_type().endswith("AutoField")
        ]
        values = model.objects.filter(pk=key).values_list(*(one.attname for one in fields)).get()
        columns = [one.column for one in fields]
        return model._meta.db_table, dict(zip(columns, values, strict=True))

    def _rows(self, number: int) -> list[tuple[str, dict[str, Any]]]:
        self._number += 1
        drawn = 200_000_000 + (self._number * 97 + os.getpid() * 1_000_003) % 1_900_000_000
        key = str(uuid.uuid4())
        own = {"id": key, "folio": f"RAW-{uuid.uuid4().hex[:18]}", "folio_number": drawn + number}
        of = {"delivery_id": key}
        return [
            (table, row | changed)
            for (table, row), changed in (
                (self._delivery, own),
                (self._share, of),
                (self._kept, own),
                (self._kept_share, of),
            )
        ]

    def _cursor(self) -> Any:
        if self._connection is None:
            extras.register_uuid()
            at = settings.DATABASES["default"]
            self._connection = psycopg2.connect(
                dbname=connection.settings_dict["NAME"],
                user=at["USER"],
                password=at["PASSWORD"],
                host=at["HOST"],
                port=at["PORT"] or None,
                **{k: v for k, v in at.get("OPTIONS", {}).items() if k == "passfile"},
            )
        return self._connection.cursor()

    def one(self) -> int:
        with self._cursor() as cursor:
            for table, row in self._rows(0):
                marks = ", ".join(["%s"] * len(row))
                cursor.execute(f"{insert_into(table, row)} ({marks})", list(row.values()))
        self._connection.commit()
        return 1

    def many(self) -> int:
        several = [self._rows(number) for number in range(PUSHED)]
        with self._cursor() as cursor:
            for place in range(len(several[0])):
                table, columns = several[0][place][0], list(several[0][place][1])
                extras.execute_values(
                    cursor,
                    f"{insert_into(table, columns)} %s",
                    [list(rows[place][1].values()) for rows in several],
                    page_size=PUSHED,
                )
        self._connection.commit()
        return PUSHED


def insert_into(table: str, columns: Iterable[str]) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES"


def measure(act: Act, clients: int, seconds: float) -> tuple[float, list[float]]:
    """Deliveries a second of all clients together, and how long each call took in ms."""
    context = multiprocessing.get_context("fork")
    found = context.Queue()
    begin = context.Barrier(clients)
    processes = [
        context.Process(target=_client, args=(act, seconds, begin, found))
        for _each in range(clients)
    ]
    for one in processes:
        one.start()
    results = [found.get(timeout=seconds + 60) for _each in processes]
    for one in processes:
        one.join()
    rate = sum(number / took for number, took, _calls in results)
    return rate, [call for _number, _took, calls in results for call in calls]


def _client(act: Act, seconds: float, begin: Any, found: Any) -> None:
    begin.wait()
    act()  # the connection, and what is read once
    number, calls, started = 0, [], time.perf_counter()
    while (since := time.perf_counter()) - started < seconds:
        number += act()
        calls.append((time.perf_counter() - since) * 1000)
    found.put((number, time.perf_counter() - started, calls))


def report(
    what: str, clients: int, measured: tuple[float, list[float]], raw: float | None = None
) -> float:
    rate, calls = measured
    hundredths = statistics.quantiles(calls, n=100) if len(calls) > 1 else calls * 99
    ratio = "" if raw is None else f"{rate / raw:.1%}"
    say(f"{what:24}{clients:8}{rate:9.0f}{hundredths[49]:9.1f}{hundredths[94]:9.1f}{ratio:>9}")
    return rate


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
