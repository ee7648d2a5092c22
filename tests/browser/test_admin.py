"""The admin in a browser: nothing foreign, nothing refused, light, and by keyboard alone."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Dialog, Page, Response, expect

from kallari.accounts.models import User
from members.models import Community
from tests.browser.watch import OVERFLOW, look_at
from tests.members.factories import community

LIGHT_ENOUGH = 68_000
"""Bytes, compressed, that the first list of accounts may take with everything it loads. Unfold's
own took 909 KB: three cuts of Inter, an icon font, a chart library, Alpine, htmx, jQuery."""


@pytest.fixture
def rumi_yaku(db: None) -> Community:
    made: Community = community("Rumi Yaku", "Rumiyacu")
    return made


@pytest.fixture
def addresses(rumi_yaku: Community, account: Callable[[str], User]) -> list[str]:
    person = account("delegate")
    return [
        "/admin/",
        "/admin/accounts/",
        "/admin/accounts/user/",
        "/admin/accounts/user/?is_active__exact=1",
        "/admin/accounts/user/?q=zzzz",
        "/admin/accounts/user/add/",
        f"/admin/accounts/user/{person.pk}/change/",
        "/admin/accounts/apitoken/",
        "/admin/members/community/",
        "/admin/members/community/add/",
        f"/admin/members/community/{rumi_yaku.pk}/change/",
    ]


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_every_page_is_in_order(
    width: int,
    scheme: str,
    addresses: list[str],
    signed_in: Callable[[str], BrowserContext],
) -> None:
    page = signed_in("administration").new_page()
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 740})
    for address in addresses:
        page.goto(address)
        wrong, _links = look_at(page, "es")
        assert wrong == [], address
        assert page.evaluate(OVERFLOW) == "", address


def test_no_icon_word_and_no_font_is_ever_loaded(
    addresses: list[str], signed_in: Callable[[str], BrowserContext]
) -> None:
    page = signed_in("administration").new_page()
    fonts: list[str] = []
    page.on(
        "request",
        lambda request: fonts.append(request.url) if request.resource_type == "font" else None,
    )
    for address in addresses:
        page.goto(address)
        words = page.locator(".material-symbols-outlined").all_inner_texts()
        assert [word for word in words if word.strip()] == [], address
    assert fonts == []


def test_a_community_is_corrected_by_keyboard_alone(
    rumi_yaku: Community, signed_in: Callable[[str], BrowserContext]
) -> None:
    page = signed_in("administration").new_page()
    page.goto("/admin/members/community/")
    _tab_to(page, "Rumi Yaku")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Rumi Yaku")

    _tab_to_field(page, "Nota")
    page.keyboard.type("Al otro lado del río")
    _tab_to_field(page, "Motivo del cambio")
    page.keyboard.press("Enter")
    problem = page.get_by_role("alert")
    expect(problem).to_contain_text("Escriba el motivo del cambio")
    expect(page.get_by_label("Nota")).to_have_value("Al otro lado del río")

    problem.get_by_role("link").focus()
    page.keyboard.press("Enter")
    _tab_to_field(page, "Motivo del cambio")
    page.keyboard.type("Lo contó la presidenta")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Se guardaron los cambios")
    rumi_yaku.refresh_from_db()
    assert rumi_yaku.note == "Al otro lado del río"
    assert rumi_yaku.history.first().history_change_reason == "Lo contó la presidenta"


def test_a_row_below_is_added_and_taken_away_again(
    rumi_yaku: Community, signed_in: Callable[[str], BrowserContext]
) -> None:
    page = signed_in("administration").new_page()
    page.goto(f"/admin/members/community/{rumi_yaku.pk}/change/")
    before = page.locator("[name$='-spelling']:visible").count()
    page.get_by_role("link", name="Añadir").last.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[name$='-spelling']:visible")).to_have_count(before + 1)
    page.locator("[name$='-spelling']:visible").last.fill("Rumi Yacu de arriba")
    page.get_by_label("Motivo del cambio").fill("Así la llaman los mayores")
    page.get_by_role("button", name="Guardar cambios").click()
    expect(page.get_by_role("status")).to_contain_text("Se guardaron los cambios")
    assert rumi_yaku.aliases.filter(spelling="Rumi Yacu de arriba").exists()


def test_an_action_asks_why_and_says_how_many_are_marked(
    account: Callable[[str], User], signed_in: Callable[[str], BrowserContext]
) -> None:
    person = account("nobody")
    page = signed_in("administration").new_page()
    page.goto("/admin/accounts/user/")
    expect(page.get_by_role("button", name="Aplicar a lo marcado")).to_be_hidden()
    page.get_by_role("row", name=person.username).get_by_role("checkbox").check()
    expect(page.locator(".action-counter")).to_contain_text("1")
    page.get_by_label("Qué hacer con lo marcado").select_option(label="Cerrar la cuenta")
    page.get_by_label("Motivo del cambio").fill("Ya no trabaja aquí")
    page.get_by_role("button", name="Aplicar a lo marcado").click()
    expect(page.get_by_role("status")).to_be_visible()
    assert not User.objects.get(pk=person.pk).is_active


def test_leaving_a_form_with_unsaved_changes_asks_first(
    rumi_yaku: Community, signed_in: Callable[[str], BrowserContext]
) -> None:
    page = signed_in("administration").new_page()
    page.goto(f"/admin/members/community/{rumi_yaku.pk}/change/")
    page.get_by_label("Nota").fill("a medias")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_role("link", name="Inicio").click()
    expect(page.get_by_label("Nota")).to_have_value("a medias")
    assert asked == ["beforeunload"]


def test_the_list_of_accounts_is_light(
    account: Callable[[str], User], signed_in: Callable[[str], BrowserContext]
) -> None:
    for number in range(60):
        User.objects.create_user(f"persona{number}", "una clave larga")
    page = signed_in("administration").new_page()
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto("/admin/accounts/user/", wait_until="networkidle")
    assert page.locator("#result_list tbody").count() == 50
    weights = {answer.url: _compressed(answer) for answer in answers}
    assert sum(weights.values()) < LIGHT_ENOUGH, weights


def _compressed(answer: Response) -> int:
    """The bytes of an answer as WhiteNoise and the admin send them in production: gzip."""
    return len(gzip.compress(answer.body(), 9))


def _tab_to(page: Page, words: str) -> None:
    """Press Tab until the thing with these words has the focus."""
    for _press in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText").strip() == words:
            return
    raise AssertionError(f"Tab does not come to {words!r}")


def _tab_to_field(page: Page, label: str) -> None:
    """Press Tab until the field with this label has the focus."""
    for _press in range(150):
        if label in (page.evaluate("document.activeElement.labels?.[0]?.innerText ?? ''")):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not come to the field {label!r}")
