"""A family's story: who tells what of it, and to whom."""

from __future__ import annotations

from datetime import date

import pytest

from members.services import families, partners, persons
from members.timeline import Entry, Source, Window, offer, story_of, withdraw
from tests.members.certified import CERTIFIED_ON, STARTED_ON, certified, inspection
from tests.members.factories import (
    REASON,
    RESOLUTION,
    chakra,
    family,
    partner,
    person,
    stay,
    traded,
    volunteer,
)
from tests.queries import queries_of

pytestmark = pytest.mark.django_db


def told(of, user, **asked):
    return [(one.entry.on, str(one.entry.title)) for one in story_of(of, user, **asked).told]


@pytest.fixture
def offered():
    """A source for the time of a test."""
    made = []

    def make(key, entries):
        def read(of, user, window):
            newest = sorted(entries, key=lambda entry: entry.on, reverse=True)
            return [one for one in newest if window.holds(one.on)][: window.at_most]

        source = Source(key, key, "leaf", read=read)
        offer(source)
        made.append(source)
        return source

    yield make
    for source in made:
        withdraw(source)


def test_a_membership_is_told_from_the_application_to_the_end(account):
    rosa = partner()
    partners.suspend_partner(
        actor=None, partner=rosa, starts_on=date(2023, 5, 1), resolution="CV-2023-4", reason=REASON
    )
    partners.reinstate_partner(
        actor=None, partner=rosa, ends_on=date(2023, 9, 1), resolution="CV-2023-9", reason=REASON
    )
    partners.end_partnership(
        actor=None, partner=rosa, ended_on=date(2025, 2, 3), how="left", reason=REASON
    )
    office = account("administration")
    assert told(rosa.family, office, kind="socios") == [
        (date(2025, 2, 3), "Rosa Elena Grefa Andi sale del registro legal por su voluntad."),
        (date(2023, 9, 1), "Se levanta la suspensión de Rosa Elena Grefa Andi."),
        (date(2023, 5, 1), "Se suspende el registro de Rosa Elena Grefa Andi."),
        (
            date(2022, 6, 1),
            "Rosa Elena Grefa Andi queda en el registro legal con el número 1.",
        ),
        (date(2022, 5, 2), "Rosa Elena Grefa Andi pide entrar en el registro legal."),
    ]
    detail = story_of(rosa.family, office, kind="socios", year=2022).told[0].entry.detail
    assert detail == RESOLUTION


def test_a_person_s_coming_and_going_is_told_in_both_families(account):
    old, new = family("Grefa"), family("Andi")
    rosa = person("Grefa", "Rosa", of=old)
    persons.move_person(actor=None, person=rosa, family=new, reason="Se casó")
    persons.correct_person(actor=None, person=rosa, phone="0987654321", reason="Lo dijo")
    office = account("administration")
    assert [title for _on, title in told(old, office)] == [
        "Rosa Grefa pasa a otra familia.",
        "Se abre la ficha de Rosa Grefa.",
    ]
    assert [title for _on, title in told(new, office)] == ["Rosa Grefa viene de otra familia."]


def test_births_are_told_to_those_who_may_see_them_and_deaths_to_all(account):
    home = family(joined_on=date(2020, 1, 1))
    person("Grefa", "Elena", of=home, born_on=date(1950, 1, 1))
    child = person("Grefa", "Sisa", of=home, born_on=date(2023, 4, 5))
    elder = person("Grefa", "Carmela", of=home, born_on=date(1940, 1, 1))
    partners.record_death(actor=None, person=elder, died_on=date(2024, 1, 2), reason=REASON)
    assert child.is_alive
    seen = [title for _on, title in told(home, account("administration"))]
    assert "Nace Sisa Grefa." in seen
    assert "Nace Elena Grefa." not in seen
    assert "Fallece Carmela Grefa." in seen
    hidden = [title for _on, title in told(home, account("center_operator"))]
    assert "Nace Sisa Grefa." not in hidden
    assert "Fallece Carmela Grefa." in hidden


