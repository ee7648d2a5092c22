"""Communities for programs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from members.models import Community, CommunityAlias
from members.services import communities as services
from members.services import families
from tests.members.factories import community
from tests.queries import assert_same_queries

pytestmark = pytest.mark.django_db

LIST = "/api/v1/communities/"
ROLES = [
    "administration",
    "manager",
    "center_operator",
    "extension_agent",
    "accountant",
    "surveillance",
    "delegate",
    "auditor",
]
OFFICE = {"administration", "manager"}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_what_the_matrix_says(api_client_of, role):
    rumi = community("Rumi Yaku")
    client = api_client_of(role)
    detail = f"{LIST}{rumi.pk}/"
    assert client.get(LIST).status_code == 200
    assert client.get(detail).json()["name"] == "Rumi Yaku"
    assert client.get(f"{detail}aliases/").json() == []
    office = role in OFFICE
    added = client.post(LIST, {"name": "Pano"})
    assert added.status_code == (201 if office else 403)
    changed = client.patch(detail, {"parish": "Pano", "reason": "Mapa del cantón"})
    assert changed.status_code == (200 if office else 403)
    spelled = client.post(f"{detail}aliases/", {"spelling": "Piedra de agua"})
    assert spelled.status_code == (201 if office or role == "extension_agent" else 403)
    assert Community.objects.count() == (2 if office else 1)


def test_what_one_may_not_see_is_not_there(api_client_of):
    rumi = community("Rumi Yaku")
    client = api_client_of("nobody")
    for path in (LIST, f"{LIST}{rumi.pk}/", f"{LIST}{rumi.pk}/aliases/"):
        assert client.get(path).status_code == 404
    assert client.post(LIST, {"name": "Pano"}).status_code == 404


@pytest.mark.parametrize("key", ["0", "999999", "99999999999999999999999", "x", "1.5", "-1"])
def test_a_key_of_nothing_is_not_there(api_client_of, key):
    assert api_client_of("manager").get(f"{LIST}{key}/").status_code == 404


def test_a_new_community_is_answered_with_all_its_fields(api_client_of):
    answer = api_client_of("manager").post(
        LIST, {"name": " Rumi  Yaku ", "canton": "Tena", "reason": "Lista de 2024"}
    )
    row = Community.objects.get()
    assert answer.json() == {
        "id": row.pk,
        "name": "Rumi Yaku",
        "canton": "Tena",
        "parish": "",
        "note": "",
        "closed_on": None,
        "delegate_seats": 0,
        "aliases": [],
    }
    entered = Community.history.get()
    assert entered.history_change_reason == "Lista de 2024"
    assert entered.actor_role == "Gerencia"


def test_a_similar_name_wants_somebody_s_word_that_it_is_another(api_client_of):
    community("Rumi Yaku")
    client = api_client_of("manager")
    answer = client.post(LIST, {"name": "Rumi Yacu"})
    assert answer.status_code == 400
    assert [(e["field"], e["code"]) for e in answer.json()["errors"]] == [("name", "similar")]
    assert client.post(LIST, {"name": "Rumi Yacu", "distinct": True}).status_code == 201


def test_search_finds_any_spelling(api_client_of):
    community("Rumi Yaku")
    community("Islas APAAI", "Isla grande")
    client = api_client_of("delegate")

    def found(**query):
        return [row["name"] for row in client.get(LIST, query).json()["results"]]

    assert found(search="yacu") == ["Rumi Yaku"]
    assert found(search="ISLA") == ["Islas APAAI"]
    assert found(name="isla apaai") == ["Islas APAAI"]
    assert found(name="isla") == []
    assert found(search="") == ["Islas APAAI", "Rumi Yaku"]


def test_a_correction_asks_for_a_reason(api_client_of):
    rumi = community("Rumi Yaku")
    client = api_client_of("manager")
    for body in ({"parish": "Pano"}, {"parish": "Pano", "reason": "  "}):
        answer = client.patch(f"{LIST}{rumi.pk}/", body)
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["field"] == "reason"
    assert (
        client.patch(f"{LIST}{rumi.pk}/", {"parish": "Pano", "reason": "Mapa"}).json()["parish"]
        == "Pano"
    )


def test_renaming_keeps_the_old_name_as_a_spelling(api_client_of):
    rumi = community("Rumi Yacu")
    answer = api_client_of("manager").patch(
        f"{LIST}{rumi.pk}/", {"name": "Piedra", "reason": "Acta 7"}
    )
    assert answer.json()["name"] == "Piedra"
    assert [alias["spelling"] for alias in answer.json()["aliases"]] == ["Rumi Yacu"]
    assert Community.history.first().history_change_reason == "Acta 7"


def test_a_date_closes_a_community_and_null_opens_it_again(api_client_of):
    rumi = community("Rumi Yaku")
    client, detail = api_client_of("manager"), f"{LIST}{rumi.pk}/"
    closed = client.patch(detail, {"closed_on": "2026-03-01", "reason": "Ya nadie entrega"})
    assert closed.json()["closed_on"] == "2026-03-01"
    assert client.get(LIST, {"open": "true"}).json()["count"] == 0
    assert client.get(LIST, {"open": "false"}).json()["count"] == 1
    opened = client.patch(detail, {"closed_on": None, "reason": "Volvieron"})
    assert opened.json()["closed_on"] is None
    assert client.get(LIST, {"open": "true"}).json()["count"] == 1


def test_a_correction_half_refused_changes_nothing(api_client_of):
    community("Serena")
    rumi = community("Rumi Yaku")
    answer = api_client_of("manager").patch(
        f"{LIST}{rumi.pk}/", {"parish": "Pano", "name": "Serena", "reason": "Acta 7"}
    )
    assert answer.status_code == 400
    rumi.refresh_from_db()
    assert (rumi.name, rumi.parish) == ("Rumi Yaku", "")


def test_changed_since_tells_what_is_new_spellings_included(api_client_of):
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    with time_machine.travel(noon, tick=False):
        rumi, serena, _shandia = community("Rumi Yaku"), community("Serena"), community("Shandia")
    with time_machine.travel(noon + timedelta(hours=2), tick=False):
        services.correct_community(actor=None, community=rumi, parish="Pano", reason="Mapa")
        services.add_alias(actor=None, community=serena, spelling="La sirena")
    client = api_client_of("auditor")

    def changed_since(instant):
        answer = client.get(LIST, {"changed_since": instant.isoformat()})
        return [row["name"] for row in answer.json()["results"]]

    assert changed_since(noon) == ["Rumi Yaku", "Serena", "Shandia"]
    assert changed_since(noon + timedelta(hours=1)) == ["Rumi Yaku", "Serena"]
    assert changed_since(noon + timedelta(hours=3)) == []


def test_the_list_asks_the_same_queries_for_3_and_for_300_communities(api_client_of):
    client = api_client_of("auditor")

    def more(number):
        start = Community.objects.count()
        for place in range(start, start + number):
            community(f"Aldea {place} de la ribera", f"Pueblo {place} de la ribera")

    def ask():
        answer = client.get(LIST, {"limit": 200, "search": "ribera"})
        assert len(answer.json()["results"]) == min(200, Community.objects.count())

    assert_same_queries(more, ask)
    assert CommunityAlias.objects.count() == 300


# --- Who works where ------------------------------------------------------------------------------

ASSIGNMENTS = "/api/v1/community-assignments/"


def test_who_decides_or_checks_reads_who_works_where(api_client_of, account):
    rumi, serena = community("Rumi Yaku"), community("Serena")
    agent = account("extension_agent")
    here = families.assign_community(actor=None, user=agent, community=rumi)
    there = families.assign_community(actor=None, user=account("delegate"), community=serena)
    client = api_client_of("auditor")
    row = client.get(f"{ASSIGNMENTS}{here.pk}/").json()
    assert (row["user"], row["username"]) == (agent.pk, agent.username)
    assert (row["community"], row["community_name"]) == (rumi.pk, "Rumi Yaku")
    for query, found in (
        ({"community": rumi.pk}, here),
        ({"username": account("delegate").username}, there),
    ):
        rows = client.get(ASSIGNMENTS, query).json()["results"]
        assert [row["id"] for row in rows] == [found.pk], query
    assert api_client_of("extension_agent").get(ASSIGNMENTS).status_code == 404


def test_a_renamed_community_is_a_change_of_who_works_there(api_client_of, account):
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    with time_machine.travel(noon, tick=False):
        agent = account("extension_agent")
        rumi, serena = community("Rumi Yaku"), community("Serena")
        here, _there = (
            families.assign_community(actor=None, user=agent, community=one)
            for one in (rumi, serena)
        )
    with time_machine.travel(noon + timedelta(hours=2), tick=False):
        services.correct_community(actor=None, community=rumi, parish="Pano", reason="Mapa")
    since = {"changed_since": (noon + timedelta(hours=1)).isoformat()}
    rows = api_client_of("auditor").get(ASSIGNMENTS, since).json()["results"]
    assert [row["id"] for row in rows] == [here.pk]


def test_who_works_where_asks_the_same_queries_for_3_and_for_30(api_client_of, account):
    client, agent = api_client_of("auditor"), account("extension_agent")

    def more(number):
        start = Community.objects.count()
        for place in range(start, start + number):
            there = community(f"Aldea {place} de la ribera")
            families.assign_community(actor=None, user=agent, community=there)

    def ask():
        assert client.get(ASSIGNMENTS, {"limit": 200}).status_code == 200

    assert_same_queries(more, ask, many=30)
