"""`manage.py up` from outside: what it starts, what it survives, and that nothing stays behind."""

from __future__ import annotations

import http.client
import io
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, OutputWrapper
from django.db import connection
from django.test import RequestFactory

from kallari import first_start, serving
from kallari.accounts.models import User
from kallari.embedded_postgres import Cluster
from kallari.management.commands.up import Command
from kallari.roles import Role
from tests.kallari.machine import (
    children_of,
    cleared_away,
    copy_of_the_checkout,
    eventually,
    kill,
    processes_of,
)

FIRST_START_S = 120
ADMINISTRATOR = {"KALLARI_ADMIN_USERNAME": "rosa", "KALLARI_ADMIN_PASSWORD": "sacha inchi tostado"}


class Up:
    """A running ``manage.py up --empty`` of one checkout."""

    def __init__(self, checkout: Path, *arguments: str, **environment: str) -> None:
        self.lines: list[str] = []
        self.process = start(checkout, "--port=0", "--empty", *arguments, **environment)
        self._address = threading.Event()
        self.port = 0
        threading.Thread(target=self._read, daemon=True).start()
        assert self._address.wait(FIRST_START_S), self.told
        assert self.port, self.told

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as output:
            for line in output:
                self.lines.append(line)
                if found := re.search(r"http://127\.0\.0\.1:(\d+)/", line):
                    self.port = int(found[1])
                    self._address.set()
        self._address.set()

    @property
    def told(self) -> str:
        return "".join(self.lines)

    def answers(self) -> bool:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)) as client:
            try:
                client.request("GET", "/healthz")
                return client.getresponse().status == 200
            except OSError:
                return False

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=40)


