"""Chakras and their conflicts for programs."""

from __future__ import annotations

import json
import uuid
from datetime import date
from functools import partial

import pytest

from kallari.accounts.models import User
from members.models import Chakra, ChakraConflict, ChakraGeometry
from members.services import chakras as services
from members.services import families
from tests.members import factories
from tests.members.factories import REASON, square
from tests.queries import assert_same_queries

pytestmark = pytest.mark.django_db

CHAKRAS = "/api/v1/chakras/"
CONFLICTS = "/api/v1/chakra-conflicts/"
POINT = {"type": "Point", "coordinates": [-77.8, -1.0]}
WALK = {"method": "walk", "captured_on": "2026-03-02"}


@pytest.fixture
def office(api_client_of):
    return api_client_of("administration")


def measured(of=None, west=-77.8, **fields):
    chakra = factories.chakra(of=of, **fields)
    services.set_geometry(
        actor=None,
        chakra=chakra,
        geometry=square(west=west),
        captured_on=date(2026, 3, 2),
        method="walk",
    )
    return chakra


def post(client, path, told):
    return client.post(path, json.dumps(told), content_type="application/json")


def codes(answer):
    return {(error["field"], error["code"]) for error in answer.json()["errors"]}


def found(answer):
    return [row["code"] for row in answer.json()["results"]]


def test_an_agent_sees_and_enters_chakras_of_the_own_communities_alone(api_client_of, account):
    here, there = factories.community("Rumi Yaku"), factories.community("Serena")
    mine = measured(of=factories.family(of=here))
    other = measured(of=factories.family(of=there), west=-77.9)
    agent = api_client_of("extension_agent")
    user = User.objects.get(username=account("extension_agent").username)
    families.assign_community(actor=None, user=user, community=here)
    assert found(agent.get(CHAKRAS)) == [mine.code]
    assert agent.get(f"{CHAKRAS}{other.pk}/").status_code == 404
    assert len(agent.get(f"{CHAKRAS}geojson/").json()["features"]) == 1
    refused = post(agent, CHAKRAS, {"family": str(other.family_id)})
    assert codes(refused) == {("family", "does_not_exist")}
    assert post(agent, CHAKRAS, {"family": str(mine.family_id)}).status_code == 201


def test_a_list_tells_positions_to_who_asks_for_them(office):
    chakra = measured()
    assert office.get(CHAKRAS).json()["results"][0]["geometry"] is None
    asked = office.get(CHAKRAS, {"geometry": "true"}).json()["results"][0]
    assert asked["geometry"] == square()
    whole = office.get(f"{CHAKRAS}{chakra.pk}/").json()
    assert whole["geometry"] == square()
    assert (whole["boundary"]["version"], whole["boundary"]["method"]) == (1, "walk")
    assert (whole["area_ha"], whole["kind"]) == (whole["boundary"]["area_ha"], "Polygon")


def test_the_same_message_twice_makes_one_chakra_and_one_measurement(office):
    key = str(uuid.uuid4())
    told = {
        "id": key,
        "family": str(factories.family().pk),
        "name": "La loma",
        "geometry": square(),
        **WALK,
    }
    first = post(office, CHAKRAS, told)
    assert (first.status_code, first.json()["geometry"]) == (201, square())
    again = post(office, CHAKRAS, told)
    assert (again.status_code, again.json()) == (200, first.json())
    for other in ({"name": "Otra"}, {"geometry": square(side=0.0011)}):
        answer = post(office, CHAKRAS, {**told, **other})
        assert (answer.status_code, answer.json()["code"]) == (409, "other_content")
    assert (Chakra.objects.count(), ChakraGeometry.objects.count()) == (1, 1)


def test_a_chakra_whose_geometry_is_refused_is_not_taken_down_at_all(office):
    family = factories.family()
    ring = square()["coordinates"][0]
    for geometry, code in (
        ({"type": "Polygon", "coordinates": [[[y, x] for x, y in ring]]}, "swapped"),
        ({"type": "Polygon", "coordinates": [ring[:-1]]}, "open_ring"),
        (POINT, "area_missing"),
    ):
        told = {"family": str(family.pk), "geometry": geometry, **WALK}
        answer = post(office, CHAKRAS, told)
        assert (answer.status_code, codes(answer)) == (400, {("geometry", code)})
    assert not Chakra.objects.exists()
    told = {"family": str(family.pk), "geometry": POINT, "declared_area_ha": "1.5", **WALK}
    assert post(office, CHAKRAS, told).status_code == 201


def test_a_geometry_says_how_and_when_it_was_taken(office):
    family = str(factories.family().pk)
    bare = post(office, CHAKRAS, {"family": family, "geometry": square()})
    assert {field for field, _code in codes(bare)} == {"method", "captured_on"}
    lone = post(office, CHAKRAS, {"family": family, **WALK})
    assert {field for field, _code in codes(lone)} == {"method", "captured_on"}


def test_another_measurement_is_another_version_and_the_same_one_is_not(office):
    chakra = measured()
    path = f"{CHAKRAS}{chakra.pk}/geometry/"
    assert post(office, path, {"geometry": square(), **WALK}).status_code == 200
    assert chakra.geometries.count() == 1
    larger = post(office, path, {"geometry": square(side=0.0011), **WALK})
    assert larger.json()["boundary"]["version"] == 2
    refused = post(office, path, {"geometry": {"type": "LineString", "coordinates": []}, **WALK})
    assert codes(refused) == {("geometry", "line")}


