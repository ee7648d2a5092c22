"""Families, people and memberships for programs."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from kallari.accounts.models import User
from members.models import BankAccount, Family, Partner, Person, TradeEvidence
from members.services import families as family_services
from members.services import partners as partner_services
from members.services import persons as person_services
from tests.members import factories
from tests.queries import assert_same_queries

pytestmark = pytest.mark.django_db

FAMILIES = "/api/v1/families/"
PERSONS = "/api/v1/persons/"
PARTNERS = "/api/v1/partners/"
ACCOUNTS = "/api/v1/bank-accounts/"
REASON = "Libreta de la familia"
KNOWN = "1500123458"
"""A valid identity number, from the association's own requirements."""
KEY = "7f0c8f2e-5d0b-4b37-9a0e-3f3a8a6c1d11"
IDENTITY = {
    "cedula": KNOWN,
    "cedula_missing_reason": "",
    "born_on": "1980-03-25",
    "birth_year": 1980,
    "phone": "098 765 4321",
    "next_of_kin_name": "Luz Andi",
    "next_of_kin_relation": "hermana",
    "next_of_kin_phone": "099 111 2222",
    "note": "Prefiere que la llamen de noche.",
}


@pytest.fixture
def rosa(db):
    told = {name: value for name, value in IDENTITY.items() if name not in {"birth_year"}}
    return factories.person(**told | {"born_on": date(1980, 3, 25)})


@pytest.fixture
def sees(api_client_of, account):
    """A client whose account works in a community."""

    def client(role, *communities):
        made = api_client_of(role)
        for community in communities:
            family_services.assign_community(
                actor=None,
                user=User.objects.get(username=account(role).username),
                community=community,
            )
        return made

    return client


def codes(answer):
    return {(error["field"], error["code"]) for error in answer.json()["errors"]}


def names(answer):
    return [row["surnames"] for row in answer.json()["results"]]


# --- Who sees whom --------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["extension_agent", "delegate"])
def test_agents_and_delegates_see_their_communities_alone(sees, role):
    here, there = factories.community("Rumi Yaku"), factories.community("Serena")
    mine = factories.partner(of=factories.person("Grefa", "Rosa", of=factories.family(of=here)))
    other = factories.partner(of=factories.person("Cerda", "Luz", of=factories.family(of=there)))
    client = sees(role, here)
    for path, one, another in (
        (FAMILIES, mine.family, other.family),
        (PERSONS, mine.person, other.person),
        (PARTNERS, mine, other),
    ):
        assert [row["id"] for row in client.get(path).json()["results"]] == [str(one.pk)]
        assert client.get(f"{path}{one.pk}/").status_code == 200
        assert client.get(f"{path}{another.pk}/").status_code == 404


def test_an_agent_enters_nobody_outside_of_the_own_communities(sees):
    here, there = factories.community("Rumi Yaku"), factories.community("Serena")
    outside = factories.family(of=there)
    client = sees("extension_agent", here)
    refused = client.post(FAMILIES, {"name": "Andi", "community": there.pk})
    assert codes(refused) == {("community", "does_not_exist")}
    assert client.post(FAMILIES, {"name": "Andi", "community": here.pk}).status_code == 201
    person = {"surnames": "Andi", "given_names": "Luz", "cedula": KNOWN, "family": str(outside.pk)}
    assert codes(client.post(PERSONS, person)) == {("family", "does_not_exist")}


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        ("administration", True),
        ("manager", True),
        ("accountant", True),
        ("surveillance", True),
        ("auditor", True),
        ("extension_agent", True),
        ("center_operator", False),
        ("delegate", False),
    ],
)
def test_identity_is_null_for_who_does_not_need_it(sees, rosa, role, seen):
    client = sees(role, rosa.community)
    (row,) = client.get(PERSONS).json()["results"]
    assert {name: row[name] for name in IDENTITY} == (IDENTITY if seen else dict.fromkeys(IDENTITY))
    assert row["surnames"] == "Grefa Andi"


