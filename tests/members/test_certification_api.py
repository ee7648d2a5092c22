"""Certification and inspections for programs."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

import pytest
import time_machine

from members.models import Answer, Finding, Inspection
from members.services import families
from members.services import inspections as services
from tests.members import certified, factories
from tests.queries import assert_same_queries, queries_of

pytestmark = pytest.mark.django_db

INSPECTIONS = "/api/v1/inspections/"
KEY = "7f0c8f2e-5d0b-4b37-9a0e-3f3a8a6c1d13"
TODAY = datetime(2026, 6, 10, 12, tzinfo=UTC)
LATER = datetime(2026, 6, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def rumi(db):
    return factories.community("Rumi Yaku")


@pytest.fixture
def family(rumi):
    return factories.family(of=rumi)


@pytest.fixture
def stranger(db):
    return factories.family("Cerda", of=factories.community("Serena"))


@pytest.fixture
def agent(account, api_client_of, rumi):
    families.assign_community(actor=None, user=account("extension_agent"), community=rumi)
    return api_client_of("extension_agent")


@pytest.fixture
def office(api_client_of):
    return api_client_of("administration")


def codes(answer):
    return {(error["field"], error["code"]) for error in answer.json()["errors"]}


def keys(answer):
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


def visit(family, checklist, values=("no", "yes"), **told):
    items = list(checklist.items.all())
    return {
        "family": str(family.pk),
        "checklist": checklist.pk,
        "kind": "internal",
        "inspected_on": "2026-03-10",
        "inspector_name": "Inés Prueba",
        "outcome": "approve",
        "answers": [
            {"item": item.pk, "value": value, "note": "Se vio"}
            for item, value in zip(items, values, strict=True)
        ],
    } | told


# --- Inspections ----------------------------------------------------------------------------------


def test_a_visit_that_is_sent_twice_is_written_once(agent, family):
    told = visit(family, certified.checklist(), id=KEY)
    first, again = agent.post(INSPECTIONS, told), agent.post(INSPECTIONS, told)
    assert (first.status_code, again.status_code) == (201, 200), first.content
    assert first.json() == again.json()
    assert (first.json()["id"], len(first.json()["findings"])) == (KEY, 1)
    assert (Inspection.objects.count(), Answer.objects.count()) == (1, 2)
    assert Finding.objects.count() == 1


def test_a_corrected_visit_is_still_what_was_sent(agent, family):
    told = visit(family, certified.checklist(), id=KEY)
    told["answers"][0]["note"] = "  Se   vio "
    assert agent.post(INSPECTIONS, told).status_code == 201
    services.correct_inspection(
        actor=None, inspection=Inspection.objects.get(), present="Rosa", reason="Faltaba"
    )
    again = agent.post(INSPECTIONS, told)
    assert (again.status_code, again.json()["present"]) == (200, "Rosa")


@pytest.mark.parametrize(
    "other",
    [
        {"outcome": "refuse"},
        {"values": ("yes", "yes")},
        {"values": ("yes", "no")},
    ],
)
def test_a_key_that_is_taken_by_another_visit_is_refused(agent, family, other):
    checklist = certified.checklist()
    assert agent.post(INSPECTIONS, visit(family, checklist, id=KEY)).status_code == 201
    refused = agent.post(INSPECTIONS, visit(family, checklist, id=KEY, **other))
    assert (refused.status_code, refused.json()["code"]) == (409, "other_content")
    assert Inspection.objects.get().outcome == "approve"


def test_two_answers_to_one_question_are_refused(agent, family):
    told = visit(family, certified.checklist(), id=KEY)
    told["answers"].append(told["answers"][0] | {"value": "yes"})
    assert codes(agent.post(INSPECTIONS, told)) == {("answers", "answered_twice")}
    assert not Inspection.objects.exists()


def test_more_answers_than_any_list_has_questions_are_refused(agent, family):
    told = visit(family, certified.checklist())
    told["answers"] = [{"item": number, "value": "yes"} for number in range(501)]
    assert codes(agent.post(INSPECTIONS, told)) == {("answers", "max_length")}


def test_an_answer_to_a_question_of_another_list_is_refused(agent, family):
    told = visit(family, certified.checklist())
    told["answers"][0]["item"] = certified.checklist().items.first().pk
    assert agent.post(INSPECTIONS, told).json()["code"] == "other_checklist"


def test_the_questions_of_a_visit_are_read_together(agent, family):
    told = visit(family, certified.checklist(questions=30), values=("yes",) * 30, id=KEY)
    assert agent.post(INSPECTIONS, told).status_code == 201
    asked = [sql for sql in queries_of(lambda: agent.post(INSPECTIONS, told)) if "checklist" in sql]
    assert len([sql for sql in asked if 'FROM "members_checklistitem"' in sql]) <= 1


def test_an_agent_hands_in_visits_to_the_families_of_her_communities_alone(agent, stranger):
    refused = agent.post(INSPECTIONS, visit(stranger, certified.checklist()))
    assert codes(refused) == {("family", "does_not_exist")}
    made = certified.inspection(stranger)
    assert agent.get(f"{INSPECTIONS}{made.pk}/").status_code == 404


def test_the_visit_of_somebody_else_keeps_its_key_to_itself(agent, family, stranger, office):
    checklist = certified.checklist()
    assert office.post(INSPECTIONS, visit(stranger, checklist, id=KEY)).status_code == 201
    refused = agent.post(INSPECTIONS, visit(family, checklist, id=KEY))
    assert (refused.status_code, refused.json()["code"]) == (409, "other_content")


def test_an_internal_visit_was_made_by_whoever_sends_it(agent, account, family):
    agent.post(INSPECTIONS, visit(family, certified.checklist()))
    assert Inspection.objects.get().inspector == account("extension_agent")


def test_a_closed_action_is_a_change_of_its_visit(office, family):
    made = certified.inspection(family, values=("no", "yes"))
    certified.inspection(family)
    since = {"changed_since": "2026-06-15T00:00:00Z"}
    assert keys(office.get(INSPECTIONS, since)) == []
    with time_machine.travel(LATER, tick=False):
        services.close_action(
            actor=None,
            action=made.findings.get().actions.get(),
            closed_on=date(2026, 6, 19),
            evidence="Visto en la chakra",
        )
    assert keys(office.get(INSPECTIONS, since)) == [str(made.pk)]


def test_the_visits_ask_the_same_queries_for_3_and_for_30(office, rumi):
    checklist = certified.checklist()

    def more(number):
        for one in range(number):
            home = factories.family(f"Grefa {uuid.uuid4().hex[:8]} {one}", of=rumi)
            certified.inspection(home, checklist, values=("no", "yes"))

    def ask():
        assert office.get(INSPECTIONS, {"limit": 200}).status_code == 200

    assert_same_queries(more, ask, many=30)
