"""What happens to a lot: handed out, counted, held, found to be less than it was."""

from __future__ import annotations

import threading
from contextlib import closing
from decimal import Decimal
from typing import Any

import pgtrigger
import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.utils import timezone

from harvests.models import Lot, StockAdjustment, StockBalance, StockMovement
from harvests.services import batches, stock
from harvests.services.ledger import Taken
from harvests.services.stock import leaving
from tests.harvests import works
from tests.harvests.refusals import refused
from tests.harvests.works import CONVENTIONAL, ORGANIC, TRANSITION, given, left
from tests.people import make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Any:
    return works.workshop()


@pytest.fixture
def lot(world: Any) -> Any:
    return works.dry(world, works.handed_in(world, "100", ORGANIC), kg="40")


def _sold(world: Any, lot: Lot, kg: str | None = "10", **told: Any) -> Any:
    return stock.dispatch_from_lot(
        actor=world.operator,
        lot=lot,
        kg=None if kg is None else Decimal(kg),
        recipient=told.pop("recipient", "Chocolatería de Zürich"),
        **told,
    )


# --- Leaving the house ----------------------------------------------------------------------------


def test_what_leaves_says_to_whom(world, lot):
    with refused("recipient_required"):
        _sold(world, lot, recipient=" ")
    movement = _sold(world, lot, reference="Factura 001-001-17")
    assert (movement.kg, movement.recipient) == (-10, "Chocolatería de Zürich")
    assert left(lot) == 30
    with refused("unseen_sign"):
        _sold(world, lot, recipient="Feria\u200b de Tena")
    assert _sold(world, lot, recipient="Feria  de Tena ").recipient == "Feria de Tena"


def test_no_more_leaves_than_is_left(world, lot):
    with refused("not_enough"):
        _sold(world, lot, "40.001")
    _sold(world, lot, None)
    assert left(lot) == 0
    with refused("nothing_left"):
        _sold(world, lot, "0.001")


def test_what_comes_back_goes_against_what_left_once(world, lot):
    movement = _sold(world, lot)
    back: Any = stock.take_back(actor=world.operator, movement=movement, reason="Saco roto.")
    assert (back.kg, back.reverses, left(lot)) == (10, movement, 40)
    with refused("reversed"):
        stock.take_back(actor=world.operator, movement=movement, reason="Otra vez.")
    with refused("not_a_dispatch"):
        stock.take_back(actor=world.operator, movement=back, reason="Al revés.")


def test_more_cannot_come_back_by_sql_than_left(world, lot):
    movement = _sold(world, lot)
    line = (
        "INSERT INTO harvests_stockmovement (lot_id, kind, kg, certification_class, reverses_id,"
        " recipient, reference, note, moved_at, recorded_at)"
        " VALUES (%s, 'dispatch', %s, 'organic', %s, 'Alguien', '', '', clock_timestamp(),"
        " clock_timestamp())"
    )
    with connection.cursor() as cursor:
        for kg, reverses in ((11, movement.pk), (10, None)):
            with pytest.raises(IntegrityError), transaction.atomic():
                cursor.execute(line, [lot.pk, kg, reverses])
        cursor.execute(line, [lot.pk, 10, movement.pk])
    assert left(lot) == 40


def test_bars_leave_by_the_piece_and_with_the_last_the_last_grams(world, lot):
    batch = works.started(world, (lot, "35"), code="maquila")
    (bars,) = works.finished(world, batch, given("10", "tableta", pieces=3))
    kilos = [
        -stock.dispatch_from_lot(
            actor=world.operator, lot=bars, pieces=1, recipient="Café de Quito"
        ).kg
        for _bar in range(3)
    ]
    assert sum(kilos) == 10
    assert kilos == [Decimal("3.333"), Decimal("3.334"), Decimal("3.333")]
    assert StockBalance.objects.get(lot=bars).pieces == 0


# --- Twenty at once -------------------------------------------------------------------------------