@pytest.mark.parametrize("typed", [KNOWN, KNOWN[:4], KNOWN[:9], "150 012345-8"])
def test_no_search_tells_an_identity_number_to_who_may_not_see_it(sees, rosa, typed):
    factories.partner(of=rosa)
    for path in (PERSONS, PARTNERS):
        if path == PERSONS or len(typed) > 5:  # up to five digits are a partner's own number
            assert sees("auditor").get(path, {"search": typed}).json()["count"] == 1
        for role in ("delegate", "center_operator"):
            client = sees(role, rosa.community)
            assert client.get(path, {"search": typed}).json()["count"] == 0
    assert sees("auditor").get(FAMILIES, {"search": typed}).json()["count"] == 0


@pytest.mark.parametrize("typed", [KNOWN, "1500123459"])
def test_a_filter_by_identity_number_is_refused_whether_it_would_find_or_not(sees, rosa, typed):
    for role in ("delegate", "center_operator"):
        client = sees(role, rosa.community)
        assert client.get(PERSONS, {"cedula": typed}).status_code == 403
    found = sees("auditor").get(PERSONS, {"cedula": typed}).json()["count"]
    assert found == (1 if typed == KNOWN else 0)


@pytest.mark.parametrize("column", ["cedula", "born_on", "birth_year", "-phone"])
def test_nothing_hidden_orders_a_list(sees, rosa, column):
    for role in ("delegate", "administration"):
        answer = sees(role, rosa.community).get(PERSONS, {"ordering": column})
        assert codes(answer) == {("ordering", "invalid_choice")}


def test_what_is_asked_of_an_applicant_tells_a_birth_date_and_so_not_to_everybody(sees, rosa):
    path = f"{PARTNERS}{factories.applicant(rosa).pk}/requirements/"
    assert sees("delegate", rosa.community).get(path).status_code == 404
    answer = sees("manager").get(path, {"on": "2022-06-01"}).json()
    assert {row["code"]: row["met"] for row in answer} == {
        "age": True,
        "trade": False,
        "place": True,
    }


# --- Once, however often it arrives ---------------------------------------------------------------


def told_of(kind):
    """A new row of each kind as a telephone tells it, and what another content would be."""
    community = factories.community("Rumi Yaku")
    match kind:
        case "families":
            told = {"name": " Grefa  Andi", "community": community.pk, "joined_on": "2020-01-05"}
            return told, {"name": "Cerda"}, Family
        case "persons":
            family = factories.family(of=community)
            told = {
                "family": str(family.pk),
                "surnames": "Andi",
                "given_names": "Luz",
                "cedula": "150012345-8",
                "born_on": "1980-03-25",
            }
            return told, {"given_names": "Luisa"}, Person
        case _:
            told = {"person": str(factories.person().pk), "applied_on": "2022-05-01"}
            return told, {"applied_on": "2022-05-02"}, Partner


@pytest.mark.parametrize("kind", ["families", "persons", "partners"])
def test_the_same_message_twice_makes_one_row(api_client_of, kind):
    told, other, model = told_of(kind)
    key = str(uuid.uuid4())
    client, before = api_client_of("manager"), model.objects.count()
    first = client.post(f"/api/v1/{kind}/", {"id": key, **told})
    assert (first.status_code, first.json()["id"]) == (201, key)
    again = client.post(f"/api/v1/{kind}/", {"id": key, **told})
    assert (again.status_code, again.json()) == (200, first.json())
    another = client.post(f"/api/v1/{kind}/", {"id": key, **told, **other})
    assert (another.status_code, another.json()["code"]) == (409, "other_content")
    assert model.objects.count() == before + 1
    assert model.history.filter(id=key).count() == 1


def test_a_repeat_is_one_whatever_has_been_corrected_since(api_client_of):
    told, _other, _model = told_of("families")
    client, key = api_client_of("manager"), str(uuid.uuid4())
    client.post(FAMILIES, {"id": key, **told})
    client.patch(f"{FAMILIES}{key}/", {"name": "Grefa Tapuy", "reason": REASON})
    again = client.post(FAMILIES, {"id": key, **told})
    assert (again.status_code, again.json()["name"]) == (200, "Grefa Tapuy")
    assert client.post(FAMILIES, {"id": key, **told, "name": "Grefa Tapuy"}).status_code == 409


