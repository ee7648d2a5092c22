"""Processes, lots, and where kilos came from, as programs read and write them."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from harvests.models import Batch
from harvests.services import stock
from tests.harvests import works
from tests.harvests.works import ORGANIC
from tests.members import factories as register
from tests.queries import assert_same_queries

pytestmark = pytest.mark.django_db

API = "/api/v1/"


@pytest.fixture
def world() -> Any:
    return works.workshop()


@pytest.fixture
def center(api_client_of: Any) -> Any:
    return api_client_of("center_operator")


def _codes(response: Any) -> set[str]:
    return {error["code"] for error in response.json()["errors"]}


def _start(client: Any, *sources: Any, **told: Any) -> Any:
    return client.post(
        f"{API}batches/",
        {
            "kind": "beneficio",
            "center": "TENA",
            "started_at": timezone.now().isoformat(),
            "taken": list(sources),
            **told,
        },
    )


def test_a_program_ferments_dries_and_asks_where_it_came_from(center, world):
    first, second = works.handed_in(world, "75"), works.handed_in(world, "25", ORGANIC)
    made = _start(center, {"delivery": str(first.pk)}, {"delivery": str(second.pk), "kg": "25"})
    assert made.status_code == 201
    code = made.json()["code"]
    reading = {"id": str(uuid.uuid4()), "kind": "temperature", "value": "47.5"}
    answers = [center.post(f"{API}batches/{code}/readings/", reading) for _each in range(2)]
    assert [one.status_code for one in answers] == [201, 200]
    assert len(center.get(f"{API}batches/{code}/readings/").json()) == 1
    refused = center.post(
        f"{API}batches/{code}/finish/", {"outputs": [{"product_form": "seco", "kg": "46"}]}
    )
    assert (refused.status_code, _codes(refused)) == (400, {"yield_note_required"})
    done = center.post(
        f"{API}batches/{code}/finish/",
        {"outputs": [{"product_form": "seco", "kg": "40", "where": "bodega"}]},
    ).json()
    assert (done["status"], done["in_kg"], done["out_kg"]) == ("finished", "100.000", "40.000")
    (lot,) = done["lots"]
    told = center.get(f"{API}lots/{lot}/").json()
    assert (told["certification_class"], told["left_kg"], told["where"]) == (
        "conventional",
        "40.000",
        "bodega",
    )
    origin = center.get(f"{API}lots/{lot}/origin/").json()
    assert (origin["kg"], origin["partner_kg"]) == ("40.000", "0.000")
    assert [(one["id"], one["kg"]) for one in origin["deliveries"]] == [
        (str(first.pk), "30.000"),
        (str(second.pk), "10.000"),
    ]
    assert {one["certification_class"]: one["kg"] for one in origin["classes"]} == {
        "organic": "10.000",
        "conventional": "30.000",
    }
    assert sum(Decimal(one["kg"]) for one in origin["communities"]) == 40
    assert [one["code"] for one in origin["batches"]] == [code]
    went = center.get(f"{API}deliveries/{first.pk}/destinations/").json()
    assert (went["net_kg"], went["unused_kg"], went["lost_kg"]) == ("75.000", "0.000", "45.000")
    assert [(one["lot"], one["kg"], one["left_kg"]) for one in went["lots"]] == [
        (lot, "30.000", "30.000")
    ]


def test_the_same_batch_twice_begins_once(center, world):
    some = works.handed_in(world)
    told = {"id": str(uuid.uuid4()), "started_at": timezone.now().isoformat()}
    first = _start(center, {"delivery": str(some.pk)}, **told)
    again = _start(center, {"delivery": str(some.pk)}, **told)
    assert (first.status_code, again.status_code) == (201, 200)
    other = _start(center, **told, note="Otra cosa.")
    assert (other.status_code, other.json()["code"]) == (409, "other_content")
    assert Batch.objects.count() == 1


def test_the_same_key_with_other_kilos_or_another_place_is_a_conflict(center, world):
    some, other = works.handed_in(world, "75"), works.handed_in(world, "25")
    told = {"id": str(uuid.uuid4()), "where": "cajon-1", "started_at": timezone.now().isoformat()}
    taken = {"delivery": str(some.pk), "kg": "50"}
    assert _start(center, taken, **told).status_code == 201
    assert _start(center, taken, **told).status_code == 200
    assert _start(center, {"delivery": str(some.pk)}, **told).status_code == 200  # no kilos told
    for sources, more in (
        ([{"delivery": str(some.pk), "kg": "51"}], {}),
        ([{"delivery": str(other.pk), "kg": "50"}], {}),
        ([taken, {"delivery": str(other.pk)}], {}),
        ([], {}),
        ([taken], {"where": "cajon-2"}),
    ):
        answer = _start(center, *sources, **{**told, **more})
        assert (answer.status_code, answer.json()["code"]) == (409, "other_content")
    (batch,) = Batch.objects.all()
    assert batch.totals.in_kg == 50


def test_a_reading_sent_again_with_another_value_is_a_conflict(center, world):
    batch = works.started(world, works.handed_in(world, "75"))
    reading = {"id": str(uuid.uuid4()), "kind": "temperature", "value": "40"}
    url = f"{API}batches/{batch.code}/readings/"
    assert [center.post(url, reading).status_code for _each in range(2)] == [201, 200]
    answer = center.post(url, {**reading, "value": "99"})
    assert (answer.status_code, answer.json()["code"]) == (409, "other_content")
    other = works.started(world, works.handed_in(world, "75"))
    answer = center.post(f"{API}batches/{other.code}/readings/", reading)
    assert (answer.status_code, answer.json()["code"]) == (409, "other_content")


@pytest.mark.parametrize("act", ["take-out", "finish"])
def test_what_came_out_and_is_sent_again_is_one_lot(act, center, world):
    batch = works.started(world, works.handed_in(world, "100"))
    url = f"{API}batches/{batch.code}/{act}/"
    output = {"id": str(uuid.uuid4()), "product_form": "seco", "kg": "39"}
    first, second = (center.post(url, {"outputs": [output]}) for _each in range(2))
    assert (first.status_code, second.status_code) == (200 if act == "finish" else 201, 200)
    assert second.json()["lots"] == first.json()["lots"]
    assert batch.totals.__class__.objects.get(batch=batch).out_kg == 39
    answer = center.post(url, {"outputs": [{**output, "kg": "40"}]})
    assert (answer.status_code, answer.json()["code"]) == (409, "other_content")


def test_what_the_law_of_kilos_refuses_is_said_in_words(center, world):
    some = works.handed_in(world, "100")
    code = _start(center, {"delivery": str(some.pk)}).json()["code"]
    more = center.post(
        f"{API}batches/{code}/take-out/", {"outputs": [{"product_form": "seco", "kg": "101"}]}
    )
    assert more.status_code == 409
    assert "no sale más de lo que entró" in more.json()["detail"]
    again = _start(center, {"delivery": str(some.pk)})
    assert _codes(again) == {"nothing_left"}
    for wrong in ({}, {"delivery": str(some.pk), "lot": "L26-0001"}):
        assert _codes(_start(center, wrong)) == {"one_source"}
    assert _codes(_start(center, {"lot": "L99-0001"})) == {"does_not_exist"}
    assert center.post(f"{API}batches/{code}/void/", {"reason": ""}).status_code == 400
    assert center.post(f"{API}batches/{code}/void/", {"reason": "No fue."}).status_code == 200


def test_lots_are_found_by_what_they_are_and_what_is_left(center, world):
    organic = works.dry(world, works.handed_in(world, "100", ORGANIC), kg="39")
    gone = works.dry(world, works.handed_in(world, "100"), kg="39")
    stock.dispatch_from_lot(actor=world.operator, lot=gone, recipient="Cliente")

    def found(**asked: Any) -> list[str]:
        return [one["code"] for one in center.get(f"{API}lots/", asked).json()["results"]]

    assert found(certification_class="organic") == [organic.code]
    assert found(in_stock="true") == [organic.code]
    assert found(in_stock="false") == [gone.code]
    assert found(product="guayusa") == []


def test_an_agent_sees_lots_and_not_whose_families_they_are(api_client_of, world):
    lot = works.dry(world, works.handed_in(world), kg="39")
    agent = api_client_of("extension_agent")
    assert agent.get(f"{API}lots/{lot.code}/").status_code == 200
    assert agent.get(f"{API}lots/{lot.code}/origin/").status_code == 404
    delegate = api_client_of("delegate")
    assert delegate.get(f"{API}lots/{lot.code}/").status_code == 404
    assert api_client_of("auditor").get(f"{API}lots/{lot.code}/origin/").status_code == 200


@pytest.mark.parametrize("at", ["0206-11-27T00:00:00Z", "1989-12-31T00:00:00Z"])
def test_a_slip_of_the_year_is_refused(center, world, at):
    answer = _start(center, started_at=at)
    assert (answer.status_code, _codes(answer)) == (400, {"too_long_ago"})


def test_an_auditor_starts_nothing(api_client_of, world):
    assert _start(api_client_of("auditor")).status_code == 403
    assert _start(api_client_of("delegate")).status_code == 404


def test_pieces_have_no_destination(center, world):
    pieces = works.delivery(register.family(), world.pieza_unica, "5")
    assert center.get(f"{API}deliveries/{pieces.pk}/destinations/").status_code == 404


@pytest.mark.parametrize("resource", ["batches", "lots"])
def test_lists_ask_no_more_when_there_is_more(center, world, resource):
    def make(number: int) -> None:
        for _each in range(number):
            works.dry(world, works.handed_in(world), kg="39")

    def ask() -> None:
        assert center.get(f"{API}{resource}/", {"limit": 50}).status_code == 200

    assert_same_queries(make, ask, few=2, many=12)


def test_a_message_that_bears_a_key_adds_to_a_batch_once(center, world):
    first, second = works.handed_in(world, "75"), works.handed_in(world, "25")
    code = _start(center, {"delivery": str(first.pk)}).json()["code"]

    def add(key: uuid.UUID, kg: str) -> Any:
        taken = [{"delivery": str(second.pk), "kg": kg}]
        return center.post(f"{API}batches/{code}/add/", {"id": str(key), "taken": taken})

    key = uuid.uuid4()
    answers = [add(key, "10") for _each in range(2)]
    assert [(one.status_code, one.json()["in_kg"]) for one in answers] == [(200, "85.000")] * 2
    refused = add(key, "11")
    assert (refused.status_code, refused.json()["code"]) == (409, "other_content")
    assert works.left(second) == 15
    assert add(uuid.uuid4(), "11").json()["in_kg"] == "96.000"
