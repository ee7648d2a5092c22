"""How the pages behave under a thumb, without scripts, enlarged, in the dark and on paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from kallari.accounts.models import User
from tests.browser.watch import OVERFLOW
from tests.people import PASSWORD

PHONE: ViewportSize = {"width": 360, "height": 740}
TWICE_AS_LARGE: ViewportSize = {"width": 640, "height": 400}
"""What a desk of 1280 × 800 shows at 200 % (WCAG 2.2, 1.4.4 and 1.4.10)."""

PAGES = [
    "/",
    "/familias/",
    "/personas/",
    "/cuenta/",
    "/cuenta/sesiones/",
    "/cuenta/contrasena/",
    "/cuenta/segundo-factor/",
]

SMALL_TARGETS = """
() => [...document.querySelectorAll(
    ".button, .tile, .menu a, .menu button, .menu-open, .brand, .languages button, "
    + ".field input:not([type=hidden], [type=checkbox], [type=radio]), .field select, "
    + ".field-check")]
  .filter((element) => element.checkVisibility())
  .map((element) => [element.outerHTML.slice(0, 120), element.getBoundingClientRect()])
  .filter(([, box]) => box.height < 48 || box.width < 48)
  .map(([html, box]) => `${Math.round(box.width)} × ${Math.round(box.height)}: ${html}`)
"""


@pytest.mark.parametrize("address", PAGES)
def test_whatever_a_thumb_touches_is_48_pixels(
    address: str, signed_in: Callable[[str], BrowserContext]
) -> None:
    page = signed_in("delegate").new_page()
    page.set_viewport_size(PHONE)
    page.goto(address)
    expect(page.get_by_role("link", name="Menú")).to_be_visible()
    assert page.evaluate(SMALL_TARGETS) == []


@pytest.mark.parametrize("address", PAGES)
def test_at_twice_the_size_nothing_is_cut_off(
    address: str, signed_in: Callable[[str], BrowserContext]
) -> None:
    page = signed_in("administration").new_page()
    page.set_viewport_size(TWICE_AS_LARGE)
    page.goto(address)
    assert page.evaluate(OVERFLOW) == ""


def test_the_menu_opens_and_closes_on_a_phone_without_scripts(
    browser: Browser,
    browser_context_args: dict[str, Any],
    signed_in: Callable[[str], BrowserContext],
) -> None:
    cookies = signed_in("delegate").cookies()
    context = browser.new_context(
        **browser_context_args | {"viewport": PHONE, "java_script_enabled": False}
    )
    context.add_cookies([{**cookie} for cookie in cookies])
    page = context.new_page()
    page.goto("/")
    menu = page.get_by_role("navigation", name="Menú")
    expect(menu).to_be_hidden()
    page.get_by_role("link", name="Menú").click()
    expect(menu).to_be_visible()
    page.get_by_role("link", name="Cerrar").click()
    expect(menu).to_be_hidden()
    page.get_by_role("link", name="Menú").click()
    menu.get_by_role("link", name="Mi cuenta").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mi cuenta")
    context.close()


def test_at_a_desk_the_menu_is_always_there(signed_in: Callable[[str], BrowserContext]) -> None:
    page = signed_in("delegate").new_page()
    page.goto("/")
    expect(page.get_by_role("navigation", name="Menú")).to_be_visible()
    expect(page.get_by_role("link", name="Cerrar")).to_be_hidden()


def test_the_first_press_of_tab_offers_to_skip_the_menu(
    signed_in: Callable[[str], BrowserContext],
) -> None:
    page = signed_in("delegate").new_page()
    page.goto("/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Ir al contenido")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


@pytest.mark.parametrize(
    ("scheme", "ground"), [("light", "rgb(251, 247, 240)"), ("dark", "rgb(23, 19, 16)")]
)
def test_the_ground_follows_the_phones_own_choice(
    scheme: Any, ground: str, page: Page, db: None
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto("/cuenta/entrar/")
    expect(page.locator("body")).to_have_css("background-color", ground)


def test_paper_shows_the_content_and_who_printed_it_but_no_menu(
    signed_in: Callable[[str], BrowserContext],
) -> None:
    page = signed_in("auditor").new_page()
    page.goto("/cuenta/sesiones/")
    printed = page.get_by_text("Impreso por Auditor de Prueba")
    expect(printed).to_be_hidden()
    page.emulate_media(media="print")
    expect(printed).to_be_visible()
    expect(page.get_by_role("table")).to_be_visible()
    expect(page.locator("#menu")).to_be_hidden()
    expect(page.locator(".foot")).to_be_hidden()


def test_a_wrong_password_is_said_on_top_and_the_name_stays(page: Page, delegate: User) -> None:
    page.goto("/cuenta/entrar/")
    page.get_by_label("Usuario o cédula").fill(delegate.username)
    page.get_by_label("Contraseña").fill("equivocada")
    page.get_by_role("button", name="Entrar", exact=True).click()
    expect(page.get_by_role("alert").first).to_contain_text("Revise")
    expect(page.get_by_label("Usuario o cédula")).to_have_value(delegate.username)


def test_a_passkey_is_added_and_then_opens_the_door(
    context: BrowserContext, page: Page, delegate: User
) -> None:
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
    page.goto("/cuenta/entrar/")
    page.get_by_label("Usuario o cédula").fill(delegate.username)
    page.get_by_label("Contraseña").fill(PASSWORD)
    page.get_by_role("button", name="Entrar", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Delegate")
    page.goto("/cuenta/segundo-factor/llaves/nueva/")
    page.get_by_label("Nombre de la llave").fill("Mi teléfono")
    page.get_by_label("Entrar con ella sin escribir la contraseña").check()
    page.get_by_role("button", name="Agregar la llave").click()
    expect(page.get_by_text("La llave de acceso está agregada.")).to_be_visible()
    page.goto("/cuenta/segundo-factor/llaves/")
    expect(page.get_by_role("rowheader")).to_contain_text("Mi teléfono")
    page.goto("/cuenta/salir/")
    page.get_by_role("main").get_by_role("button", name="Salir").click()
    expect(page.get_by_text("Usted salió de su cuenta.")).to_be_visible()
    page.get_by_role("button", name="Entrar con llave de acceso").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Delegate")


def test_a_passkey_that_fails_is_told_in_words(
    context: BrowserContext, page: Page, db: None
) -> None:
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
                "isUserVerified": False,
            }
        },
    )
    page.goto("/cuenta/entrar/")
    expect(page.get_by_role("alert")).to_be_hidden()
    page.get_by_role("button", name="Entrar con llave de acceso").click()
    expect(page.get_by_role("alert")).to_contain_text("No se pudo usar la llave de acceso")