def test_a_key_of_somebody_one_may_not_see_is_taken_and_no_more_is_told(sees):
    there = factories.family("Cerda", of=factories.community("Serena"))
    here = factories.community("Rumi Yaku")
    told = {"id": str(there.pk), "name": "Cerda", "community": here.pk}
    answer = sees("extension_agent", here).post(FAMILIES, told)
    assert (answer.status_code, answer.json()["code"]) == (409, "other_content")
    assert "Cerda" not in answer.content.decode()


@pytest.mark.parametrize("key", [7, "x", KEY.replace("-", ""), f"urn:uuid:{KEY}", None, True])
def test_a_key_is_a_uuid_with_its_hyphens(api_client_of, key):
    told, _other, _model = told_of("families")
    answer = api_client_of("manager").post(FAMILIES, {"id": key, **told})
    assert {field for field, _code in codes(answer)} == {"id"}


# --- Families -------------------------------------------------------------------------------------


def test_a_family_is_entered_found_corrected_closed_and_opened(api_client_of):
    client = api_client_of("manager")
    rumi, serena = factories.community("Rumi Yaku"), factories.community("Serena")
    made = client.post(FAMILIES, {"name": "Ñawi Grefa", "community": rumi.pk}).json()
    assert (made["code"], made["community_name"]) == ("F-0001", "Rumi Yaku")
    for search in ("nawi", "F-0001", "1"):
        assert client.get(FAMILIES, {"search": search}).json()["count"] == 1
    assert client.get(FAMILIES, {"search": "cerda"}).json()["count"] == 0
    path = f"{FAMILIES}{made['id']}/"
    moved = client.patch(path, {"community": serena.pk, "reason": REASON}).json()
    assert moved["community_name"] == "Serena"
    assert client.get(FAMILIES, {"community": rumi.pk}).json()["count"] == 0
    closed = client.patch(path, {"closed_on": "2026-03-01", "reason": REASON}).json()
    assert closed["closed_on"] == "2026-03-01"
    assert client.get(FAMILIES, {"open": "true"}).json()["count"] == 0
    assert client.patch(path, {"closed_on": None, "reason": REASON}).json()["closed_on"] is None
    assert codes(client.patch(path, {"name": "Grefa"})) == {("reason", "required")}


# --- People ---------------------------------------------------------------------------------------


def test_who_resembles_somebody_is_asked_about_first(api_client_of, rosa):
    client = api_client_of("extension_agent")
    family_services.assign_community(
        actor=None,
        user=User.objects.get(username="prueba-extension_agent"),
        community=rosa.community,
    )
    described = {"surnames": "Grefa", "given_names": "Rosa", "birth_year": 1981}
    found = client.post(
        f"{PERSONS}duplicates/", {**described, "community": rosa.community.pk}
    ).json()
    assert [(row["id"], row["same_cedula"]) for row in found] == [(str(rosa.pk), False)]
    told = {
        **described,
        "family": str(rosa.family_id),
        "cedula_missing_reason": "perdida, en trámite",
    }
    assert codes(client.post(PERSONS, told)) == {(None, "similar")}
    assert client.post(PERSONS, {**told, "distinct": True}).status_code == 201
    same = client.post(
        f"{PERSONS}duplicates/",
        {"surnames": "X", "given_names": "Y", "cedula": KNOWN, "community": rosa.community.pk},
    ).json()
    assert [row["same_cedula"] for row in same] == [True]
    taken = client.post(
        PERSONS,
        {"family": str(rosa.family_id), "surnames": "X", "given_names": "Y", "cedula": KNOWN},
    )
    assert codes(taken) == {("cedula", "cedula_taken")}


