"""Where lots come from, where deliveries went, and the reports of kilos, as people read them."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from openpyxl import load_workbook

from harvests.reports import Span
from harvests.reports import stock as reports
from harvests.services import batches, stock
from tests.harvests import works
from tests.harvests.works import ORGANIC, given
from tests.members import factories as register
from tests.queries import assert_same_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Any:
    return works.workshop()


def _text(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def _rows(response: Any) -> list[Any]:
    assert response.status_code == 200
    sheet = load_workbook(io.BytesIO(b"".join(response))).active
    assert sheet is not None
    return list(sheet.iter_rows(values_only=True))


def _blend(world: Any) -> Any:
    """Three quarters of one community, one of another, through two dry lots and a blend."""
    other = register.family("Tapuy Andi", of=register.community("Shandia"))
    first = works.dry(world, works.handed_in(world, "100", ORGANIC), kg="40")
    second = works.dry(world, works.handed_in(world, "100", family=other), kg="38")
    return works.blend(world, (first, "30"), (second, "10"), kg="40")


def test_the_origin_page_names_communities_families_and_what_was_done(client_of, world):
    lot = _blend(world)
    auditor = client_of("auditor")
    page = _text(auditor.get(f"/lotes/{lot.code}/origen/"))
    assert "2 familias de 2 comunidades" in page
    for words in ("Shandia", str(world.family.community), "Grefa Andi", "Tapuy Andi"):
        assert words in page
    assert "30,000" in page
    assert "10,000" in page
    assert page.count("plot-ribbon ") >= 4
    assert all(batch.code in page for batch in (lot.batch,))


def test_the_drawing_of_an_origin_adds_up_to_the_lot(world):
    from harvests.lot_origin import LotOrigin

    lot = _blend(world)
    flow: Any = LotOrigin(lot).flow
    assert sum(flow.series[0].values) == 40
    end = len(flow.stations) - 1
    assert flow.stations[end].name == lot.code
    into = sum(one.value for one in flow.ribbons if one.end == end)
    assert round(into, 6) == 40
    assert [one.column for one in flow.stations] == [0, 0, 1, 1, 2]


def test_the_deliveries_of_a_lot_as_a_workbook_add_up_to_it(client_of, world):
    lot = _blend(world)
    rows = _rows(client_of("auditor").get(f"/lotes/{lot.code}/origen.xlsx"))
    kilos = [row[1] for row in rows if row[0] and str(row[0]).startswith("TENA-")]
    assert [Decimal(str(one)) for one in kilos] == [30, 10]


def test_a_voided_lot_comes_from_nowhere(client_of, world):
    lot = works.dry(world, works.handed_in(world), kg="39")
    batches.void_batch(actor=world.operator, batch=lot.batch, reason="Nunca fue.")
    page = _text(client_of("auditor").get(f"/lotes/{lot.code}/origen/"))
    assert "De este lote no queda nada" in page


def test_agents_do_not_see_whose_families_a_lot_is_of(client_of, world):
    lot = works.dry(world, works.handed_in(world), kg="39")
    for role in ("extension_agent", "delegate"):
        assert client_of(role).get(f"/lotes/{lot.code}/origen/").status_code == 404
        assert client_of(role).get(f"/lotes/{lot.code}/origen.xlsx").status_code == 404


def test_a_delivery_says_where_it_went(client_of, world):
    some = works.handed_in(world, "100")
    lot = works.dry(world, (some, "90"), kg="36")
    stock.dispatch_from_lot(
        actor=world.operator, lot=lot, kg=Decimal(6), recipient="Chocolatería del Lago"
    )
    operator = client_of("manager")
    assert f"/entregas/{some.pk}/destino/" in _text(operator.get(some.get_absolute_url()))
    page = _text(operator.get(f"/entregas/{some.pk}/destino/"))
    for words in ("10,000", "54,000", "30,000", "6,000", lot.code, "Chocolatería del Lago"):
        assert words in page
    pieces = works.delivery(world.family, world.pieza_unica, "5")
    assert operator.get(f"/entregas/{pieces.pk}/destino/").status_code == 404
    assert "/destino/" not in _text(operator.get(pieces.get_absolute_url()))


def test_the_mass_balance_page_closes_and_lists_what_was_counted_otherwise(client_of, world):
    lot = works.dry(world, works.handed_in(world, "100", ORGANIC), kg="40")
    stock.count_lot(
        actor=world.operator, lot=lot, counted_kg=Decimal(39), reason="Conteo de fin de mes."
    )
    accountant, cocoa = client_of("accountant"), {"producto": world.cacao.pk}
    page = _text(accountant.get("/informes/balance/", cocoa))
    assert "Balance de masa: Cacao" in page
    assert "Conteo de fin de mes." in page
    rows = {row[0]: row for row in _rows(accountant.get("/informes/balance.xlsx", cocoa)) if row[0]}
    organic = [Decimal(str(one)) for one in rows["Orgánico"][1:]]
    # Before: nothing. Received 100, lost 60, counted 1 less; 39 are left in lots. Worked 100.
    assert organic == [0, 0, 0, 0, 100, 0, 60, 0, 1, 39, 0, 0, 39, 0, 100]


def test_days_that_no_report_holds_are_refused(client_of, world):
    accountant = client_of("accountant")
    for asked in (
        {"desde": "2026-02-02", "hasta": "2026-02-01"},
        {"desde": "2020-01-01", "hasta": "2026-02-01"},
        {"desde": "nunca"},
    ):
        for address in ("/informes/balance/", "/informes/balance.xlsx", "/informes/existencias/"):
            assert accountant.get(address, asked).status_code == 400


def test_the_stock_report_tells_ages_yields_and_days(client_of, world):
    poor = works.started(world, works.handed_in(world, "100"), where=world.cajon_1)
    drying = works.kind("beneficio").phases.last()
    batches.move_batch(
        actor=world.operator,
        batch=poor,
        phase=drying,
        where=world.secadora_1,
        at=timezone.now() - timedelta(hours=12),
    )
    works.finished(world, poor, given("30"), yield_note="Mazorca enferma.")
    accountant, cocoa = client_of("accountant"), {"producto": world.cacao.pk}
    page = _text(accountant.get("/informes/existencias/", cocoa))
    for words in ("Mazorca enferma.", "Fermentación", "0,330 – 0,450", "1 salió fuera"):
        assert words in page
    rows = _rows(accountant.get("/informes/existencias/existencias.xlsx", cocoa))
    assert any(row[2] == "Seco, convencional" and row[4] == 30 for row in rows)
    assert {row[0] for row in rows if row[2] == "Seco, convencional"} == {"Cacao"}
    file = accountant.get("/informes/existencias/existencias.xlsx", cocoa)["Content-Disposition"]
    assert f"kallari-existencias-{world.cacao.code}-{timezone.localdate()}.xlsx" in file
    rows = _rows(accountant.get("/informes/existencias/rendimiento.xlsx", cocoa))
    assert any(row[1] == poor.code and Decimal(str(row[5])) == Decimal("0.3") for row in rows)
    guayusa = _text(accountant.get("/informes/existencias/", {"producto": world.guayusa.pk}))
    assert "Fermentación</th>" not in guayusa
    assert accountant.get("/informes/existencias/otra.xlsx").status_code == 404


def test_a_lot_is_thirty_days_old_until_it_is_thirty_one(world):
    lot = works.dry(world, works.handed_in(world, "100"), kg="39")
    for age, column in (
        (timedelta(days=31, seconds=-1), 0),
        (timedelta(days=31), 1),
        (timedelta(days=91, seconds=-1), 1),
        (timedelta(days=91), 2),
    ):
        with time_machine.travel(lot.made_at + age, tick=False):
            (row,) = reports.stock(world.operator, None)
        assert [kg > 0 for kg in row.by_age] == [place == column for place in range(4)]
        assert row.oldest_days == age.days


def test_days_of_phases_are_rounded_as_everything_is(world):
    begun = timezone.now() - timedelta(days=1)
    batch = works.started(world, works.handed_in(world, "100"), started_at=begun)
    batches.move_batch(
        actor=world.operator,
        batch=batch,
        phase=None,
        where=world.secadora_1,
        at=begun + timedelta(hours=6),
    )
    today = timezone.localdate()
    (row,) = reports.phases(world.operator, Span(today - timedelta(days=2), today), None)
    assert row["mean"] == Decimal("0.3")  # a quarter of a day


@pytest.mark.parametrize(
    "address", ["/informes/balance/", "/informes/existencias/", "/lotes/{lot}/origen/"]
)
def test_they_ask_no_more_when_there_is_more(client_of, world, address):
    lot = _blend(world)
    accountant = client_of("accountant")

    def make(number: int) -> None:
        for _each in range(number):
            works.dry(world, works.handed_in(world), kg="39")

    def ask() -> None:
        assert accountant.get(address.format(lot=lot.code)).status_code == 200

    assert_same_queries(make, ask, few=2, many=10)
