"""A passkey as the second factor, held by a real browser and a virtual authenticator."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from kallari.accounts import services
from kallari.accounts.models import User
from tests.accounts.door import changed
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def finger(context: BrowserContext, page: Page) -> None:
    """An authenticator in the machine that recognizes its owner."""
    devices = context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
            }
        },
    )


def enter(page: Page, user: User) -> None:
    page.goto("/cuenta/entrar/")
    page.get_by_label("Usuario o cédula").fill(user.username)
    page.get_by_label("Contraseña").fill(PASSWORD)
    page.get_by_role("button", name="Entrar", exact=True).click()


def leave(page: Page) -> None:
    page.goto("/cuenta/salir/")
    page.get_by_role("main").get_by_role("button", name="Salir").click()
    expect(page.get_by_text("Usted salió de su cuenta.")).to_be_visible()


def add_passkey(page: Page, *, instead_of_the_password: bool) -> None:
    page.goto("/cuenta/segundo-factor/llaves/nueva/")
    page.get_by_label("Nombre de la llave").fill("Mi teléfono")
    page.get_by_label("Entrar con ella sin escribir la contraseña").set_checked(
        instead_of_the_password
    )
    page.get_by_role("button", name="Agregar la llave").click()
    expect(page.get_by_text("La llave de acceso está agregada.")).to_be_visible()


def test_a_passkey_satisfies_the_role_and_is_asked_for_after_the_password(
    page: Page, manager: User
) -> None:
    changed(manager, "Empieza hoy", second_factor_since=None)
    enter(page, manager)
    expect(page.get_by_text("esta cuenta necesita un segundo factor")).to_be_visible()
    add_passkey(page, instead_of_the_password=False)
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Manager")
    leave(page)

    enter(page, manager)
    expect(page.get_by_role("heading", level=1)).to_have_text("Segundo paso")
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Segundo paso")
    page.get_by_role("button", name="Usar mi llave de acceso").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Manager")


def test_the_passkey_of_a_closed_account_opens_nothing(page: Page, delegate: User) -> None:
    enter(page, delegate)
    add_passkey(page, instead_of_the_password=True)
    leave(page)
    page.get_by_role("button", name="Entrar con llave de acceso").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Delegate")
    leave(page)
    services.close_account(None, account=delegate, reason="Terminó su período")
    page.goto("/cuenta/entrar/")
    page.get_by_role("button", name="Entrar con llave de acceso").click()
    expect(page.get_by_text("Esta cuenta está cerrada")).to_be_visible()
    page.goto("/cuenta/")
    expect(page.get_by_label("Usuario o cédula")).to_be_visible()
