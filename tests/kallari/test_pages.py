"""The house's own pages: each role's home, the languages, what is said when something fails."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied
from django.test import Client

from kallari.accounts.models import User
from kallari.history.context import acting
from kallari.home import is_plain_for
from kallari.roles import Role
from kallari.views import greeting
from tests.people import make_account, sign_in
from tests.queries import assert_same_queries, queries_of

KILOBYTE = 1024


def home_of(client: Client, user: User) -> str:
    response = sign_in(client, user).get("/")
    assert response.status_code == 200
    return response.content.decode()


# --- Home ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role.values)
def test_the_home_page_greets_by_name_and_says_the_role(
    role: str, account: Callable[[str], User], client: Client
) -> None:
    user = account(role)
    with time_machine.travel(datetime(2026, 11, 22, 13, tzinfo=UTC), tick=False):
        html = home_of(client, user)
    assert f"Buenos días, {user.get_short_name()}" in html
    assert str(Role(role).label) in html


@pytest.mark.parametrize(
    ("hour", "words"),
    [
        (4, "Buenas noches"),
        (5, "Buenos días"),
        (11, "Buenos días"),
        (12, "Buenas tardes"),
        (18, "Buenas tardes"),
        (19, "Buenas noches"),
    ],
)
def test_the_greeting_follows_the_hour_of_the_day(hour: int, words: str) -> None:
    assert greeting(datetime(2026, 11, 22, hour, 59)) == words  # noqa: DTZ001  local hour


def test_a_stranger_is_led_to_the_door(client: Client, db: None) -> None:
    response = client.get("/")
    assert response.status_code == 302
    assert response["Location"] == "/cuenta/entrar/?next=/"


def test_who_has_no_role_is_told_whom_to_ask(
    nobody: User, administration: User, client: Client
) -> None:
    html = home_of(client, nobody)
    assert "Su cuenta todavía no tiene un rol" in html
    assert f"<li>{administration.full_name}</li>" in html


def test_who_has_a_role_is_not_told_to_ask_for_one(
    delegate: User, administration: User, client: Client
) -> None:
    html = home_of(client, delegate)
    assert "todavía no tiene un rol" not in html
    assert administration.full_name not in html


def test_who_installs_is_reminded_that_work_needs_a_role(
    superuser: User, administration: User, client: Client
) -> None:
    assert "para instalar y reparar" in home_of(client, superuser)
    assert "para instalar y reparar" not in home_of(client, administration)


def test_auditors_are_led_to_the_api_and_delegates_are_not(
    auditor: User, delegate: User, client: Client
) -> None:
    assert 'href="/api/v1/docs/"' in home_of(client, auditor)
    assert 'href="/api/v1/docs/"' not in home_of(client, delegate)


def test_only_those_with_nothing_but_plain_roles_get_the_plain_page(
    delegate: User, extension_agent: User, surveillance: User, superuser: User, nobody: User
) -> None:
    assert is_plain_for(delegate)
    assert is_plain_for(extension_agent)
    assert not is_plain_for(surveillance)
    assert not is_plain_for(superuser)
    assert not is_plain_for(nobody)


def test_the_office_sees_how_many_accounts_can_enter_and_how_many_lack_a_role(
    administration: User, nobody: User, client: Client
) -> None:
    html = home_of(client, administration)
    assert re.search(r"<strong>2</strong>\s*cuentas pueden entrar", html)
    assert "1 todavía no tiene rol" in html
    assert 'href="/admin/accounts/user/"' in html


def test_a_delegate_is_not_told_about_other_accounts(delegate: User, client: Client) -> None:
    assert "pueden entrar" not in home_of(client, delegate)


def test_the_home_page_says_whether_the_second_factor_is_set(auditor: User, client: Client) -> None:
    assert "Con segundo factor" in home_of(client, auditor)
    with acting(auditor, reason="Cambió de teléfono."):
        auditor.second_factor_since = None
        auditor.save()
    html = home_of(client, auditor)
    assert "Con segundo factor" not in html
    assert "Sin segundo factor" in html


@pytest.mark.parametrize("role", [*Role.values, "superuser", "nobody"])
def test_every_link_of_the_home_page_leads_to_a_page(
    role: str, account: Callable[[str], User], client: Client
) -> None:
    html = home_of(client, account(role))
    addresses = {
        address for address in re.findall(r'href="(/[^"#]*)"', html) if "/static/" not in address
    }
    assert "/cuenta/" in addresses
    for address in addresses:
        assert client.get(address, follow=True).status_code == 200, address


@pytest.mark.parametrize("role", [*Role.values, "superuser", "nobody"])
def test_the_home_page_asks_a_bounded_number_of_queries(
    role: str, account: Callable[[str], User], client: Client
) -> None:
    user = account(role)
    sign_in(client, user)
    assert len(queries_of(lambda: client.get("/"))) <= 40


def test_the_home_page_asks_no_more_when_there_is_more(
    administration: User, client: Client
) -> None:
    sign_in(client, administration)
    made = iter(range(1000))

    def make_rows(number: int) -> None:
        for _row in range(number):
            make_account("nobody", username=f"cuenta{next(made)}")

    def open_home() -> None:
        assert client.get("/").status_code == 200

    assert_same_queries(make_rows, open_home, few=10, many=60)


# --- Weight -------------------------------------------------------------------------------------


def compressed(content: bytes) -> int:
    return len(gzip.compress(content))


def first_load(client: Client, address: str) -> int:
    """Bytes that a phone fetches to show a page for the first time, compressed as served."""
    response = client.get(address)
    assert response.status_code == 200
    html = response.content.decode()
    weight = compressed(response.content)
    for file in set(re.findall(rf'(?:src|href)="{settings.STATIC_URL}([^"]+)"', html)):
        path = finders.find(file)
        assert path, file
        with open(path, "rb") as content:
            weight += compressed(content.read())
    return weight


@pytest.mark.parametrize("role", ["delegate", "extension_agent"])
@pytest.mark.parametrize("address", ["/", "/cuenta/", "/cuenta/sesiones/"])
def test_the_pages_of_delegates_and_agents_weigh_at_most_50_kilobytes(
    role: str, address: str, account: Callable[[str], User], client: Client
) -> None:
    sign_in(client, account(role))
    assert 1 * KILOBYTE < first_load(client, address) <= 50 * KILOBYTE


def test_the_door_weighs_at_most_50_kilobytes(client: Client, db: None) -> None:
    assert 1 * KILOBYTE < first_load(client, "/cuenta/entrar/") <= 50 * KILOBYTE


# --- Languages ----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["es", "en", "qu"])
def test_the_language_can_be_chosen_and_one_stays_on_the_page(
    language: str, delegate: User, client: Client
) -> None:
    sign_in(client, delegate)
    response = client.post(
        "/idioma/setlang/", {"language": language, "next": "/cuenta/"}, follow=True
    )
    assert response.redirect_chain[-1][0] == "/cuenta/"
    html = response.content.decode()
    assert f'<html lang="{language}">' in html
    assert re.search(rf'value="{language}"[^>]*aria-current="true"', html)


def test_choosing_a_language_leads_nowhere_else(client: Client, db: None) -> None:
    response = client.post(
        "/idioma/setlang/", {"language": "en", "next": "https://example.org/"}, follow=False
    )
    assert response["Location"] == "/"


def test_an_error_page_does_not_lead_back_to_the_address_that_changes_the_language(
    db: None,
) -> None:
    refused = Client(enforce_csrf_checks=True).post("/idioma/setlang/", {"language": "en"})
    assert refused.status_code == 403
    assert re.findall(r'name="next"\s+value="([^"]*)"', refused.content.decode()) == ["/"]


# --- Errors -------------------------------------------------------------------------------------


def test_a_page_that_does_not_exist_says_so_within_the_house(
    delegate: User, client: Client
) -> None:
    response = sign_in(client, delegate).get("/no-existe/")
    assert response.status_code == 404
    html = response.content.decode()
    assert "Aquí no hay nada" in html
    assert 'id="menu"' in html


def test_a_stranger_sees_the_same_words_without_the_menu(client: Client, db: None) -> None:
    response = client.get("/no-existe/")
    assert response.status_code == 404
    assert "Aquí no hay nada" in response.content.decode()
    assert 'id="menu"' not in response.content.decode()


def test_what_a_role_may_not_do_is_said_in_words(
    delegate: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_user: User) -> list[Any]:
        raise PermissionDenied

    sign_in(client, delegate)
    assert client.get("/").status_code == 200
    monkeypatch.setattr("kallari.views.parts_for", refuse)
    response = client.get("/")
    assert response.status_code == 403
    assert "Su rol no permite hacer esto" in response.content.decode()


def test_a_form_without_its_token_is_told_to_send_it_again(db: None) -> None:
    response = Client(enforce_csrf_checks=True).post("/cuenta/entrar/", {"login": "x"})
    assert response.status_code == 403
    assert "La página se quedó vieja" in response.content.decode()


def test_a_request_that_cannot_be_read_is_answered_in_words(client: Client, db: None) -> None:
    response = client.get("/", headers={"host": "otra-casa.example"})
    assert response.status_code == 400
    assert "No entendimos el pedido" in response.content.decode()


def test_a_failure_of_ours_names_the_request_and_nothing_else(
    delegate: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_user: User) -> list[Any]:
        raise RuntimeError("quintal perdido")

    sign_in(client, delegate)
    monkeypatch.setattr("kallari.views.parts_for", fail)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    html = response.content.decode()
    assert response["X-Request-ID"] in html
    assert "quintal perdido" not in html
    assert delegate.full_name not in html


# --- Paper and phones ---------------------------------------------------------------------------


def test_paper_says_who_printed_it_and_when(delegate: User, client: Client) -> None:
    sign_in(client, delegate)
    with time_machine.travel(datetime(2026, 11, 22, 20, 5, tzinfo=UTC), tick=False):
        html = client.get("/cuenta/sesiones/").content.decode()
    assert f"Impreso por {delegate.full_name} el 22/11/2026 15:05" in html


def test_the_icons_of_the_manifest_exist() -> None:
    manifest_path = finders.find("kallari/kallari.webmanifest")
    assert manifest_path
    with open(manifest_path, encoding="utf-8") as manifest_file:
        manifest = json.load(manifest_file)
    assert {icon["src"] for icon in manifest["icons"]} >= {"icon-192.png", "icon-512.png"}
    for icon in manifest["icons"]:
        assert finders.find(f"kallari/{icon['src']}")
