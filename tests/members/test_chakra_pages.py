"""The pages of chakras, as an agent and the office use them."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from members.models import Chakra, ChakraConflict, ChakraGeometry
from members.services import families
from tests.files.samples import picture
from tests.members import factories
from tests.members.factories import REASON, square
from tests.people import make_account, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client):
    user = make_account("extension_agent")
    for_village = factories.community("Rumi Yaku")
    families.assign_community(actor=None, user=user, community=for_village)
    return sign_in(client, user)


def measured(**fields):
    return {"method": "file", "captured_on": "2026-03-02", **fields}


def geojson(geometry):
    return SimpleUploadedFile("chakra.geojson", json.dumps(geometry).encode())


def test_an_agent_takes_down_a_chakra_measures_it_and_lists_its_crops(agent):
    family = factories.family()
    response = agent.post(
        f"/chakras/nueva/{family.pk}/",
        {"name": "La loma", "declared_area_ha": "1,25", "tenure": "communal"},
    )
    chakra = Chakra.objects.get()
    assert chakra.declared_area_ha == Decimal("1.25")
    assert response.headers["Location"] == f"/chakras/{chakra.pk}/lindero/"
    response = agent.post(
        f"/chakras/{chakra.pk}/lindero/", measured(file=geojson(square())), follow=True
    )
    assert response.redirect_chain[0][0] == f"/chakras/{chakra.pk}/"
    assert "map-plot" in response.text
    agent.post(
        f"/chakras/{chakra.pk}/cultivos/",
        {
            "lineas-TOTAL_FORMS": "1",
            "lineas-INITIAL_FORMS": "0",
            "lineas-0-crop": "cocoa",
            "lineas-0-variety": "Nacional",
            "lineas-0-area_ha": "0,80",
            "lineas-0-plants": "600",
            "reason": "Conteo en la visita",
        },
    )
    assert [str(line) for line in chakra.crops.all()] == ["cacao Nacional"]


@pytest.mark.parametrize(
    ("geometry", "says"),
    [
        ({"type": "LineString", "coordinates": square()["coordinates"][0]}, "línea"),
        (
            {
                "type": "Polygon",
                "coordinates": [[[y, x] for x, y in square()["coordinates"][0]]],
            },
            "cambiadas",
        ),
        ({"type": "Point", "coordinates": [-77.8, -1.0]}, "escriba su área"),
    ],
)
def test_a_refusal_stands_on_the_form_and_nothing_is_kept(agent, geometry, says):
    chakra = factories.chakra()
    response = agent.post(f"/chakras/{chakra.pk}/lindero/", measured(file=geojson(geometry)))
    assert response.status_code == 200
    assert says in response.text
    assert not ChakraGeometry.objects.exists()


def test_coordinates_may_be_typed_and_a_walk_comes_from_the_telephone(agent):
    chakra = factories.chakra()
    agent.post(
        f"/chakras/{chakra.pk}/lindero/",
        measured(text="−1,0123; −77,8123", method="typed", declared_area_ha="2,5"),
    )
    assert ChakraGeometry.objects.get().area_ha == Decimal("2.5")
    steps = [
        {"latitude": y, "longitude": x, "accuracy": 7.5} for x, y in square()["coordinates"][0]
    ]
    agent.post(f"/chakras/{chakra.pk}/lindero/", measured(walk=json.dumps(steps)))
    walked = ChakraGeometry.objects.get(is_current=True)
    assert (walked.method, walked.accuracy_m) == ("walk", Decimal("7.5"))


@pytest.mark.parametrize("walk", ["{", "5", '["x"]', "[" * 5000, "null"])
def test_a_damaged_walk_is_refused_in_words(agent, walk):
    chakra = factories.chakra()
    response = agent.post(f"/chakras/{chakra.pk}/lindero/", measured(walk=walk))
    assert response.status_code == 200
    assert not ChakraGeometry.objects.exists()


def test_two_things_at_once_or_none_are_refused(agent):
    chakra = factories.chakra()
    both = measured(text="-1.0, -77.8", file=geojson(square()))
    assert "Deje una sola cosa" in agent.post(f"/chakras/{chakra.pk}/lindero/", both).text
    assert "Escoja un archivo" in agent.post(f"/chakras/{chakra.pk}/lindero/", measured()).text


def test_a_conflict_is_shown_on_both_chakras_and_the_office_decides(agent, client_of):
    conflict = factories.conflict(factories.family())
    page = agent.get(f"/chakras/{conflict.one.pk}/")
    assert "Conflicto de linderos" in page.text
    told = {"outcome": "decided", "decision": "El estero es el lindero, acta del 3 de marzo."}
    assert agent.post(f"/chakras/conflictos/{conflict.pk}/", told).status_code == 404
    assert (
        agent.post(f"/chakras/{conflict.one.pk}/verificar/", {"reason": REASON}).status_code == 200
    )
    office = client_of("administration")
    assert office.post(f"/chakras/conflictos/{conflict.pk}/", told).status_code == 302
    assert ChakraConflict.objects.get().outcome == "decided"
    assert (
        agent.post(f"/chakras/{conflict.one.pk}/verificar/", {"reason": REASON}).status_code == 302
    )


def test_another_communitys_chakra_does_not_exist_for_an_agent(agent):
    elsewhere = factories.chakra(of=factories.family("Cerda", of=factories.community("Serena")))
    assert agent.get(f"/chakras/{elsewhere.pk}/").status_code == 404
    assert elsewhere.code not in agent.get("/chakras/").text
    factories.chakra(of=factories.family("Andi", of=None))
    assert agent.get("/chakras/").context["page"].paginator.count == 1


def test_a_photograph_is_kept_without_its_place_and_shown_to_who_may(agent, client_of):
    chakra = factories.chakra()
    agent.post(
        f"/chakras/{chakra.pk}/fotografia/",
        {
            "upload": SimpleUploadedFile("IMG_1.jpg", picture(), content_type="image/jpeg"),
            "taken_on": "2026-03-02",
            "caption": "Sombra de guaba",
        },
    )
    photograph = chakra.photographs.get()
    url = f"/chakras/{chakra.pk}/fotografias/{photograph.pk}/"
    assert agent.get(url).headers["Content-Type"] == "image/jpeg"
    assert client_of("delegate").get(url).status_code == 404


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2),
        ("?estado=draft", 2),
        ("?estado=verified", 0),
        ("?estado=conflicto", 2),
        ("?estado=sin-lugar", 0),
        ("?estado=dejadas", 0),
        ("?buscar=serda", 1),
        ("?buscar=CH-0001", 1),
    ],
)
def test_a_list_is_narrowed_by_its_address(client_of, query, count):
    factories.conflict(factories.family())
    response = client_of("auditor").get(f"/chakras/{query}")
    assert response.context["page"].paginator.count == count
    assert client_of("auditor").get(f"/chakras/mapa/{query}").status_code == 200


def test_a_day_that_has_not_come_is_refused(agent, time_machine):
    time_machine.move_to("2026-03-02T12:00:00-05:00", tick=False)
    chakra = factories.chakra()
    told = measured(file=geojson(square())) | {"captured_on": date(2026, 3, 3).isoformat()}
    response = agent.post(f"/chakras/{chakra.pk}/lindero/", told)
    assert "Revise el día" in response.text
    assert not ChakraGeometry.objects.exists()
