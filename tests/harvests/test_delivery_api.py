"""Deliveries through the API, one at a time."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

import pytest
from rest_framework.test import APIClient

from harvests.api.deliveries import NewDeliverySerializer
from harvests.intake.reading import FIELDS
from harvests.models import Delivery
from members.models import CommunityAssignment
from tests.harvests import factories
from tests.harvests.telephones import operation, payload
from tests.members import factories as register
from tests.people import make_account, sign_in
from tests.queries import queries_of

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "/api/v1/deliveries/"


@pytest.fixture
def client() -> APIClient:
    factories.world()
    program = APIClient()
    sign_in(program, make_account("center_operator"))
    return program


def test_a_delivery_is_answered_with_its_folio_kilos_and_worth(client: APIClient) -> None:
    chakra = register.chakra()
    told = payload(chakra.family, id=str(uuid.uuid4()), tare_kg="0.5", note="río crecido")
    answer = client.post(ADDRESS, told)
    assert answer.status_code == 201
    # 100 lb = 45.359 kg, less 0.5 kg of tare; 0.38 USD a pound of 0.45359237 kg.
    expected = {
        "id": told["id"],
        "folio": "TENA-2026-000001",
        "status": "valid",
        "family": str(chakra.family_id),
        "product_form": "baba",
        "quality": "baba-primera",
        "center": "TENA",
        "certification_class": "conventional",
        "gross_kg": "45.359",
        "net_kg": "44.859",
        "unit_price_usd": "0.3800",
        "price_unit": "lb",
        "amount_usd": "37.58",
        "weighed_on": "2026-03-02",
        "via": "api",
        "note": "río crecido",
    }
    assert {name: answer.json()[name] for name in expected} == expected
    assert answer.json()["chakras"] == [
        {"chakra": str(chakra.pk), "share": "1.000000", "net_kg": "44.859"}
    ]
    assert client.get(f"{ADDRESS}{told['id']}/").json() == answer.json()


def test_what_is_answered_at_once_is_what_is_read_afterwards(client: APIClient) -> None:
    """The answer is made of what was valued, not read back: every field of it is the same."""
    first = register.chakra()
    second = register.chakra(of=first.family)
    whole = {
        "variety": "nacional",
        "quality": "baba-segunda",
        "containers": 2,
        "tare_kg": "0.4",
        "deduction_kg": "1.2",
        "deduction_reason": "agua",
        "moisture_percent": "55",
        "harvested_on": "2026-02-10",
        "chakras": [
            {"chakra": str(first.pk), "share": "0.6"},
            {"chakra": str(second.pk), "share": "0.4"},
        ],
        "position": {"type": "Point", "coordinates": [-77.81, -0.99], "accuracy_m": 8},
    }
    for told in (
        payload(first.family, **whole),
        payload(first.family, **whole),  # possibly a double, and late
        payload(first.family, product_form="pieza", quantity="3", unit="piece"),
    ):
        key = str(uuid.uuid4())
        answer = client.post(ADDRESS, told | {"id": key})
        assert answer.status_code == 201, answer.content
        assert client.get(f"{ADDRESS}{key}/").json() == answer.json()
    kinds = [
        [one["kind"] for one in row["alerts"]] for row in client.get(ADDRESS).json()["results"]
    ]
    assert sorted(map(sorted, kinds)) == [[], ["double", "late_harvest"], ["late_harvest"]]


def test_who_may_not_see_values_is_answered_at_once_what_is_read_afterwards(
    client: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harvests.api.deliveries.may_see_values", lambda _user: False)
    told = payload(register.family(), id=str(uuid.uuid4()), harvested_on="2026-02-10")  # late
    answer = client.post(ADDRESS, told)
    assert (answer.status_code, answer.json()["alerts"]) == (201, None)
    assert client.get(f"{ADDRESS}{told['id']}/").json() == answer.json()


def test_the_same_message_again_is_answered_200_and_another_content_409(client: APIClient) -> None:
    told = payload(register.family(), id=str(uuid.uuid4()))
    first, again = client.post(ADDRESS, told), client.post(ADDRESS, told)
    other = client.post(ADDRESS, told | {"quantity": "101"})
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 409)
    assert again.json() == first.json()
    assert other.json()["code"] == "other_content"
    assert Delivery.objects.get().quantity == Decimal(100)


def test_what_a_program_posted_is_a_duplicate_when_a_telephone_pushes_it(
    client: APIClient,
) -> None:
    said = payload(register.family())
    key = str(uuid.uuid4())
    client.post(ADDRESS, said | {"id": key})
    sent = operation(said, entity_id=key)
    answer = client.post("/api/v1/sync/push/", {"operations": [sent]})
    assert answer.json()["results"][0]["result"] == "duplicate"


@pytest.mark.parametrize(
    ("told", "field", "code"),
    [
        ({"product_form": None}, "product_form", "required"),
        ({"product_form": "x"}, "product_form", "does_not_exist"),
        ({"family": None}, "family", "required"),
        ({"quantity": "0"}, "quantity", "not_positive"),
        ({"id": "x"}, "id", "invalid"),
        ({"colour": "rojo"}, "colour", "unknown_field"),
        ({"weighed_at": "2020-01-01T00:00:00-05:00"}, None, "no_price_in_force"),
    ],
)
def test_what_cannot_be_taken_is_refused_in_words(
    client: APIClient, told: dict[str, Any], field: str | None, code: str
) -> None:
    answer = client.post(ADDRESS, payload(register.family()) | told)
    assert answer.status_code == 400
    assert (field, code) in [(one["field"], one["code"]) for one in answer.json()["errors"]]
    assert not Delivery.objects.exists()


def test_a_delegate_reads_and_weighs_nothing(client: APIClient) -> None:
    family = register.family()
    client.post(ADDRESS, payload(family))
    delegate = make_account("delegate")
    CommunityAssignment.objects.create(user=delegate, community=family.community)
    program = APIClient()
    sign_in(program, delegate)
    (row,) = program.get(ADDRESS).json()["results"]
    assert (row["net_kg"], row["amount_usd"], row["unit_price_usd"]) == ("45.359", None, None)
    assert program.post(ADDRESS, payload(family)).status_code == 403


def test_an_agent_weighs_and_reads_in_its_communities_alone(client: APIClient) -> None:
    here = register.family(of=register.community("Shandia"))
    elsewhere = register.family("Cerda", of=register.community("Pano"))
    key = client.post(ADDRESS, payload(elsewhere)).json()["id"]
    agent = make_account("extension_agent")
    CommunityAssignment.objects.create(user=agent, community=here.community)
    program = APIClient()
    sign_in(program, agent)
    assert program.get(f"{ADDRESS}{key}/").status_code == 404
    refused = program.post(ADDRESS, payload(elsewhere))
    assert [one["code"] for one in refused.json()["errors"]] == ["does_not_exist"]
    made = program.post(ADDRESS, payload(here))
    assert made.status_code == 201
    theirs = program.post(f"{ADDRESS}{key}/void/", {"reason": "No fue."})
    own = program.post(f"{ADDRESS}{made.json()['id']}/void/", {"reason": "No fue."})
    assert (theirs.status_code, own.status_code) == (404, 200)


def test_a_delivery_is_corrected_by_another(client: APIClient) -> None:
    family = register.family()
    first = client.post(ADDRESS, payload(family)).json()
    told = payload(family, quantity="90") | {"reason": "Se leyó mal."}
    made = client.post(f"{ADDRESS}{first['id']}/correct/", told)
    assert (made.status_code, made.json()["supersedes"]) == (201, first["id"])
    assert client.get(f"{ADDRESS}{first['id']}/").json()["status"] == "superseded"


def test_a_list_asks_as_often_for_three_as_for_thirty(client: APIClient) -> None:
    family = register.family()

    def weigh(number: int) -> None:
        for place in range(number):
            client.post(ADDRESS, payload(family, quantity=str(10 * (place + 1))))

    weigh(3)
    few = len(queries_of(lambda: client.get(ADDRESS)))
    weigh(27)
    assert len(queries_of(lambda: client.get(ADDRESS))) == few


def test_pages_follow_each_other_newest_first(client: APIClient) -> None:
    family = register.family()
    for hour in (9, 11, 10):
        client.post(ADDRESS, payload(family, weighed_at=f"2026-03-02T{hour:02}:00:00-05:00"))
    first = client.get(ADDRESS, {"limit": 2}).json()
    second = client.get(first["next"]).json()
    hours = [row["weighed_at"][11:13] for row in [*first["results"], *second["results"]]]
    assert hours == sorted(hours, reverse=True)
    assert (len(hours), second["next"]) == (3, None)


def test_the_description_names_every_field_that_is_read() -> None:
    assert set(NewDeliverySerializer().fields) - {"id"} == FIELDS
