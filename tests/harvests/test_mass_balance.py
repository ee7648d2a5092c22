"""Received, processed, lost, handed out, on hand: by class, and for what partners brought."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pgtrigger
import pytest
import time_machine
from django.db import connection

from harvests.reports.mass_balance import MassBalance
from harvests.reports.periods import Span
from harvests.services import batches, stock
from harvests.services.ledger import Taken
from tests.harvests import works
from tests.harvests.factories import GUAYAQUIL
from tests.harvests.works import CONVENTIONAL, ORGANIC
from tests.members import factories as register

pytestmark = pytest.mark.django_db

FEBRUARY = Span(date(2026, 2, 1), date(2026, 2, 28))


@pytest.fixture
def world() -> Any:
    return works.workshop()


def _balance(product: Any, span: Span) -> Any:
    return MassBalance(product, span)


def _on(day: int, month: int = 2) -> Any:
    return time_machine.travel(datetime(2026, month, day, 12, tzinfo=GUAYAQUIL), tick=False)


def _received(world: Any, day: int, kg: str, of_class: str, month: int = 2, **told: Any) -> Any:
    at = datetime(2026, month, day, 10, tzinfo=GUAYAQUIL)
    return works.handed_in(world, kg, of_class, weighed_at=at, **told)


def test_a_month_closes_by_class(world: Any) -> None:
    """January: 100 organic come in, 40 are put in a box. February: they come out as 16; 50 organic
    and 30 conventional come in; 60 of the organic and the 30 are dried together to 36, of which 10
    are sold and 1 spoils; 5 of the 16 are found to be no organic."""
    with _on(20, 1):
        first = _received(world, 20, "100", ORGANIC, month=1)
        box = works.started(world, (first, "40"))
    with _on(3):
        (dry,) = works.finished(world, box, works.given("16"))
    with _on(10):
        second, third = (
            _received(world, 9, "50", ORGANIC),
            _received(world, 9, "30", CONVENTIONAL),
        )
        mixed = works.dry(world, first, third, kg="36")
        open_box = works.started(world, (second, "20"))
    with _on(12):
        stock.dispatch_from_lot(
            actor=world.operator, lot=mixed, kg=Decimal(10), recipient="Cliente"
        )
        stock.write_off(
            actor=world.operator, lot=mixed, kind="spoiled", kg=Decimal(1), reason="Moho."
        )
        part = works.started(world, (dry, "5"), code="division")
        (found_out,) = works.finished(world, part, works.given("5"))
        stock.downgrade_lot(actor=world.operator, lot=found_out, to=CONVENTIONAL, reason="Deriva.")
    with _on(5, 3):
        works.finished(world, open_box, works.given("8"))
        balance = _balance(world.cacao, FEBRUARY)
        organic, _transition, conventional = balance.classes
    assert (organic.before.unused, organic.before.under_way, organic.before.in_lots) == (60, 40, 0)
    assert (organic.received, conventional.received) == (50, 30)
    # 60 into the mixture and 5 found out.
    assert (organic.moved, conventional.moved) == (-65, 65)
    # 40 − 16 in the box; 90 − 36 in the mixture, which is conventional.
    assert (organic.lost, conventional.lost) == (24, 54)
    assert (conventional.dispatched, conventional.written_off) == (10, 1)
    assert (organic.after.unused, organic.after.under_way, organic.after.in_lots) == (30, 20, 11)
    assert (conventional.after.unused, conventional.after.in_lots) == (0, 30)
    assert (organic.processed, conventional.processed) == (85, 30)
    assert [one.difference for one in (organic, conventional, balance.total)] == [0, 0, 0]
    assert (balance.total.moved, balance.total.lost, balance.total.after.kg) == (0, 78, 91)
    assert [one.reason for one in balance.adjustments] == ["Moho."]


def test_what_partners_brought_is_their_part_of_every_lot(world: Any) -> None:
    partner = register.partner()
    with _on(9):
        theirs = _received(
            world, 9, "30", CONVENTIONAL, family=partner.person.family, partner=partner
        )
        mine = _received(world, 9, "90", CONVENTIONAL)
        lot = works.dry(world, theirs, mine, kg="48")
        blend = works.blend(world, (lot, "20"), kg="20")
        stock.dispatch_from_lot(actor=world.operator, lot=blend, kg=Decimal(8), recipient="Cliente")
        found = _balance(world.cacao, FEBRUARY).partners
    assert (found.received, found.lost, found.dispatched) == (30, 18, 2)
    assert (found.after.in_lots, found.after.unused, found.difference) == (10, 0, 0)


def test_half_a_gram_of_partners_is_a_gram_as_everywhere(world: Any) -> None:
    partner = register.partner()
    with _on(9):
        theirs = _received(
            world, 9, "10", CONVENTIONAL, family=partner.person.family, partner=partner
        )
        works.dry(world, theirs, _received(world, 9, "10", CONVENTIONAL), kg="7.001")
        found = _balance(world.cacao, FEBRUARY).partners
    assert found.after.in_lots == Decimal("3.501")  # half of 7.001
    assert (found.received - found.lost, found.difference) == (found.after.in_lots, 0)


def test_the_end_of_a_month_is_the_beginning_of_the_next_for_what_partners_brought(
    world: Any,
) -> None:
    """A box that holds partners' kilos alone at the end of January takes as many of others in
    February: half of what it gives is theirs."""
    partner = register.partner()
    with _on(20, 1):
        theirs = _received(
            world, 20, "30", CONVENTIONAL, 1, family=partner.person.family, partner=partner
        )
        box = works.started(world, theirs)
        (first,) = batches.take_out(actor=world.operator, batch=box, given=[works.given("6")])
    with _on(9):
        mine = _received(world, 9, "30", CONVENTIONAL)
        batches.add_to_batch(actor=world.operator, batch=box, taken=[Taken(mine)])
        works.finished(world, box, works.given("18"))
        stock.dispatch_from_lot(actor=world.operator, lot=first, kg=Decimal(4), recipient="Cliente")
        january = _balance(world.cacao, Span(date(2026, 1, 1), date(2026, 1, 31))).partners
        february = _balance(world.cacao, FEBRUARY).partners
    assert january.after == february.before
    assert (january.after.under_way, january.after.in_lots) == (24, 6)
    assert (february.received, february.dispatched, february.lost) == (0, 2, 18)
    assert february.after.in_lots == 10  # half of 20
    assert (january.difference, february.difference) == (0, 0)


def test_a_part_of_partners_that_does_not_add_up_shows(world: Any, monkeypatch: Any) -> None:
    """The difference is reckoned, not filled in: kilos that came from nowhere are in it."""
    partner = register.partner()
    with _on(9):
        theirs = _received(
            world, 9, "30", CONVENTIONAL, family=partner.person.family, partner=partner
        )
        works.dry(world, theirs, kg="12")
        balance = _balance(world.cacao, FEBRUARY)
        outputs = [line for line in balance._lines if line.kind == "output"]
        monkeypatch.setattr(
            balance,
            "_lines",
            [*balance._lines, *(replace(one, batch=None, within=Decimal(5)) for one in outputs)],
        )
        assert balance.partners.difference == -5


def test_another_product_is_another_balance(world: Any) -> None:
    with _on(9):
        _received(world, 9, "30", CONVENTIONAL)
        leaf = _balance(world.guayusa, FEBRUARY)
    assert leaf.total.received == 0


def test_a_balance_that_was_written_over_is_named(world: Any) -> None:
    lot = works.dry(world, works.handed_in(world), kg="39")
    today = Span(date.today() - timedelta(days=3), date.today())  # noqa: DTZ011 - any days
    assert _balance(world.cacao, today).wrong_balances == []
    with (
        pgtrigger.ignore("harvests.StockBalance:what_is_reckoned_is_not_written"),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE harvests_stockbalance SET kg = 40 WHERE lot_id = %s", [lot.pk])
    assert _balance(world.cacao, today).wrong_balances == [(lot, 40, 39)]


def test_the_balance_asks_a_bounded_number_of_queries(
    world: Any, django_assert_max_num_queries: Any
) -> None:
    for _each in range(5):
        works.dry(world, works.handed_in(world, "100", ORGANIC), works.handed_in(world), kg="78")
    with django_assert_max_num_queries(6):
        balance = _balance(world.cacao, FEBRUARY)
        assert balance.classes
        assert balance.partners
        assert balance.adjustments == balance.wrong_balances == []
