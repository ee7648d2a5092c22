"""The pages at /socios/: the register, one membership, and every event through its form."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client

from kallari.files.services import store_photograph
from kallari.history.context import acting
from members.models import CommunityAssignment, Partner, PartnerCard, Standing, TradeEvidence
from members.services import cards, partners
from tests.files import samples
from tests.members import factories
from tests.members.factories import REASON, RESOLUTION
from tests.people import make_account, sign_in
from tests.queries import assert_same_queries

LIST = "/socios/"
TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(f"{TODAY}T12:00:00-05:00", tick=True)


def names(page):
    return [row.person.surnames for row in page.context["page"]]


def address(partner, act=""):
    return f"{LIST}{partner.pk}/{act}"


def said(page):
    return " ".join(str(message) for message in page.context["messages"])


def done(client, partner, act, **told):
    """Post a form, follow to the page it leads to, and return that page."""
    page = client.post(address(partner, act), told, follow=True)
    assert page.redirect_chain, page.context["form"].errors
    return page


def refused(client, partner, act, **told):
    """Post a form that is refused, and return its errors by field."""
    page = client.post(address(partner, act), told)
    assert page.status_code == 200
    return {name: " ".join(errors) for name, errors in page.context["form"].errors.items()}


def waiting(**fields):
    """An applicant who meets everything."""
    person = factories.person(**fields)
    factories.traded(person.family, since=TODAY - timedelta(days=400))
    return factories.applicant(person, applied_on=TODAY - timedelta(days=5))


# --- The register -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_register_lists_partners_by_number_and_says_how_many(client_of):
    factories.partner(surnames="Cerda", number=7)
    factories.partner(surnames="Andi", number=2)
    waiting(surnames="Tapuy")
    page = client_of("auditor").get(LIST)
    assert names(page) == ["Andi", "Cerda"]
    assert "<strong>2</strong> personas en el registro" in page.text
    assert names(client_of("auditor").get(LIST, {"orden": "nombre"})) == ["Andi", "Cerda"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"buscar": "Shihuango"}, ["Shiguango"]),
        ({"buscar": "7"}, ["Cerda"]),
        ({"buscar": "Quito"}, []),
        ({"sexo": "M"}, ["Cerda"]),
        ({"estado": "suspended"}, ["Cerda"]),
        ({"estado": "registered"}, ["Shiguango"]),
        ({"estado": "applicant"}, ["Tapuy"]),
        ({"estado": "left"}, ["Andi"]),
        ({"estado": "todas"}, ["Shiguango", "Cerda", "Andi", "Tapuy"]),
        ({"al": "2022-06-01"}, ["Shiguango", "Cerda", "Andi"]),
        ({"al": "2022-05-31"}, []),
        ({"al": "2022-06-01", "estado": "suspended"}, []),
    ],
)
def test_the_register_is_filtered_by_what_stands_in_the_address(client_of, filters, found):
    factories.partner(surnames="Shiguango", number=1)
    suspended = factories.partner(surnames="Cerda", number=7, sex="M")
    partners.suspend_partner(
        actor=None, partner=suspended, starts_on=TODAY, resolution=RESOLUTION, reason=REASON
    )
    former = factories.partner(surnames="Andi", number=9)
    partners.end_partnership(actor=None, partner=former, ended_on=TODAY, how="left", reason=REASON)
    waiting(surnames="Tapuy")
    page = client_of("administration").get(LIST, filters)
    assert names(page) == found
    assert ("Nadie responde a estos filtros" in page.text) == (not found)


@pytest.mark.django_db
def test_the_register_is_filtered_by_community(client_of):
    here, there = factories.community("Rumi Yaku"), factories.community("Serena")
    factories.partner(factories.person("Andi", of=factories.family(of=here)))
    factories.partner(factories.person("Cerda", of=factories.family(of=there)))
    assert names(client_of("auditor").get(LIST, {"comunidad": here.pk})) == ["Andi"]
    assert client_of("auditor").get(LIST, {"comunidad": "x"}).status_code == 400


@pytest.mark.django_db
def test_a_cedula_and_a_card_lead_to_the_partner_and_never_stand_in_an_address(client_of):
    person = factories.person(cedula="1500123458")
    partner = factories.partner(person)
    card = cards.issue_card(actor=None, partner=partner)
    client = client_of("administration")
    for typed in ("1500123458", "150012345-8", f"KALLARI/S/{card.code}", card.printed_code.lower()):
        assert client.post(LIST, {"buscar": typed}).url == address(partner), typed
    nobody = client.post(LIST, {"buscar": "1500000000"})
    assert nobody.url == LIST
    assert client.post(LIST, {"buscar": "Grefa", "sexo": "F"}).url == f"{LIST}?buscar=Grefa&sexo=F"
    assert names(client.get(LIST, {"buscar": "1500123458"})) == []


@pytest.mark.django_db
def test_who_may_not_identify_finds_nobody_by_cedula(client_of):
    factories.partner(factories.person(cedula="1500123458"))
    page = client_of("center_operator").post(LIST, {"buscar": "1500123458"}, follow=True)
    assert page.redirect_chain[-1][0] == LIST
    assert "no se busca por cédula" in said(page)


@pytest.mark.django_db
def test_the_office_sees_who_waits_and_others_do_not(client_of):
    waiting(surnames="Tapuy", given_names="Luz")
    assert "Esperan su registro" in client_of("manager").get(LIST).text
    assert "Esperan su registro" not in client_of("auditor").get(LIST).text


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["extension_agent", "delegate"])
def test_agents_and_delegates_see_the_partners_of_their_communities_alone(client_of, account, role):
    here, there = factories.community("Rumi Yaku"), factories.community("Serena")
    mine = factories.partner(factories.person("Andi", of=factories.family(of=here)))
    other = factories.partner(factories.person("Cerda", of=factories.family(of=there)))
    CommunityAssignment.objects.create(user=account(role), community=here)
    client = client_of(role)
    assert names(client.get(LIST)) == ["Andi"]
    assert client.get(address(mine)).status_code == 200
    assert client.get(address(other)).status_code == 404


@pytest.mark.django_db
def test_the_register_asks_the_same_queries_for_3_and_for_300_partners(client_of):
    client = client_of("administration")

    def more(number):
        for _place in range(number):
            factories.partner(surnames="Grefa")
            waiting(surnames="Tapuy")

    def ask():
        assert client.get(LIST).status_code == 200

    assert_same_queries(more, ask, few=3, many=60)


# --- One membership ---------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_partner_shows_what_each_may_see(client_of):
    person = factories.person(cedula="1500123458", phone="098 765 4321")
    partner = factories.partner(person, number=12)
    office = client_of("administration").get(address(partner)).text
    weighing = client_of("center_operator").get(address(partner)).text
    for page in (office, weighing):
        assert "Número 12" in page
        assert RESOLUTION in page
    for identity in ("1500123458", "098 765 4321", "25 de marzo de 1980"):
        assert identity in office
        assert identity not in weighing
    assert "Cuaderno de compras" not in weighing
    assert "Qué se puede anotar" not in weighing


@pytest.mark.django_db
def test_an_applicant_shows_what_is_met_and_what_is_missing(client_of):
    person = factories.person(born_on=date(2010, 1, 1))
    factories.traded(person.family, since=TODAY - timedelta(days=500))
    asked = factories.applicant(person, applied_on=TODAY)
    page = client_of("manager").get(address(asked))
    assert [one.met for one in page.context["requirements"]] == [False, True, True]
    assert "Los cumple el 1 de enero de 2028" in page.text
    assert "requirements" not in client_of("center_operator").get(address(asked)).context


# --- The life of a membership, through its forms ----------------------------------------------


@pytest.mark.django_db
def test_an_application_is_taken_down_for_somebody_found_by_name(client_of):
    person = factories.person("Shiguango", "Luz María")
    client = client_of("administration")
    found = client.post("/socios/nueva/", {"buscar": "shihuango"}, follow=True)
    assert f"/socios/nueva/?persona={person.pk}" in found.text
    page = client.post(
        f"/socios/nueva/?persona={person.pk}", {"applied_on": "2026-03-01"}, follow=True
    )
    assert "Queda anotada la solicitud de Luz María Shiguango" in said(page)
    asked = Partner.objects.get(person=person)
    assert (asked.applied_on, asked.standing_today) == (date(2026, 3, 1), Standing.APPLICANT)
    again = client.post(f"/socios/nueva/?persona={person.pk}", {"applied_on": "2026-03-02"})
    assert "ya es socia o aspirante" in again.text
    assert "Ya consta" in client.get("/socios/nueva/", {"buscar": "Shiguango"}).text


@pytest.mark.django_db
def test_the_agent_takes_down_applications_of_their_communities_alone(client_of, account):
    mine = factories.person("Andi")
    elsewhere = factories.family("Cerda", of=factories.community("Serena"))
    other = factories.person("Cerda", of=elsewhere)
    CommunityAssignment.objects.create(
        user=account("extension_agent"), community=mine.family.community
    )
    client = client_of("extension_agent")
    assert client.get(f"/socios/nueva/?persona={mine.pk}").status_code == 200
    assert client.get(f"/socios/nueva/?persona={other.pk}").status_code == 404


def paper(**told):
    return {
        "product": "cocoa",
        "first_on": "2024-01-01",
        "last_on": "2025-01-01",
        "reference": "Cuaderno 3, folio 14",
    } | told


@pytest.mark.django_db
def test_evidence_of_trade_needs_a_copy_of_the_paper(client_of):
    asked = factories.applicant()
    client = client_of("manager")
    assert set(refused(client, asked, "prueba/", **paper())) == {"document"}
    copy = SimpleUploadedFile("cuaderno.pdf", samples.PDF, "application/pdf")
    page = done(client, asked, "prueba/", **paper(document=copy))
    assert "Cuaderno 3, folio 14" in said(page)
    evidence = TradeEvidence.objects.get()
    answer = client.get(address(asked, f"prueba/{evidence.pk}/"))
    assert answer.getvalue() == samples.PDF
    assert answer["Content-Disposition"].startswith("attachment")
    other = factories.applicant(factories.person("Cerda"))
    assert client.get(address(other, f"prueba/{evidence.pk}/")).status_code == 404


@pytest.mark.django_db
def test_an_applicant_is_registered_under_the_next_number(client_of):
    factories.partner(surnames="Cerda", number=41)
    asked = waiting(surnames="Tapuy", given_names="Luz")
    client = client_of("administration")
    assert "que es el 42" in client.get(address(asked, "registrar/")).text
    page = done(
        client, asked, "registrar/", registered_on="2026-03-02", resolution="AG-2026-1", number=""
    )
    assert "Luz Tapuy queda en el registro con el número 42" in said(page)
    asked.refresh_from_db()
    assert (asked.number, asked.resolution) == (42, "AG-2026-1")
    assert client.get(address(asked, "registrar/")).status_code == 302


@pytest.mark.django_db
def test_what_is_not_met_is_said_and_nobody_is_registered(client_of):
    asked = factories.applicant(factories.person(born_on=date(2008, 3, 3)))
    page = client_of("manager").post(
        address(asked, "registrar/"), {"registered_on": "2026-03-02", "resolution": "AG-1"}
    )
    assert len(page.context["form"].non_field_errors()) == 2
    assert [one.met for one in page.context["requirements"]] == [False, False, True]
    asked.refresh_from_db()
    assert asked.registered_on is None


@pytest.mark.django_db
def test_a_number_that_is_taken_is_refused_at_its_field(client_of):
    factories.partner(surnames="Cerda", number=41)
    told = {"registered_on": "2026-03-02", "resolution": "AG-1", "number": "41"}
    asked = waiting(surnames="Tapuy")
    assert (
        "Ya hay una socia" in refused(client_of("manager"), asked, "registrar/", **told)["number"]
    )
    far = told | {"number": "430"}
    assert (
        "El siguiente es el 42"
        in refused(client_of("manager"), asked, "registrar/", **far)["number"]
    )
    done(client_of("manager"), asked, "registrar/", **far | {"leaves_gap": "on"})
    asked.refresh_from_db()
    assert asked.number == 430


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["withdrew", "rejected"])
def test_an_application_is_closed_with_a_reason(client_of, how):
    asked = waiting()
    client = client_of("manager")
    told = {"ended_how": how, "ended_on": "2026-03-02"}
    assert set(refused(client, asked, "solicitud/", **told)) == {"reason"}
    done(client, asked, "solicitud/", **told, reason=REASON)
    asked.refresh_from_db()
    assert (asked.ended_on, asked.ended_how) == (TODAY, how)


@pytest.mark.django_db
def test_a_partner_is_suspended_and_reinstated(client_of):
    partner = factories.partner(number=5)
    client = client_of("manager")
    told = {"resolution": "AG-1", "reason": REASON}
    early = refused(client, partner, "suspender/", starts_on="2022-05-31", **told)
    assert set(early) == {"starts_on"}
    page = done(client, partner, "suspender/", starts_on="2026-03-01", **told)
    assert "número 5, queda en suspensión" in said(page)
    assert page.context["standing"] == Standing.SUSPENDED
    late = refused(client, partner, "levantar/", ends_on="2026-03-03", **told)
    assert set(late) == {"ends_on"}
    page = done(client, partner, "levantar/", ends_on="2026-03-02", **told)
    assert page.context["standing"] == Standing.REGISTERED


@pytest.mark.django_db
def test_an_expulsion_needs_its_resolution_and_leaving_does_not(client_of):
    client = client_of("manager")
    told = {"ended_on": "2026-03-02", "reason": REASON}
    expelled, left = factories.partner(surnames="Andi"), factories.partner(surnames="Cerda")
    assert set(refused(client, expelled, "salida/", ended_how="expelled", **told)) == {"resolution"}
    done(client, expelled, "salida/", ended_how="expelled", resolution="AG-9", **told)
    page = done(client, left, "salida/", ended_how="left", **told)
    assert "anote la sucesión" in said(page)
    assert page.context["standing"] == Standing.LEFT


@pytest.mark.django_db
def test_a_death_ends_the_membership_and_the_family_keeps_its_place(client_of):
    partner = factories.partner(number=5)
    heir = factories.person(
        "Grefa Andi", "Pedro", of=partner.family, sex="M", born_on=date(2000, 1, 1)
    )
    child = factories.person("Grefa Andi", "Ana", of=partner.family, born_on=date(2015, 1, 1))
    client = client_of("administration")
    page = done(client, partner, "fallecimiento/", died_on="2026-03-01", reason=REASON)
    assert page.context["standing"] == Standing.DIED
    assert page.context["may_succeed"]
    told = {"registered_on": "2026-03-02", "resolution": "AG-2"}
    assert "successor" in refused(client, partner, "sucesion/", **told)
    stranger = factories.person("Cerda")
    assert "successor" in refused(client, partner, "sucesion/", successor=stranger.pk, **told)
    assert "__all__" in refused(client, partner, "sucesion/", successor=child.pk, **told)
    page = done(client, partner, "sucesion/", successor=heir.pk, **told)
    assert "Pedro Grefa Andi ocupa el lugar de Rosa Elena Grefa Andi con el número 6" in said(page)
    assert page.context["partner"].succeeds == partner
    assert client.get(address(partner, "sucesion/")).status_code == 302


@pytest.mark.django_db
def test_a_date_written_wrongly_is_corrected_and_the_list_of_that_day_follows(client_of):
    partner = factories.partner(number=5)
    client = client_of("manager")
    assert names(client.get(LIST, {"al": "2022-05-25"})) == []
    told = {
        "number": "5",
        "applied_on": "2022-05-02",
        "registered_on": "2022-05-20",
        "resolution": RESOLUTION,
        "note": "",
    }
    assert set(refused(client, partner, "corregir/", **told)) == {"reason"}
    before = told | {"registered_on": "2022-05-01", "reason": REASON}
    assert "anterior a la solicitud" in refused(client, partner, "corregir/", **before)["__all__"]
    done(client, partner, "corregir/", **told, reason=REASON)
    assert names(client.get(LIST, {"al": "2022-05-25"})) == ["Grefa Andi"]


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused(account):
    client = sign_in(Client(enforce_csrf_checks=True), account("administration"))
    partner = factories.partner()
    told = {"ended_how": "left", "ended_on": "2026-03-02", "reason": REASON}
    assert client.post(address(partner, "salida/"), told).status_code == 403
    partner.refresh_from_db()
    assert partner.ended_on is None


@pytest.mark.django_db(transaction=True)
def test_of_two_registrations_at_once_in_one_family_one_is_made_and_one_refused_in_words():
    family = factories.family()
    factories.traded(family, since=TODAY - timedelta(days=400))
    asked = [
        factories.applicant(factories.person("Grefa", name, of=family), applied_on=TODAY)
        for name in ("Rosa", "Luz")
    ]
    office = make_account("administration")
    clients = [sign_in(Client(), office), sign_in(Client(), office)]
    together, answers = threading.Barrier(2), {}

    def register(place):
        try:
            together.wait(timeout=20)
            answers[place] = clients[place].post(
                address(asked[place], "registrar/"),
                {"registered_on": "2026-03-02", "resolution": "AG-1", "number": ""},
            )
        finally:
            connections.close_all()

    threads = [threading.Thread(target=register, args=(place,)) for place in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(answer.status_code for answer in answers.values()) == [200, 302]
    loser = next(answer for answer in answers.values() if answer.status_code == 200)
    assert "Nadie más de la familia está registrado" in loser.text
    assert Partner.objects.members_on(TODAY).count() == 1


# --- Cards ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_card_is_issued_printed_lost_and_replaced(client_of):
    partner = factories.partner(number=12)
    client = client_of("administration")
    assert "Emitir carné" in client.get(address(partner, "carne/")).text
    page = client.post(address(partner, "carne/emitir/"), follow=True)
    first = PartnerCard.objects.get()
    assert first.printed_code in page.text
    assert partner.person.cedula not in page.text
    twice = client.post(address(partner, "carne/emitir/"), follow=True)
    assert "Ya tiene un carné" in said(twice)
    assert set(refused(client, partner, "carne/anular/", another="on")) == {"reason"}
    page = done(client, partner, "carne/anular/", reason="Se perdió en el río.", another="on")
    second = PartnerCard.objects.in_force().get()
    assert second != first
    assert second.printed_code in page.text
    assert first.printed_code not in page.text
    assert "Se perdió en el río." in page.text
    done(client, partner, "carne/anular/", reason="Ya no lo quiere.")
    assert not PartnerCard.objects.in_force().exists()


@pytest.mark.django_db
def test_the_cards_of_a_community_are_issued_at_once_and_printed_ten_a_sheet(client_of):
    here = factories.community("Rumi Yaku")
    for _place in range(12):
        factories.partner(factories.person(of=factories.family(of=here)))
    elsewhere = factories.partner(
        factories.person(of=factories.family(of=factories.community("Serena")))
    )
    client = client_of("manager")
    where = f"?comunidad={here.pk}"
    page = client.post(f"/socios/carnes/{where}", follow=True)
    assert "Se emitieron 12 carnés de Rumi Yaku" in said(page)
    assert not elsewhere.cards.exists()
    sheets = client.get(f"/socios/carnes/imprimir/{where}").context["sheets"]
    assert [len(fronts) for fronts, _backs in sheets] == [10, 2]
    for fronts, backs in sheets:
        # Turned over its long edge, what was left is right.
        assert backs[::2] == fronts[1::2]
        assert backs[1::2] == fronts[::2]


@pytest.mark.django_db
def test_the_last_card_of_an_odd_number_falls_behind_itself(client_of):
    partner = factories.partner()
    cards.issue_card(actor=None, partner=partner)
    where = f"?comunidad={partner.family.community_id}"
    page = client_of("manager").get(f"/socios/carnes/imprimir/{where}")
    [(fronts, backs)] = page.context["sheets"]
    assert backs == [None, fronts[0]]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["carnes/", "carnes/imprimir/"])
def test_the_sheets_ask_the_same_queries_for_few_and_for_many_cards(client_of, path):
    here = factories.community("Rumi Yaku")
    client = client_of("administration")

    def more(number):
        for _place in range(number):
            partner = factories.partner(factories.person(of=factories.family(of=here)))
            cards.issue_card(actor=None, partner=partner)

    def ask():
        assert client.get(f"{LIST}{path}?comunidad={here.pk}").status_code == 200

    assert_same_queries(more, ask, few=3, many=30)


@pytest.mark.django_db
def test_a_photograph_is_shown_to_whoever_sees_the_partner(client_of):
    partner = factories.partner()
    assert client_of("auditor").get(address(partner, "fotografia/")).status_code == 404
    stored = store_photograph(actor=None, upload=samples.picture(), name="rosa.jpg")
    with acting(None, reason=REASON):
        partner.person.photograph = stored
        partner.person.save()
    answer = client_of("auditor").get(address(partner, "fotografia/"))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert client_of("delegate").get(address(partner, "fotografia/")).status_code == 404
    assert f"/socios/{partner.pk}/fotografia/" in client_of("auditor").get(address(partner)).text


# --- Home -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_home_says_how_many_partners_there_are_and_the_share_of_women(client_of):
    for sex in "FFM":
        factories.partner(sex=sex)
    waiting()
    office, auditor = client_of("manager").get("/"), client_of("auditor").get("/")
    for page in (office, auditor):
        assert "<strong>3</strong> personas en el registro." in page.text
        assert "2 son mujeres: 67 %." in page.text
    assert "1 solicitud espera" in office.text
    assert "solicitud espera" not in auditor.text
