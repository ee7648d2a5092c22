"""`kill -9` of the application and of PostgreSQL while telephones hand deliveries in.

Eight telephones push what they weighed, each from its own outbox, and send again whatever was not
acknowledged; now and then one loses the line before it has read the answer. Meanwhile gunicorn and
the postmaster are killed at moments drawn from a seed. Afterwards every delivery is there exactly
once, folios follow each other, and kilos and dollars are what was sent.

At full size, by hand: ``KALLARI_CRASH_DELIVERIES=2000 pytest -s tests/harvests/test_crashes.py``.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import environ
import psycopg2
import pytest

from kallari.embedded_postgres import CHECKOUT, Cluster
from tests.kallari.machine import cleared_away, eventually, kill

DELIVERIES = int(os.environ.get("KALLARI_CRASH_DELIVERIES", "160"))
TELEPHONES = 8
KILLS = 3 if DELIVERIES <= 200 else 12
SEED = 20261126
ANSWERS_WITHIN_S = 20
ALL_WITHIN_S = 300 if DELIVERIES <= 200 else 1200
PRICE_LB = Decimal("0.38")
"""Of conventional baba, as `tests.harvests.factories.world` has it."""
KG_PER_LB = Decimal("0.45359237")

LAY_DOWN = """
import django; django.setup()
from kallari import first_start; first_start.migrate()
from tests.harvests.factories import world; world()
from tests.members import factories as make
from tests.people import make_account
make_account("center_operator", username="acopio", second_factor=False)
of = make.community("Rumi Yaku")
print("families", *(make.family(of=of).pk for _each in range(40)))
"""


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A server of our own, as an association has it: the other tests need theirs alive, and theirs
    does not wait for the disk (with ``synchronous_commit = off`` this test finds deliveries that
    were acknowledged and are gone)."""
    with cleared_away(tmp_path) as checkout:
        made = Cluster("main", checkout)
        with made.in_use():
            yield made


def run_python(cluster: Cluster, *arguments: str) -> str:
    told = subprocess.run(
        [sys.executable, *arguments],
        cwd=CHECKOUT,
        env=surroundings(cluster),
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stderr + told.stdout
    return told.stdout


def surroundings(cluster: Cluster) -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": cluster.url(),
        "DJANGO_SETTINGS_MODULE": "kallari.settings",
        # The account has none, and a pretended one would be a thing that history does not know.
        "KALLARI_REQUIRE_SECOND_FACTOR": "0",
        "PYTHONPATH": str(CHECKOUT),
    }


@contextmanager
def connected(cluster: Cluster) -> Iterator[Any]:
    at = environ.Env.db_url_config(cluster.url())
    given = {"host": at["HOST"], "user": at["USER"], "dbname": at["NAME"]} | at["OPTIONS"]
    with closing(psycopg2.connect(**given)) as connection, connection.cursor() as cursor:
        yield cursor