def test_a_conflict_is_listed_decided_and_then_the_chakra_is_verified(office):
    disputed = factories.conflict(factories.family())
    measured(of=factories.family("Tapuy"), west=-77.9)
    path = f"{CHAKRAS}{disputed.one_id}/"
    assert sorted(found(office.get(CHAKRAS, {"in_conflict": "true"}))) == ["CH-0001", "CH-0002"]
    assert found(office.get(CHAKRAS, {"in_conflict": "false"})) == ["CH-0003"]
    assert codes(post(office, f"{path}verify/", {"reason": REASON})) == {(None, "in_conflict")}
    (row,) = office.get(CONFLICTS, {"open": "true"}).json()["results"]
    assert {row["one_code"], row["other_code"]} == {"CH-0001", "CH-0002"}
    decide = f"{CONFLICTS}{disputed.pk}/decide/"
    decided = post(office, decide, {"outcome": "shared", "decision": "Acta 12"})
    assert (decided.status_code, decided.json()["outcome"]) == (200, "shared")
    again = post(office, decide, {"outcome": "shared", "decision": "Acta 12"})
    assert codes(again) == {(None, "already_decided")}
    assert ChakraConflict.history.first().history_change_reason == "Acta 12"
    assert post(office, f"{path}verify/", {"reason": REASON}).json()["state"] == "verified"
    assert post(office, f"{path}suspend/", {"reason": REASON}).json()["state"] == "suspended"
    assert found(office.get(CHAKRAS, {"state": "suspended"})) == [office.get(path).json()["code"]]


def test_the_field_does_not_decide_whose_the_land_is(api_client_of, account):
    disputed = factories.conflict(factories.family())
    user = User.objects.get(username=account("extension_agent").username)
    families.assign_community(actor=None, user=user, community=disputed.one.family.community)
    answer = post(
        api_client_of("extension_agent"),
        f"{CONFLICTS}{disputed.pk}/decide/",
        {"outcome": "shared", "decision": "Acta 12"},
    )
    assert answer.status_code == 403


def test_crops_are_written_as_a_whole(office):
    path = f"{CHAKRAS}{factories.chakra().pk}/crops/"
    cocoa = {"crop": "cocoa", "variety": "Nacional", "area_ha": "0.8000", "plants": 600}
    made = post(office, path, {"crops": [cocoa, {"crop": "cassava"}], "reason": REASON})
    assert [row["crop"] for row in made.json()["crops"]] == ["cassava", "cocoa"]
    left = post(office, path, {"crops": [cocoa], "reason": REASON})
    assert left.json()["crops"] == [{**cocoa, "planted_in": None}]
    twice = post(office, path, {"crops": [cocoa, cocoa], "reason": REASON})
    assert codes(twice) == {(None, "crop_twice")}


def test_a_correction_and_the_end_ask_for_a_reason(office):
    chakra = factories.chakra(name="La loma")
    path = f"{CHAKRAS}{chakra.pk}/"

    def patch(told):
        return office.patch(path, json.dumps(told), content_type="application/json")

    assert codes(patch({"name": "La playa"})) == {("reason", "required")}
    assert patch({"name": "La playa", "reason": REASON}).json()["name"] == "La playa"
    assert codes(patch({"state": "verified", "reason": REASON})) == {("state", "unknown_field")}
    closed = patch({"closed_on": "2026-01-05", "reason": REASON})
    assert closed.json()["closed_on"] == "2026-01-05"
    assert found(office.get(CHAKRAS, {"open": "true"})) == []
    assert patch({"closed_on": None, "reason": REASON}).json()["closed_on"] is None


def test_the_collection_is_geojson_with_the_area_of_points(office):
    measured(of=factories.family("Tapuy"))
    point = factories.chakra(of=factories.family("Cerda"), declared_area_ha="1.5")
    services.set_geometry(
        actor=None, chakra=point, geometry=POINT, captured_on=date(2026, 3, 2), method="gps"
    )
    factories.chakra(of=factories.family("Andi"))  # without a place
    answer = office.get(f"{CHAKRAS}geojson/", {"ordering": "number"})
    assert answer.headers["Content-Type"].startswith("application/geo+json")
    collection = answer.json()
    assert collection["type"] == "FeatureCollection"
    one, other = collection["features"]
    assert one["geometry"] == square()
    assert one["properties"] == {
        "ProducerName": "Tapuy",
        "ProducerCountry": "EC",
        "ProductionPlace": "Rumi Yaku",
        "code": "CH-0001",
        "state": "draft",
    }
    assert (other["id"], other["properties"]["Area"]) == (str(point.pk), 1.5)
    (only,) = office.get(f"{CHAKRAS}geojson/", {"kind": "Point"}).json()["features"]
    assert only["id"] == str(point.pk)
    assert codes(office.get(f"{CHAKRAS}geojson/", {"kin": "Point"})) == {
        ("kin", "unknown_parameter")
    }


def test_lists_ask_as_often_for_many_chakras_as_for_few(office):
    family = factories.family()
    made = iter(range(1000))

    def make(rows):
        for _row in range(rows):
            measured(of=family, west=round(-77.8 + next(made) * 0.002, 6))

    for path in (f"{CHAKRAS}?geometry=true&limit=200", f"{CHAKRAS}geojson/"):
        assert_same_queries(make, partial(office.get, path), many=20)
