"""The pages of the reports: who sees what, what stays in the address, what the files say."""

from __future__ import annotations

import gzip
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
import time_machine
from django.test import Client
from openpyxl import load_workbook

from harvests.models import Season
from harvests.views.reports import BREAKDOWNS
from members.services import families
from tests.harvests.test_reports import TODAY, bought, deliveries, market, rosa_brings, world
from tests.people import make_account, sign_in
from tests.queries import assert_same_queries, queries_of

__all__ = ["deliveries", "world"]  # fixtures

PAGE = "/informes/acopio/"
SPREADSHEETS = [*BREAKDOWNS, "seco", "precio"]


@pytest.fixture(autouse=True)
def _on_the_tenth_of_march():
    with time_machine.travel(f"{TODAY.isoformat()}T15:00:00+00:00", tick=True):
        yield


@pytest.fixture
def office(deliveries):
    return sign_in(Client(), make_account("administration"))


def sheet(office, key, **asked):
    answer = office.get(f"{PAGE}{key}.xlsx", asked)
    assert answer.status_code == 200
    rows = load_workbook(BytesIO(answer.getvalue())).active.iter_rows(values_only=True)
    return [list(row) for row in rows]


def test_the_page_begins_with_the_season_under_way_of_the_first_product(office, deliveries):
    page = office.get(PAGE)
    report = page.context["report"]
    assert report.scope.product == deliveries.cacao
    assert report.period.season == deliveries.season
    assert report.period.name_before == "2025"
    content = page.content.decode()
    assert "180,5" not in content  # kilos of the page are whole, those of the file are not
    assert "(+50,4\u00a0%)" in content  # 180.5 / 120 = 1.504
    assert "182,45" in content
    assert "no hay ninguna temporada definida" not in content


def test_what_is_asked_stays_in_the_addresses_of_the_page(office, deliveries):
    asked = {
        "periodo": "temporada",
        "producto": deliveries.cacao.pk,
        "temporada": deliveries.last.pk,
        "comunidad": deliveries.serena.pk,
        "centro": deliveries.tena.pk,
    }
    page = office.get(PAGE, asked)
    assert page.context["report"].total.now.kg == 40 + 999
    told = "&amp;".join(f"{name}={value}" for name, value in sorted(asked.items()))
    found = page.content.decode()
    assert all(f"{name}={value}" in found for name, value in asked.items()), told
    assert f"/informes/acopio/comunidades.xlsx?{page.context['query']}" in found.replace(
        "&amp;", "&"
    )


def test_a_season_of_another_product_is_left_behind_with_it(office, deliveries):
    asked = {"producto": deliveries.guayusa.pk, "temporada": deliveries.last.pk}
    page = office.get(PAGE, asked)
    assert page.status_code == 200
    period = page.context["report"].period
    assert (period.name, period.now.first) == ("Año 2026", date(2026, 1, 1))


def test_between_two_seasons_the_one_that_began_last_is_shown(deliveries):
    with time_machine.travel("2026-08-01T15:00:00+00:00"):
        office = sign_in(Client(), make_account("administration"))
        page = office.get(PAGE)
        chosen = office.get(PAGE, {"temporada": deliveries.season.pk})
    period = page.context["report"].period
    assert period.season == deliveries.season
    assert period.now.last == date(2026, 6, 30)
    said = "Para hoy no hay ninguna temporada definida"
    assert said in page.content.decode()
    assert said not in chosen.content.decode()


@pytest.mark.parametrize("kind", ["dia", "semana", "mes", "temporada", "fechas"])
def test_every_period_leads_to_the_others_and_to_the_one_before(office, kind):
    page = office.get(PAGE, {"periodo": kind})
    for tab in page.context["tabs"]:
        assert office.get(PAGE + tab["url"]).status_code == 200
    if kind == "fechas":
        return
    told = page.context["report"].period
    earlier = office.get(PAGE + page.context["steps"]["earlier"]).context["report"].period
    assert earlier.now.last < told.now.first
    assert "later" not in page.context["steps"]


