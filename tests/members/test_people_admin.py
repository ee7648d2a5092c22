"""Families, people and memberships in the admin; what the database refuses, in words."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from kallari.history.context import acting
from kallari.refusals import in_words
from members.models import CommunityAssignment, Family, Partner, Person
from tests.members import factories
from tests.queries import assert_same_queries

pytestmark = pytest.mark.django_db

ADMIN = "/admin/members/"
KNOWN = "1500123458"


ROWS_BELOW = {
    f"{rows}-{name}_FORMS": "0"
    for rows in ("people", "partnerships", "bank_accounts", "suspensions")
    for name in ("TOTAL", "INITIAL")
}


@pytest.fixture
def staff(client_of):
    """A browser of administration, whose forms say that they change no rows below."""
    client = client_of("administration")
    plain = client.post
    client.post = lambda path, told: plain(path, ROWS_BELOW | told)
    return client


def errors(answer):
    return answer.context["adminform"].errors


def test_a_family_is_entered_and_corrected(staff):
    village = factories.community("Rumi Yaku")
    told = {"name": "Grefa Andi", "community": village.pk}
    assert staff.post(f"{ADMIN}family/add/", told).status_code == 302
    family = Family.objects.get()
    change = f"{ADMIN}family/{family.pk}/change/"
    assert set(errors(staff.post(change, told | {"name": "Grefa Tapuy"}))) == {"change_reason"}
    staff.post(change, told | {"name": "Grefa Tapuy", "change_reason": "Cédula"})
    family.refresh_from_db()
    assert family.name == "Grefa Tapuy"
    assert family.history.first().history_change_reason == "Cédula"
    assert "Grefa Tapuy" in staff.get(f"{ADMIN}family/", {"q": "F-0001"}).content.decode()


def test_a_person_who_resembles_another_is_asked_about(staff):
    rosa = factories.person("Grefa Andi", "Rosa Elena")
    told = {
        "family": str(rosa.family_id),
        "surnames": "Grefa",
        "given_names": "Rosa",
        "cedula": KNOWN,
        "speaks_spanish": "on",
    }
    add = f"{ADMIN}person/add/"
    assert set(errors(staff.post(add, told))) == {"__all__"}
    assert staff.post(add, told | {"distinct": "on"}).status_code == 302
    assert Person.objects.count() == 2
    taken = told | {"distinct": "on", "surnames": "Cerda", "given_names": "Luz"}
    assert set(errors(staff.post(add, taken))) == {"cedula"}


def test_who_comes_to_resemble_another_is_asked_about_too(staff):
    rosa, luz = factories.person("Grefa Andi", "Rosa Elena"), factories.person("Cerda", "Luz")
    told = {
        "family": str(luz.family_id),
        "surnames": rosa.surnames,
        "given_names": "Rosa",
        "cedula": luz.cedula,
        "born_on": "1980-03-25",
        "change_reason": "Cédula",
    }
    change = f"{ADMIN}person/{luz.pk}/change/"
    assert set(errors(staff.post(change, told))) == {"__all__"}
    assert staff.post(change, told | {"distinct": "on"}).status_code == 302
    luz.refresh_from_db()
    assert luz.surnames == rosa.surnames


def test_a_person_is_found_by_any_spelling_and_by_cedula_and_moved_with_a_reason(staff):
    luz = factories.person("Cerda", "Luz", cedula=KNOWN)
    other = factories.family("Andi")
    for search in ("zerda", KNOWN[:6]):
        assert "Cerda Luz" in staff.get(f"{ADMIN}person/", {"q": search}).content.decode()
    told = {
        "family": str(other.pk),
        "surnames": "Cerda",
        "given_names": "Luz María",
        "cedula": KNOWN,
        "sex": "F",
        "born_on": "1980-03-25",
        "speaks_spanish": "on",
        "change_reason": "Matrimonio",
    }
    assert staff.post(f"{ADMIN}person/{luz.pk}/change/", told).status_code == 302
    luz.refresh_from_db()
    assert (luz.family, luz.given_names) == (other, "Luz María")


def test_an_application_is_taken_and_a_wrong_date_corrected(staff):
    rosa = factories.person()
    told = {"person": str(rosa.pk), "applied_on": "2024-01-10"}
    assert staff.post(f"{ADMIN}partner/add/", told).status_code == 302
    partner = Partner.objects.get()
    change = f"{ADMIN}partner/{partner.pk}/change/"
    corrected = {"applied_on": "2024-01-12", "change_reason": "Libro de actas"}
    assert staff.post(change, corrected).status_code == 302
    partner.refresh_from_db()
    assert partner.applied_on == date(2024, 1, 12)
    page = staff.get(f"{ADMIN}partner/", {"q": "grefa", "standing": "applicant"}).content.decode()
    assert "aspirante" in page


def test_a_date_that_the_law_refuses_stands_on_the_form(staff):
    partner = factories.partner()
    told = {
        "number": partner.number,
        "applied_on": "1990-01-01",
        "registered_on": "1990-02-01",
        "resolution": partner.resolution,
        "change_reason": "Prueba",
    }
    answer = staff.post(f"{ADMIN}partner/{partner.pk}/change/", told)
    assert set(errors(answer)) == {"__all__"}
    assert "Mayor de edad" in answer.content.decode()
    kept = told | {"applied_on": "2022-05-01", "registered_on": "2022-06-02"}
    assert staff.post(f"{ADMIN}partner/{partner.pk}/change/", kept).status_code == 302


def test_a_community_is_assigned_and_withdrawn_with_a_reason(staff, account):
    village, agent = factories.community("Rumi Yaku"), account("extension_agent")
    told = {"user": agent.pk, "community": village.pk}
    assert staff.post(f"{ADMIN}communityassignment/add/", told).status_code == 302
    assignment = CommunityAssignment.objects.get()
    delete = f"{ADMIN}communityassignment/{assignment.pk}/delete/"
    assert staff.post(delete, {"change_reason": ""}).status_code == 200
    assert staff.post(delete, {"change_reason": "Otra zona"}).status_code == 302
    assert not CommunityAssignment.objects.exists()
    assert CommunityAssignment.history.first().history_change_reason == "Otra zona"


def test_the_lists_ask_the_same_queries_for_3_and_for_30(staff):
    factories.community()

    def more(number):
        for place in range(number):
            factories.partner(of=factories.person("Grefa", f"Rosa {place}"))

    def ask():
        for kind in ("family", "person", "partner"):
            assert staff.get(f"{ADMIN}{kind}/").status_code == 200

    assert_same_queries(more, ask, many=30)


# --- What the database refuses --------------------------------------------------------------------


def refused(act):
    with (
        acting(None, reason="Prueba"),
        pytest.raises(DatabaseError) as caught,
        transaction.atomic(),
    ):
        act()
    return in_words(caught.value)


def test_a_registration_under_age_past_every_service_is_refused_in_words():
    partner = factories.applicant(factories.person(born_on=date(2010, 1, 1)))
    partner.registered_on, partner.number, partner.resolution = date(2024, 1, 1), 7, "AG-1"
    refusal = refused(partner.save)
    assert (refusal.code, "mayor de edad" in refusal.messages[0]) == ("not_of_age", True)


def test_a_second_registered_partner_past_every_service_is_refused_in_words():
    first = factories.partner()
    second = factories.applicant(factories.person("Andi", "Luz", of=first.family))
    second.registered_on, second.number, second.resolution = date(2024, 1, 1), 7, "AG-1"
    refusal = refused(second.save)
    assert "una sola persona registrada" in refusal.messages[0]
