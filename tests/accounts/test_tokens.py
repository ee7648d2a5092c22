"""Keys for programs: made at the console, shown once, worthless once revoked."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
import time_machine
from axes.models import AccessAttempt
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import path
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from kallari import urls as kallari_urls
from kallari.accounts import services
from kallari.accounts.models import ApiToken, User
from kallari.history.context import current_actor
from tests.accounts.door import CEDULA, changed, type_in
from tests.people import make_account, sign_in


@api_view(["GET", "POST"])
def who(request: Request) -> Response:
    """An address of the API, whatever the apps have there: who asks."""
    actor = current_actor()
    return Response({"user": request.user.get_username(), "actor": actor and actor.username})


of_the_house: list[Any] = kallari_urls.urlpatterns
urlpatterns = [path("api/v1/who/", who), *of_the_house]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
WHO = "/api/v1/who/"


@pytest.fixture
def rosa() -> User:
    return make_account("extension_agent", username="rosa")


def token_for(username: str, *arguments: str) -> str:
    out, err = StringIO(), StringIO()
    call_command("token", username, *arguments, stdout=out, stderr=err)
    assert err.getvalue() == ""
    return out.getvalue()


def ask(key: str, **headers: Any) -> Any:
    return Client().get(WHO, HTTP_AUTHORIZATION=f"Token {key}", **headers)


def test_the_command_prints_the_token_and_nothing_else(rosa: User) -> None:
    printed = token_for("rosa", "--label", "balanza de Tena")
    key = printed.removesuffix("\n")
    assert key == key.strip()
    assert len(key) >= 43  # 256 bits in base 64
    assert ask(key).json() == {"user": "rosa", "actor": "rosa"}
    assert ApiToken.objects.get().label == "balanza de Tena"


def test_each_call_makes_a_fresh_one_and_the_others_stay(rosa: User) -> None:
    first, second = token_for("rosa").strip(), token_for("ROSA").strip()
    assert first != second
    assert [ask(key).status_code for key in (first, second)] == [200, 200]


def test_the_command_takes_a_cedula_too(rosa: User) -> None:
    changed(rosa, "La trae en la mano", cedula=CEDULA)
    assert ask(token_for(CEDULA).strip()).json()["user"] == "rosa"


@pytest.mark.parametrize(("username", "words"), [("nadie", "ninguna cuenta"), ("rosa", "cerrada")])
def test_the_command_refuses_the_unknown_and_the_closed(
    rosa: User, username: str, words: str
) -> None:
    token_for("rosa")
    services.close_account(None, account=rosa, reason="Se fue")
    out = StringIO()
    with pytest.raises(CommandError, match=words) as refusal:
        call_command("token", username, stdout=out)
    assert out.getvalue() == ""
    assert refusal.value.returncode == 1
    assert ApiToken.objects.count() == 1


def test_the_database_holds_a_digest_alone(rosa: User) -> None:
    key = token_for("rosa").strip()
    assert ApiToken.objects.get().digest == hashlib.sha256(key.encode()).hexdigest()
    with connection.cursor() as cursor:
        for table in ("accounts_apitoken", "accounts_historicalapitoken"):
            cursor.execute(f"SELECT t::text FROM {table} t")  # noqa: S608 - two constants
            assert key not in str(cursor.fetchall())


@pytest.mark.parametrize(
    "authorization",
    ["Token wrong", "Token", "Token a b", "token ", "Token \xe9", "Token " + "x" * 5000],
)
def test_a_wrong_token_is_unauthorized_in_words(rosa: User, authorization: str) -> None:
    token_for("rosa")
    answer = Client().get(WHO, HTTP_AUTHORIZATION=authorization)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Token"
    assert "no vale" in answer.content.decode()


@pytest.mark.parametrize("authorization", [None, "Basic cm9zYTp4", "Bearer abc"])
def test_who_brings_no_token_is_unauthorized(rosa: User, authorization: str | None) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    answer = Client(headers=headers).get(WHO)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Token")


def test_a_revoked_token_opens_nothing(rosa: User) -> None:
    first, second = token_for("rosa").strip(), token_for("rosa").strip()
    token = ApiToken.objects.for_key(first).get()
    services.revoke_token(rosa, token=token, reason="Se perdió la balanza")
    assert [ask(key).status_code for key in (first, second)] == [401, 200]
    assert token.history.first().history_change_reason == "Se perdió la balanza"
    with pytest.raises(ValidationError) as refusal:
        services.revoke_token(rosa, token=token, reason="Otra vez")
    assert refusal.value.code == "already_revoked"


def test_the_tokens_of_a_closed_account_end_with_it(rosa: User) -> None:
    key = token_for("rosa").strip()
    assert ask(key).status_code == 200
    services.close_account(None, account=rosa, reason="Se fue")
    assert ask(key).status_code == 401
    services.reopen_account(None, account=rosa, reason="Volvió")
    assert ask(key).status_code == 401


def test_a_token_is_no_way_around_the_second_factor(manager: User) -> None:
    key = token_for(manager.username).strip()
    assert ask(key).status_code == 200
    changed(manager, "Perdió el teléfono", second_factor_since=None)
    answer = ask(key)
    assert answer.status_code == 403
    assert "segundo factor" in answer.content.decode()


def test_a_session_needs_the_token_against_forgery_and_a_key_does_not(rosa: User) -> None:
    browser = sign_in(Client(enforce_csrf_checks=True), rosa)
    assert browser.get(WHO).status_code == 200
    assert browser.post(WHO).status_code == 403
    program = Client(enforce_csrf_checks=True)
    key = token_for("rosa").strip()
    assert program.post(WHO, HTTP_AUTHORIZATION=f"Token {key}").status_code == 200


def test_a_key_leaves_no_session(rosa: User) -> None:
    answer = ask(token_for("rosa").strip())
    assert not answer.cookies


def test_a_lock_out_at_the_door_does_not_stop_programs_nor_the_other_way_round(
    rosa: User,
) -> None:
    key = token_for("rosa").strip()
    for _time in range(10):
        assert ask("wrong").status_code == 401
    assert not AccessAttempt.objects.exists()
    assert type_in(Client(), "rosa").status_code == 302
    for _time in range(8):
        locked = type_in(Client(), "rosa", "una clave equivocada")
    assert locked.status_code == 429
    assert ask(key).status_code == 200


def test_the_last_use_is_kept_by_the_hour_without_history(rosa: User) -> None:
    noon = dt.datetime(2027, 3, 2, 12, 20, tzinfo=dt.UTC)
    with time_machine.travel(noon, tick=False) as clock:
        key = token_for("rosa").strip()
        token = ApiToken.objects.get()
        seen = []
        for minutes in (0, 30, 60):
            clock.shift(dt.timedelta(minutes=minutes))
            ask(key)
            token.refresh_from_db()
            assert token.last_used_at is not None
            seen.append(token.last_used_at.hour)
    assert seen == [12, 12, 13]
    assert token.history.count() == 1


def test_a_key_costs_one_query(rosa: User, django_assert_num_queries: Any) -> None:
    key = token_for("rosa").strip()
    ask(key)
    for _more in range(3):
        token_for("rosa")
    with django_assert_num_queries(3):  # a savepoint of the request around it
        ask(key)


def test_nobody_makes_a_key_in_the_name_of_another(rosa: User, administration: User) -> None:
    with pytest.raises(PermissionDenied):
        services.make_token(administration, account=rosa)
    services.make_token(rosa, account=rosa)
    assert ApiToken.objects.get().user == rosa


def test_my_account_lists_my_keys_and_revokes_them(
    rosa: User, client_of: Callable[[str], Client]
) -> None:
    token_for("rosa", "--label", "balanza de Tena")
    token = ApiToken.objects.get()
    stranger = client_of("delegate")
    assert "balanza" not in stranger.get("/cuenta/").content.decode()
    revoke = f"/cuenta/claves/{token.pk}/anular/"
    assert stranger.post(revoke).status_code == 404
    browser = sign_in(Client(), rosa)
    assert "balanza de Tena" in browser.get("/cuenta/").content.decode()
    assert browser.get(revoke).status_code == 405
    assert browser.post(revoke)["Location"] == "/cuenta/"
    assert "balanza" not in browser.get("/cuenta/").content.decode()
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_administration_revokes_keys_with_a_reason(
    rosa: User, client_of: Callable[[str], Client]
) -> None:
    key = token_for("rosa").strip()
    token = ApiToken.objects.get()
    chosen = {"action": "revoke", "_selected_action": [token.pk]}
    desk = client_of("administration")
    desk.post("/admin/accounts/apitoken/", chosen)
    assert ask(key).status_code == 200
    desk.post("/admin/accounts/apitoken/", chosen | {"change_reason": "Apareció en un chat"})
    assert ask(key).status_code == 401
    assert client_of("manager").get("/admin/accounts/apitoken/").status_code == 404