def test_other_products_are_one_click_away_and_their_kilos_are_not_mixed(office, deliveries):
    page = office.get(PAGE, {"producto": "", "periodo": "temporada"})
    report = page.context["report"]
    assert report.measure.unit == "USD"
    assert {line.label for line in report.by_form.lines} == {
        "Cacao: Baba",
        "Cacao: Seco",
        "Guayusa: Hoja fresca",
    }
    (leaf,) = (
        row.link
        for plot, table in page.context["parts"]
        if plot.key == "presentaciones"
        for row in table.rows
        if row.label == "Guayusa: Hoja fresca"
    )
    scope = office.get(PAGE + leaf).context["report"].scope
    assert (scope.product, scope.form) == (deliveries.guayusa, deliveries.hoja)


@pytest.mark.parametrize(
    "asked",
    [
        {"periodo": "siglo"},
        {"periodo": "fechas", "desde": "2026-03-01", "hasta": "2026-02-01"},
        {"periodo": "fechas", "desde": "2020-01-01", "hasta": "2026-02-01"},
        {"periodo": "dia", "desde": "1066-10-14"},
        {"periodo": "dia", "desde": "ayer"},
        {"comunidad": "987654"},
    ],
)
def test_what_cannot_be_asked_is_said_and_nothing_is_added_up(office, asked):
    page = office.get(PAGE, asked)
    assert page.status_code == 400
    assert "report" not in page.context
    assert office.get(f"{PAGE}comunidades.xlsx", asked).status_code == 400


def test_days_without_deliveries_say_what_to_do_next(office):
    page = office.get(PAGE, {"periodo": "dia", "desde": "2024-03-01"})
    assert "Escoja otro período" in page.content.decode()


# --- Files ---------------------------------------------------------------------------------------


def test_the_file_holds_every_line_unrounded_and_the_whole(office):
    header, *rows = sheet(office, "comunidades")
    assert header[:5] == [
        "Comunidad",
        "Entregas, 2026",
        "Socias y socios, 2026",
        "Kilos, 2026",
        "Valor (USD), 2026",
    ]
    assert rows == [
        ["Rumi Yaku", 1, 1, 100.5, 80.4, 10.05, 90.45, 1, 1, 80, 64, 0, 64],
        ["Serena", 2, 1, 80, 92, 0, 92, 1, 1, 40, 20, 0, 20],
        ["Total", 3, 2, 180.5, 172.4, 10.05, 182.45, 2, 2, 120, 84, 0, 84],
    ]


def test_the_file_of_drying_names_the_sources(office):
    _header, row = sheet(office, "seco")
    assert row == [
        "Cacao seco, de baba",
        160.5,
        0,
        52.965,
        62.595,
        72.225,
        0.39,
        "Práctica de la región",
        "no",
    ]


def test_no_name_of_a_sheet_is_cut(office, deliveries):
    market(deliveries.cacao, date(2026, 1, 1), "3226")
    for key in SPREADSHEETS:
        book = load_workbook(BytesIO(office.get(f"{PAGE}{key}.xlsx").getvalue()))
        assert len(book.active.title) < 31, book.active.title


def test_the_file_of_prices_holds_each_month_and_the_whole(office, deliveries):
    """January: 90.45 USD for 39.195 dry kg is 30/13 USD/kg, × 45.359237 = 104.6752 USD/qq; the
    market's 3226 USD/t is 101.5774."""
    market(deliveries.cacao, date(2026, 1, 1), "3226")
    rows = sheet(office, "precio")
    january = dict(zip(rows[0], rows[1], strict=True))
    assert january["Kilos en seco"] == 39.195
    assert january["Pagado (USD/qq en seco)"] == pytest.approx(104.6752, abs=0.0001)
    assert january["Mercado, en finca (USD/qq en seco)"] == pytest.approx(101.5774, abs=0.0001)
    assert rows[-1][:3] == ["Total", 82.595, 182.45]


