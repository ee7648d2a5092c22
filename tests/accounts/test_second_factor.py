"""The second factor: set up, asked for, used once, kept secret, required where power is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, hotp_value
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import path, reverse
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from kallari import urls as kallari_urls
from kallari.accounts.adapter import SecondFactorAdapter
from kallari.accounts.models import RoleAssignment, User
from kallari.history.context import acting
from kallari.roles import Role
from tests.accounts.door import (
    SECOND_STEP,
    changed,
    code_of,
    is_in,
    secret_of,
    session_key,
    type_in,
)
from tests.people import PASSWORD, make_account, sign_in


@api_view()
def who(request: Request) -> Response:
    """An address of the API, whatever the apps have there."""
    return Response({"username": request.user.get_username()})


of_the_house: list[Any] = kallari_urls.urlpatterns
urlpatterns = [path("api/v1/who/", who), *of_the_house]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
ACTIVATE = "/cuenta/segundo-factor/aplicacion/"
CODES = "/cuenta/segundo-factor/codigos/"
NOON = dt.datetime(2027, 3, 2, 12, tzinfo=dt.UTC)


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(NOON, tick=False) as travel:
        yield travel


@pytest.fixture
def rosa() -> User:
    """A manager on her first day: a password, and no second factor yet."""
    user = make_account("manager", username="rosa")
    changed(user, "Empieza hoy", second_factor_since=None)
    return user


def enrol(client: Client) -> str:
    """Set up an app in this browser, as the pages lead; return its secret."""
    assert client.get(ACTIVATE).status_code == 200
    secret: str = client.session[SECRET_SESSION_KEY]
    answer = client.post(ACTIVATE, {"code": code_of(secret)})
    assert answer["Location"] == CODES
    return secret


def recovery_codes(client: Client) -> list[str]:
    codes: list[str] = client.get(CODES).context["unused_codes"]
    return codes


@pytest.mark.parametrize(
    ("seconds", "value"),
    # RFC 6238, appendix B, SHA-1: the last six of its eight digits.
    [
        (59, 94287082),
        (1111111109, 7081804),
        (1111111111, 14050471),
        (1234567890, 89005924),
        (2000000000, 69279037),
        (20000000000, 65353130),
    ],
)
def test_codes_are_those_of_rfc_6238(seconds: int, value: int) -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # base 32 of "12345678901234567890"
    assert hotp_value(secret, seconds // 30) == value % 10**6


@pytest.mark.django_db(transaction=True)
def test_the_whole_journey_with_an_app(client: Client, rosa: User, clock: Any) -> None:
    answer = type_in(client, "rosa")
    assert answer["Location"] == "/"
    assert client.get("/")["Location"].startswith("/cuenta/segundo-factor/?next=")

    before = session_key(client)
    secret = enrol(client)
    assert session_key(client) != before
    codes = recovery_codes(client)
    assert len(set(codes)) == 10
    assert client.get("/").status_code == 200
    rosa.refresh_from_db()
    assert rosa.second_factor_since == NOON
    newest = rosa.history.first()
    assert newest.history_change_reason == "Puso un segundo factor."
    assert newest.actor_name == rosa.full_name
    client.post("/cuenta/salir/")

    clock.shift(60)
    answer = type_in(client, "rosa")
    assert answer["Location"] == SECOND_STEP
    assert not is_in(client)
    wrong = client.post(SECOND_STEP, {"code": "000000"})
    assert "El código no es correcto" in wrong.content.decode()
    assert not is_in(client)
    assert client.post(SECOND_STEP, {"code": code_of(secret)})["Location"] == "/"
    assert is_in(client)
    client.post("/cuenta/salir/")

    type_in(client, "rosa")
    assert client.post(SECOND_STEP, {"code": codes[0]})["Location"] == "/"
    client.post("/cuenta/salir/")
    type_in(client, "rosa")
    assert client.post(SECOND_STEP, {"code": codes[0]}).status_code == 200
    assert client.post(SECOND_STEP, {"code": codes[1]})["Location"] == "/"


def test_recovery_codes_are_shown_once(client: Client, rosa: User) -> None:
    type_in(client, "rosa")
    enrol(client)
    assert all(code.isdigit() for code in recovery_codes(client))
    assert set(recovery_codes(client)) == {"****"}


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_code_is_taken_within_one_step_and_never_twice(
    rosa: User, clock: Any, steps: int
) -> None:
    """RFC 6238, section 5.2. The first use and the replay are as far apart as can be."""
    first = Client()
    type_in(first, "rosa")
    secret = enrol(first)
    clock.shift(600)
    code = code_of(secret, steps=steps)
    for elapsed, accepted in ((0, True), (29, False), (30, False)):
        clock.shift(elapsed)
        browser = Client()
        type_in(browser, "rosa")
        browser.post(SECOND_STEP, {"code": code})
        assert is_in(browser) is accepted


@pytest.mark.parametrize("steps", [-2, 2])
def test_a_code_two_steps_away_is_refused(rosa: User, clock: Any, steps: int) -> None:
    first = Client()
    type_in(first, "rosa")
    secret = enrol(first)
    clock.shift(600)
    browser = Client()
    type_in(browser, "rosa")
    browser.post(SECOND_STEP, {"code": code_of(secret, steps=steps)})
    assert not is_in(browser)


def test_the_code_that_set_up_the_app_does_not_sign_in(rosa: User, clock: Any) -> None:
    first = Client()
    type_in(first, "rosa")
    secret = enrol(first)
    browser = Client()
    type_in(browser, "rosa")
    browser.post(SECOND_STEP, {"code": code_of(secret)})
    assert not is_in(browser)
    clock.shift(30)
    browser.post(SECOND_STEP, {"code": code_of(secret)})
    assert is_in(browser)


def test_guessing_codes_is_stopped(rosa: User, clock: Any) -> None:
    """The password is known already: a million codes are all that is left to try."""
    first = Client()
    type_in(first, "rosa")
    secret = enrol(first)
    clock.shift(600)
    for n in range(5):
        browser = Client(REMOTE_ADDR=f"198.51.100.{n}")
        type_in(browser, "rosa")
        assert "no es correcto" in browser.post(SECOND_STEP, {"code": "000000"}).content.decode()
    type_in(browser, "rosa")
    refused = browser.post(SECOND_STEP, {"code": code_of(secret)})
    assert "demasiados intentos" in refused.content.decode()
    assert not is_in(browser)
    clock.shift(15 * 60 + 1)
    type_in(browser, "rosa")
    browser.post(SECOND_STEP, {"code": code_of(secret)})
    assert is_in(browser)


def test_the_second_step_alone_opens_nothing(rosa: User, clock: Any) -> None:
    first = Client()
    type_in(first, "rosa")
    secret = enrol(first)
    clock.shift(600)
    browser = Client()
    answer = browser.post(SECOND_STEP, {"code": code_of(secret)})
    assert answer["Location"] == "/cuenta/entrar/"
    assert not is_in(browser)


def test_the_second_step_waits_for_a_quarter_of_an_hour(rosa: User, clock: Any) -> None:
    first = Client()
    type_in(first, "rosa")
    secret = enrol(first)
    clock.shift(600)
    browser = Client()
    type_in(browser, "rosa")
    clock.shift(15 * 60 + 1)
    browser.post(SECOND_STEP, {"code": code_of(secret)})
    assert not is_in(browser)


@pytest.mark.django_db(transaction=True)
def test_other_sessions_end_when_a_factor_is_set_up(rosa: User) -> None:
    elsewhere, here = Client(), Client()
    type_in(elsewhere, "rosa")
    type_in(here, "rosa")
    enrol(here)
    assert is_in(here)
    assert not is_in(elsewhere)


def test_setting_up_asks_for_the_password_again_after_a_while(rosa: User, clock: Any) -> None:
    browser = Client()
    type_in(browser, "rosa")
    assert browser.get(ACTIVATE).status_code == 200
    clock.shift(5 * 60 + 1)
    answer = browser.get(ACTIVATE)
    assert answer["Location"].startswith("/cuenta/confirmar/")
    browser.post(answer["Location"], {"password": PASSWORD})
    assert browser.get(ACTIVATE).status_code == 200


def test_the_picture_of_the_secret_fits_the_security_policy(client: Client, rosa: User) -> None:
    type_in(client, "rosa")
    answer = client.get(ACTIVATE)
    assert 'src="data:image/svg+xml;base64,' in answer.content.decode()
    (images,) = [
        part
        for part in answer["Content-Security-Policy"].split(";")
        if part.strip().startswith("img-src")
    ]
    assert "data:" in images
    assert "no-store" in answer["Cache-Control"]
    assert "otpauth://totp/rosa?" in answer.context["totp_url"]
    assert "issuer=Kallari" in answer.context["totp_url"]


# --- Kept secret --------------------------------------------------------------------------------


def test_secrets_are_encrypted_in_the_database(client: Client, rosa: User) -> None:
    type_in(client, "rosa")
    secret = enrol(client)
    codes = recovery_codes(client)
    rows = {row.type: str(row.data) for row in Authenticator.objects.filter(user=rosa)}
    assert secret not in rows["totp"]
    assert not any(code in rows["recovery_codes"] for code in codes)
    assert secret_of(rosa) == secret
    assert SECRET_SESSION_KEY not in client.session


def test_another_secret_key_reads_nothing_and_a_former_one_still_does(
    settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    adapter = SecondFactorAdapter()
    former = settings.SECRET_KEY
    kept = adapter.encrypt("GEZDGNBV")
    assert adapter.decrypt(kept) == "GEZDGNBV"
    settings.SECRET_KEY = "another" * 10
    assert adapter.decrypt(kept) not in {"GEZDGNBV", adapter.decrypt(kept)}  # never twice the same
    assert "another secret key" in caplog.text
    settings.SECRET_KEY_FALLBACKS = [former]
    assert adapter.decrypt(kept) == "GEZDGNBV"


# --- Required where power is --------------------------------------------------------------------

NEEDED = {"administration", "manager", "accountant", "surveillance", "superuser"}
NOT_NEEDED = {"center_operator", "extension_agent", "delegate", "auditor", "nobody"}


def without_factor(role: str, **fields: Any) -> Client:
    user = make_account(role)
    changed(user, "Para la prueba", **{"second_factor_since": None} | fields)
    return sign_in(Client(), user)


@pytest.mark.parametrize("role", sorted(NEEDED))
def test_the_powerful_do_nothing_before_they_have_a_second_factor(role: str) -> None:
    client = without_factor(role)
    for page in ("/", "/admin/"):
        answer = client.get(page, follow=True)
        assert answer.redirect_chain[0][0].startswith("/cuenta/segundo-factor/?next=")
        assert "necesita un segundo factor" in answer.content.decode()
    assert client.post("/admin/", follow=True).redirect_chain[0][0] == "/cuenta/segundo-factor/"
    answer = client.get("/api/v1/who/")
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert answer.json()["code"] == "second_factor_required"
    for page in ("/cuenta/", "/cuenta/sesiones/", "/cuenta/contrasena/", "/healthz"):
        assert client.get(page).status_code == 200
    assert client.post("/idioma/setlang/", {"language": "en"}).status_code == 302
    client.post("/cuenta/salir/")
    assert not is_in(client)


@pytest.mark.parametrize("role", sorted(NOT_NEEDED))
def test_the_others_may_do_without(role: str) -> None:
    assert without_factor(role).get("/").status_code == 200


def test_the_roles_that_need_one_are_all_told_apart() -> None:
    assert {*NEEDED, *NOT_NEEDED} == {*Role.values, "superuser", "nobody"}


@pytest.mark.parametrize(
    ("required", "is_demo", "demo_exempt", "status"),
    [
        (True, False, True, 302),
        (True, True, True, 200),
        (True, True, False, 302),
        (False, False, False, 200),
    ],
)
def test_the_settings_exempt_demo_accounts_alone(
    settings: Any, required: bool, is_demo: bool, demo_exempt: bool, status: int
) -> None:
    settings.REQUIRE_SECOND_FACTOR = required
    settings.DEMO_WITHOUT_SECOND_FACTOR = demo_exempt
    assert without_factor("manager", is_demo=is_demo).get("/").status_code == status


def test_a_role_given_while_signed_in_asks_at_once(administration: User) -> None:
    client = without_factor("delegate")
    assert client.get("/").status_code == 200
    RoleAssignment.objects.create(
        user=User.objects.get(username="prueba-delegate"),
        group=Group.objects.get(name="accountant"),
    )
    assert client.get("/").status_code == 302


def test_the_last_factor_of_the_powerful_is_not_removed(client: Client, rosa: User) -> None:
    type_in(client, "rosa")
    enrol(client)
    remove = f"{ACTIVATE}quitar/"
    answer = client.post(remove)
    assert "Su rol exige un segundo factor" in answer.content.decode()
    assert Authenticator.objects.filter(user=rosa, type="totp").exists()

    with acting(reason="Deja la gerencia"):
        RoleAssignment.objects.get(user=rosa).delete()
    assert client.post(remove)["Location"] == "/cuenta/segundo-factor/"
    rosa.refresh_from_db()
    assert rosa.second_factor_since is None
    assert rosa.history.first().history_change_reason == "Quitó el segundo factor."
    assert not Authenticator.objects.filter(user=rosa).exists()


def test_the_last_passkey_of_the_powerful_is_not_removed(client: Client, rosa: User) -> None:
    type_in(client, "rosa")
    keys = [
        Authenticator.objects.create(
            user=rosa, type="webauthn", data={"name": name, "credential": {}}
        )
        for name in ("teléfono", "de reserva")
    ]
    for key, remaining in zip(keys, (1, 1), strict=True):
        client.post(f"/cuenta/segundo-factor/llaves/{key.pk}/quitar/")
        assert Authenticator.objects.filter(user=rosa).count() == remaining


def test_the_key_of_another_account_is_not_there(client: Client, rosa: User) -> None:
    key = Authenticator.objects.create(
        user=make_account("auditor"), type="webauthn", data={"name": "x", "credential": {}}
    )
    type_in(client, "rosa")
    for page in ("quitar", "nombre"):
        address = f"/cuenta/segundo-factor/llaves/{key.pk}/{page}/"
        assert client.get(address).status_code == 404
        assert client.post(address, {"name": "mía"}).status_code == 404


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"response": {}}',
        '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"userHandle": null, '
        '"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA"}}',
        '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"userHandle": "MQ", '
        '"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA"}}',
    ],
)
def test_nonsense_in_place_of_a_passkey_is_refused(rosa: User, credential: str) -> None:
    browser = Client()
    browser.get(reverse("mfa_login_webauthn"), HTTP_ACCEPT="application/json")
    answer = browser.post(reverse("mfa_login_webauthn"), {"credential": credential})
    assert answer["Location"] == "/cuenta/entrar/"
    assert not is_in(browser)


def test_administration_helps_who_lost_the_phone(
    client: Client, rosa: User, client_of: Callable[[str], Client]
) -> None:
    type_in(client, "rosa")
    enrol(client)
    answer = client_of("administration").post(
        "/admin/accounts/user/",
        {
            "action": "reset_second_factor",
            "_selected_action": [rosa.pk],
            "change_reason": "Perdió el teléfono en el río",
        },
    )
    assert answer.status_code == 302
    assert not is_in(client)
    rosa.refresh_from_db()
    assert rosa.second_factor_since is None
    assert rosa.history.first().history_change_reason == "Perdió el teléfono en el río"
    assert type_in(client, "rosa")["Location"] == "/"
    assert client.get("/")["Location"].startswith("/cuenta/segundo-factor/")
