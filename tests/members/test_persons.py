"""People: identity numbers, and who may be registered twice."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from members.models import Community, CommunityAssignment, Family, Partner, Person
from members.services import families, persons
from tests.members import factories
from tests.members.factories import REASON
from tests.people import make_account

pytestmark = pytest.mark.django_db

BORN = date(1980, 3, 25)


def codes(error):
    if hasattr(error.value, "error_dict"):
        return {one.code for errors in error.value.error_dict.values() for one in errors}
    return {one.code for one in error.value.error_list}


@pytest.mark.parametrize(
    ("number", "kept"),
    [
        ("1500123458", "1500123458"),
        ("150012345-8", "1500123458"),
        # Third digit 6; weights 2, 1, 2: 2 + 5 + (12 - 9) = 10, so the check digit is 0.
        ("1560000000", "1560000000"),
    ],
)
def test_a_cedula_is_kept_as_ten_digits(number, kept):
    assert factories.person(cedula=number).cedula == kept


@pytest.mark.parametrize("number", ["1500123450", "2500123458", "15001234", "1570000008"])
def test_a_number_that_is_no_cedula_is_refused(number):
    with pytest.raises(ValidationError) as error:
        factories.person(cedula=number)
    assert "cedula_invalid" in codes(error)


def test_a_cedula_is_missing_only_with_a_reason():
    with pytest.raises(ValidationError) as error:
        factories.person(cedula=None)
    assert "cédula" in str(error.value)
    assert factories.person(cedula=None, cedula_missing_reason="en trámite").cedula is None


def test_a_cedula_is_one_persons_and_the_refusal_names_her():
    first = factories.person("Grefa Andi", "Rosa Elena", cedula="1500123458")
    with pytest.raises(ValidationError) as error:
        factories.person("Cerda", "Luz", cedula="150012345-8")
    assert codes(error) == {"cedula_taken"}
    assert "Rosa Elena Grefa Andi" in str(error.value)
    other = factories.person("Cerda", "Luz")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE members_person SET cedula = %s WHERE id = %s", [first.cedula, other.pk]
        )


@pytest.mark.parametrize(
    ("surnames", "given_names", "year"),
    [
        ("Grefa Andi", "Rosa Elena", 1980),
        ("GREFA", "rosa", 1981),
        ("Greffa Andy", "Rosa Helena", 1979),
        ("Andi Grefa", "Elena", None),
    ],
)
def test_who_may_be_the_same_person_is_shown_before_saving(surnames, given_names, year):
    known = factories.person("Grefa Andi", "Rosa Elena", born_on=BORN)
    told = {
        "actor": None,
        "family": factories.family(surnames),
        "surnames": surnames,
        "given_names": given_names,
        "birth_year": year,
        "cedula_missing_reason": "perdida",
    }
    with pytest.raises(ValidationError) as error:
        persons.add_person(**told)
    assert codes(error) == {"similar"}
    assert known.name in str(error.value)
    assert persons.add_person(**told, distinct=True).pk != known.pk


@pytest.mark.parametrize(
    ("surnames", "given_names", "year", "village"),
    [
        ("Grefa Andi", "Carmela", 1980, "Rumi Yaku"),
        ("Grefa Andi", "Rosa Elena", 1990, "Rumi Yaku"),
        ("Grefa Andi", "Rosa Elena", 1980, "Serena"),
        ("Grefa", "", 1980, "Rumi Yaku"),
    ],
)
def test_another_name_age_or_community_is_another_person(surnames, given_names, year, village):
    factories.person("Grefa Andi", "Rosa Elena", born_on=BORN)
    factories.community("Serena")
    where = Community.objects.get(name=village)
    found = persons.probable_duplicates(
        surnames=surnames, given_names=given_names, community=where, birth_year=year
    )
    assert found == []


@pytest.mark.parametrize(
    "changes",
    [
        {"surnames": "Grefa", "given_names": "Rosa"},
        {"surnames": "Grefa", "given_names": "Rosa", "born_on": None, "birth_year": 1981},
    ],
)
def test_a_correction_that_makes_a_person_resemble_another_asks(changes):
    known = factories.person("Grefa Andi", "Rosa Elena", born_on=BORN)
    luz = factories.person("Cerda", "Luz", born_on=BORN)
    told = {"actor": None, "person": luz, "reason": REASON}
    with pytest.raises(ValidationError) as error:
        persons.correct_person(**told, **changes)
    assert codes(error) == {"similar"}
    assert known.name in str(error.value)
    corrected = persons.correct_person(**told, distinct=True, **changes)
    assert corrected.given_names == "Rosa"
    # Somebody has looked already: what leaves the resemblance as it is asks no more.
    assert persons.correct_person(**told, given_names="Rosita Rosa").given_names == "Rosita Rosa"
    assert persons.correct_person(**told, phone="0987654321").phone == "0987654321"


def test_a_birth_year_that_comes_near_asks_and_one_that_goes_away_does_not():
    factories.person("Grefa Andi", "Rosa Elena", born_on=BORN)
    younger = factories.person("Grefa Andi", "Rosa", born_on=date(2004, 1, 1))
    told = {"actor": None, "person": younger, "reason": REASON}
    assert persons.correct_person(**told, born_on=date(2003, 1, 1)).birth_year == 2003
    with pytest.raises(ValidationError) as error:
        persons.correct_person(**told, born_on=date(1981, 1, 1))
    assert codes(error) == {"similar"}


def test_a_birth_date_fills_the_year_and_cannot_disagree():
    person = factories.person(born_on=BORN)
    assert person.birth_year == 1980
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE members_person SET birth_year = 1981")


def test_a_partner_does_not_change_family_while_she_stands_for_it():
    partner = factories.partner()
    other = factories.family("Cerda")
    with pytest.raises(ValidationError) as error:
        persons.move_person(actor=None, person=partner.person, family=other, reason=REASON)
    assert codes(error) == {"is_partner"}
    free = factories.person(given_names="Luz", of=partner.family)
    moved = persons.move_person(actor=None, person=free, family=other, reason=REASON)
    assert moved.family == other


def test_a_new_bank_account_closes_the_one_before():
    person = factories.person()
    told = {"actor": None, "person": person, "kind": "savings", "reason": REASON}
    first = persons.add_bank_account(
        institution="Cooperativa Tena", number="4401234567", on=date(2024, 1, 1), **told
    )
    persons.add_bank_account(institution="Banco", number="2200119933", on=date(2025, 1, 1), **told)
    first.refresh_from_db()
    assert first.closed_on == date(2025, 1, 1)
    assert [one.number for one in person.bank_accounts.in_use()] == ["2200119933"]


@pytest.mark.parametrize("text", ["grefa andy", "ROSA GREFFA", "elena", "1500123458", "1500"])
def test_a_person_is_found_by_any_spelling_and_by_cedula(text):
    found = factories.person("Grefa Andi", "Rosa Elena", cedula="1500123458")
    factories.person("Cerda Pauchi", "Zoila", cedula=factories.cedula())
    assert list(Person.objects.find(text, by_cedula=True).filter(pk=found.pk)) == [found]


def test_nobody_is_found_by_cedula_who_may_not_see_it():
    factories.person("Grefa Andi", "Rosa Elena", cedula="1500123458")
    assert not Person.objects.find("1500123458", by_cedula=False).exists()


def test_a_family_is_found_by_its_people_and_its_number():
    person = factories.person("Grefa Andi", "Rosa Elena")
    other = factories.family("Cerda")
    assert list(Family.objects.find("rosa elena")) == [person.family]
    assert list(Family.objects.find(other.code)) == [other]
    assert list(Family.objects.find("serda")) == [other]


@pytest.mark.parametrize("role", ["extension_agent", "delegate"])
def test_agents_and_delegates_see_the_people_of_their_communities(role):
    partner = factories.partner()
    elsewhere = factories.community("Serena")
    factories.partner(factories.person("Cerda", "Luz", of=factories.family("Cerda", of=elsewhere)))
    user = make_account(role)
    assert not Family.objects.visible_to(user).exists()
    families.assign_community(actor=None, user=user, community=elsewhere)
    for model, name in ((Family, "Cerda"), (Person, "Cerda"), (Partner, "Luz")):
        rows = list(model.objects.visible_to(user))
        assert len(rows) == 1
        assert name in str(rows[0])
    assert partner.family not in Family.objects.visible_to(user)
    families.withdraw_community(
        actor=None, assignment=CommunityAssignment.objects.get(), reason=REASON
    )
    assert not Partner.objects.visible_to(user).exists()


@pytest.mark.parametrize("role", ["administration", "center_operator", "auditor", "accountant"])
def test_others_see_all(role):
    factories.partner()
    user = make_account(role)
    assert Partner.objects.visible_to(user).count() == 1
    assert Person.objects.visible_to(user).count() == 1
