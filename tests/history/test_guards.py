"""Whoever takes a protection away leaves a trace, even before anything is tampered with."""

# ruff: noqa: S608  # the tamperer writes SQL by hand

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission

from kallari import roles
from kallari.accounts.models import User
from kallari.history.seals.writing import seal
from members.models import Community
from tests.history.tampering import findings, sql

pytestmark = pytest.mark.django_db

TABLE = Community.history.model._meta.db_table
NAME = "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE %s"


def _trigger(table: str, name: str = "append_only") -> str:
    return str(sql(NAME, [table, f"%{name}%"])[0][0])


def _kinds() -> list[tuple[str, str]]:
    return [(one.kind.value, one.model) for one in findings()]


def test_nothing_is_found_where_nothing_was_touched() -> None:
    assert findings() == []


@pytest.mark.parametrize("how", ["DISABLE", "ENABLE REPLICA"])
@pytest.mark.parametrize("table", [TABLE, "history_seal", "history_sealedrow"])
def test_a_trigger_that_is_off_is_found(table: str, how: str) -> None:
    sql(f"ALTER TABLE {table} {how} TRIGGER {_trigger(table)}")

    (found,) = findings()

    assert found.kind.value == "trigger_off"
    assert table in found.message


def test_a_trigger_that_always_fires_is_as_good() -> None:
    sql(f"ALTER TABLE {TABLE} ENABLE ALWAYS TRIGGER {_trigger(TABLE)}")

    assert findings() == []


def test_a_trigger_that_is_gone_is_found_on_history_and_on_records() -> None:
    sql(f"DROP TRIGGER {_trigger(TABLE)} ON {TABLE}")
    sql(f"DROP TRIGGER {_trigger('accounts_user', 'never_removed')} ON accounts_user")

    assert sorted(_kinds()) == [("trigger_off", "accounts.User"), _of_history("trigger_off")]


def test_a_trigger_that_no_longer_fires_for_everything_is_found() -> None:
    name = _trigger(TABLE)
    sql(f"DROP TRIGGER {name} ON {TABLE}")
    sql(
        f"CREATE TRIGGER {name} BEFORE DELETE ON {TABLE} FOR EACH STATEMENT"
        f" EXECUTE FUNCTION {name}()"
    )

    assert _kinds() == [_of_history("trigger_off")]


def test_a_trigger_with_a_condition_is_found() -> None:
    name = _trigger(TABLE)
    sql(f"DROP TRIGGER {name} ON {TABLE}")
    sql(
        f"CREATE TRIGGER {name} BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE} FOR EACH STATEMENT"
        f" WHEN (current_user = 'nobody') EXECUTE FUNCTION {name}()"
    )

    assert _kinds() == [_of_history("trigger_off")]


def test_a_trigger_whose_function_does_nothing_is_found() -> None:
    sql(
        f"CREATE OR REPLACE FUNCTION {_trigger(TABLE)}() RETURNS trigger LANGUAGE plpgsql"
        " AS $$ BEGIN RETURN NULL; END $$"
    )

    assert _kinds() == [_of_history("trigger_off")]


def test_a_trigger_that_nobody_declared_is_found_on_history() -> None:
    sql(
        "CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$"
    )
    sql(f"CREATE TRIGGER quiet BEFORE INSERT ON {TABLE} FOR EACH ROW EXECUTE FUNCTION swallow()")

    assert _kinds() == [_of_history("trigger_off")]


@pytest.mark.parametrize(
    ("signature", "body"),
    [
        (
            "kallari_next_history_id() RETURNS bigint",
            "BEGIN RETURN nextval('kallari_history_id_seq'); END",
        ),
        ("_pgtrigger_should_ignore(trigger_name name) RETURNS boolean", "BEGIN RETURN true; END"),
    ],
)
def test_a_function_beneath_that_was_replaced_is_found(signature: str, body: str) -> None:
    sql(f"CREATE OR REPLACE FUNCTION {signature} LANGUAGE plpgsql AS $$ {body} $$")

    assert _kinds() == [("function_replaced", "")]


def test_history_that_takes_its_numbers_elsewhere_is_found() -> None:
    sql(f"ALTER TABLE {TABLE} ALTER COLUMN history_id DROP DEFAULT")

    assert _kinds() == [_of_history("table_changed")]


@pytest.mark.parametrize(
    "change",
    [
        f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {TABLE} SET UNLOGGED",
        f"CREATE RULE quiet AS ON INSERT TO {TABLE} DO INSTEAD NOTHING",
        f"CREATE TABLE more_rows () INHERITS ({TABLE})",
    ],
)
def test_history_that_is_no_plain_table_is_found(change: str) -> None:
    sql(change)

    assert _kinds() == [_of_history("table_changed")]


