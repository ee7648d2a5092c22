"""Rivers and centers under the chakras: who keeps them, what is taken, where they show."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from members.geometry.landmarks import check_landmark
from members.models import Landmark
from members.services import chakras
from tests.members import factories
from tests.members.factories import square
from tests.people import make_account, sign_in
from tests.queries import assert_same_queries

pytestmark = pytest.mark.django_db

COURSE = [[-77.81, -1.005], [-77.79, -0.995]]
RIVER = {"type": "LineString", "coordinates": COURSE}
CENTER = {"type": "Point", "coordinates": [-77.7995, -0.9995]}


@pytest.fixture
def office(client):
    return sign_in(client, make_account("administration"))


def told(**fields):
    return {
        "kind": "river",
        "name": "Misahuallí",
        "geometry": json.dumps(RIVER),
        "source": "IGM 1:50 000",
        **fields,
    }


def test_the_office_puts_a_river_on_every_map_of_chakras(office):
    chakra = factories.chakra()
    chakras.set_geometry(
        actor=None,
        chakra=chakra,
        geometry=square(),
        captured_on=date(2026, 3, 2),
        method="walk",
    )
    addresses = ("/chakras/mapa/", f"/chakras/{chakra.pk}/")
    assert not any("map-river" in office.get(address).text for address in addresses)
    assert office.post("/admin/members/landmark/add/", told()).status_code == 302
    for address in addresses:
        page = office.get(address).text
        assert "map-river" in page
        assert "Río" in page


def test_a_changed_landmark_says_why(office):
    office.post("/admin/members/landmark/add/", told())
    river = Landmark.objects.get()
    address = f"/admin/members/landmark/{river.pk}/change/"
    assert office.post(address, told(source="GPS")).status_code == 200
    office.post(address, told(source="GPS", change_reason="Medido en la visita"))
    assert river.history.first().history_change_reason == "Medido en la visita"
    assert Landmark.objects.get().source == "GPS"


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        (None, "not_a_geometry"),
        ({"type": "MultiPoint", "coordinates": COURSE}, "unsupported_kind"),
        ({"type": "LineString", "coordinates": COURSE[:1]}, "too_few_positions"),
        ({"type": "Polygon", "coordinates": [[*COURSE, [-77.8, -1.1], [-77.7, -1]]]}, "open_ring"),
        ({"type": "Point", "coordinates": [-1.0, -77.8]}, "outside_ecuador"),
        ({**square(), "coordinates": square()["coordinates"] * 2}, "hole"),
    ],
)
def test_what_cannot_be_drawn_is_refused(geometry, code):
    with pytest.raises(ValidationError) as refusal:
        check_landmark(geometry)
    assert refusal.value.code == code


@pytest.mark.parametrize(("kind", "geometry"), [("river", CENTER), ("center", RIVER)])
def test_a_center_is_a_point_and_a_river_is_none(kind, geometry):
    with pytest.raises(IntegrityError), transaction.atomic():
        Landmark.objects.create(kind=kind, name="X", geometry=geometry, source="croquis")
    for right, drawn in (("river", RIVER), ("center", CENTER)):
        Landmark.objects.create(kind=right, name="X", geometry=drawn, source="croquis")


def test_a_community_leads_to_its_map(office):
    village = factories.community("Rumi Yaku")
    page = office.get(f"/comunidades/{village.pk}/").text
    assert f"/chakras/mapa/?comunidad={village.pk}" in page


# --- For programs ---------------------------------------------------------------------------------


def test_every_role_reads_landmarks_as_geojson(api_client_of):
    river = factories.landmark()
    center = factories.landmark("Rumi Yaku", kind="center", geometry=CENTER)
    client = api_client_of("delegate")
    rows = client.get("/api/v1/landmarks/").json()["results"]
    assert {row["id"] for row in rows} == {river.pk, center.pk}
    (row,) = client.get("/api/v1/landmarks/", {"kind": "center"}).json()["results"]
    assert (row["name"], row["geometry"], row["source"]) == ("Rumi Yaku", CENTER, "IGM 1:50 000")
    assert client.post("/api/v1/landmarks/", {"name": "Otro"}).status_code == 403


def test_landmarks_ask_the_same_queries_for_3_and_for_30(api_client_of):
    client = api_client_of("auditor")

    def more(number):
        start = Landmark.objects.count()
        for place in range(start, start + number):
            factories.landmark(f"Estero {place}")

    def ask():
        assert client.get("/api/v1/landmarks/", {"limit": 200}).status_code == 200

    assert_same_queries(more, ask, many=30)
