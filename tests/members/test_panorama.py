"""The dashboard: its totals of any day, for whom, and in how many queries."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from kallari.dates import age_on
from members.models import Partner
from members.reports import Register, born_by, month_ends
from members.services import families, partners
from tests.members import factories as make
from tests.people import make_account, sign_in
from tests.queries import queries_of

pytestmark = pytest.mark.django_db

JUNE, YEAR_LATER = make.REGISTERED_ON, date(2023, 6, 1)


@pytest.fixture
def administration():
    return make_account("administration")


@pytest.fixture
def register():
    """Rumi Yaku: a woman of 42 and a man of 30 in June 2022, who leaves in 2023; Serena: a woman
    of 71, and an applicant."""
    rumi, serena = make.community("Rumi Yaku"), make.community("Serena")
    make.partner(make.person(of=make.family(of=rumi), born_on=date(1980, 3, 25)))
    left = make.partner(
        make.person(of=make.family(of=rumi), sex="M", born_on=date(1992, 6, 1), given_names="Inti")
    )
    make.partner(make.person(of=make.family(of=serena), born_on=date(1951, 1, 1)))
    make.applicant(
        make.person(of=make.family(of=serena), sex="M"), applied_on=JUNE - timedelta(days=31)
    )
    partners.end_partnership(
        actor=None, partner=left, ended_on=YEAR_LATER, how=Partner.Ending.LEFT, reason="Se mudó."
    )
    return {"rumi": rumi, "serena": serena}


def test_partners_are_counted_by_community_and_sex_as_of_the_day(register, administration):
    def counted(day):
        rows = Register(administration, day).partners_by_community()
        return {row["name"]: (row["women"], row["men"], row["other"]) for row in rows}

    assert counted(JUNE - timedelta(days=1)) == {}
    assert counted(JUNE) == {"Rumi Yaku": (1, 1, 0), "Serena": (1, 0, 0)}
    assert counted(YEAR_LATER) == {"Rumi Yaku": (1, 0, 0), "Serena": (1, 0, 0)}


def test_partners_stand_in_the_band_of_their_age_on_the_day(register, administration):
    def bands(day):
        return [(one.women, one.men) for one in Register(administration, day).partners_by_age()]

    # The man turns 30 on the very day.
    assert bands(JUNE) == [(0, 0), (0, 1), (1, 0), (0, 0), (0, 0), (1, 0)]


def test_growth_tells_members_of_each_day_and_of_whom_were_women(register, administration):
    days = [JUNE - timedelta(days=1), JUNE, YEAR_LATER - timedelta(days=1), YEAR_LATER]
    assert Register(administration, YEAR_LATER).growth(days) == [
        (days[0], 0, 0),
        (days[1], 3, 2),
        (days[2], 3, 2),
        (days[3], 2, 2),
    ]


def test_applicants_wait_in_the_band_of_their_days(register, administration):
    asked_on = JUNE - timedelta(days=31)
    told = Register(administration, asked_on + timedelta(days=89)).applicants_waiting()
    assert told == ([0, 1, 0], asked_on)
    told = Register(administration, asked_on + timedelta(days=90)).applicants_waiting()
    assert told == ([0, 0, 1], asked_on)
    assert Register(administration, asked_on - timedelta(days=1)).applicants_waiting()[1] is None


def test_a_community_narrows_every_number(register, administration):
    told = Register(administration, JUNE, register["serena"])
    assert [row["name"] for row in told.partners_by_community()] == ["Serena"]
    assert told.totals()["members"] == 1
    assert told.growth([JUNE]) == [(JUNE, 1, 1)]
    assert sum(one.women + one.men for one in told.partners_by_age()) == 1


def test_an_agent_sees_totals_of_her_communities_alone(register):
    agent = make_account("extension_agent")
    assert Register(agent, JUNE).totals()["members"] == 0
    families.assign_community(actor=None, user=agent, community=register["rumi"])
    told = Register(agent, JUNE)
    assert [row["name"] for row in told.partners_by_community()] == ["Rumi Yaku"]
    assert told.growth([JUNE]) == [(JUNE, 2, 1)]
    browser = sign_in(Client(), agent)
    assert browser.get("/panorama/", {"comunidad": register["rumi"].pk}).status_code == 200
    assert browser.get("/panorama/", {"comunidad": register["serena"].pk}).status_code == 400


@given(
    day=st.dates(date(2020, 1, 1), date(2032, 12, 31)),
    years=st.integers(0, 90),
    off=st.integers(-3, 3),
)
def test_born_by_is_the_inverse_of_age(day, years, off):
    latest = born_by(day, years)
    born_on = latest + timedelta(days=off)
    if born_on <= day:
        assert (age_on(born_on, day) >= years) == (born_on <= latest)


def test_month_ends_close_with_the_day_itself():
    assert month_ends(date(2024, 1, 15), date(2024, 3, 1)) == [
        date(2024, 1, 31),
        date(2024, 2, 29),
        date(2024, 3, 1),
    ]
    assert month_ends(JUNE, JUNE) == [JUNE]
    assert month_ends(YEAR_LATER, JUNE) == [JUNE]
    assert month_ends(date(2000, 1, 1), date(2026, 9, 30))[:2] == [
        date(2000, 12, 31),
        date(2001, 12, 31),
    ]


def test_the_page_shows_the_day_that_its_address_tells(register, administration):
    browser = sign_in(Client(), administration)
    page = browser.get("/panorama/", {"fecha": YEAR_LATER.isoformat()})
    assert page.status_code == 200
    assert page.context["panorama"].totals["members"] == 2
    link = f"/panorama/crecimiento.xlsx?fecha={YEAR_LATER.isoformat()}"
    assert link in page.content.decode()
    rows = list(load_workbook(BytesIO(browser.get(link).getvalue())).active.values)
    assert rows[-1][1:] == (2, 2)


@pytest.mark.parametrize("day", ["2999-01-01", "0001-01-01", "ayer"])
def test_a_day_of_which_nothing_can_be_said_is_refused(day, administration):
    browser = sign_in(Client(), administration)
    for address in ("/panorama/", "/panorama/edades.xlsx"):
        assert browser.get(address, {"fecha": day}).status_code == 400
        assert browser.get(address, {"fecha": "2023-01-01"}).status_code == 200
    assert browser.get("/panorama/nada.xlsx").status_code == 404


def test_the_page_asks_as_often_for_many_as_for_none(administration):
    browser = sign_in(Client(), administration)

    def ask():
        assert browser.get("/panorama/").status_code == 200

    empty = len(queries_of(ask))
    for number in range(6):
        make.partner(make.person(of=make.family(of=make.community(f"Comunidad {number}"))))
    assert len(queries_of(ask)) <= empty + 1  # growth is asked for once somebody is registered
    assert empty < 20