def test_papers_of_trade_are_told_to_those_who_may_see_them(account):
    home = family()
    traded(home, "cocoa", since=date(2019, 3, 4), until=date(2021, 5, 6))
    assert told(home, account("auditor"), kind="comercio") == [
        (date(2019, 3, 4), "Comercio de cacao, hasta el 6 de mayo de 2021.")
    ]
    assert told(home, account("center_operator"), kind="comercio") == []


def test_a_family_s_own_days_are_told(account):
    home = family(joined_on=date(2019, 1, 2))
    families.close_family(actor=None, family=home, closed_on=date(2024, 3, 4), reason=REASON)
    home.refresh_from_db()
    assert told(home, account("auditor")) == [
        (date(2024, 3, 4), "La familia se retira de la asociación."),
        (date(2019, 1, 2), "La familia empieza con la asociación."),
    ]


def test_certification_is_told_to_those_who_may_see_it(account):
    rosa = partner()
    home = rosa.family
    certified(chakra(of=home))
    inspection(home, on=date(2025, 9, 10))
    seen = {
        role: [
            (one.entry.on, one.entry.detail)
            for one in story_of(home, account(role), kind="certificacion").told
        ]
        for role in ("auditor", "center_operator")
    }
    assert seen["auditor"] == [
        (CERTIFIED_ON, RESOLUTION),
        (date(2025, 9, 10), "El inspector recomienda aprobar."),
        (STARTED_ON, ""),
    ]
    assert [day for day, _detail in seen["center_operator"]] == [CERTIFIED_ON, STARTED_ON]


def test_whom_the_family_hosted_is_told(account):
    home = family()
    anna = stay(volunteer(), community=home.community, host_family=home)
    [entry] = [one.entry for one in story_of(home, account("auditor"), kind="voluntariado").told]
    assert (entry.on, entry.url) == (anna.starts_on, anna.volunteer.get_absolute_url())
    assert "Anna" in str(entry.title)


def test_what_other_apps_offer_is_told_among_the_rest_in_pages(account, offered):
    home = family(joined_on=date(2020, 6, 15))
    offered("entregas", [Entry(date(2020, 1, day), f"Entrega {day}") for day in range(1, 31)])
    offered("dinero", [Entry(date(2020, 1, day), f"Pago {day}") for day in range(1, 31)])
    user = account("auditor")
    pages = [story_of(home, user, page=number, size=20) for number in (1, 2, 3, 4)]
    assert [len(page.told) for page in pages] == [20, 20, 20, 1]
    assert [page.has_more for page in pages] == [True, True, True, False]
    everything = [one.entry.title for page in pages for one in page.told]
    assert everything[0] == "La familia empieza con la asociación."
    assert len(set(everything)) == 61
    assert sorted((one.entry.on for page in pages for one in page.told), reverse=True) == [
        one.entry.on for page in pages for one in page.told
    ]


def test_kind_and_year_narrow_the_story(account, offered):
    home = family(joined_on=date(2020, 6, 15))
    offered("entregas", [Entry(date(2019, 12, 31), "a"), Entry(date(2020, 1, 1), "b")])
    user = account("auditor")
    assert told(home, user, kind="entregas", year=2020) == [(date(2020, 1, 1), "b")]
    assert told(home, user, kind="entregas", year=2019) == [(date(2019, 12, 31), "a")]
    assert told(home, user, kind="nada") == []


def test_a_window_reads_its_newest_rows_alone(account):
    for number in range(1, 6):
        family(f"Grefa {number}", joined_on=date(2020, number, 1))
    family("Sin fecha")
    rows = type(family("Otra")).objects.all()
    window = Window(since=date(2020, 2, 1), until=date(2020, 5, 1), at_most=2)
    assert [row.name for row in window.newest(rows, "joined_on")] == ["Grefa 5", "Grefa 4"]


def test_a_story_asks_the_same_queries_for_one_person_and_for_thirty(account):
    home, user = family(), account("administration")

    def more(number):
        for place in range(number):
            person("Grefa", f"Rosa {place}", of=home)

    more(1)
    few = queries_of(lambda: story_of(home, user))
    more(29)
    assert len(queries_of(lambda: story_of(home, user))) == len(few)