class Application:
    """gunicorn as the house starts it, in a process group of its own."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--config", "python:kallari.gunicorn_config"],
            cwd=CHECKOUT,
            env=surroundings(self._cluster) | {"KALLARI_BIND": f"127.0.0.1:{self.port}"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,  # it says at length that the database is gone
            start_new_session=True,
        )
        assert eventually(self.answers, within_s=60)

    def answers(self) -> bool:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)) as client:
            try:
                client.request("GET", "/healthz")
                return client.getresponse().status == 200
            except (OSError, http.client.HTTPException):
                return False

    def kill(self) -> None:
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


class Telephone(threading.Thread):
    """An outbox, emptied as the telephone's own program does: nothing is forgotten that was not
    acknowledged, and what was is never sent again."""

    def __init__(self, number: int, families: list[str], token: str, port: int, seed: int) -> None:
        super().__init__(name=f"telephone {number}", daemon=True)
        self._chance = random.Random(seed)  # noqa: S311 - must repeat
        self._token, self._port = token, port
        key = self._key()
        self.outbox = [
            self._operation(key, sequence, families)
            for sequence in range(number, DELIVERIES, TELEPHONES)
        ]
        self.sent = list(self.outbox)
        self.acknowledged: dict[str, str] = {}
        self.answered: Counter[str] = Counter()
        self.lost_lines = 0

    def _key(self) -> str:
        return str(uuid.UUID(int=self._chance.getrandbits(128), version=4))

    def _operation(self, device: str, sequence: int, families: list[str]) -> dict[str, Any]:
        return {
            "op_id": self._key(),
            "entity": "delivery",
            "entity_id": self._key(),
            "action": "create",
            "schema": 1,
            "device_id": device,
            "device_seq": sequence,
            "recorded_at": "2026-03-02T09:00:00-05:00",
            "clock_offset_ms": 0,
            "payload": {
                "family": self._chance.choice(families),
                "product_form": "baba",
                "quantity": f"{self._chance.randrange(300, 1200) / 10:.1f}",
                "unit": "lb",
                "weighed_at": f"2026-0{1 + sequence % 9}-1{sequence % 8}T09:00:00-05:00",
            },
        }

    def run(self) -> None:
        while self.outbox:
            batch = self.outbox[: self._chance.randint(1, min(50, 1 + DELIVERIES // 40))]
            try:
                results = self._push(batch)
            except (OSError, http.client.HTTPException):
                results = None
            if results is None:
                time.sleep(self._chance.uniform(0.05, 0.4))
                continue
            for operation, result in zip(batch, results, strict=True):
                self.answered[result["result"]] += 1
                if result["result"] in {"created", "duplicate"}:
                    self.acknowledged[operation["entity_id"]] = result["folio"]
            self.outbox = self.outbox[len(batch) :]

    def _push(self, batch: list[dict[str, Any]]) -> list[dict[str, Any]] | None:
        """What is answered; None where nothing was, or no 200."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=ANSWERS_WITHIN_S)
        with closing(connection):
            connection.request(
                "POST",
                "/api/v1/sync/push/",
                json.dumps({"operations": batch}),
                {"Content-Type": "application/json", "Authorization": f"Token {self._token}"},
            )
            if self._chance.random() < 0.15:
                self.lost_lines += 1
                return None
            answer = connection.getresponse()
            content = answer.read()
            self.answered[str(answer.status)] += 1
            assert answer.status == 200 or answer.status >= 500, content
            return json.loads(content)["results"] if answer.status == 200 else None


