"""Through the door: by username or cédula, and nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import hashers
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from kallari.accounts.models import User
from tests.accounts.door import CEDULA, ENTER, changed, is_in, session_key, type_in
from tests.people import PASSWORD, make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosa() -> User:
    user = make_account("delegate", username="Rosa.Grefa")
    changed(user, "La trae en la mano", cedula=CEDULA)
    return user


@pytest.mark.parametrize(
    "login",
    [
        "Rosa.Grefa",
        "rosa.grefa",
        "ROSA.GREFA",
        " rosa.grefa ",
        CEDULA,
        "150012345-8",
        "150 012 345 8",
    ],
)
def test_the_door_takes_a_username_in_any_case_or_a_cedula(
    client: Client, rosa: User, login: str
) -> None:
    answer = type_in(client, login)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert int(client.session["_auth_user_id"]) == rosa.pk


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("rosa.grefa", "otra clave larga"),
        ("rosa.grefa", PASSWORD.upper()),
        ("nadie", PASSWORD),
        ("1500123459", PASSWORD),
        ("", PASSWORD),
        ("rosa.grefa", ""),
        ("rosa.grefa\0", "x"),
    ],
)
def test_the_door_stays_closed_and_says_the_same_to_the_unknown(
    client: Client, rosa: User, login: str, password: str
) -> None:
    answer = type_in(client, login, password)
    assert answer.status_code == 200
    assert not is_in(client)
    if login and password and "\0" not in login:
        assert "El usuario o la contraseña no son correctos" in answer.content.decode()


def test_a_closed_account_is_refused_in_the_words_for_a_wrong_password(
    client: Client, rosa: User
) -> None:
    assert type_in(client, "rosa.grefa").status_code == 302
    client.post("/cuenta/salir/")
    changed(rosa, "Se fue", is_active=False)
    answer = type_in(client, "rosa.grefa")
    assert "El usuario o la contraseña no son correctos" in answer.content.decode()
    assert not is_in(client)


@pytest.mark.usefixtures("production_password_hashers")
@pytest.mark.parametrize("login", ["rosa.grefa", "nadie", "1700000000", "closed", "unusable"])
def test_a_refusal_costs_one_digest_whoever_was_named(
    client: Client, rosa: User, login: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the time of the answer would tell which accounts exist."""
    rosa.set_password(PASSWORD)
    changed(rosa, "con el método vigente")
    closed = User(username="closed", is_active=False)
    closed.set_password("una clave larga")
    closed.save()
    unusable = User(username="unusable")
    unusable.set_unusable_password()
    unusable.save()
    counted = []

    def counting(real: Any) -> Any:
        def count(*args: Any, **kwargs: Any) -> Any:
            counted.append(real)
            return real(*args, **kwargs)

        return count

    hasher = hashers.Argon2PasswordHasher
    monkeypatch.setattr(hasher, "encode", counting(hasher.encode))
    monkeypatch.setattr(hasher, "verify", counting(hasher.verify))
    type_in(client, login, "otra clave larga")
    assert len(counted) == 1


@pytest.mark.usefixtures("production_password_hashers")
def test_passwords_are_kept_by_argon2(rosa: User) -> None:
    rosa.set_password(PASSWORD)
    assert rosa.password.startswith("argon2$argon2id$")


def test_an_older_digest_is_replaced_at_sign_in_with_a_reason_of_its_own(
    client: Client, rosa: User, settings: Any
) -> None:
    before = rosa.password
    settings.PASSWORD_HASHERS = settings.PASSWORD_HASHERS[1:] + settings.PASSWORD_HASHERS[:1]
    assert type_in(client, "rosa.grefa").status_code == 302
    rosa.refresh_from_db()
    assert rosa.password != before
    newest = rosa.history.first()
    assert newest.history_change_reason == "La misma contraseña, guardada con el método vigente."
    assert newest.actor_name == rosa.full_name
    assert rosa.check_password(PASSWORD)


def test_signing_in_is_not_a_change_of_the_account(client: Client, rosa: User) -> None:
    rows = rosa.history.count()
    type_in(client, "rosa.grefa")
    rosa.refresh_from_db()
    assert rosa.last_login is not None
    assert rosa.history.count() == rows


def test_a_session_key_from_before_signing_in_opens_nothing(client: Client, rosa: User) -> None:
    """Session fixation: who planted the key in the browser must not be signed in with it."""
    session = client.session
    session["x"] = 1
    session.save()
    planted = str(session.session_key)
    client.cookies[settings.SESSION_COOKIE_NAME] = planted
    assert type_in(client, "rosa.grefa").status_code == 302
    assert session_key(client) != planted
    attacker = Client()
    attacker.cookies[settings.SESSION_COOKIE_NAME] = planted
    assert not is_in(attacker)
    assert is_in(client)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "http://testserver@evil.example/",
    ],
)
@pytest.mark.parametrize("where", ["query", "form"])
def test_the_door_leads_on_within_the_house_alone(
    client: Client, rosa: User, elsewhere: str, where: str
) -> None:
    inside = "/comunidades/?q=rumi"
    for address, led_to in ((elsewhere, "/"), (inside, inside)):
        typed = {"login": "rosa.grefa", "password": PASSWORD}
        if where == "form":
            answer = client.post(ENTER, typed | {"next": address})
        else:
            answer = client.post(ENTER, typed, query_params={"next": address})
        assert answer["Location"] == led_to
        client.post("/cuenta/salir/")
    assert client.post("/cuenta/salir/", {"next": elsewhere})["Location"] == "/"


def test_signing_out_takes_a_post(client: Client, rosa: User) -> None:
    type_in(client, "rosa.grefa")
    client.get("/cuenta/salir/")
    assert is_in(client)
    client.post("/cuenta/salir/")
    assert not is_in(client)


def test_the_door_wants_the_token_against_forgery(rosa: User) -> None:
    client = Client(enforce_csrf_checks=True)
    assert type_in(client, "rosa.grefa").status_code == 403


def test_a_session_ends_with_the_browser_unless_the_machine_is_ones_own(
    client: Client, rosa: User
) -> None:
    type_in(client, "rosa.grefa")
    assert client.session.get_expire_at_browser_close()
    client.post("/cuenta/salir/")
    client.post(ENTER, {"login": "rosa.grefa", "password": PASSWORD, "remember": "on"})
    assert client.session.get_expiry_age() == settings.SESSION_COOKIE_AGE


def test_the_admin_has_no_door_of_its_own(client: Client) -> None:
    answer = client.get("/admin/accounts/user/", follow=True)
    assert answer.redirect_chain[-1][0].startswith(ENTER)
    answer = client.post("/admin/login/", {"username": "x", "password": "y"}, follow=True)
    assert answer.redirect_chain[-1][0].startswith(ENTER)


@pytest.mark.parametrize(
    "name",
    [
        "account_signup",
        "account_email",
        "account_reset_password",
        "account_confirm_email",
        "account_set_password",
        "mfa_signup_webauthn",
        "mfa_trust",
    ],
)
def test_nobody_signs_up_or_resets_by_email(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_a_username_is_never_a_number(rosa: User) -> None:
    """Who may choose 1500123458 as a username would stand in the way of that cédula."""
    impostor = User(username="1500123458")
    impostor.set_password(PASSWORD)
    with pytest.raises(ValidationError, match="al menos una letra"):
        impostor.full_clean()
    with pytest.raises(IntegrityError, match="a_username_is_no_number"), transaction.atomic():
        impostor.save()
    impostor.username = "r1500123458"
    impostor.full_clean()