def test_a_view_in_the_place_of_a_table_is_found() -> None:
    sql(f"ALTER TABLE {TABLE} RENAME TO hidden")
    sql(f"CREATE VIEW {TABLE} AS SELECT * FROM hidden WHERE false")

    assert ("table_changed", "members.HistoricalCommunity") in _kinds()


@pytest.mark.parametrize(
    "constraint", ["changes_have_a_reason", "password_fingerprint_fits_the_password"]
)
def test_a_rule_that_is_gone_is_found(constraint: str) -> None:
    table, name = sql(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE conname LIKE %s"
        " AND conrelid IN ('accounts_user'::regclass, 'accounts_historicaluser'::regclass)",
        [f"%{constraint}"],
    )[0]
    sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")

    (found,) = findings()

    assert found.kind.value == "rule_missing"
    assert name in found.message


def test_a_rule_that_was_never_checked_is_found() -> None:
    sql("ALTER TABLE accounts_user DROP CONSTRAINT password_fingerprint_fits_the_password")
    sql(
        "ALTER TABLE accounts_user ADD CONSTRAINT password_fingerprint_fits_the_password"
        " CHECK (true) NOT VALID"
    )

    assert _kinds() == [("rule_missing", "accounts.User")]


def test_a_unique_rule_that_is_gone_is_found() -> None:
    sql("DROP INDEX one_account_a_username")

    assert _kinds() == [("rule_missing", "accounts.User")]


@pytest.mark.parametrize(
    "change",
    [
        "ALTER DATABASE {database} SET session_replication_role = replica",
        "ALTER DATABASE {database} SET pgtrigger.ignore = '{{pgtrigger_append_only}}'",
        "ALTER ROLE {role} IN DATABASE {database} SET session_replication_role = replica",
    ],
)
def test_a_setting_that_silences_the_triggers_is_found(change: str) -> None:
    if sql("SELECT current_setting('is_superuser')") != [("on",)]:
        pytest.skip("PostgreSQL lets only its superuser do this, and none signs in here")
    database, role = sql("SELECT quote_ident(current_database()), quote_ident(current_user)")[0]
    sql(f"ALTER DATABASE {database} SET session_replication_role = origin")
    assert findings() == []

    sql(change.format(database=database, role=role))

    (found,) = findings()
    assert found.kind.value == "setting_unsafe"
    assert database in found.message


def test_a_harmless_setting_is_no_finding() -> None:
    database = sql("SELECT quote_ident(current_database())")[0][0]
    sql(f"ALTER DATABASE {database} SET work_mem = '8MB'")

    assert findings() == []


def test_rights_given_and_taken_behind_the_matrix_are_found() -> None:
    delegate = Group.objects.get(name=roles.Role.DELEGATE)
    delegate.permissions.add(Permission.objects.get(codename="change_user"))
    auditor = Group.objects.get(name=roles.Role.AUDITOR)
    auditor.permissions.remove(Permission.objects.get(codename="view_user"))
    Group.objects.create(name="friends")

    found = findings()

    assert [(one.kind.value, one.object_pk) for one in found] == [
        ("rights_differ", "auditor"),
        ("rights_differ", "delegate"),
        ("rights_differ", "friends"),
    ]
    assert "De menos: accounts.view_user" in found[0].message
    assert "De más: accounts.change_user" in found[1].message


def test_a_function_of_the_same_name_elsewhere_is_not_called() -> None:
    """Somebody's own sha256 in front of PostgreSQL's would let every digest agree."""
    User.objects.create_user("ana", "quintal de baba")
    sql("CREATE SCHEMA tricks")
    sql(
        "CREATE FUNCTION tricks.sha256(bytea) RETURNS bytea LANGUAGE sql IMMUTABLE"
        " AS $$ SELECT '\\x00'::bytea $$"
    )
    schema = sql("SELECT current_schema()")[0][0]
    sql(f"SET LOCAL search_path = {schema}, tricks, pg_catalog")
    seal()

    assert sql("SELECT DISTINCT octet_length(digest) FROM history_sealedrow") == [(32,)]
    assert findings() == []
    assert sql("SHOW search_path") == [(f"{schema}, tricks, pg_catalog",)]
    assert sql("SHOW lock_timeout") == [("0",)]


def _of_history(kind: str) -> tuple[str, str]:
    return kind, "members.HistoricalCommunity"
