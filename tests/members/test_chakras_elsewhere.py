"""Where chakras show outside of their own pages: the family, its story, the admin."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from members.models import Chakra
from members.services import chakras
from members.timeline import story_of
from tests.members import factories
from tests.members.factories import REASON, square
from tests.people import make_account, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client):
    return sign_in(client, make_account("administration"))


def measure(chakra, day, **fields):
    return chakras.set_geometry(
        actor=None,
        chakra=chakra,
        geometry=square(**fields),
        captured_on=day,
        method="walk",
    )


def test_a_family_lists_its_chakras_and_leads_to_a_new_one(office):
    family = factories.family()
    factories.chakra(of=family, name="La loma")
    page = office.get(f"/familias/{family.pk}/").text
    assert "CH-0001 La loma" in page
    assert "falta dónde queda" in page
    assert f"/chakras/nueva/{family.pk}/" in page


def test_who_does_not_take_down_is_not_led_to_a_new_chakra(client):
    family = factories.family()
    page = sign_in(client, make_account("auditor")).get(f"/familias/{family.pk}/").text
    assert f"/chakras/nueva/{family.pk}/" not in page


def test_the_story_tells_each_measurement_and_the_end(account):
    chakra = factories.chakra(name="La loma")
    measure(chakra, date(2024, 3, 1))
    measure(chakra, date(2025, 4, 1), side=0.0011)
    chakras.close_chakra(actor=None, chakra=chakra, closed_on=date(2026, 1, 5), reason=REASON)
    other = factories.chakra(of=factories.family("Cerda"))
    measure(other, date(2025, 1, 1), west=-77.9)
    story = story_of(chakra.family, account("administration"), kind="chakras")
    assert [(one.entry.on, one.entry.title) for one in story.told] == [
        (date(2026, 1, 5), "La familia deja la chakra CH-0001 La loma."),
        (date(2025, 4, 1), "Se mide otra vez el lindero de la chakra CH-0001 La loma."),
        (date(2024, 3, 1), "Se mide el lindero de la chakra CH-0001 La loma."),
    ]


def test_a_disputed_chakra_does_not_offer_to_be_verified(office):
    disputed = factories.conflict(factories.family())
    address = f"/chakras/{disputed.one.pk}/"
    assert f"{address}verificar/" not in office.get(address).text
    chakras.decide_conflict(actor=None, conflict=disputed, outcome="shared", decision=REASON)
    assert f"{address}verificar/" in office.get(address).text


def test_the_map_calls_the_states_as_the_lists_do(office):
    measure(factories.chakra(), date(2024, 3, 1))
    page = office.get("/chakras/mapa/").text
    assert "Por verificar" in page
    assert "Borrador" not in page


def test_the_admin_corrects_a_chakra_with_its_reason(office):
    chakra = factories.chakra(name="La loma")
    address = f"/admin/members/chakra/{chakra.pk}/change/"
    told = {
        "name": "La loma alta",
        "declared_area_ha": "1.5",
        "tenure": "",
        "shade": "",
        "species_count": "",
        "note": "",
    }
    assert office.post(address, told).status_code == 200  # asks why
    assert Chakra.objects.get().name == "La loma"
    assert office.post(address, {**told, "change_reason": "Visita"}).status_code == 302
    changed = Chakra.objects.get()
    assert (changed.name, changed.declared_area_ha) == ("La loma alta", Decimal("1.5"))
    assert chakra.history.first().history_change_reason == "Visita"


def test_the_admin_finds_a_chakra_by_its_code_and_by_family(office):
    factories.chakra(of=factories.family("Tapuy"))
    factories.chakra(of=factories.family("Cerda"))
    for typed, found in (("CH-0002", "CH-0002"), ("tapui", "CH-0001")):
        page = office.get("/admin/members/chakra/", {"q": typed}).text
        assert found in page
        assert ({"CH-0001", "CH-0002"} - {found}).pop() not in page