def kill_at_random(
    telephones: list[Telephone], application: Application, cluster: Cluster
) -> Counter[str]:
    """Kill one or the other each time that so many deliveries are acknowledged, a moment later."""
    chance = random.Random(SEED)  # noqa: S311 - must repeat
    moments = sorted(chance.sample(range(DELIVERIES // 20, DELIVERIES * 9 // 10), KILLS))
    victims = ["application", "database", "both"] * KILLS
    killed: Counter[str] = Counter()
    for moment, victim in zip(moments, victims, strict=False):

        def is_time(moment: int = moment) -> bool:
            return sum(len(one.acknowledged) for one in telephones) >= moment or not any(
                one.is_alive() for one in telephones
            )

        assert eventually(is_time, within_s=ALL_WITHIN_S)
        if not any(one.is_alive() for one in telephones):
            break
        time.sleep(chance.uniform(0, 0.08))
        if victim != "application":
            kill(cluster.postmaster_pid())
        if victim != "database":
            application.kill()
        time.sleep(chance.uniform(0, 0.5))
        if victim != "application":
            cluster.start()
        if victim != "database":
            application.start()
        killed[victim] += 1
    return killed


def test_nothing_is_lost_or_doubled_while_everything_is_killed(cluster: Cluster) -> None:
    told = run_python(cluster, "-c", LAY_DOWN).splitlines()[-1].split()
    assert told[0] == "families"
    token = run_python(cluster, "manage.py", "token", "acopio").strip()
    application = Application(cluster)
    application.start()
    telephones = [
        Telephone(number, told[1:], token, application.port, SEED + number)
        for number in range(TELEPHONES)
    ]
    started = time.monotonic()
    try:
        for one in telephones:
            one.start()
        killed = kill_at_random(telephones, application, cluster)
        for one in telephones:
            one.join(ALL_WITHIN_S)
            assert not one.outbox, f"{one.name}: {len(one.outbox)} wait, {one.answered}"
    finally:
        application.kill()
    took = time.monotonic() - started
    answered = sum((one.answered for one in telephones), Counter())
    lost = sum(one.lost_lines for one in telephones)
    print(f"\n{DELIVERIES} deliveries in {took:.1f} s; killed {dict(killed)};", end=" ")  # noqa: T201
    print(f"answers {dict(answered)}; {lost} lines lost")  # noqa: T201
    assert sum(killed.values()) == KILLS
    assert set(answered) <= {"created", "duplicate", "200", "500", "502", "503"}

    sent = {one["entity_id"]: one["payload"] for phone in telephones for one in phone.sent}
    acknowledged = {key: folio for one in telephones for key, folio in one.acknowledged.items()}
    with connected(cluster) as cursor:
        assert_each_is_there_once(cursor, sent, acknowledged)
        assert_folios_have_no_gap(cursor)
        assert_nothing_waits(cursor, len(sent))
    assert run_python(cluster, "manage.py", "verify_history")


def assert_each_is_there_once(
    cursor: Any, sent: dict[str, Any], acknowledged: dict[str, str]
) -> None:
    assert set(acknowledged) == set(sent)
    assert len(sent) == len(set(acknowledged.values())) == DELIVERIES
    cursor.execute("SELECT id::text, folio, net_kg, amount_usd FROM harvests_delivery")
    found = {key: (folio, kilos, dollars) for key, folio, kilos, dollars in cursor.fetchall()}
    assert {key: folio for key, (folio, _kilos, _dollars) in found.items()} == acknowledged
    # 1 lb = 0.45359237 kg exactly; to the gram, and of the grams to the cent.
    expected = {}
    for key, payload in sent.items():
        kilos = (Decimal(payload["quantity"]) * KG_PER_LB).quantize(Decimal("0.001"), ROUND_HALF_UP)
        dollars = (kilos * PRICE_LB / KG_PER_LB).quantize(Decimal("0.01"), ROUND_HALF_UP)
        expected[key] = (kilos, dollars)
    assert {key: (kilos, usd) for key, (_folio, kilos, usd) in found.items()} == expected
    cursor.execute("SELECT sum(net_kg), sum(amount_usd) FROM harvests_delivery")
    assert cursor.fetchone() == (
        sum(kilos for kilos, _usd in expected.values()),
        sum(usd for _kilos, usd in expected.values()),
    )
    cursor.execute("SELECT count(*), count(DISTINCT id) FROM harvests_historicaldelivery")
    assert cursor.fetchone() == (DELIVERIES, DELIVERIES)


def assert_folios_have_no_gap(cursor: Any) -> None:
    cursor.execute(
        "SELECT min(folio_number), max(folio_number), count(*), max(last)"
        " FROM harvests_delivery delivery JOIN harvests_folioseries series"
        " ON series.center_id = delivery.center_id AND series.year = delivery.folio_year"
        " GROUP BY delivery.center_id, folio_year"
    )
    (series,) = cursor.fetchall()
    assert series == (1, DELIVERIES, DELIVERIES, DELIVERIES)


def assert_nothing_waits(cursor: Any, number: int) -> None:
    """Every operation was looked at, and registered: its telephone asked until it knew."""
    cursor.execute("SELECT result, is_open, count(*) FROM harvests_operation GROUP BY 1, 2")
    found = cursor.fetchall()
    assert sum(count for _result, _open, count in found) == number
    assert {(result, is_open) for result, is_open, _count in found} <= {
        ("created", False),
        ("duplicate", False),
    }
