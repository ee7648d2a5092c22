"""Guessing passwords: counted by account and address, forgotten after half an hour."""

from __future__ import annotations

import datetime as dt
import logging
from base64 import b64decode
from typing import Any

import pytest
import time_machine
from axes.models import AccessAttempt, AccessLog
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory

from kallari.accounts import lockout
from kallari.accounts.models import User
from tests.accounts.door import CEDULA, ENTER, changed, is_in, type_in
from tests.people import PASSWORD, make_account

pytestmark = pytest.mark.django_db
WRONG = "una clave equivocada"
ALLOWED = 8


@pytest.fixture
def rosa() -> User:
    user = make_account("delegate", username="rosa.grefa")
    changed(user, "La trae en la mano", cedula=CEDULA)
    return user


def fail(
    times: int, *, login: str = "rosa.grefa", client: Client | None = None, **headers: Any
) -> Any:
    browser = client or Client()
    for _time in range(times):
        answer = type_in(browser, login, WRONG, **headers)
    return answer


def test_the_last_allowed_failure_locks_and_one_less_does_not(rosa: User) -> None:
    assert fail(ALLOWED - 1).status_code == 200
    other = Client()
    assert type_in(other, "rosa.grefa").status_code == 302

    fail(ALLOWED - 1)
    assert fail(1).status_code == 429
    locked = type_in(Client(), "rosa.grefa")
    assert locked.status_code == 429
    assert "Espere 30 minutos" in locked.content.decode()
    assert locked["Retry-After"] == "1800"
    assert not is_in(other.__class__())


def test_a_success_forgets_the_failures(rosa: User) -> None:
    for _round in range(3):
        fail(ALLOWED - 1)
        assert type_in(Client(), "rosa.grefa").status_code == 302


def test_the_lock_counts_down_and_trying_does_not_prolong_it(rosa: User) -> None:
    noon = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
    with time_machine.travel(noon, tick=False) as clock:
        fail(ALLOWED)
        clock.move_to(noon + dt.timedelta(minutes=20))
        locked = type_in(Client(), "rosa.grefa")
        assert "Espere 10 minutos" in locked.content.decode()
        clock.move_to(noon + dt.timedelta(minutes=29, seconds=30))
        assert "Espere 1 minuto " in type_in(Client(), "rosa.grefa").content.decode()
        clock.move_to(noon + dt.timedelta(minutes=30, seconds=1))
        assert type_in(Client(), "rosa.grefa").status_code == 302


def test_one_account_is_counted_however_it_is_typed(rosa: User) -> None:
    """Otherwise a guesser had eight tries for each way of writing a name."""
    spellings = ["rosa.grefa", "ROSA.GREFA", CEDULA, "150012345-8", " Rosa.Grefa "]
    answers = [fail(1, login=spellings[n % 5]).status_code for n in range(ALLOWED)]
    assert answers == [200] * (ALLOWED - 1) + [429]
    assert AccessAttempt.objects.get().username == "rosa.grefa"


def test_a_lock_holds_for_one_account_at_one_address(rosa: User) -> None:
    make_account("auditor", username="luis")
    fail(ALLOWED, REMOTE_ADDR="203.0.113.7")
    locked_out = {"REMOTE_ADDR": "203.0.113.7"}
    assert type_in(Client(), "rosa.grefa", **locked_out).status_code == 429
    assert type_in(Client(), "luis", **locked_out).status_code == 302
    assert type_in(Client(), "rosa.grefa", REMOTE_ADDR="203.0.113.8").status_code == 302


def test_changing_ones_address_within_an_ipv6_network_does_not_help(rosa: User) -> None:
    for n in range(ALLOWED):
        fail(1, REMOTE_ADDR=f"2001:db8:1:2::{n + 1:x}")
    assert type_in(Client(), "rosa.grefa", REMOTE_ADDR="2001:db8:1:2::ffff").status_code == 429
    assert type_in(Client(), "rosa.grefa", REMOTE_ADDR="2001:db8:1:3::1").status_code == 302


def test_guessing_from_many_addresses_is_stopped_for_the_account(rosa: User) -> None:
    noon = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
    with time_machine.travel(noon, tick=False) as clock:
        for n in range(60):
            assert fail(1, REMOTE_ADDR=f"198.51.100.{n}").status_code == 200
        refused = type_in(Client(), "rosa.grefa", REMOTE_ADDR="203.0.113.9")
        assert "demasiados intentos" in refused.content.decode()
        clock.move_to(noon + dt.timedelta(hours=1, seconds=1))
        assert type_in(Client(), "rosa.grefa", REMOTE_ADDR="203.0.113.9").status_code == 302


def test_one_address_alone_cannot_shut_an_account_out_everywhere(rosa: User) -> None:
    """What axes has already locked does not count against the account from elsewhere."""
    fail(ALLOWED + 70, REMOTE_ADDR="203.0.113.7")
    assert type_in(Client(), "rosa.grefa", REMOTE_ADDR="203.0.113.8").status_code == 302


