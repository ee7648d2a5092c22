"""Backup and restore: all of it comes back, or nothing changes."""

from __future__ import annotations

import os
import re
import stat
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test import RequestFactory

from kallari import backups
from kallari.database_contents import MOVE_EVERYTHING_ASIDE, SET_ASIDE, drop_what_is_aside
from tests.people import PASSWORD, make_account

pytestmark = pytest.mark.django_db(transaction=True)

STRUCTURE = {
    "triggers": """
        SELECT tgrelid::regclass::text, tgname, tgenabled::text, pg_get_triggerdef(oid)
        FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2
    """,
    "functions": """
        SELECT oid::regprocedure::text, pg_get_functiondef(oid)
        FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prokind = 'f' ORDER BY 1
    """,
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
            AND contype <> 'n'  -- older servers have no rows for NOT NULL; see the columns
        ORDER BY 1, 2
    """,
    "indexes": """
        SELECT tablename, indexname, indexdef FROM pg_indexes
        WHERE schemaname = 'public' ORDER BY 1, 2
    """,
    "columns": """
        SELECT attrelid::regclass::text, attname, format_type(atttypid, atttypmod), attnotnull,
            attgenerated::text, attidentity::text, pg_get_expr(adbin, adrelid)
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
            AND attnum > 0 AND NOT attisdropped
        ORDER BY 1, 2
    """,
    "sequences": """
        SELECT sequencename, last_value, increment_by, cycle FROM pg_sequences
        WHERE schemaname = 'public' ORDER BY 1
    """,
}


def in_one_spelling(value: Any) -> Any:
    """PostgreSQL writes ``IN ('a', 'b')`` on a varchar with its casts in one place or another,
    before and after a dump; casts and brackets are left out of the comparison."""
    if not isinstance(value, str):
        return value
    return re.sub(r"::(character varying|text)(\[\])?|[()]", "", value)


def everything() -> dict[str, Any]:
    """Each row of each table as text, and the whole structure around them."""
    found: dict[str, Any] = {}
    with connection.cursor() as cursor:
        for name, question in STRUCTURE.items():
            cursor.execute(question)
            found[name] = [tuple(map(in_one_spelling, row)) for row in cursor.fetchall()]
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')  # noqa: S608
            found[table] = cursor.fetchall()
    return found


def remove_everything() -> None:
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute(MOVE_EVERYTHING_ASIDE)
    drop_what_is_aside()
    assert connection.introspection.table_names() == []
    connection.close()


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def backup(media: Path, tmp_path: Path) -> Iterator[Path]:
    """A backup of a small record; the test database is as in it again afterwards."""
    make_account("manager", username="rosa")
    media.mkdir()
    (media / "actas").mkdir()
    (media / "actas/acta n.º 1.txt").write_text("Se aprueba por unanimidad.")
    path = tmp_path / "copia.kallari"
    call_command("backup", str(path))
    yield path
    call_command("restore", str(path), "--overwrite")


def test_everything_comes_back(backup: Path, media: Path, rf: RequestFactory) -> None:
    before = everything()
    assert len(before["triggers"]) >= 3
    assert len(before["accounts_user"]) == 1
    remove_everything()
    (media / "actas/acta n.º 1.txt").unlink()
    (media / "actas").rmdir()

    call_command("restore", str(backup))

    after = everything()
    assert after.keys() == before.keys()
    for name in before:
        assert after[name] == before[name], name
    assert (media / "actas/acta n.º 1.txt").read_text() == "Se aprueba por unanimidad."
    assert authenticate(rf.post("/"), username="rosa", password=PASSWORD) is not None


def test_restored_history_is_append_only_again(backup: Path) -> None:
    remove_everything()
    call_command("restore", str(backup), "--overwrite")
    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_historicaluser")


def test_the_backup_is_of_one_moment_and_for_its_owner_alone(backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert [path.name for path in backup.parent.iterdir() if ".part" in path.name] == []
    with tarfile.open(backup) as archive:
        assert archive.getnames() == [
            *("database.dump", "media/actas/acta n.º 1.txt"),
            *("manifest.json", "manifest.sha256"),
        ]


def test_a_database_that_is_not_empty_is_left_alone(backup: Path) -> None:
    make_account("auditor")
    before = everything()
    with pytest.raises(CommandError, match="no está vacía"):
        call_command("restore", str(backup))
    assert everything() == before


def test_overwriting_removes_what_came_after_the_backup(backup: Path, media: Path) -> None:
    before = everything()
    make_account("auditor")
    (media / "later.txt").write_text("later")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE later (n int)")
    call_command("restore", str(backup), "--overwrite")
    assert everything() == before
    assert not (media / "later.txt").exists()


def test_overwriting_fits_in_the_locks_of_a_server_as_it_is_delivered(
    backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """64 locks for each of 100 connections: two restores at once are to find room in them."""
    count = backups._counts_as_sql
    locks = """DO $$ BEGIN ASSERT (
        SELECT count(DISTINCT (locktype, relation, classid, objid)) FROM pg_locks
        WHERE pid = pg_backend_pid()) < 64 * 100 / 2, 'too many locks'; END $$;"""
    monkeypatch.setattr(backups, "_counts_as_sql", lambda expected: count(expected) + locks)
    call_command("restore", str(backup), "--overwrite")
    monkeypatch.undo()


def test_what_a_restore_that_was_cut_off_left_is_in_no_backup_and_goes_with_the_next(
    backup: Path, media: Path, tmp_path: Path
) -> None:
    before = everything()
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {SET_ASIDE}public CREATE TABLE later (n int)")
        cursor.execute("CREATE SCHEMA other CREATE TABLE kept (n int)")
    call_command("backup", str(tmp_path / "second.kallari"))
    call_command("restore", str(tmp_path / "second.kallari"), "--overwrite")
    assert everything() == before
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1")
        names = [name for (name,) in cursor.fetchall()]
    assert names == ["information_schema", "other", "public"]


def flip_a_bit(path: Path, at: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        (byte,) = file.read(1)
        file.seek(at)
        file.write(bytes([byte ^ 1]))


def cut_short(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def change_a_name(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"media/actas/", b"media/../../", 1))


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: flip_a_bit(path, 5000),  # in the dump
        lambda path: flip_a_bit(path, path.stat().st_size - 4000),  # in the manifest
        cut_short,
        change_a_name,
        lambda path: path.write_text("no es una copia"),
        lambda path: path.write_bytes(b""),
    ],
    ids=["dump", "manifest", "cut", "name", "text", "empty"],
)
def test_a_damaged_backup_changes_nothing(
    backup: Path, tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    damaged = tmp_path / "dañada.kallari"
    damaged.write_bytes(backup.read_bytes())
    before = everything()
    damage(damaged)
    with pytest.raises(CommandError, match="dañada"):
        call_command("restore", str(damaged), "--overwrite")
    assert everything() == before


def test_a_restore_that_fails_half_way_changes_nothing(
    backup: Path, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything()
    monkeypatch.setattr(backups, "_counts_as_sql", lambda _tables: "SELECT 1 / 0;")
    with pytest.raises(CommandError, match="quedó como estaba"):
        call_command("restore", str(backup), "--overwrite")
    assert everything() == before
    assert (media / "actas/acta n.º 1.txt").exists()
    monkeypatch.undo()


def test_a_row_too_few_is_noticed_before_anything_is_kept(
    backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything()
    count = backups._counts_as_sql
    monkeypatch.setattr(
        backups, "_counts_as_sql", lambda tables: count(tables | {"public.accounts_user": 2})
    )
    with pytest.raises(CommandError, match="other rows"):
        call_command("restore", str(backup), "--overwrite")
    assert everything() == before
    monkeypatch.undo()


def test_a_backup_of_a_newer_server_gets_a_sentence(
    backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything()
    monkeypatch.setattr(backups, "_server_major", lambda: 14)
    with pytest.raises(CommandError, match="este servidor es el 14"):
        call_command("restore", str(backup), "--overwrite")
    assert everything() == before
    monkeypatch.undo()


def test_a_backup_of_a_newer_program_gets_a_sentence(
    backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = {"migrations": [["accounts", "9999_later"]], "server_major": 1}
    with pytest.raises(backups.BackupError, match=r"accounts\.9999_later"):
        backups._check_versions(newer)


def test_a_dump_that_fails_leaves_the_old_backup(
    backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = backup.read_bytes()
    tool = backups._tool

    def broken_tool(name: str) -> str:
        return "/bin/false" if name == "pg_dump" else tool(name)

    monkeypatch.setattr(backups, "_tool", broken_tool)
    with pytest.raises(CommandError, match="pg_dump no terminó bien"):
        call_command("backup", str(backup))
    assert backup.read_bytes() == before
    assert [path.name for path in backup.parent.iterdir() if ".part" in path.name] == []
    monkeypatch.undo()


def test_the_password_is_no_argument(
    media: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Asked(Exception):  # noqa: N818 - no error
        pass

    def ask(command: list[str], *, env: dict[str, str], **_options: Any) -> None:
        raise Asked(command, env)

    connection.ensure_connection()
    monkeypatch.setattr(backups, "_tool", lambda name: name)
    monkeypatch.setattr("kallari.backups.subprocess.Popen", ask)
    monkeypatch.setitem(connection.settings_dict, "PASSWORD", "sacha-secreto")
    with pytest.raises(Asked) as asked:
        call_command("backup", str(tmp_path / "copia.kallari"))
    command, environment = asked.value.args
    assert not any("sacha-secreto" in part for part in command)
    assert environment["PGPASSWORD"] == "sacha-secreto"


def test_a_folder_that_cannot_be_written_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No se puede escribir"):
        call_command("backup", str(tmp_path / "missing" / "copia.kallari"))
    assert not os.path.lexists(tmp_path / "missing")