def test_an_identity_number_tried_out_does_not_tell_an_agent_whose_it_is(api_client_of, rosa):
    client = api_client_of("extension_agent")
    far, agent = factories.community("Pano"), User.objects.get(username="prueba-extension_agent")
    family_services.assign_community(actor=None, user=agent, community=far)
    tried = {"surnames": "X", "given_names": "Y", "cedula": KNOWN, "community": far.pk}
    [row] = client.post(f"{PERSONS}duplicates/", tried).json()
    assert row == {
        "id": None,
        "surnames": None,
        "given_names": None,
        "birth_year": None,
        "family_name": None,
        "community_name": rosa.community.name,
        "same_cedula": True,
    }


def test_a_correction_that_makes_a_person_resemble_another_asks(api_client_of, rosa):
    client = api_client_of("manager")
    path = f"{PERSONS}{factories.person('Cerda', 'Luz').pk}/"
    told = {"surnames": rosa.surnames, "given_names": rosa.given_names, "reason": REASON}
    assert codes(client.patch(path, told)) == {(None, "similar")}
    assert client.get(path).json()["surnames"] == "Cerda"
    corrected = client.patch(path, told | {"distinct": True}).json()
    assert corrected["surnames"] == rosa.surnames


def test_a_person_is_corrected_moved_and_dies(api_client_of, rosa):
    client, path = api_client_of("manager"), f"{PERSONS}{rosa.pk}/"
    other = factories.family("Cerda")
    assert client.patch(path, {"phone": "062 888 777", "reason": REASON}).json()["phone"] == (
        "062 888 777"
    )
    moved = client.patch(path, {"family": str(other.pk), "reason": "Matrimonio"}).json()
    assert moved["family_name"] == "Cerda"
    assert Person.history.first().history_change_reason == "Matrimonio"
    died = client.patch(path, {"died_on": "2026-02-01", "reason": "Acta de defunción"}).json()
    assert died["died_on"] == "2026-02-01"
    assert client.get(PERSONS, {"alive": "true"}).json()["count"] == 0
    assert codes(client.patch(path, {"kinship": "boss", "reason": "x"})) == {
        ("kinship", "invalid_choice")
    }


@pytest.mark.parametrize(
    ("cedula", "accepted"), [("1500123458", True), ("1500123450", False), ("1560000000", True)]
)
def test_an_identity_number_is_checked(api_client_of, cedula, accepted):
    told = {
        "family": str(factories.family().pk),
        "surnames": "Andi",
        "given_names": "Luz",
        "cedula": cedula,
    }
    answer = api_client_of("manager").post(PERSONS, told)
    assert answer.status_code == (201 if accepted else 400)
    if not accepted:
        assert codes(answer) == {("cedula", "cedula_invalid")}


# --- Where they are paid --------------------------------------------------------------------------


def test_bank_data_are_for_who_pays_and_who_checks(sees, rosa):
    told = {
        "person": str(rosa.pk),
        "institution": "Cooperativa Tena",
        "kind": "savings",
        "number": "401023456",
        "on": "2026-01-01",
        "reason": REASON,
    }
    for role in ("administration", "accountant"):
        assert sees(role).post(ACCOUNTS, told).status_code == 201
    account = BankAccount.objects.in_use().get()
    assert sees("auditor").get(f"{ACCOUNTS}{account.pk}/").json()["number"] == "401023456"
    assert sees("auditor").post(ACCOUNTS, told).status_code == 403
    assert sees("accountant").get(ACCOUNTS, {"in_use": "false"}).json()["count"] == 1
    for role in ("manager", "center_operator", "extension_agent", "surveillance", "delegate"):
        client = sees(role, rosa.community)
        assert client.get(ACCOUNTS).status_code == 404
        assert client.get(f"{ACCOUNTS}{account.pk}/").status_code == 404
        assert client.post(ACCOUNTS, told).status_code == 404
    closed = sees("accountant").patch(
        f"{ACCOUNTS}{account.pk}/", {"closed_on": "2026-05-01", "reason": REASON}
    )
    assert closed.json()["closed_on"] == "2026-05-01"


# --- Partners -------------------------------------------------------------------------------------


