"""Gatherings, inputs, volunteers and allies for programs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine

from kallari.history.bulk import bulk_create_with_history
from members.models import Agreement, Attendance, Gathering, InputDistribution
from members.services import allies, families, gatherings
from tests.members import factories
from tests.queries import assert_same_queries

pytestmark = pytest.mark.django_db

GATHERINGS = "/api/v1/gatherings/"
INPUTS = "/api/v1/input-distributions/"
VOLUNTEERS = "/api/v1/volunteers/"
ALLIES = "/api/v1/allies/"
CONTRIBUTIONS = "/api/v1/contributions/"
AGREEMENTS = "/api/v1/agreements/"
KEY = "7f0c8f2e-5d0b-4b37-9a0e-3f3a8a6c1d12"


@pytest.fixture
def rumi():
    return factories.community("Rumi Yaku")


@pytest.fixture
def agent(account, api_client_of, rumi):
    families.assign_community(actor=None, user=account("extension_agent"), community=rumi)
    return api_client_of("extension_agent")


def codes(answer):
    return {(error["field"], error["code"]) for error in answer.json()["errors"]}


def keys(answer):
    return [row["id"] for row in answer.json()["results"]]


def minga(of, **told):
    return {
        "kind": "minga",
        "topic": "Limpieza del camino",
        "held_on": "2026-03-14",
        "community": of.pk,
        "led_by": "Directiva",
    } | told


def test_an_agent_reads_her_communities_and_no_others(agent, rumi):
    serena = factories.community("Serena")
    here, there = factories.gathering(of=rumi), factories.gathering(of=serena)
    given, other = (factories.handed_out(to=factories.family(of=one)) for one in (rumi, serena))
    for path, mine, hers in ((GATHERINGS, here, there), (INPUTS, given, other)):
        assert keys(agent.get(path)) == [str(mine.pk)]
        assert agent.get(f"{path}{mine.pk}/").status_code == 200
        assert agent.get(f"{path}{hers.pk}/").status_code == 404
    refused = agent.post(GATHERINGS, minga(serena))
    assert codes(refused) == {("community", "does_not_exist")}


def test_a_gathering_that_is_sent_twice_is_written_once(agent, rumi):
    told = minga(rumi, id=KEY, visiting_women=2, hours="3.50")
    first, again = agent.post(GATHERINGS, told), agent.post(GATHERINGS, told)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["attendance"]["women"] == 2
    assert Gathering.objects.count() == 1
    assert agent.post(GATHERINGS, told | {"topic": "Otro"}).status_code == 409


def test_the_roll_is_called_and_somebody_struck_with_a_reason(agent, rumi):
    held = factories.gathering(of=rumi)
    rosa = factories.person(of=factories.family(of=rumi))
    stranger = factories.person("Cerda", of=factories.family(of=factories.community("Serena")))
    roll = f"{GATHERINGS}{held.pk}/attendances/"
    (row,) = agent.post(roll, {"came": [str(rosa.pk)], "noted": "card"}).json()
    assert (row["person"], row["noted"]) == (str(rosa.pk), "card")
    assert len(agent.post(roll, {"came": [str(rosa.pk)]}).json()) == 1
    assert codes(agent.post(roll, {"came": [str(stranger.pk)]})) == {("came", "does_not_exist")}
    assert agent.get(f"{GATHERINGS}{held.pk}/").json()["attendance"]["total"] == 1
    strike = {"came": [], "struck": [str(rosa.pk)]}
    assert {code for _field, code in codes(agent.post(roll, strike))} == {"reason_required"}
    assert agent.post(roll, strike | {"reason": "No vino"}).json() == []
    assert Attendance.history.first().history_change_reason == "No vino"


def test_gatherings_are_filtered(api_client_of, rumi):
    client = api_client_of("auditor")
    training = factories.gathering("Poda del cacao", of=rumi)
    called_off = factories.gathering("Camino", of=rumi, kind="minga", held_on=date(2026, 5, 2))
    gatherings.cancel_gathering(actor=None, gathering=called_off, reason="Lluvia")
    for query, found in (
        ({"kind": "minga"}, called_off),
        ({"search": "PODA"}, training),
        ({"cancelled": "true"}, called_off),
        ({"cancelled": "false"}, training),
        ({"held_from": "2026-05-01"}, called_off),
        ({"held_until": "2026-05-01"}, training),
    ):
        assert keys(client.get(GATHERINGS, query)) == [str(found.pk)], query
    assert client.get(GATHERINGS, {"limit": 1}).json()["next"]


def test_an_agent_hands_out_inputs_and_neither_sees_nor_writes_their_value(
    agent, api_client_of, rumi
):
    kind, family = factories.input_kind(), factories.family(of=rumi)
    told = {
        "kind": kind.pk,
        "family": str(family.pk),
        "quantity": "40",
        "handed_on": "2026-03-14",
        "handed_by": "Técnica",
    }
    assert codes(agent.post(INPUTS, told | {"value_usd": "20.00"})) == {
        ("value_usd", "not_for_your_role")
    }
    made = agent.post(INPUTS, told | {"id": KEY})
    assert (made.status_code, made.json()["code"], made.json()["unit"]) == (201, "I-00001", "plant")
    assert agent.post(INPUTS, told | {"id": KEY}).status_code == 200
    worth = api_client_of("administration").post(INPUTS, told | {"value_usd": "20.00"})
    assert worth.json()["value_usd"] == "20.00"
    assert [row["value_usd"] for row in agent.get(INPUTS).json()["results"]] == [None, None]
    assert InputDistribution.objects.count() == 2
    assert agent.get(INPUTS, {"search": "I-00002"}).json()["count"] == 1


def test_how_a_volunteer_is_reached_is_null_for_all_but_the_office(agent, api_client_of, rumi):
    anna = factories.volunteer(phone="+49 30 123456", note="Ayuda con gusto")
    factories.stay(anna, community=rumi)
    factories.volunteer("Beispiel")
    for client, phone, count in (
        (agent, None, 1),
        (api_client_of("auditor"), None, 2),
        (api_client_of("administration"), "+49 30 123456", 2),
    ):
        assert client.get(VOLUNTEERS).json()["count"] == count
        row = client.get(f"{VOLUNTEERS}{anna.pk}/").json()
        assert (row["phone"], row["country"], len(row["stays"])) == (phone, "DE", 1)
    assert agent.get(VOLUNTEERS, {"here_on": "2026-08-01"}).json()["count"] == 0


def test_an_agent_chooses_an_ally_by_name_and_sees_no_gift(agent, api_client_of):
    given = factories.contribution(factories.ally("GIZ", contact="Oficina de Quito"))
    allies.use_contribution(
        actor=None,
        contribution=given,
        used_on=factories.HELD_ON,
        amount_usd=Decimal(250),
        purpose="Jornales",
    )
    (row,) = agent.get(ALLIES).json()["results"]
    assert (row["name"], row["contact"], row["given_usd"]) == ("GIZ", None, None)
    assert agent.get(CONTRIBUTIONS).status_code == 404
    auditor = api_client_of("auditor")
    (row,) = auditor.get(ALLIES).json()["results"]
    assert (row["contact"], row["given_usd"]) == ("Oficina de Quito", "1000.00")
    (row,) = auditor.get(CONTRIBUTIONS, {"ally": given.ally_id}).json()["results"]
    assert (row["used_usd"], row["left_usd"], len(row["uses"])) == ("250.00", "750.00", 1)


def test_a_gift_or_an_agreement_is_a_change_of_its_ally_for_who_sees_it(agent, api_client_of):
    with time_machine.travel(datetime(2026, 6, 10, tzinfo=UTC), tick=False):
        giz, fecd, _other = (factories.ally(name) for name in ("GIZ", "FECD", "CEFA"))
    with time_machine.travel(datetime(2026, 6, 20, tzinfo=UTC), tick=False):
        factories.contribution(giz)
        allies.sign_agreement(actor=None, ally=fecd, title="Vivero", starts_on=factories.HELD_ON)
    since = {"changed_since": "2026-06-15T00:00:00Z"}
    assert set(keys(api_client_of("auditor").get(ALLIES, since))) == {giz.pk, fecd.pk}
    assert keys(agent.get(ALLIES, since)) == []


def test_agreements_are_read_with_their_ally_by_who_decides_or_checks(agent, api_client_of):
    giz = factories.ally("GIZ")
    old, new = (
        allies.sign_agreement(
            actor=None,
            ally=ally,
            title=title,
            starts_on=date(2025, 1, 1),
            ends_on=ends_on,
        )
        for ally, title, ends_on in (
            (giz, "Vivero", date(2025, 12, 31)),
            (factories.ally("FECD"), "Secado", None),
        )
    )
    client = api_client_of("accountant")
    row = client.get(f"{AGREEMENTS}{old.pk}/").json()
    assert (row["ally"], row["ally_name"], row["ends_on"]) == (giz.pk, "GIZ", "2025-12-31")
    assert keys(client.get(AGREEMENTS, {"ally": giz.pk})) == [old.pk]
    assert keys(client.get(AGREEMENTS, {"on": "2026-03-01"})) == [new.pk]
    assert agent.get(AGREEMENTS).status_code == 404


def test_the_lists_ask_the_same_queries_for_3_and_for_300(api_client_of, rumi):
    client = api_client_of("administration")
    kind, family, ally = factories.input_kind(), factories.family(of=rumi), factories.ally()
    first = factories.handed_out(kind, to=family, ally=ally)

    def more(number):
        start = InputDistribution.objects.count() + 1
        bulk_create_with_history(
            [
                Gathering(
                    kind="minga",
                    topic=f"Camino {one}",
                    held_on=factories.HELD_ON,
                    community=rumi,
                    led_by="Directiva",
                    ally=ally,
                )
                for one in range(number)
            ],
            actor=None,
        )
        bulk_create_with_history(
            [
                InputDistribution(
                    number=start + one,
                    kind=kind,
                    family=family,
                    quantity=1,
                    unit="plant",
                    was_organic=True,
                    handed_on=first.handed_on,
                    handed_by="Técnica",
                    ally=ally,
                )
                for one in range(number)
            ],
            actor=None,
        )
        bulk_create_with_history(
            [
                Agreement(ally=ally, title=f"Convenio {one}", starts_on=factories.HELD_ON)
                for one in range(number)
            ],
            actor=None,
        )

    def ask():
        for path in (GATHERINGS, INPUTS, AGREEMENTS):
            assert client.get(path, {"limit": 200}).status_code == 200

    assert_same_queries(more, ask)
