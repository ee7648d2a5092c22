"""The rows that every model's history is made of."""

from __future__ import annotations

import threading
import uuid
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from kallari.accounts.models import User
from kallari.history.context import acting, current_actor, current_request_id
from kallari.history.records import History
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> User:
    return User.objects.create_user("rosa", PASSWORD, full_name="Rosa Andi")


def test_a_change_keeps_who_why_and_in_which_request(account: User) -> None:
    actor = User.objects.create_user("nina", PASSWORD, full_name="Nina Grefa")
    request = uuid.uuid4()
    with acting(actor, reason="se casó", request_id=request):
        account.full_name = "Rosa Shiguango"
        account.save()
    row = User.history.filter(id=account.pk).latest("history_id")
    assert (row.history_type, row.full_name, row.history_change_reason) == (
        "~",
        "Rosa Shiguango",
        "se casó",
    )
    assert (row.actor_name, row.history_user_id, row.request_id) == (
        "Nina Grefa",
        actor.pk,
        request,
    )


@pytest.mark.parametrize("reason", ["", "  ", None, "\u200b", "."])
def test_a_change_without_a_reason_is_refused_and_with_one_is_taken(
    account: User, reason: str | None
) -> None:
    account.full_name = "Rosa Shiguango"
    account._change_reason = reason  # type: ignore[attr-defined]  # read by history
    with pytest.raises(ValidationError) as refusal, transaction.atomic():
        account.save()
    assert refusal.value.code == "reason_required"
    account._change_reason = "se casó"  # type: ignore[attr-defined]  # read by history
    account.save()
    assert User.history.filter(id=account.pk, history_type="~").count() == 1


def test_the_database_itself_refuses_a_change_without_a_reason(account: User) -> None:
    row = User.history.filter(id=account.pk).latest("history_id")
    row.pk, row.history_type, row.history_change_reason = None, "~", " "
    with pytest.raises(IntegrityError, match="changes_have_a_reason"), transaction.atomic():
        row.save(force_insert=True)
    row.history_change_reason = "se casó"
    row.save(force_insert=True)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_historicaluser SET full_name = 'otra'",
        "UPDATE accounts_historicaluser SET full_name = 'otra' WHERE false",
        "DELETE FROM accounts_historicaluser",
        "TRUNCATE accounts_historicaluser",
    ],
)
def test_history_rows_are_neither_changed_nor_removed(account: User, statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement)
    assert User.history.filter(id=account.pk).exists()


@pytest.mark.parametrize("table", ["accounts_user", "members_community"])
@pytest.mark.parametrize("statement", ["DELETE FROM {} WHERE id = 1", "TRUNCATE {} CASCADE"])
def test_what_others_depend_on_is_never_removed(table: str, statement: str) -> None:
    with pytest.raises(DatabaseError, match="closed, never removed"), transaction.atomic():
        connection.cursor().execute(statement.format(table))


def test_saving_only_what_history_leaves_out_writes_no_row(account: User) -> None:
    rows = User.history.count()
    account.save(update_fields=["last_login"])
    assert User.history.count() == rows


def test_a_partial_save_records_the_row_as_stored_not_as_remembered(account: User) -> None:
    account.full_name = "Nunca guardado"
    account.email = "rosa@example.org"
    with acting(reason="nuevo correo"):
        account.save(update_fields=["email"])
    row = User.history.filter(id=account.pk).latest("history_id")
    assert (row.email, row.full_name) == ("rosa@example.org", "Rosa Andi")


def test_the_password_hash_is_in_no_history_row_but_its_change_is(account: User) -> None:
    before = User.history.filter(id=account.pk).latest("history_id")
    with acting(reason="la cambió su dueña"):
        account.set_password("otra clave larga")
        account.save(update_fields=["password"])
    after = User.history.filter(id=account.pk).latest("history_id")
    assert not hasattr(after, "password")
    assert before.password_fingerprint != after.password_fingerprint


def test_acting_without_anybody_draws_one_request_for_the_whole_act() -> None:
    with acting(reason="carga") as change:
        assert current_request_id() == change.request_id is not None
        with acting(reason="más adentro") as inner:
            assert inner.request_id == change.request_id
    assert current_request_id() is None


def test_two_threads_never_see_each_others_actor(account: User) -> None:
    seen: list[object] = []
    with acting(account, reason="aquí"):
        other = threading.Thread(target=lambda: seen.append(current_actor()))
        other.start()
        other.join()
        assert current_actor() == account
    assert seen == [None]


@pytest.mark.django_db(transaction=True)
def test_a_refused_save_in_a_shell_writes_nothing() -> None:
    account = User.objects.create_user("rosa", PASSWORD, full_name="Rosa Andi")
    account.full_name = "Rosa Shiguango"
    with pytest.raises(ValidationError, match="motivo"):
        account.save()
    assert User.objects.get(pk=account.pk).full_name == "Rosa Andi"


@pytest.mark.django_db(transaction=True)
def test_a_save_whose_history_fails_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    account = User.objects.create_user("rosa", PASSWORD, full_name="Rosa Andi")

    def interrupted(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(History, "create_historical_record", interrupted)
    account.full_name = "Rosa Shiguango"
    with acting(reason="se casó"), pytest.raises(KeyboardInterrupt):
        account.save()
    assert User.objects.get(pk=account.pk).full_name == "Rosa Andi"


def test_the_console_changes_a_password_and_history_says_so(
    account: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("getpass.getpass", lambda prompt="": "minga de guayusa al alba")
    call_command("changepassword", "rosa", stdout=StringIO())
    account.refresh_from_db()
    assert account.check_password("minga de guayusa al alba")
    row = User.history.filter(id=account.pk).latest("history_id")
    assert "consola" in row.history_change_reason