def test_the_whole_life_of_a_partner(api_client_of, rosa):
    client = api_client_of("manager")
    made = client.post(PARTNERS, {"person": str(rosa.pk), "applied_on": "2024-01-10"}).json()
    path = f"{PARTNERS}{made['id']}/"
    assert (made["standing"], made["number"]) == ("applicant", None)

    registration = {"registered_on": "2024-02-01", "resolution": "AG-2024-3"}
    refused = client.post(f"{path}register/", registration)
    assert codes(refused) == {(None, "not_enough_trade")}
    paper = {
        "product": "cocoa",
        "first_on": "2022-05-01",
        "last_on": "2023-11-30",
        "reference": "Cuaderno 2022, folio 3",
    }
    assert client.post(f"{path}evidence/", paper).status_code == 201
    assert [row["reference"] for row in client.get(f"{path}evidence/").json()] == [
        "Cuaderno 2022, folio 3"
    ]
    registered = client.post(f"{path}register/", registration).json()
    assert (registered["standing"], registered["number"]) == ("registered", 1)

    suspended = client.post(
        f"{path}suspend/",
        {"starts_on": "2024-06-01", "resolution": "CV-3", "reason": "Vendió fuera"},
    ).json()
    assert suspended["standing"] == "suspended"
    assert suspended["suspensions"][0]["resolution"] == "CV-3"
    back = client.post(
        f"{path}reinstate/", {"ends_on": "2024-09-01", "resolution": "CV-9", "reason": REASON}
    ).json()
    assert (back["standing"], back["suspensions"][0]["ends_on"]) == ("registered", "2024-09-01")

    expelled = {"ended_on": "2025-01-01", "how": "expelled", "reason": REASON}
    assert codes(client.post(f"{path}end/", expelled)) == {("resolution", "resolution_required")}
    left = client.post(f"{path}end/", {**expelled, "how": "left"}).json()
    assert (left["standing"], left["ended_on"]) == ("left", "2025-01-01")

    def standing(day, **query):
        return [
            row["standing"]
            for row in client.get(PARTNERS, {"as_of": day, **query}).json()["results"]
        ]

    assert standing("2024-01-31") == []
    assert standing("2024-01-31", standing="applicant") == ["applicant"]
    assert standing("2024-02-01") == ["registered"]
    assert standing("2024-07-01") == ["suspended"]
    assert standing("2024-12-31") == ["registered"]
    assert standing("2025-01-01") == []

    corrected = client.patch(path, {"ended_on": "2025-03-01", "reason": "Decía marzo"})
    assert corrected.json()["ended_on"] == "2025-03-01"
    assert standing("2025-02-01") == ["registered"]


def test_a_correction_does_not_take_a_registration_away_nor_give_one(api_client_of, rosa):
    client = api_client_of("manager")
    nothing = {"registered_on": None, "number": None, "resolution": ""}
    all_three = {"registered_on": "2025-01-01", "number": 9, "resolution": "AG-9"}
    for partner, wish in ((factories.applicant(rosa), all_three), (factories.partner(), nothing)):
        before = client.get(f"{PARTNERS}{partner.pk}/").json()
        answer = client.patch(f"{PARTNERS}{partner.pk}/", {**wish, "reason": REASON})
        assert answer.status_code == 400
        assert codes(answer) == {("registered_on", "not_a_correction")}
        assert client.get(f"{PARTNERS}{partner.pk}/").json() == before


def test_an_application_is_turned_away(api_client_of, rosa):
    partner = factories.applicant(rosa)
    answer = api_client_of("manager").post(
        f"{PARTNERS}{partner.pk}/end/",
        {"ended_on": "2022-06-01", "how": "rejected", "reason": "Faltan papeles"},
    )
    assert answer.json()["standing"] == "rejected"