def start(checkout: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    """Run `up` in `checkout`, with its own embedded database and nobody to answer questions."""
    ours = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.Popen(
        [sys.executable, "-m", "django", "up", *arguments],
        cwd=checkout,
        env=ours | {"DJANGO_SETTINGS_MODULE": "kallari.settings", **ADMINISTRATOR, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def refusal(checkout: Path, *arguments: str, **environment: str) -> str:
    """What `up` says before it gives up."""
    process = start(checkout, *arguments, **environment)
    told, _nothing = process.communicate(timeout=FIRST_START_S)
    assert process.returncode == 1
    return told


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A checkout whose first start was made; its later starts are quick."""
    with cleared_away(tmp_path_factory.mktemp("up") / "checkout") as place:
        copy_of_the_checkout(place)
        up = Up(place)
        assert up.answers()
        assert up.end() == 0
        yield place


@pytest.fixture
def untouched(tmp_path: Path) -> Iterator[Path]:
    """A checkout that was never started."""
    with cleared_away(tmp_path / "checkout") as place:
        yield copy_of_the_checkout(place)


# --- Ends ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_end_asked_for_leaves_nothing_behind(checkout: Path, number: signal.Signals) -> None:
    up = Up(checkout)
    assert up.answers()
    assert len(processes_of(checkout)) > 3
    assert up.end(number) == 0
    assert processes_of(checkout) == []
    cluster = Cluster("main", checkout)
    assert not (cluster.data / "postmaster.pid").exists()
    assert not cluster.socket_directory.exists()
    assert not up.answers()


def test_an_end_asked_for_while_starting_leaves_nothing_behind(checkout: Path) -> None:
    process = start(checkout, "--port=0")
    assert eventually(Cluster("main", checkout).is_running, within_s=30)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=40)
    assert process.returncode == 0
    assert processes_of(checkout) == []


def test_killed_it_takes_the_server_along_and_the_next_start_works(checkout: Path) -> None:
    up = Up(checkout)
    kill(up.process.pid)
    up.process.wait()
    assert eventually(lambda: not up.answers())
    again = Up(checkout)
    assert again.answers()
    assert again.end() == 0
    assert eventually(lambda: processes_of(checkout) == [])


# --- What it mends ------------------------------------------------------------------------------


def test_a_killed_web_server_is_started_again(checkout: Path) -> None:
    up = Up(checkout)
    try:
        database = Cluster("main", checkout).postmaster_pid()
        (before,) = set(children_of(up.process.pid)) - {database}
        kill(before)
        assert eventually(lambda: "servidor web funciona de nuevo" in up.told, within_s=30)
        assert up.answers()
        assert before not in children_of(up.process.pid)
    finally:
        up.end()
    assert processes_of(checkout) == []


def test_a_killed_database_is_started_again(checkout: Path) -> None:
    up = Up(checkout)
    try:
        kill(Cluster("main", checkout).postmaster_pid())
        assert eventually(lambda: "base de datos funciona de nuevo" in up.told, within_s=30)
        assert eventually(up.answers, within_s=30)
    finally:
        up.end()
    assert processes_of(checkout) == []


def test_mending_is_given_up_after_six_times(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr("time.sleep", waited.append)
    restarts = serving.Restarts()
    for _ in range(6):
        restarts.wait_before_next("El servidor")
    assert waited == [1, 2, 4, 8, 16]
    with pytest.raises(CommandError, match="6 veces"):
        restarts.wait_before_next("El servidor")


# --- What it refuses ----------------------------------------------------------------------------


def test_a_busy_port_is_told_before_anything_starts(untouched: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        told = refusal(untouched, f"--port={port}")
    assert f"El puerto {port} está ocupado" in told
    assert not Cluster("main", untouched).place.exists()


def test_an_impossible_port_is_told() -> None:
    with pytest.raises(CommandError, match="99999"):
        serving.listen("127.0.0.1", 99999)


def test_the_port_is_held_from_the_first_moment() -> None:
    with serving.listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(CommandError, match="está ocupado"):
            serving.listen("127.0.0.1", port)


@pytest.mark.parametrize(
    ("host", "private"),
    [
        ("127.0.0.1", True),
        ("localhost", True),
        ("::1", True),
        ("[::1]", True),
        ("0.0.0.0", False),  # noqa: S104 - refused
        ("192.168.1.20", False),
        ("kallari.example", False),
    ],
)
def test_demo_data_are_served_to_this_machine_only(host: str, private: bool) -> None:
    assert serving.is_loopback(host) is private
    if private:
        Command()._check_host(host)
    else:
        with pytest.raises(CommandError, match="--empty"):
            Command()._check_host(host)


def test_a_database_with_an_open_demo_account_holds_demo_data(db: None) -> None:
    account = User.objects.create_user("ana", "sacha inchi tostado", is_demo=True)
    assert first_start.holds_demo_data()
    User.objects.filter(pk=account.pk).update(is_active=False)
    assert not first_start.holds_demo_data()


# --- First start --------------------------------------------------------------------------------


def test_the_first_administrator_can_sign_in_and_administer(db: None, rf: RequestFactory) -> None:
    first_start.create_first_administrator(username="rosa", password="sacha inchi tostado")
    user = User.objects.get(username="rosa")
    assert user.has_role(Role.ADMINISTRATION)
    assert user.is_superuser
    assert authenticate(rf.post("/"), username="rosa", password="sacha inchi tostado") == user


def test_a_weak_first_password_makes_no_account(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KALLARI_ADMIN_USERNAME", "rosa")
    monkeypatch.setenv("KALLARI_ADMIN_PASSWORD", "rosa")
    with pytest.raises(CommandError, match="KALLARI_ADMIN_PASSWORD"):
        Command()._create_first_administrator()
    with pytest.raises(ValidationError):
        Command()._create("rosa", "1234567890", "")
    assert not User.objects.exists()


def test_without_a_terminal_the_administrator_is_asked_of_the_environment(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KALLARI_ADMIN_USERNAME", raising=False)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(CommandError, match="KALLARI_ADMIN_USERNAME"):
        Command()._create_first_administrator()


def test_a_closed_terminal_is_no_reason_to_fail() -> None:
    class Closed:
        def write(self, _text: str) -> None:
            raise BrokenPipeError

    command = Command(stdout=OutputWrapper(Closed()))  # type: ignore[arg-type]
    command._say("Kallari se detuvo.")


def test_static_files_are_collected_once(settings: Any, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "mark.svg").write_text("<svg/>")
    settings.STATIC_ROOT = tmp_path / "var/static"
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    from django.contrib.staticfiles import finders

    finders.get_finder.cache_clear()  # type: ignore[attr-defined]  # an lru_cache
    try:
        said: list[str] = []
        first_start.collect_static_files(said.append)
        assert len(said) == 1
        first_start.collect_static_files(said.append)
        assert len(said) == 1
        (source / "other.svg").write_text("<svg/>")
        first_start.collect_static_files(said.append)
        assert len(said) == 2
        assert (settings.STATIC_ROOT / "other.svg").exists()
    finally:
        finders.get_finder.cache_clear()  # type: ignore[attr-defined]  # an lru_cache


# --- Another server -----------------------------------------------------------------------------


@pytest.fixture
def empty_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The URL of an empty database on the server that the tests use."""
    url, question, options = os.environ["DATABASE_URL"].partition("?")
    name = f"up_{os.getpid()}"
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
        yield f"{url.rpartition('/')[0]}/{name}{question}{options}"
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_with_database_url_nothing_embedded_is_started(
    untouched: Path, empty_database: str
) -> None:
    up = Up(untouched, DATABASE_URL=empty_database)
    try:
        assert up.answers()
        assert not Cluster("main", untouched).place.exists()
    finally:
        assert up.end() == 0
    assert processes_of(untouched) == []


def test_a_database_that_does_not_answer_gets_a_sentence(untouched: Path) -> None:
    told = refusal(untouched, "--port=0", DATABASE_URL="postgres://nobody@127.0.0.1:1/none")
    assert "La base de datos no contesta" in told
    assert "Traceback" not in told
