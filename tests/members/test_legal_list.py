"""The list that a certifier asks for: who was a registered partner on a day."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import Any

import openpyxl
import pytest
import time_machine
from django.core.management import call_command

from members.models import Community, Family, Partner, Person, TradeEvidence
from members.services import partners as services
from members.services.registers import Newcomers, take_in
from tests.members import factories
from tests.queries import assert_same_queries

pytestmark = pytest.mark.django_db

LIST = "/socios/lista-legal/"
WORKBOOK = "/socios/lista-legal.xlsx"
CSV = "/socios/lista-legal.csv"
CHANGES = "/socios/lista-legal/cambios/"
DAY = timedelta(days=1)
FORMULA = '=HYPERLINK("http://x";"y")'

_numbers = count(1)


def listed(client, day):
    """The numbers on the list of a day."""
    page = client.get(LIST, {"fecha": day.isoformat()})
    assert page.status_code == 200
    return [partner.number for partner in page.context["partners"]]


def leave(partner, on, how=Partner.Ending.LEFT):
    services.end_partnership(
        actor=None, partner=partner, ended_on=on, how=how, reason="Así lo dice el acta."
    )


def correct(partner, **changes):
    services.correct_partner(actor=None, partner=partner, reason="Estaba mal escrito.", **changes)


def test_a_partner_is_listed_from_the_day_of_registration_until_the_day_of_leaving(client_of):
    client = client_of("surveillance")
    partner = factories.partner(registered_on=date(2022, 6, 1))
    leave(partner, date(2024, 3, 1))
    assert listed(client, date(2022, 5, 31)) == []
    assert listed(client, date(2022, 6, 1)) == [partner.number]
    assert listed(client, date(2024, 2, 29)) == [partner.number]
    assert listed(client, date(2024, 3, 1)) == []


def test_later_joins_and_exits_leave_the_list_of_a_past_day_as_it_was(client_of):
    client = client_of("auditor")
    day = date(2023, 1, 15)
    first = factories.partner(registered_on=date(2020, 6, 1))
    second = factories.partner(registered_on=date(2021, 6, 1))
    assert listed(client, day) == [first.number, second.number]
    factories.partner(registered_on=date(2024, 6, 1))
    leave(first, date(2025, 1, 1))
    assert listed(client, day) == [first.number, second.number]


def test_a_corrected_date_corrects_the_lists_of_past_days(client_of):
    client = client_of("manager")
    partner = factories.partner(registered_on=date(2022, 6, 1))
    day = date(2022, 6, 15)
    assert listed(client, day) == [partner.number]
    correct(partner, registered_on=date(2022, 7, 1))
    assert listed(client, day) == []
    correct(partner, registered_on=date(2022, 6, 1))
    assert listed(client, day) == [partner.number]


def test_a_suspended_partner_is_listed_as_suspended_on_the_days_of_the_suspension(client_of):
    client = client_of("administration")
    partner = factories.partner(registered_on=date(2022, 6, 1))
    services.suspend_partner(
        actor=None, partner=partner, starts_on=date(2023, 1, 1), resolution="CV-1", reason="Acta."
    )
    services.reinstate_partner(
        actor=None, partner=partner, ends_on=date(2023, 6, 1), resolution="CV-2", reason="Acta."
    )
    told = {
        day: client.get(LIST, {"fecha": day}).context["partners"][0].standing
        for day in ("2022-12-31", "2023-01-01", "2023-05-31", "2023-06-01")
    }
    assert list(told.values()) == ["registered", "suspended", "suspended", "registered"]


@pytest.mark.parametrize("seed", range(3))
def test_the_list_of_any_day_follows_from_the_dates_whatever_happened_in_between(seed, client_of):
    """Events in any order; the page against days counted by hand in a dictionary."""
    client = client_of("auditor")
    chance = Random(seed)  # noqa: S311 - chance, not secrecy
    start = date(2021, 1, 1)
    held: dict[int, list[Any]] = {}
    rows: list[Any] = []
    for _round in range(14):
        event = chance.choice(["join", "join", "leave", "correct"])
        living = [one for one in rows if held[one.number][1] is None]
        if event == "join" or not living:
            day = start + DAY * chance.randrange(900)
            made = factories.partner(registered_on=day)
            held[made.number] = [day, None]
            rows.append(made)
            continue
        chosen = chance.choice(living)
        registered_on = held[chosen.number][0]
        if event == "leave":
            day = registered_on + DAY * chance.randrange(400)
            leave(chosen, day)
            held[chosen.number][1] = day
        else:
            day = registered_on + DAY * chance.randrange(60)
            correct(chosen, registered_on=day)
            held[chosen.number][0] = day
        rows = [Partner.objects.get(pk=one.pk) for one in rows]
    days = {day for pair in held.values() for day in pair if day is not None}
    for day in sorted(days | {day - DAY for day in days}):
        expected = sorted(
            number
            for number, (joined, left) in held.items()
            if joined <= day and (left is None or day < left)
        )
        assert listed(client, day) == expected, day


def test_it_counts_the_women(client_of):
    for sex in ("F", "F", "M"):
        factories.partner(sex=sex)
    page = client_of("accountant").get(LIST)
    assert (page.context["count"], page.context["women"]) == (3, 2)
    assert "2 (66,7 %)" in " ".join(page.text.split())


@pytest.mark.parametrize("address", [LIST, WORKBOOK, CSV])
def test_a_day_that_has_not_come_is_refused_in_words(address, client_of):
    client = client_of("manager")
    with time_machine.travel("2026-03-01T12:00:00-05:00"):
        assert client.get(address, {"fecha": "2026-03-01"}).status_code == 200
        refused = client.get(address, {"fecha": "2026-03-02"})
    assert refused.status_code == 400
    assert "Ese día todavía no llega: la lista dice quién era, no quién será." in refused.text


def test_the_printed_list_names_the_newest_seal_and_leaves_room_to_sign(client_of):
    factories.partner()
    call_command("seal", verbosity=0)
    page = client_of("administration").get(LIST)
    assert page.context["seal"].code in page.text
    assert "Presidenta o Presidente" in page.text
    assert "Impreso por Administration de Prueba" in page.text
    other = client_of("accountant").get(LIST)
    assert other.context["seal"] is None


def test_the_workbook_holds_the_list_with_days_as_days_and_names_as_text(client_of):
    client = client_of("auditor")
    plain = factories.partner(registered_on=date(2022, 6, 1), resolution="AG-1", number=7)
    odd = factories.partner(
        factories.person(FORMULA, "+Rosa", cedula=None, cedula_missing_reason="perdida"),
        registered_on=date(2023, 6, 1),
        number=8,
    )
    answer = client.get(WORKBOOK, {"fecha": "2023-12-31"})
    assert 'filename="lista-legal-2023-12-31.xlsx"' in answer["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active
    header, first, second = sheet.iter_rows()
    assert [cell.value for cell in header] == [
        "Número", "Apellidos", "Nombres", "Cédula", "Sexo", "Comunidad", "Fecha de registro",
        "Resolución", "Estado",
    ]  # fmt: skip
    assert [cell.value for cell in first][0:4] == [
        7,
        "Grefa Andi",
        "Rosa Elena",
        plain.person.cedula,
    ]
    assert first[6].is_date
    assert first[6].value.date() == date(2022, 6, 1)
    assert first[8].value == "registro activo"
    assert (second[1].value, second[1].data_type) == (odd.person.surnames, "s")
    assert (second[2].value, second[2].data_type) == ("+Rosa", "s")
    assert second[1].value == FORMULA
    assert second[3].value == "perdida"


def test_the_csv_runs_no_formula(client_of):
    factories.partner(factories.person(FORMULA, "Rosa"), registered_on=date(2023, 6, 1))
    text = client_of("auditor").get(CSV).getvalue().decode("utf-8-sig")
    (row,) = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert row["Apellidos"] == f"'{FORMULA}"


def test_between_two_days_it_tells_who_joined_and_who_left(client_of):
    client = client_of("auditor")
    stayed = factories.partner(registered_on=date(2020, 6, 1))
    left = factories.partner(registered_on=date(2020, 6, 1))
    leave(left, date(2023, 3, 1))
    joined = factories.partner(registered_on=date(2023, 2, 1))
    passed = factories.partner(registered_on=date(2023, 2, 1))
    leave(passed, date(2023, 8, 1))
    page = client.get(CHANGES, {"desde": "2023-01-01", "hasta": "2023-12-31"})
    assert page.context["joined"] == [joined, passed]
    assert page.context["left"] == [left, passed]
    assert (page.context["before"], page.context["after"]) == (2, 2)
    assert listed(client, date(2023, 12, 31)) == [stayed.number, joined.number]
    assert client.get(CHANGES).status_code == 200
    assert client.get(CHANGES, {"desde": "2023-02-01", "hasta": "2023-01-01"}).status_code == 400


def many_partners(number):
    """Registered partners by the hundred."""
    village = Community.objects.first() or factories.community()
    newcomers = Newcomers()
    for _row in range(number):
        family = Family(name="Grefa", community=village)
        person = Person(
            family=family,
            surnames="Grefa",
            given_names=f"Rosa {next(_numbers)}",
            cedula=factories.cedula(),
            born_on=factories.BORN_ON,
            birth_year=factories.BORN_ON.year,
        )
        newcomers.families.append(family)
        newcomers.people.append(person)
        newcomers.evidence.append(
            TradeEvidence(
                family=family,
                product="cocoa",
                first_on=date(2020, 1, 1),
                last_on=date(2020, 1, 1),
                reference="Folio 1",
            )
        )
        newcomers.partners.append(
            Partner(
                person=person,
                family=family,
                applied_on=factories.REGISTERED_ON,
                registered_on=factories.REGISTERED_ON,
                resolution="AG-1",
            )
        )
    take_in(actor=None, newcomers=newcomers, reason="prueba")


@pytest.mark.parametrize("address", [LIST, WORKBOOK, CSV, CHANGES])
def test_it_asks_as_often_for_3_partners_as_for_300(address, client_of):
    client = client_of("administration")

    def act():
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.getvalue()

    assert_same_queries(many_partners, act)
    assert Partner.objects.members().count() == 300