def test_the_field_proposes_and_the_office_decides(sees, rosa):
    agent = sees("extension_agent", rosa.community)
    made = agent.post(PARTNERS, {"person": str(rosa.pk), "applied_on": "2024-01-10"})
    assert made.status_code == 201
    path = f"{PARTNERS}{made.json()['id']}/"
    paper = {
        "product": "cocoa",
        "first_on": "2022-05-01",
        "last_on": "2022-05-01",
        "reference": "Recibo 7",
    }
    assert agent.post(f"{path}evidence/", paper).status_code == 201
    for act in ("register", "suspend", "reinstate", "end"):
        assert agent.post(f"{path}{act}/", {}).status_code == 403
        assert sees("manager").post(f"{path}{act}/", {}).status_code == 400
    assert agent.patch(path, {"note": "x", "reason": "x"}).status_code == 403
    delegate = sees("delegate", rosa.community)
    assert delegate.get(f"{path}evidence/").status_code == 404
    assert delegate.post(PARTNERS, {}).status_code == 403
    assert TradeEvidence.objects.count() == 1


def test_lists_are_narrowed_and_ordered(api_client_of):
    client = api_client_of("auditor")
    luz = factories.person("Cerda", "Luz", sex="F", of=factories.family("Cerda"))
    juan = factories.person("Andi", "Juan", sex="M", of=factories.family("Andi"))
    first, second = factories.partner(of=luz), factories.partner(of=juan)

    def found(**query):
        return [row["number"] for row in client.get(PARTNERS, query).json()["results"]]

    assert (first.number, second.number) == (1, 2)
    assert found() == [1, 2]
    assert found(ordering="-number") == [2, 1]
    assert found(ordering="name") == [2, 1]
    assert found(sex="F") == [1]
    assert found(search="zerda") == [1]
    assert found(search="2") == [2]
    assert found(number="2") == [2]
    assert found(family=str(luz.family_id)) == [1]
    assert found(person=str(juan.pk)) == [2]
    assert found(standing="registered") == [1, 2]
    assert found(standing="left") == []
    assert names(client.get(PERSONS, {"sex": "M"})) == ["Andi"]
    assert names(client.get(PERSONS, {"ordering": "-name"})) == ["Cerda", "Andi"]
    for odd in (",-name", "-name,", ",,"):
        refused = client.get(PERSONS, {"ordering": odd})
        assert codes(refused) == {("ordering", "invalid_choice")}


def test_changed_since_tells_of_everything_that_a_row_shows(api_client_of):
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    with time_machine.travel(noon, tick=False):
        made = [
            factories.partner(of=factories.person(name, "Luz", of=factories.family(name)))
            for name in ("Andi", "Cerda", "Grefa", "Shiguango")
        ]
    with time_machine.travel(noon + timedelta(hours=2), tick=False):
        person_services.correct_person(
            actor=None, person=made[0].person, surnames="Andy", reason=REASON
        )
        partner_services.suspend_partner(
            actor=None,
            partner=made[1],
            starts_on=date(2026, 2, 1),
            resolution="CV-3",
            reason=REASON,
        )
        family_services.correct_family(
            actor=None, family=made[2].family, name="Grefa Tapuy", reason=REASON
        )
    client = api_client_of("auditor")

    def changed(path, hours):
        since = (noon + timedelta(hours=hours)).isoformat()
        return client.get(path, {"changed_since": since}).json()["count"]

    assert [changed(PARTNERS, hours) for hours in (0, 1, 3)] == [4, 3, 0]
    assert [changed(PERSONS, hours) for hours in (0, 1, 3)] == [4, 2, 0]
    assert [changed(FAMILIES, hours) for hours in (0, 1, 3)] == [4, 1, 0]


def test_the_lists_ask_the_same_queries_for_3_and_for_300(api_client_of):
    client = api_client_of("auditor")
    factories.community()

    def more(number):
        for place in range(number):
            partner = factories.partner(of=factories.person("Grefa", f"Rosa {place}"))
            partner_services.suspend_partner(
                actor=None,
                partner=partner,
                starts_on=date(2024, 1, 1),
                resolution="CV-3",
                reason=REASON,
            )

    def ask():
        for path in (FAMILIES, PERSONS, PARTNERS):
            answer = client.get(path, {"limit": 200, "search": "grefa"})
            assert len(answer.json()["results"]) == min(200, Partner.objects.count())

    assert_same_queries(more, ask)
