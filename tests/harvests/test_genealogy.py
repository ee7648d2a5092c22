"""Where kilos came from and where they went, to the gram."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from harvests.destinations import destinations
from harvests.genealogy import downstream, origin_lines, origins, upstream
from harvests.services import batches, stock
from kallari.units import GRAM
from tests.harvests import works
from tests.harvests.works import ORGANIC, given
from tests.members import factories as register

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Any:
    return works.workshop()


def _origin(lot: Any) -> dict[Any, Any]:
    return {one.delivery: one.kg for one in origins([lot.pk])}


def test_a_lot_comes_from_its_deliveries_by_their_kilos(world):
    first, second = works.handed_in(world, "75"), works.handed_in(world, "25")
    lot = works.dry(world, first, second, kg="40")
    assert _origin(lot) == {first.pk: 30, second.pk: 10}


def test_the_parts_of_a_lot_add_up_to_the_gram(world):
    """Three equal parts of 39.001 kg are 13.000 333…: one of them is a gram greater."""
    thirds = [works.handed_in(world, "33.333") for _each in range(3)]
    lot = works.dry(world, *thirds, kg="39.001")
    parts = sorted(_origin(lot).values())
    assert parts == [Decimal("13.000"), Decimal("13.000"), Decimal("13.001")]


def test_an_origin_runs_through_blends_splits_and_a_plant_outside(world):
    first, second = works.handed_in(world, "100"), works.handed_in(world, "100")
    one, other = works.dry(world, first, kg="40"), works.dry(world, second, kg="38")
    # 30 of 40 and 10 of 38: three quarters of the first.
    blend = works.blend(world, (one, "30"), (other, "10"), kg="40")
    half, rest = works.finished(
        world, works.started(world, blend, code="division"), given("24"), given("16")
    )
    (bars,) = works.finished(
        world,
        works.started(world, half, code="maquila"),
        given("20", "tableta", pieces=400, added_kg=Decimal(8)),
    )
    assert _origin(bars) == {first.pk: 15, second.pk: 5}
    assert _origin(rest) == {first.pk: 12, second.pk: 4}
    assert upstream([bars.pk]) == {bars.pk, half.pk, blend.pk, one.pk, other.pk}
    assert downstream([other.pk]) == {other.pk, blend.pk, half.pk, rest.pk, bars.pk}


def test_ways_that_part_and_meet_again_are_summed(world):
    first, second = works.handed_in(world, "60"), works.handed_in(world, "40")
    lot = works.dry(world, first, second, kg="40")
    left, right = works.finished(
        world, works.started(world, lot, code="division"), given("10"), given("30")
    )
    again = works.blend(world, left, right, kg="40")
    assert _origin(again) == {first.pk: 24, second.pk: 16}


def test_what_a_lot_comes_from_says_who_where_and_of_which_class(world):
    partner = register.partner()
    theirs = works.handed_in(world, "50", ORGANIC, family=partner.person.family, partner=partner)
    mine = works.handed_in(world, "50")
    lines: Any = origin_lines(works.dry(world, theirs, mine, kg="40"))
    assert {(one.folio, one.kg, one.is_partner, one.certification_class) for one in lines} == {
        (theirs.folio, 20, True, ORGANIC),
        (mine.folio, 20, False, "conventional"),
    }


def test_a_delivery_is_somewhere_to_the_last_gram(world):
    some, other = works.handed_in(world, "100"), works.handed_in(world, "50")
    batch = works.started(world, (some, "90"), (other, "10"))
    (lot,) = works.finished(world, batch, given("40"))
    stock.dispatch_from_lot(
        actor=world.operator, lot=lot, kg=Decimal(10), recipient="Chocolatería de Zürich"
    )
    stock.write_off(
        actor=world.operator, lot=lot, kind="sample", kg=Decimal(2), reason="Al laboratorio."
    )
    found: Any = destinations(some)
    # Nine tenths of the batch: 36 of 40 dry, 54 of 60 lost; 9, 1.8 and 25.2 of the 36.
    assert (found.net_kg, found.unused_kg, found.lost_kg) == (100, 10, 54)
    (line,) = found.lots
    assert (line.code, line.kg) == (lot.code, 36)
    assert (line.left_kg, line.dispatched_kg, line.written_off_kg) == (
        Decimal("25.2"),
        9,
        Decimal("1.8"),
    )
    assert found.adds_up


def test_a_delivery_that_was_never_used_is_all_there(world):
    found: Any = destinations(works.handed_in(world, "12.5"))
    assert (found.unused_kg, found.lots, found.lost_kg) == (Decimal("12.5"), [], 0)
    assert found.adds_up


def test_both_ways_tell_the_same_grams(world):
    some = [works.handed_in(world, kg) for kg in ("33.3", "17.1", "49.6")]
    one = works.dry(world, some[0], (some[1], "10"), kg="17.001")
    two = works.dry(world, (some[1], "7.1"), some[2], kg="21.499")
    three = works.blend(world, (one, "5.555"), (two, "7.777"), kg="13.331")
    for delivery in some:
        for line in destinations(delivery).lots:
            lot = next(each for each in (one, two, three) if each.code == line.code)
            assert line.kg == _origin(lot)[delivery.pk]
        assert destinations(delivery).adds_up


def test_what_was_taken_back_out_of_a_batch_is_no_origin(world):
    some, other = works.handed_in(world, "50"), works.handed_in(world, "50")
    batch = works.started(world, some)
    works.finished(world, batch, given("19.5"))
    batches.void_batch(actor=world.operator, batch=batch, reason="Se anotó en otro cajón.")
    lot = works.dry(world, some, other, kg="39")
    assert _origin(lot) == {some.pk: Decimal("19.5"), other.pk: Decimal("19.5")}
    assert [line.code for line in destinations(some).lots] == [lot.code]


def test_twelve_blends_of_everything_with_everything_are_twelve_steps(world):
    """Each level mixes all four lots of the one before: 4 to the 12th ways, one statement, and the
    parts as exact fractions say."""
    sources = [works.handed_in(world, str(kg)) for kg in (100, 150, 200, 250)]
    lots = [works.dry(world, one, kg=str(one.net_kg * Decimal("0.4"))) for one in sources]
    shares = [{one.pk: Fraction(1)} for one in sources]
    for level in range(12):
        lots, shares = _mixed(world, lots, shares, level)
    with CaptureQueriesContext(connection) as asked:
        found = origins([lot.pk for lot in lots])
    assert len(asked) == 1
    for lot, exact in zip(lots, shares, strict=True):
        of_lot = [one for one in found if one.lot == lot.pk]
        assert sum(one.kg for one in of_lot) == works.left(lot)
        for one in of_lot:
            assert abs(Fraction(one.share) - exact[one.delivery]) < Fraction(1, 10**15)


def _mixed(world: Any, lots: list[Any], shares: list[Any], level: int) -> tuple[Any, Any]:
    """Four lots of uneven parts of four lots, and what each is made of."""
    left = [works.left(lot) for lot in lots]
    made, made_of = [], []
    for column in range(4):
        took = [
            works.left(lot)
            if column == 3
            else (left[row] * (1 + (row + column + level) % 3) / 10).quantize(GRAM)
            for row, lot in enumerate(lots)
        ]
        batch = works.started(world, *zip(lots, took, strict=True), code="mezcla")
        total = sum(took)
        made += works.finished(world, batch, given(str(total)))
        parts: dict[Any, Fraction] = {}
        for kg, share in zip(took, shares, strict=True):
            for key, part in share.items():
                parts[key] = parts.get(key, Fraction(0)) + part * Fraction(kg) / Fraction(total)
        made_of.append(parts)
    return made, made_of