def _fifty_take_from(lot: Lot, world: Any) -> tuple[int, Any]:
    """Fifty threads take 1 kg each of a lot of 40; how many got it, and what left in all."""
    together, got = threading.Barrier(50), []

    def take() -> None:
        with closing(connection):
            connection.ensure_connection()
            together.wait()
            try:
                _sold(world, lot, "1")
            except (ValidationError, DatabaseError):
                return
            got.append(1)

    threads = [threading.Thread(target=take) for _each in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    left_the_house = StockMovement.objects.filter(lot=lot, kind="dispatch")
    return len(got), -(left_the_house.aggregate(kg=models.Sum("kg"))["kg"])


@pytest.mark.django_db(transaction=True)
def test_fifty_threads_never_take_more_than_a_lot_holds():
    world = works.workshop()
    lot = works.dry(world, works.handed_in(world, "100"), kg="40")
    assert _fifty_take_from(lot, world) == (40, 40)
    assert left(lot) == 0


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_they_take_more(monkeypatch):
    """The twin of the race: the balance is looked at without a lock, and the database does not
    reckon it."""
    world = works.workshop()
    lot = works.dry(world, works.handed_in(world, "100"), kg="40")
    looked = threading.Barrier(50)

    def unlocked(taken: list[Taken]) -> list[Taken]:
        (one,) = taken
        moved = StockMovement.objects.filter(lot_id=one.source.pk).aggregate(kg=models.Sum("kg"))[
            "kg"
        ]
        looked.wait()
        if moved < one.kg:
            raise ValidationError("no queda")
        return [one]

    monkeypatch.setattr(leaving, "lock_sources", unlocked)
    monkeypatch.setattr(leaving, "locked", lambda row: row)
    reckon = "harvests.StockMovement:movements_are_reckoned"
    pgtrigger.disable(reckon)
    try:
        assert _fifty_take_from(lot, world) == (50, 50)
    finally:
        pgtrigger.enable(reckon)


# --- Counting -------------------------------------------------------------------------------------


def _counted(actor: Any, lot: Lot, kg: str) -> Any:
    return stock.count_lot(
        actor=actor, lot=lot, counted_kg=Decimal(kg), reason="Conteo de fin de mes."
    )


def test_a_small_difference_counts_at_once(world, lot):
    """Up to 5 kg, as the rule stock.second_person_kg ships."""
    made = _counted(world.operator, lot, "35")
    assert (made.status, made.kg, left(lot)) == ("applied", -5, 35)
    with refused("no_difference"):
        _counted(world.operator, lot, "35")


def test_a_great_difference_waits_for_another_person(world, lot):
    made = _counted(world.operator, lot, "34.999")
    assert (made.status, left(lot)) == ("waiting", 40)
    with refused("own_count"):
        stock.decide_adjustment(
            actor=world.operator, adjustment=made, agrees=True, reason="Así es."
        )
    accountant = make_account("accountant")
    stock.decide_adjustment(actor=accountant, adjustment=made, agrees=True, reason="Lo pesé.")
    assert left(lot) == Decimal("34.999")
    with refused("decided"):
        stock.decide_adjustment(actor=accountant, adjustment=made, agrees=False, reason="No.")


def test_what_is_missing_is_taken_off_once_however_often_it_was_counted(world, lot):
    """While a count waits its difference is not on record: another would find it again."""
    made = _counted(world.operator, lot, "30")
    accountant = make_account("accountant")
    for counted_by in (world.operator, accountant):
        with refused("count_waits"):
            _counted(counted_by, lot, "30")
    stock.decide_adjustment(actor=accountant, adjustment=made, agrees=True, reason="Lo pesé.")
    with refused("no_difference"):
        _counted(world.operator, lot, "30")
    assert left(lot) == 30


def test_many_small_differences_are_a_great_one(world, lot):
    """Of a lot, one person alone never lets more go than the limit, in however many parts."""
    for _each in range(5):
        stock.write_off(
            actor=world.operator, lot=lot, kind="spoiled", kg=Decimal(1), reason="Moho."
        )
    found: Any = stock.write_off(
        actor=world.operator, lot=lot, kind="spoiled", kg=Decimal("0.001"), reason="Moho."
    )
    assert (found.needs_second, found.status, left(lot)) == (True, "waiting", 35)
    with pytest.raises(DatabaseError, match="another person has to agree"), transaction.atomic():
        StockAdjustment.objects.create(
            lot=lot,
            kind="spoiled",
            kg=Decimal("-0.001"),
            reason="Moho.",
            needs_second=False,
            status="applied",
            made_at=timezone.now(),
        )
    stock.decide_adjustment(
        actor=make_account("manager", username="gerente"),
        adjustment=found,
        agrees=True,
        reason="Lo vi.",
    )
    later: Any = stock.write_off(
        actor=world.operator, lot=lot, kind="spoiled", kg=Decimal(1), reason="Moho."
    )
    assert later.status == "applied"


def test_pieces_that_are_missing_take_their_kilos_along(world):
    cocoa = works.dry(world, works.handed_in(world, "100"), kg="40")
    (bars,) = works.finished(
        world,
        works.started(world, (cocoa, "10"), code="maquila"),
        given("7", "tableta", pieces=100, added_kg=Decimal(3)),
    )
    with refused("pieces_required"):
        stock.count_lot(actor=world.operator, lot=bars, counted_kg=Decimal(7), reason="Conteo.")
    with refused("not_counted"):
        stock.count_lot(
            actor=world.operator,
            lot=cocoa,
            counted_kg=Decimal(29),
            counted_pieces=29,
            reason="Conteo.",
        )
    found: Any = stock.count_lot(
        actor=world.operator,
        lot=bars,
        counted_kg=Decimal(7),
        counted_pieces=99,
        reason="Falta una.",
    )
    assert (found.kg, found.pieces, left(bars)) == (Decimal("-0.07"), -1, Decimal("6.93"))


def test_a_great_difference_that_is_refused_changes_nothing(world, lot):
    made = _counted(world.operator, lot, "10")
    stock.decide_adjustment(
        actor=make_account("accountant"), adjustment=made, agrees=False, reason="Están los sacos."
    )
    assert left(lot) == 40


def test_nobody_confirms_an_own_count_by_sql_nor_passes_the_limit(world, lot):
    made = _counted(world.operator, lot, "10")
    with connection.cursor() as cursor:
        for statement in (
            "UPDATE harvests_stockadjustment SET status = 'applied', decided_at = now(),"
            " decided_by_id = made_by_id WHERE id = %s",
            "UPDATE harvests_stockadjustment SET needs_second = false WHERE id = %s",
            "INSERT INTO harvests_stockadjustment SELECT gen_random_uuid(), kind, 'applied', kg,"
            " pieces, counted_kg, reason, false, made_at, NULL, NULL, lot_id, made_by_id"
            " FROM harvests_stockadjustment WHERE id = %s",
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute(statement, [made.pk])


def test_more_than_was_weighed_came_out_of_the_batch_and_never_more_than_went_in(world, lot):
    made = _counted(world.operator, lot, "43")
    assert (made.kg, left(lot)) == (3, 43)
    lot.batch.totals.refresh_from_db()
    assert lot.batch.totals.out_kg == 43
    greater = _counted(world.operator, lot, "100.001")
    with pytest.raises(IntegrityError, match="more than it took"), transaction.atomic():
        stock.decide_adjustment(
            actor=make_account("accountant"), adjustment=greater, agrees=True, reason="Sí."
        )
    assert left(lot) == 43


def test_what_spoils_or_is_tasted_leaves_with_a_reason(world, lot):
    stock.write_off(
        actor=world.operator, lot=lot, kind="sample", kg=Decimal("0.5"), reason="Al laboratorio."
    )
    with refused("reason_required"):
        stock.write_off(actor=world.operator, lot=lot, kind="spoiled", kg=Decimal(1), reason=" ")
    with refused("not_enough"):
        stock.write_off(
            actor=world.operator, lot=lot, kind="spoiled", kg=Decimal(40), reason="Moho."
        )
    assert left(lot) == Decimal("39.5")


def test_what_spoils_of_a_lot_that_was_weakened_meanwhile_is_of_its_class_of_now(world, lot):
    seen_before = Lot.objects.get(pk=lot.pk)
    stock.downgrade_lot(actor=world.operator, lot=lot, to=TRANSITION, reason="Deriva.")
    stock.write_off(
        actor=world.operator, lot=seen_before, kind="spoiled", kg=Decimal(1), reason="Moho."
    )
    spoiled = lot.movements.get(kind="adjustment")
    assert (spoiled.certification_class, left(lot)) == (TRANSITION, 39)


# --- Held and weakened ----------------------------------------------------------------------------


def test_nothing_leaves_what_is_held(world, lot):
    blend = works.blend(world, (lot, "10"), kg="10")
    held = stock.hold_lot(
        actor=world.operator, lot=lot, reason="Cadmio en duda.", with_all_made_of_it=True
    )
    assert {one.pk for one in held} == {lot.pk, blend.pk}
    for one in (lot, blend):
        with refused("on_hold"):
            _sold(world, one, "1")
        with pytest.raises(DatabaseError, match="a_lot_on_hold_stays"), transaction.atomic():
            works.started(world, one, code="mezcla")
    stock.release_lot(actor=world.operator, lot=lot, reason="Salió bien.")
    _sold(world, lot, "1")
    with refused("not_held"):
        stock.release_lot(actor=world.operator, lot=lot, reason="Otra vez.")


def test_a_lot_found_weaker_takes_all_that_was_made_of_it_along(world, lot):
    blend = works.blend(world, (lot, "10"), kg="10")
    twice = works.blend(world, (blend, "4"), kg="4")
    apart = works.dry(world, works.handed_in(world, "10", ORGANIC), kg="4")
    changed = stock.downgrade_lot(
        actor=world.operator, lot=lot, to=TRANSITION, reason="Deriva de un vecino."
    )
    assert {one.pk for one in changed} == {lot.pk, blend.pk, twice.pk}
    assert [left(one) for one in (lot, blend, twice)] == [30, 6, 4]
    apart.refresh_from_db()
    assert apart.certification_class == ORGANIC
    with refused("class_raised"):
        stock.downgrade_lot(actor=world.operator, lot=changed[0], to=ORGANIC, reason="No.")


def test_who_weakens_a_lot_that_somebody_weakened_meanwhile_learns_it(world, lot):
    seen_before = Lot.objects.get(pk=lot.pk)
    stock.downgrade_lot(actor=world.operator, lot=lot, to=TRANSITION, reason="Deriva.")
    with refused("class_raised"):
        stock.downgrade_lot(
            actor=world.operator, lot=seen_before, to=TRANSITION, reason="Otra vez."
        )


def _by_class(lot: Lot) -> dict[str, Any]:
    return dict(
        StockMovement.objects.filter(lot=lot)
        .values_list("certification_class")
        .annotate(kg=models.Sum("kg"))
        .order_by()
    )


def test_what_left_before_a_lot_was_weakened_stays_as_it_left_and_comes_back_weaker(world, lot):
    movement = _sold(world, lot)
    stock.downgrade_lot(actor=world.operator, lot=lot, to=CONVENTIONAL, reason="Deriva.")
    assert StockMovement.objects.get(pk=movement.pk).certification_class == ORGANIC
    assert _by_class(lot) == {ORGANIC: 0, CONVENTIONAL: 30}
    back: Any = stock.take_back(actor=world.operator, movement=movement, reason="Volvió.")
    assert (back.certification_class, left(lot)) == (ORGANIC, 40)
    assert _by_class(lot) == {ORGANIC: 0, CONVENTIONAL: 40}


def test_a_batch_of_a_lot_that_was_weakened_since_is_voided(world, lot):
    batch = works.started(world, (lot, "10"), code="mezcla")
    works.finished(world, batch, given("10"))
    stock.downgrade_lot(actor=world.operator, lot=lot, to=CONVENTIONAL, reason="Deriva.")
    batches.void_batch(actor=world.operator, batch=batch, reason="Nunca fue.")
    assert _by_class(lot) == {ORGANIC: 0, CONVENTIONAL: 40}
    (blend,) = Lot.objects.filter(batch=batch)
    assert (blend.certification_class, left(blend)) == (CONVENTIONAL, 0)


def test_a_lot_of_nothing_is_weakened_too(world):
    lot = works.dry(world, works.handed_in(world, "100", ORGANIC), kg="40")
    _sold(world, lot, None)
    (changed,) = stock.downgrade_lot(
        actor=world.operator, lot=lot, to=CONVENTIONAL, reason="Deriva."
    )
    assert changed.certification_class == CONVENTIONAL


def test_a_held_lot_is_still_weakened_and_voided(world, lot):
    stock.hold_lot(actor=world.operator, lot=lot, reason="Duda.", with_all_made_of_it=False)
    stock.downgrade_lot(actor=world.operator, lot=lot, to=CONVENTIONAL, reason="Deriva.")
    assert left(lot) == 40


def test_a_lot_is_laid_elsewhere_with_a_reason(world, lot):
    with refused("reason_required"):
        stock.move_lot(actor=world.operator, lot=lot, where=world.bodega, reason="")
    moved = stock.move_lot(
        actor=world.operator, lot=lot, where=world.bodega, marks="KAL-1", reason="A la bodega."
    )
    assert (moved.where, moved.marks) == (world.bodega, "KAL-1")


def test_an_output_joins_a_batch_under_way_only(world):
    batch = works.started(world, works.handed_in(world))
    batches.take_out(actor=world.operator, batch=batch, given=[given("20")])
    batches.take_out(actor=world.operator, batch=batch, given=[given("19")])
    works.finished(world, batch)
    with refused("ended"):
        batches.take_out(actor=world.operator, batch=batch, given=[given("1")])