@pytest.mark.parametrize("typed", [PASSWORD, "1710034065", "Rosa Grefa"])
def test_what_is_typed_into_the_wrong_box_is_kept_nowhere(
    rosa: User, typed: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = Client()
    client.post(f"{ENTER}?x={typed}", {"login": typed, "password": typed, "note": typed})
    (attempt,) = AccessAttempt.objects.all()
    assert attempt.username is not None
    assert attempt.username.startswith("?")
    with connection.cursor() as cursor:
        cursor.execute("SELECT axes_accessattempt::text FROM axes_accessattempt")
        assert typed not in str(cursor.fetchall())
        cursor.execute("SELECT cache_key, value FROM kallari_cache")
        kept = [key + repr(b64decode(value)) for key, value in cursor.fetchall()]
    assert kept
    assert typed not in str(kept)
    assert typed not in caplog.text


def test_the_log_names_neither_accounts_nor_addresses(
    rosa: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="axes")
    fail(ALLOWED, login=CEDULA, REMOTE_ADDR="203.0.113.7")
    assert "Locking out" in caplog.text
    for personal in ("rosa", CEDULA, "203.0.113.7", WRONG, rosa.full_name):
        assert personal not in caplog.text


def test_successes_leave_no_list_of_who_came_when(client: Client, rosa: User) -> None:
    type_in(client, "rosa.grefa")
    client.post("/cuenta/salir/")
    assert not AccessLog.objects.exists()


def test_the_digest_of_an_unknown_name_needs_the_secret_key(settings: Any) -> None:
    with_this = lockout.logged_client("1710034065")
    settings.SECRET_KEY = "another" * 10
    assert lockout.logged_client("1710034065") != with_this


def test_a_program_reads_a_problem_instead_of_a_page(rosa: User) -> None:
    fail(ALLOWED)
    answer = type_in(Client(), "rosa.grefa", HTTP_ACCEPT="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (429, "application/problem+json")
    assert answer.json()["code"] == "locked_out"
    assert "30 minutos" in answer.json()["detail"]


def test_the_old_password_cannot_be_guessed_from_an_open_session(
    client: Client, rosa: User
) -> None:
    """Somebody sits down at a machine left signed in."""
    type_in(client, "rosa.grefa")
    typed = {
        "oldpassword": WRONG,
        "password1": "lluvia sobre hojas",
        "password2": "lluvia sobre hojas",
    }
    answers = [client.post("/cuenta/contrasena/", typed) for _time in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert "Espere unos minutos" in answers[-1].content.decode()
    assert client.post("/cuenta/contrasena/", typed | {"oldpassword": PASSWORD}).status_code == 429


def test_confirming_by_password_counts_as_signing_in_does(client: Client, rosa: User) -> None:
    type_in(client, "rosa.grefa")
    answers = [
        client.post("/cuenta/confirmar/", {"password": WRONG}).status_code
        for _time in range(ALLOWED)
    ]
    assert answers == [200] * (ALLOWED - 1) + [429]
    assert type_in(Client(), "rosa.grefa").status_code == 429


# --- Where a request comes from -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("proxies", "forwarded", "peer", "address"),
    [
        (0, "", "203.0.113.7", "203.0.113.7"),
        (0, "198.51.100.1", "203.0.113.7", "203.0.113.7"),
        (1, "198.51.100.1", "127.0.0.1", "198.51.100.1"),
        (1, "6.6.6.6, 198.51.100.1", "127.0.0.1", "198.51.100.1"),
        (2, "6.6.6.6, 198.51.100.1, 10.0.0.2", "127.0.0.1", "198.51.100.1"),
        (2, "198.51.100.1", "127.0.0.1", "127.0.0.1"),
        (1, "not an address", "127.0.0.1", lockout.UNKNOWN_ADDRESS),
        (1, "", "", lockout.UNKNOWN_ADDRESS),
        (0, "", "::ffff:203.0.113.7", "203.0.113.7"),
        (1, "2001:db8::1", "127.0.0.1", "2001:db8::1"),
    ],
)
def test_a_forged_header_never_makes_an_address(
    settings: Any, proxies: int, forwarded: str, peer: str, address: str
) -> None:
    settings.PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory(headers=headers).get("/", REMOTE_ADDR=peer)
    assert lockout.client_address(request) == address


def test_a_guesser_behind_a_proxy_is_counted_by_what_the_proxy_saw(
    rosa: User, settings: Any
) -> None:
    settings.PROXIES = 1
    for n in range(ALLOWED):
        answer = fail(1, HTTP_X_FORWARDED_FOR=f"10.9.8.{n}, 198.51.100.1")
    assert answer.status_code == 429
    elsewhere = type_in(Client(), "rosa.grefa", HTTP_X_FORWARDED_FOR="198.51.100.1, 198.51.100.2")
    assert elsewhere.status_code == 302


def test_the_counts_cannot_be_pushed_out_of_the_cache() -> None:
    cache.set("first", 1, 3600)
    for n in range(400):  # Django's own limit would be 300
        cache.set(f"more-{n}", 1, 3600)
    assert cache.get("first") == 1
