"""Tests of samples and results of laboratories, as programs read and write them."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from harvests.models import LabResult, QualityTest
from harvests.services import quality
from tests.files.samples import PDF
from tests.harvests import works
from tests.harvests.tests_of_quality import ASSS, cadmium, noted, tasted
from tests.members.factories import community, family
from tests.queries import assert_same_queries

pytestmark = pytest.mark.django_db

TESTS, RESULTS = "/api/v1/quality-tests/", "/api/v1/lab-results/"


@pytest.fixture
def world():
    return tasted()


@pytest.fixture
def operator(world, api_client_of):
    return api_client_of("manager")


def _codes(response):
    return {error["code"] for error in response.json()["errors"]}


def _told(world, **told):
    cut = {name: str(value) if name == "beans_weight_g" else value for name, value in ASSS.items()}
    at = (timezone.now() - timedelta(minutes=5)).isoformat()
    return {"lot": world.lot.code, "tested_at": at, "moisture_percent": "7.2", **cut, **told}


def test_a_program_notes_a_test_and_is_told_its_grade(operator, world):
    made = operator.post(TESTS, _told(world))
    assert made.status_code == 201
    told = made.json()
    assert (told["code"], told["grade"], told["beans_counted"]) == ("Q-00001", "ASSS", 100)
    assert told["grade_table"] == "NTE INEN 176 (2006)"
    assert {"grade": "ASSPS", "what": "violet", "has": "14.00", "limit": "10.0"} in told["below"]
    assert operator.get(f"{TESTS}{told['id']}/").json() == told


def test_the_same_test_again_is_written_once_and_another_is_a_conflict(operator, world):
    told = _told(world, id=str(uuid.uuid4()))
    assert operator.post(TESTS, told).status_code == 201
    assert operator.post(TESTS, told).status_code == 200
    other = operator.post(TESTS, told | {"violet": 13})
    assert (other.status_code, other.json()["code"]) == (409, "other_content")
    assert QualityTest.objects.count() == 1


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"violet": 24}, "not_a_hundred"),
        ({"violet": 10}, "note_required"),
        ({"beans_counted": 101}, "constraint"),
        ({"lot": None}, "one_subject"),
        ({"moisture_percent": "101"}, "max_value"),
        ({"violet": -1}, "min_value"),
        ({"grade": "ASSPS"}, "unknown_field"),
        ({"lot": "L99-9999"}, "does_not_exist"),
    ],
)
def test_what_breaks_a_rule_is_refused(operator, world, told, code):
    refused = operator.post(TESTS, _told(world, **told))
    assert refused.status_code == 400
    assert code in _codes(refused) or code == "constraint"
    assert not QualityTest.objects.exists()


def test_a_test_is_narrowed_by_what_it_is_of_its_grade_and_its_day(operator, world):
    of_lot, of_sack = (
        noted(world),
        noted(world, delivery=works.handed_in(world), well_fermented=38, violet=44),
    )
    better = quality.replace_quality_test(
        actor=None, test=of_lot, why="Se contó mal.", moisture_percent=8
    )

    def found(query):
        answer = operator.get(f"{TESTS}?{query}")
        assert answer.status_code == 200
        return {one["number"] for one in answer.json()["results"]}

    assert found(f"lot={world.lot.code}") == {of_lot.number, better.number}
    assert found("grade=ASSS&standing=true") == {better.number}
    assert found("standing=false") == {of_lot.number}
    assert found(f"search={of_sack.code}") == {of_sack.number}
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert found(f"tested_from={tomorrow}") == set()
    assert operator.get(f"{TESTS}?grado=ASSS").status_code == 400


def test_nobody_tests_a_delivery_of_another_community(world, account, api_client_of):
    """Agents note no tests; and they read those of their own communities alone."""
    from members.services.families import assign_community

    serena, puni = community("Serena"), community("Puni Bocana")
    assign_community(actor=None, user=account("extension_agent"), community=serena)
    near = noted(world, delivery=works.handed_in(world, family=family(of=serena)))
    far = noted(world, delivery=works.handed_in(world, family=family(of=puni)))
    agent = api_client_of("extension_agent")
    assert [one["id"] for one in agent.get(TESTS).json()["results"]] == [str(near.pk)]
    assert agent.get(f"{TESTS}{far.pk}/").status_code == 404
    assert agent.post(TESTS, _told(world)).status_code == 403


def test_a_program_notes_a_result_once(operator, world):
    told = {
        "id": str(uuid.uuid4()),
        "lot": world.lot.code,
        "substance": "cadmium",
        "value_mg_kg": "0.31",
        "laboratory": "Laboratorio de Quito",
        "report_number": "LQ-2026-77",
        "sampled_on": "2026-10-01",
        "reported_on": "2026-10-09",
    }
    made = operator.post(RESULTS, told)
    assert made.status_code == 201
    assert (made.json()["value_mg_kg"], made.json()["has_report"]) == ("0.31000", False)
    assert operator.post(RESULTS, told).status_code == 200
    assert operator.post(RESULTS, told | {"value_mg_kg": "0.13"}).status_code == 409
    again = operator.post(RESULTS, told | {"id": str(uuid.uuid4())})
    assert again.status_code == 400
    assert LabResult.objects.count() == 1


def test_results_are_narrowed_by_lot_and_substance(operator, world):
    cadmium(world, upload=PDF)
    lead = cadmium(world, "0.05", substance="lead", is_below_detection=True)
    answer = operator.get(f"{RESULTS}?lot={world.lot.code}&substance=lead").json()
    assert [(one["id"], one["is_below_detection"]) for one in answer["results"]] == [
        (str(lead.pk), True)
    ]
    assert operator.get(f"{RESULTS}?search=quito").json()["count"] == 2


def test_lists_ask_as_often_for_3_rows_as_for_30(operator, world):
    def make(number):
        for _row in range(number):
            noted(world)
            report = f"LQ-{LabResult.objects.count()}"
            cadmium(world, report_number=report)

    def read():
        assert operator.get(TESTS).status_code == 200
        assert operator.get(RESULTS).status_code == 200

    assert_same_queries(make, read, many=12)
