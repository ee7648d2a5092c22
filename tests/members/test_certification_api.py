"""Certification and inspections for programs."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine

from kallari.history.context import acting
from members.models import (
    Answer,
    Certificate,
    ChakraCertification,
    Finding,
    Inspection,
    ReinspectionSample,
    SampledPartner,
    YieldEstimate,
)
from members.services import families, partners, yields
from members.services import inspections as services
from tests.members import certified, factories
from tests.queries import assert_same_queries, queries_of

pytestmark = pytest.mark.django_db

INSPECTIONS = "/api/v1/inspections/"
CHECKLISTS = "/api/v1/checklists/"
FINDINGS = "/api/v1/findings/"
ACTIONS = "/api/v1/corrective-actions/"
SANCTIONS = "/api/v1/sanctions/"
CERTIFICATES = "/api/v1/certificates/"
STATUSES = "/api/v1/chakra-certifications/"
ESTIMATES = "/api/v1/yield-estimates/"
SAMPLES = "/api/v1/reinspection-samples/"
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


def test_visits_are_filtered(office, rumi, family, stranger):
    here = certified.inspection(family, on=date(2026, 3, 10))
    there = certified.inspection(stranger, on=date(2025, 3, 10), kind="external")
    for query, wanted in (
        ({"community": rumi.pk}, here),
        ({"family": str(stranger.pk)}, there),
        ({"kind": "external"}, there),
        ({"year": 2026}, here),
        ({"scheme": there.checklist.scheme.code}, there),
    ):
        assert keys(office.get(INSPECTIONS, query)) == [str(wanted.pk)], query


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


def test_visits_and_what_follows_ask_the_same_queries_for_3_and_for_30(office, rumi):
    checklist = certified.checklist()

    def more(number):
        for one in range(number):
            home = factories.family(f"Grefa {uuid.uuid4().hex[:8]} {one}", of=rumi)
            certified.inspection(home, checklist, values=("no", "yes"))
            services.impose_sanction(
                actor=None,
                family=home,
                scheme=checklist.scheme,
                kind="warning",
                starts_on=date(2026, 4, 1),
                resolution=factories.RESOLUTION,
                note=factories.REASON,
            )
            certified.checklist(questions=1)

    def ask():
        for path in (INSPECTIONS, FINDINGS, ACTIONS, SANCTIONS, CHECKLISTS):
            assert office.get(path, {"limit": 200}).status_code == 200

    assert_same_queries(more, ask, many=30)


# --- What is asked --------------------------------------------------------------------------------


def test_a_program_reads_what_it_has_to_answer(agent, family):
    eu = certified.scheme("ue")
    certified.checklist(eu, year=2025)
    asked = certified.checklist(eu, year=2026)
    certified.checklist(certified.scheme("nop"), year=2026)
    (row,) = agent.get(CHECKLISTS, {"scheme": "ue", "year": 2026}).json()["results"]
    assert (row["id"], row["scheme_code"], row["year"]) == (asked.pk, "ue", 2026)
    first = asked.items.get(number=1)
    assert row["items"][0] == {
        "id": first.pk,
        "number": 1,
        "question": "¿Pregunta 1?",
        "severity": "major",
        "days_to_correct": 30,
    }
    told = visit(family, asked)
    told["answers"] = [{"item": item["id"], "value": "yes"} for item in row["items"]]
    assert agent.post(INSPECTIONS, told).status_code == 201
    in_force = {"scheme": "ue", "in_force_on": "2027-02-01"}
    assert keys(agent.get(CHECKLISTS, in_force)) == [asked.pk]


def test_a_question_that_is_corrected_is_a_change_of_its_list(office):
    asked = certified.checklist()
    certified.checklist()
    with time_machine.travel(LATER, tick=False), acting(None, reason="Mal copiada"):
        item = asked.items.first()
        item.question = "¿Otra pregunta?"
        item.save()
    assert keys(office.get(CHECKLISTS, {"changed_since": "2026-06-15T00:00:00Z"})) == [asked.pk]


# --- What follows ---------------------------------------------------------------------------------


@pytest.fixture
def found(family, stranger):
    """A visit with a finding here, and one elsewhere."""
    checklist = certified.checklist()
    return [
        certified.inspection(one, checklist, values=("no", "yes"), on=on)
        for one, on in ((family, date(2026, 3, 10)), (stranger, date(2026, 6, 1)))
    ]


def action_of(visited):
    return visited.findings.get().actions.get()


def test_agents_see_what_follows_in_their_communities_alone(agent, office, found):
    here, there = found
    for path, mine, other in (
        (FINDINGS, here.findings.get(), there.findings.get()),
        (ACTIONS, action_of(here), action_of(there)),
    ):
        assert keys(agent.get(path)) == [mine.pk]
        assert agent.get(f"{path}{other.pk}/").status_code == 404
        assert set(keys(office.get(path))) == {mine.pk, other.pk}
    answer = agent.post(
        f"{ACTIONS}{action_of(there).pk}/close/",
        {"closed_on": "2026-06-09", "evidence": "Visto"},
    )
    assert answer.status_code == 404


def test_what_follows_says_where_it_was_found(agent, rumi, family, found):
    here = found[0]
    row = agent.get(f"{ACTIONS}{action_of(here).pk}/").json()
    assert (row["inspection"], row["family"]) == (str(here.pk), str(family.pk))
    assert (row["community_name"], row["severity"]) == ("Rumi Yaku", "major")
    assert row["due_on"] == "2026-04-09"
    row = agent.get(f"{FINDINGS}{here.findings.get().pk}/").json()
    assert (row["family_name"], row["community"]) == (family.name, rumi.pk)
    assert (row["inspected_on"], len(row["actions"])) == ("2026-03-10", 1)


def test_what_follows_is_filtered(office, rumi, family, found):
    overdue, due = (action_of(one) for one in found)
    for query, wanted in (
        ({"overdue": "true"}, [overdue]),
        ({"overdue": "false"}, [due]),
        ({"open": "true"}, [overdue, due]),
        ({"open": "false"}, []),
        ({"family": str(family.pk)}, [overdue]),
        ({"community": rumi.pk}, [overdue]),
        ({"inspection": str(found[1].pk)}, [due]),
        ({"due_until": "2026-05-01"}, [overdue]),
        ({"scheme": found[0].checklist.scheme.code}, [overdue, due]),
        ({"scheme": "otro"}, []),
    ):
        assert keys(office.get(ACTIONS, query)) == [one.pk for one in wanted], query
        if set(query) & {"open", "family", "community", "inspection", "scheme"}:
            assert set(keys(office.get(FINDINGS, query))) == {one.finding_id for one in wanted}


def test_an_agent_closes_an_action_once(agent, office, found):
    made = action_of(found[0])
    close = f"{ACTIONS}{made.pk}/close/"
    early = {"closed_on": "2026-03-01", "evidence": "Se plantó la barrera"}
    assert codes(agent.post(close, early)) == {("closed_on", "before_the_visit")}
    told = early | {"closed_on": "2026-06-09"}
    assert codes(agent.post(close, told | {"evidence": " "})) == {("evidence", "blank")}
    closed = agent.post(close, told)
    assert (closed.status_code, closed.json()["closed_on"]) == (200, "2026-06-09")
    assert closed.json()["evidence"] == "Se plantó la barrera"
    assert agent.post(close, told).json()["code"] == "already_closed"
    assert keys(office.get(ACTIONS, {"open": "false"})) == [made.pk]
    assert keys(office.get(FINDINGS, {"open": "false"})) == [made.finding_id]


@pytest.mark.parametrize("role", ["auditor", "accountant", "surveillance"])
def test_who_only_reads_closes_nothing(api_client_of, role, found):
    made = action_of(found[0])
    told = {"closed_on": "2026-06-09", "evidence": "Visto"}
    assert api_client_of(role).post(f"{ACTIONS}{made.pk}/close/", told).status_code == 403
    made.refresh_from_db()
    assert made.closed_on is None


@pytest.mark.parametrize("role", ["delegate", "center_operator"])
def test_others_find_neither_lists_nor_what_follows(api_client_of, role, found):
    client = api_client_of(role)
    for path in (CHECKLISTS, INSPECTIONS, FINDINGS, ACTIONS, SANCTIONS, SAMPLES):
        assert client.get(path).status_code == 404, path


def test_sanctions_are_read_and_filtered(agent, office, family, stranger):
    scheme = certified.scheme("ue")

    def warn(whom, on):
        return services.impose_sanction(
            actor=None,
            family=whom,
            scheme=scheme,
            kind="warning",
            starts_on=on,
            resolution=factories.RESOLUTION,
            note=factories.REASON,
        )

    here, there = warn(family, date(2026, 4, 1)), warn(stranger, date(2026, 5, 1))
    services.lift_sanction(
        actor=None,
        sanction=here,
        lifted_on=date(2026, 5, 15),
        resolution="AG-2026-02",
        reason="Cumplió",
    )
    (row,) = agent.get(SANCTIONS).json()["results"]
    assert (row["id"], row["family"], row["scheme_code"]) == (here.pk, str(family.pk), "ue")
    assert (row["lifted_on"], row["lift_resolution"]) == ("2026-05-15", "AG-2026-02")
    assert agent.get(f"{SANCTIONS}{there.pk}/").status_code == 404
    for query, wanted in (
        ({"on": "2026-04-15"}, [here]),
        ({"on": "2026-05-10"}, [there, here]),
        ({"on": "2026-06-01"}, [there]),
        ({"kind": "exclusion"}, []),
        ({"scheme": "ue"}, [there, here]),
        ({"family": str(stranger.pk)}, [there]),
    ):
        assert keys(office.get(SANCTIONS, query)) == [one.pk for one in wanted], query


def test_the_office_suspends_a_family_and_lifts_it_again(agent, office, family, stranger):
    row = certified.certified(factories.chakra(of=family))
    visited = certified.inspection(family, certified.checklist(row.scheme))
    told = {
        "family": str(family.pk),
        "scheme": row.scheme_id,
        "inspection": str(visited.pk),
        "kind": "suspension",
        "starts_on": "2026-04-01",
        "resolution": factories.RESOLUTION,
        "note": factories.REASON,
    }
    assert agent.post(SANCTIONS, told).status_code == 403
    assert codes(office.post(SANCTIONS, told | {"note": ""})) == {("note", "blank")}
    other = certified.certified(factories.chakra(of=stranger), row.scheme)
    wrong = office.post(SANCTIONS, told | {"family": str(stranger.pk)})
    assert codes(wrong) == {(None, "other_family")}
    assert other.chakra.certifications.filter(ends_on=None).get().status == "certified"
    made = office.post(SANCTIONS, told)
    assert made.status_code == 201, made.json()
    standing = row.chakra.certifications.filter(ends_on=None)
    assert standing.get().status == "suspended"
    address = f"{SANCTIONS}{made.json()['id']}/lift/"
    lifting = {"lifted_on": "2026-05-01", "resolution": "AG-2026-02", "reason": factories.REASON}
    assert agent.post(address, lifting).status_code == 403
    lifted = office.post(address, lifting)
    assert (lifted.status_code, lifted.json()["lifted_on"]) == (200, "2026-05-01")
    assert standing.get().status == "certified"
    assert codes(office.post(address, lifting)) == {(None, "already_lifted")}


def test_the_same_sanction_twice_is_one_and_none_is_before_its_visit(office, family):
    visited = certified.inspection(family)
    told = {
        "family": str(family.pk),
        "scheme": visited.checklist.scheme_id,
        "inspection": str(visited.pk),
        "kind": "warning",
        "starts_on": "2026-04-01",
        "resolution": factories.RESOLUTION,
        "note": factories.REASON,
    }
    assert office.post(SANCTIONS, told).status_code == 201
    assert codes(office.post(SANCTIONS, told)) == {(None, "already_imposed")}
    early = office.post(SANCTIONS, told | {"starts_on": "2020-04-01"})
    assert codes(early) == {("starts_on", "before_the_visit")}
    assert family.sanctions.count() == 1


# --- Samples --------------------------------------------------------------------------------------


def sample(scheme, *partners):
    made = ReinspectionSample(
        scheme=scheme,
        drawn_on=date(2026, 6, 1),
        seed="vigilancia",
        size=len(partners),
        by_risk=0,
        rule="el mayor de 5 % y 10",
        population=[[one.number, 0] for one in partners],
    )
    made.save()
    for place, one in enumerate(partners, 1):
        SampledPartner(sample=made, partner=one, place=place, why="lot", risk=0).save()
    return made


def test_who_checks_reads_a_sample_with_its_partners_and_the_field_does_not(
    agent, api_client_of, family
):
    rosa = factories.partner(factories.person(of=family), number=7)
    made = sample(certified.scheme("ue"), rosa)
    sample(certified.scheme("nop"))
    (row,) = api_client_of("surveillance").get(SAMPLES, {"scheme": "ue"}).json()["results"]
    assert (row["id"], row["seed"]) == (str(made.pk), "vigilancia")
    assert row["population"] == [[7, 0]]
    assert row["sampled"] == [
        {"place": 1, "partner": str(rosa.pk), "number": 7, "why": "lot", "risk": 0}
    ]
    assert agent.get(SAMPLES).status_code == 404
    assert agent.get(f"{SAMPLES}{made.pk}/").status_code == 404


def test_the_office_draws_a_sample_that_comes_out_again_with_its_seed(agent, office, family):
    row = certified.certified(factories.chakra(of=family))
    rosa = factories.partner(factories.person(of=family), number=7)
    told = {"scheme": row.scheme_id, "drawn_on": "2026-06-01", "seed": "vigilancia"}
    assert agent.post(SAMPLES, told).status_code == 404
    first = office.post(SAMPLES, told)
    assert codes(office.post(SAMPLES, told)) == {("reason", "already_drawn")}
    again = office.post(SAMPLES, told | {"reason": factories.REASON})
    assert first.status_code == 201, first.json()
    partners.correct_partner(actor=None, partner=rosa, number=900, reason=factories.REASON)
    for made in (first, again):
        shown = office.get(f"{SAMPLES}{made.json()['id']}/").json()
        assert [pair[0] for pair in shown["population"]] == [7]
        assert [one["number"] for one in shown["sampled"]] == [7]
    late = office.post(SAMPLES, told | {"drawn_on": "2026-06-11"})
    assert codes(late) == {("drawn_on", "in_the_future")}


def test_the_samples_ask_the_same_queries_for_3_and_for_30(office, family):
    scheme = certified.scheme()
    rosa = factories.partner(factories.person(of=family))

    def more(number):
        for _one in range(number):
            sample(scheme, rosa)

    def ask():
        assert office.get(SAMPLES, {"limit": 200}).status_code == 200

    assert_same_queries(more, ask, many=30)


# --- Certificates ---------------------------------------------------------------------------------


def test_the_office_registers_corrects_and_withdraws_a_certificate(office, api_client_of):
    told = {
        "scheme": certified.scheme().pk,
        "number": "EC-BIO-141",
        "body": "Certificadora de Prueba",
        "valid_from": "2026-01-01",
        "valid_until": "2026-12-31",
        "note": "Enviado por correo",
    }
    made = office.post(CERTIFICATES, told)
    assert (made.status_code, made.json()["note"]) == (201, "Enviado por correo"), made.content
    twice = office.post(CERTIFICATES, told)
    assert (twice.status_code, twice.json()["detail"]) == (
        400,
        "Ese certificado ya está registrado.",
    )
    assert Certificate.objects.count() == 1
    page = f"{CERTIFICATES}{made.json()['id']}/"
    assert codes(office.patch(page, {"withdrawn_on": "2026-05-01"})) == {("reason", "required")}
    withdrawn = office.patch(page, {"withdrawn_on": "2026-05-01", "reason": "Carta"})
    assert (withdrawn.status_code, withdrawn.json()["withdrawn_on"]) == (200, "2026-05-01")
    assert withdrawn.json()["number"] == "EC-BIO-141"
    operator = api_client_of("center_operator")
    assert operator.get(page).status_code == 200
    assert operator.post(CERTIFICATES, told | {"number": "EC-BIO-142"}).status_code == 403


# --- What chakras are -----------------------------------------------------------------------------


def test_the_office_takes_a_chakra_from_transition_to_exclusion(office, family):
    chakra, scheme = factories.chakra(of=family), certified.scheme()
    which = {"chakra": str(chakra.pk), "scheme": scheme.pk}
    ruling = which | {"resolution": factories.RESOLUTION, "reason": factories.REASON}
    early = which | {"starts_on": "2025-10-31", "resolution": factories.RESOLUTION}
    begun = office.post(f"{STATUSES}begin-transition/", which | {"starts_on": "2022-11-01"})
    assert (begun.status_code, begun.json()["status"]) == (201, "t0"), begun.content
    # Thirty-six months for perennial crops (EU 2018/848, annex II).
    refused = office.post(f"{STATUSES}certify/", early)
    assert codes(refused) == {("starts_on", "transition_not_over")}
    for act, starts_on, wanted in (
        ("certify", "2025-11-01", "certified"),
        ("suspend", "2026-02-01", "suspended"),
        ("reinstate", "2026-03-01", "certified"),
        ("exclude", "2026-04-01", "excluded"),
    ):
        turned = office.post(f"{STATUSES}{act}/", ruling | {"starts_on": starts_on})
        assert (turned.status_code, turned.json()["status"]) == (201, wanted), turned.content
        assert turned.json()["resolution"] == factories.RESOLUTION
    assert ChakraCertification.objects.filter(ends_on=None).get().status == "excluded"


@pytest.mark.parametrize("day", ["9998-01-01", "9999-12-31"])
def test_a_transition_that_never_comes_is_refused(office, family, day):
    told = {
        "chakra": str(factories.chakra(of=family).pk),
        "scheme": certified.scheme().pk,
        "starts_on": "2026-03-01",
    }
    for days in ({"transition_started_on": day}, {"starts_on": day}):
        assert office.post(f"{STATUSES}begin-transition/", told | days).status_code == 400
    assert not ChakraCertification.objects.exists()


@pytest.mark.parametrize("year", ["-1e300000", "99999", "0"])
def test_a_year_that_is_none_is_refused_at_once(office, year):
    assert codes(office.get(ESTIMATES, {"year": year}))


@pytest.mark.parametrize("act", ["suspend", "reinstate", "exclude"])
def test_a_ruling_against_a_chakra_says_why(office, family, act):
    row = certified.certified(factories.chakra(of=family))
    told = {
        "chakra": str(row.chakra_id),
        "scheme": row.scheme_id,
        "starts_on": "2026-03-01",
        "resolution": factories.RESOLUTION,
    }
    assert codes(office.post(f"{STATUSES}{act}/", told)) == {("reason", "required")}
    row.refresh_from_db()
    assert row.ends_on is None


def test_the_field_decides_on_no_chakra(agent, family):
    row = certified.certified(factories.chakra(of=family))
    told = {
        "chakra": str(row.chakra_id),
        "scheme": row.scheme_id,
        "starts_on": "2026-03-01",
        "resolution": factories.RESOLUTION,
        "reason": factories.REASON,
    }
    assert agent.post(f"{STATUSES}suspend/", told).status_code == 403
    assert agent.get(f"{STATUSES}{row.pk}/").status_code == 200


# --- Estimates ------------------------------------------------------------------------------------


def test_an_agent_estimates_the_chakras_of_her_communities_and_estimates_again(
    agent, family, stranger
):
    chakra, other = factories.chakra(of=family), factories.chakra(of=stranger)
    told = {
        "chakra": str(chakra.pk),
        "product": "cocoa",
        "year": 2026,
        "estimated_kg": "120.000",
        "estimated_on": "2026-02-01",
        "basis": "Conteo de mazorcas",
    }
    assert codes(agent.post(ESTIMATES, told | {"chakra": str(other.pk)})) == {
        ("chakra", "does_not_exist")
    }
    made = agent.post(ESTIMATES, told)
    assert (made.status_code, made.json()["estimated_kg"]) == (201, "120.000"), made.content
    twice = agent.post(ESTIMATES, told)
    assert (twice.status_code, twice.json()["detail"]) == (400, "Ya hay una estimación: corríjala.")
    page = f"{ESTIMATES}{made.json()['id']}/"
    later = {"estimated_kg": "90.000", "estimated_on": "2026-05-01"}
    assert codes(agent.patch(page, later)) == {("reason", "required")}
    again = agent.patch(page, later | {"reason": "Hubo monilia"})
    assert (again.status_code, again.json()["estimated_kg"]) == (200, "90.000")
    assert again.json()["basis"] == "Conteo de mazorcas"
    assert YieldEstimate.history.first().history_change_reason == "Hubo monilia"


def test_statuses_certificates_and_estimates_ask_the_same_queries_for_3_and_for_30(office, family):
    scheme = certified.scheme()

    def more(number):
        for _one in range(number):
            chakra = factories.chakra(of=family)
            certified.in_transition(chakra, scheme)
            certified.certificate(scheme)
            yields.estimate_yield(
                actor=None,
                chakra=chakra,
                product="cocoa",
                year=2026,
                estimated_kg=Decimal(100),
                estimated_on=date(2026, 2, 1),
            )

    def ask():
        for path in (STATUSES, CERTIFICATES, ESTIMATES):
            assert office.get(path, {"limit": 200}).status_code == 200

    assert_same_queries(more, ask, many=30)
