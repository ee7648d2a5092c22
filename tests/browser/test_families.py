"""Families in a browser: registered with the keyboard alone, filtered with one thumb."""

from __future__ import annotations

from playwright.sync_api import expect

from members.models import Family
from members.services import families as services
from tests.browser.test_look import PHONE, SMALL_TARGETS
from tests.members.factories import community, family, person


def test_an_agent_registers_a_family_with_the_keyboard_alone(signed_in, account, db):
    rumi = community("Rumi Yaku")
    services.assign_community(actor=None, user=account("extension_agent"), community=rumi)
    person("Grefa Andi", "Rosa", of=family("Grefa", of=rumi))
    page = signed_in("extension_agent").new_page()
    page.goto("/familias/nueva/")
    page.get_by_label("Comunidad").focus()
    keys = page.keyboard
    keys.type("Rumi")
    for field, typed in (
        ("Nombre de la familia", ""),
        ("Con la asociación desde", ""),
        ("Nombres", "Rosa Elena"),
        ("Apellidos", "Grefa Andi"),
    ):
        page.get_by_label(field).focus()
        keys.type(typed)
    page.get_by_label("Por qué falta la cédula").focus()
    keys.type("Perdida")
    keys.press("Enter")
    box = page.get_by_label("Lo he revisado: es otra persona")
    expect(box).to_be_visible()
    expect(page.get_by_label("Nombres")).to_have_value("Rosa Elena")
    box.focus()
    keys.press("Space")
    page.get_by_label("Apellidos").focus()
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Familia Grefa Andi")).to_be_visible()
    assert Family.objects.count() == 2


def test_on_a_telephone_the_filters_fold_away_and_stand_open_while_one_narrows(
    signed_in, account, db
):
    rumi = community("Rumi Yaku")
    family("Grefa", of=rumi)
    page = signed_in("auditor").new_page()
    page.set_viewport_size(PHONE)
    page.goto("/familias/")
    expect(page.get_by_label("Nombre, número o cédula")).to_be_visible()
    expect(page.get_by_label("Socia o socio")).to_be_hidden()
    page.get_by_text("Filtrar").click()
    page.get_by_label("Socia o socio").select_option("sin")
    page.get_by_role("button", name="Mostrar").click()
    expect(page.get_by_label("Socia o socio")).to_be_visible()
    expect(page.get_by_role("link", name="Grefa")).to_be_visible()
    assert page.url.endswith("/familias/?socia=sin&estado=abiertas")
    page.get_by_role("link", name="Grefa").click()
    expect(page.get_by_role("heading", name="Familia Grefa")).to_be_visible()
    assert page.evaluate(SMALL_TARGETS) == []