@pytest.mark.parametrize("key", SPREADSHEETS)
def test_every_part_of_the_page_has_its_file(office, key):
    assert len(sheet(office, key)) > 1
    assert f"{key}.xlsx" in office.get(PAGE).content.decode()


def test_there_is_no_file_of_what_is_no_part(office, deliveries):
    assert office.get(f"{PAGE}telefonos.xlsx").status_code == 404
    # No market is known of guayusa.
    assert office.get(f"{PAGE}precio.xlsx", {"producto": deliveries.guayusa.pk}).status_code == 404


# --- The formula and the figures' sources are on the page ----------------------------------------


def test_the_page_states_the_formula_with_its_figures_and_sources(office, deliveries):
    market(deliveries.cacao, date(2026, 1, 1), "3226")
    found = " ".join(office.get(PAGE).content.decode().split())
    assert "(precio por tonelada − 700) ÷ 22,0462 − 13" in found
    assert "Práctica de exportadores" in found
    assert "Bolsa de Nueva York" in found
    assert "sin confirmar" in found


# --- Who sees what -------------------------------------------------------------------------------


def test_a_delegate_sees_kilos_of_her_communities_and_no_money(deliveries):
    delegate = make_account("delegate")
    office = sign_in(Client(), delegate)
    assert office.get(PAGE).context["report"].is_empty
    families.assign_community(actor=None, user=delegate, community=deliveries.serena)
    page = office.get(PAGE)
    assert page.context["report"].total.now.kg == 80
    assert "USD" not in page.content.decode()
    assert "prices" not in page.context
    assert "drying" not in page.context
    for key in ("seco", "precio"):
        assert office.get(f"{PAGE}{key}.xlsx").status_code == 404
    header, *_rows = sheet(office, "comunidades")
    assert not [head for head in header if "USD" in head]
    asked = {"comunidad": deliveries.rumi.pk}
    assert office.get(PAGE, asked).status_code == 400


def test_an_agent_sees_what_was_paid_in_her_communities(deliveries):
    agent = deliveries.agent
    families.assign_community(actor=None, user=agent, community=deliveries.rumi)
    page = sign_in(Client(), agent).get(PAGE)
    assert page.context["report"].total.now.usd == Decimal("90.45")
    assert "Solo de sus comunidades" in page.content.decode()


# --- Queries and weight --------------------------------------------------------------------------


def test_the_page_asks_as_often_for_3_deliveries_as_for_300(deliveries, office):
    places = [deliveries.rumi, deliveries.serena]
    days = iter(range(1000))

    def more(number):
        for _row in range(number):
            back = next(days)
            rosa_brings(
                deliveries,
                TODAY - timedelta(days=back % 60),
                "12.5",
                community=places[back % 2],
            )

    def ask():
        assert office.get(PAGE).status_code == 200

    assert_same_queries(more, ask)


def test_each_period_is_added_up_in_one_pass(office):
    asked = queries_of(lambda: office.get(PAGE))
    assert len([sql for sql in asked if "GROUPING SETS" in sql]) == 2
    assert len([sql for sql in asked if '"harvests_delivery"' in sql]) == 2


def test_the_page_of_every_community_weighs_less_than_50_kb(deliveries, office):
    for number in range(25):
        place = make_community(f"Comunidad {number}")
        bought(
            deliveries.baba,
            TODAY,
            "10",
            family=deliveries.others,
            community=place,
            **deliveries.here,
        )
    assert len(gzip.compress(office.get(PAGE).content)) < 50 * 1024


def make_community(name):
    from tests.members import factories

    return factories.community(name)


def test_the_season_of_the_product_is_asked_for_and_only_that(office, deliveries):
    Season.objects.create(
        product=deliveries.guayusa,
        name="Guayusa 2026",
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
    )
    found = office.get(PAGE).content.decode()
    assert "Guayusa 2026" not in found
    found = office.get(PAGE, {"producto": deliveries.guayusa.pk}).content.decode()
    assert "Guayusa 2026" in found
