"""What happens to a batch, and what the law of kilos refuses."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from harvests.models import Batch, BatchTotals, Delivery, Lot, StockMovement
from harvests.services import batches, deliveries
from harvests.services.ledger import Taken
from tests.harvests import works
from tests.harvests.refusals import refused
from tests.harvests.telephones import payload
from tests.harvests.works import CONVENTIONAL, ORGANIC, TRANSITION, given, left
from tests.people import make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Any:
    return works.workshop()


def refused_by_the_database(constraint: str) -> Any:
    """A refusal of the law of kilos, by the name of what it keeps."""
    return pytest.raises(DatabaseError, match=constraint)


def sql(statement: str, *params: Any) -> None:
    """Behind the application's back; what is looked at when a transaction ends, too."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, params)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


# --- Going in and coming out ----------------------------------------------------------------------


def test_wet_cocoa_becomes_a_lot_of_dry(world):
    first, second = works.handed_in(world, "60"), works.handed_in(world, "40")
    batch = works.started(world, first, (second, "30"), where=world.cajon_1)
    (lot,) = works.finished(world, batch, given("35.1", where=world.bodega))
    year = timezone.localdate(batch.started_at).year % 100
    assert (batch.code, lot.code) == (f"F{year:02}-0001", f"L{year:02}-0001")
    totals: Any = BatchTotals.objects.get(batch=batch)
    assert (totals.in_kg, totals.out_kg, totals.lost_kg) == (90, Decimal("35.1"), Decimal("54.9"))
    assert totals.yielded == Decimal("0.39")
    assert (left(first), left(second), left(lot)) == (0, 10, Decimal("35.1"))
    assert Batch.objects.get().status == Batch.Status.FINISHED


def test_more_cannot_come_out_than_went_in(world):
    batch = works.started(world, works.handed_in(world, "100"), code="beneficio")
    with pytest.raises(IntegrityError, match="more than it took"):
        batches.take_out(actor=world.operator, batch=batch, given=[given("100.001")])
    assert not Lot.objects.exists()
    batches.take_out(actor=world.operator, batch=batch, given=[given("100")])


def test_more_cannot_come_out_by_sql_either(world):
    lot = works.dry(world, works.handed_in(world, "100"), kg="39")
    line = (
        "INSERT INTO harvests_stockmovement (lot_id, kind, kg, certification_class, batch_id,"
        " recipient, reference, note, moved_at, recorded_at)"
        " VALUES (%s, 'output', %s, 'conventional', %s, '', '', '', clock_timestamp(),"
        " clock_timestamp())"
    )
    with pytest.raises(IntegrityError, match="more than it took"), transaction.atomic():
        sql(line, lot.pk, "61.001", lot.batch_id)
    sql(line, lot.pk, "61", lot.batch_id)
    assert left(lot) == 100


@pytest.mark.parametrize(
    ("out", "asks"), [("46", True), ("39", False), ("33", False), ("45", False), ("32.9", True)]
)
def test_a_yield_outside_its_band_asks_for_a_note(out, asks, world):
    """0.330 to 0.450 around 0.390, says the region's traceability system."""
    batch = works.started(world, works.handed_in(world, "100"))
    if asks:
        with refused("yield_note_required"):
            works.finished(world, batch, given(out))
        assert not Lot.objects.exists()
    note = "Vino con poca pulpa." if asks else ""
    works.finished(world, batch, given(out), yield_note=note)
    batch.refresh_from_db()
    assert (batch.yield_low, batch.yield_high) == (Decimal("0.33"), Decimal("0.45"))


def test_nothing_goes_in_that_its_kind_does_not_take(world):
    leaf = works.handed_in(world, "50", quality=world.hoja_primera)
    with refused("form_not_taken"):
        works.started(world, leaf)
    assert left(leaf) == 50


def test_nothing_comes_out_that_its_kind_does_not_give(world):
    batch = works.started(world, works.handed_in(world))
    with refused("form_not_given"):
        works.finished(world, batch, given("39", "entera"))
    with refused("form_not_given"):
        works.finished(world, batch, given("39", "baba"))


def test_what_is_counted_by_the_piece_is_not_worked(world):
    pieces = works.delivery(world.family, world.pieza_unica, "5")
    with refused("not_weighed"):
        works.started(world, pieces)


def test_no_more_is_taken_than_is_left(world):
    some = works.handed_in(world, "100")
    works.started(world, (some, "70"))
    with refused("not_enough"):
        works.started(world, (some, "30.001"))
    works.started(world, (some, "30"))
    with refused("nothing_left"):
        works.started(world, some)


def test_one_source_is_not_told_twice(world):
    some = works.handed_in(world)
    with refused("taken_twice"):
        works.started(world, (some, "10"), (some, "20"))


def test_a_delivery_that_counts_no_more_is_not_used(world):
    some = works.handed_in(world)
    deliveries.void_delivery(actor=world.operator, delivery=some, reason="Nunca llegó.")
    with refused("not_valid"):
        works.started(world, some)


def test_nothing_is_put_into_a_batch_that_ended(world):
    batch = works.started(world, works.handed_in(world))
    works.finished(world, batch, given("39"))
    with refused("ended"):
        batches.add_to_batch(
            actor=world.operator, batch=batch, taken=[Taken(works.handed_in(world))]
        )


def test_an_empty_batch_gives_nothing_and_does_not_end(world):
    batch = works.started(world)
    with refused("nothing_in"):
        works.finished(world, batch, given("1"))
    batches.add_to_batch(actor=world.operator, batch=batch, taken=[Taken(works.handed_in(world))])
    with refused("nothing_out"):
        works.finished(world, batch)


def test_a_lot_does_not_go_into_the_batch_it_came_from_nor_into_one_before(world):
    lot = works.dry(world, works.handed_in(world), kg="39")
    batch = works.started(world, (lot, "30"), code="mezcla")
    (first,) = batches.take_out(actor=world.operator, batch=batch, given=[given("10")])
    with refused_by_the_database("nothing_comes_out_of_itself"), transaction.atomic():
        batches.add_to_batch(actor=world.operator, batch=batch, taken=[Taken(first)])
    works.finished(world, batch, given("20"))


def test_bars_come_back_from_a_plant_by_the_piece(world):
    beans = works.dry(world, works.handed_in(world, "100"), kg="39")
    batch = works.started(world, (beans, "35"), code="maquila")
    (bars,) = works.finished(world, batch, given("28", "tableta", pieces=800, added_kg=Decimal(12)))
    assert (bars.balance.kg, bars.balance.pieces, bars.added_kg) == (28, 800, 12)
    packed = works.started(world, code="division")
    with refused("pieces_required"):
        batches.add_to_batch(actor=world.operator, batch=packed, taken=[Taken(bars, kg=Decimal(1))])
    batches.add_to_batch(actor=world.operator, batch=packed, taken=[Taken(bars, pieces=100)])
    bars.balance.refresh_from_db()
    assert (bars.balance.kg, bars.balance.pieces) == (Decimal("24.5"), 700)


# --- Certification --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("classes", "becomes"),
    [
        ((ORGANIC, ORGANIC), ORGANIC),
        ((ORGANIC, TRANSITION), TRANSITION),
        ((ORGANIC, CONVENTIONAL), CONVENTIONAL),
        ((TRANSITION, CONVENTIONAL, ORGANIC), CONVENTIONAL),
    ],
)
def test_what_comes_out_is_of_the_weakest_class_that_went_in(classes, becomes, world):
    sources = [works.handed_in(world, "10", one) for one in classes]
    lot = works.dry(world, *sources, kg=str(Decimal("3.9") * len(classes)))
    assert lot.certification_class == becomes


def test_a_weaker_class_may_be_told_and_no_stronger(world):
    batch = works.started(world, works.handed_in(world, "100", TRANSITION))
    with refused("class_too_strong"):
        works.finished(world, batch, given("39", certification_class=ORGANIC))
    (lot,) = works.finished(world, batch, given("39", certification_class=CONVENTIONAL))
    assert lot.certification_class == CONVENTIONAL


def test_nothing_weaker_joins_a_batch_that_gave_something_stronger(world):
    batch = works.started(world, works.handed_in(world, "100", ORGANIC))
    batches.take_out(actor=world.operator, batch=batch, given=[given("20")])
    batches.add_to_batch(
        actor=world.operator, batch=batch, taken=[Taken(works.handed_in(world, "5", ORGANIC))]
    )
    with refused_by_the_database("the_class_is_the_weakest"), transaction.atomic():
        batches.add_to_batch(
            actor=world.operator, batch=batch, taken=[Taken(works.handed_in(world, "5"))]
        )


def test_a_class_cannot_be_raised_by_sql(world):
    lot = works.dry(world, works.handed_in(world), kg="39")
    with refused_by_the_database("never raised"):
        sql("UPDATE harvests_lot SET certification_class = 'organic' WHERE id = %s", lot.pk)


def test_a_lot_stronger_than_its_sources_cannot_be_written_by_sql(world):
    lot = works.dry(world, works.handed_in(world), kg="39")
    with refused_by_the_database("as weak as its weakest"):
        sql(
            "INSERT INTO harvests_lot (id, code, year, number, batch_id, form_id,"
            " certification_class, marks, added_kg, made_at, note)"
            " SELECT gen_random_uuid(), 'L99-0001', 2099, 1, batch_id, form_id, 'organic', '', 0,"
            " now(), '' FROM harvests_lot WHERE id = %s",
            lot.pk,
        )


def test_a_class_cannot_be_lowered_by_sql_without_what_was_made_of_it(world):
    lot = works.dry(world, works.handed_in(world, "100", ORGANIC), kg="39")
    works.blend(world, (lot, "10"), kg="10")
    with refused_by_the_database("as weak as its weakest"):
        sql("UPDATE harvests_lot SET certification_class = 'conventional' WHERE id = %s", lot.pk)


def test_a_class_cannot_be_lowered_by_sql_without_its_kilos(world):
    lot = works.dry(world, works.handed_in(world, "100", ORGANIC), kg="39")
    with refused_by_the_database("of its class"):
        sql("UPDATE harvests_lot SET certification_class = 'conventional' WHERE id = %s", lot.pk)


# --- By SQL behind the application's back ---------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE harvests_stockmovement SET kg = kg * 2",
        "DELETE FROM harvests_stockmovement",
        "TRUNCATE harvests_stockmovement CASCADE",
        "UPDATE harvests_stockbalance SET kg = 1000",
        "INSERT INTO harvests_stockbalance (lot_id, kg) SELECT id, 5 FROM harvests_lot",
        "DELETE FROM harvests_stockbalance",
        "UPDATE harvests_batchtotals SET in_kg = 1000",
        "DELETE FROM harvests_batchtotals",
        "DELETE FROM harvests_batch",
        "DELETE FROM harvests_lot",
        "UPDATE harvests_lot SET batch_id = (SELECT id FROM harvests_batch"
        " WHERE id <> harvests_lot.batch_id LIMIT 1)",
        "UPDATE harvests_batch SET status = 'open', ended_at = NULL",
        "UPDATE harvests_batchreading SET value = 3",
    ],
)
def test_the_ledger_is_not_written_over(statement, world):
    works.dry(world, works.handed_in(world), kg="39")
    batch = works.started(world, works.handed_in(world))
    batches.note_reading(actor=world.operator, batch=batch, kind="turn")
    connection.check_constraints()
    with pytest.raises(DatabaseError, match=r"append-only|never removed|ends once"):
        sql(statement)


# --- Mistakes -------------------------------------------------------------------------------------


def test_a_voided_batch_gives_all_back(world):
    some = works.handed_in(world, "100")
    batch = works.started(world, (some, "80"))
    (lot,) = works.finished(world, batch, given("31"))
    batches.void_batch(actor=world.operator, batch=batch, reason="Anotado dos veces.")
    assert (left(some), left(lot)) == (100, 0)
    works.started(world, some)
    with refused("voided"):
        batches.void_batch(actor=world.operator, batch=batch, reason="Otra vez.")


def test_a_batch_of_whose_lots_something_was_taken_is_not_voided(world):
    lot = works.dry(world, works.handed_in(world), kg="39")
    works.blend(world, (lot, "1"), kg="1")
    with refused("used"):
        batches.void_batch(actor=world.operator, batch=lot.batch, reason="Nunca fue.")
    assert left(lot) == 38


def test_a_batch_is_not_voided_by_sql_while_it_holds_kilos(world):
    works.started(world, works.handed_in(world))
    with refused_by_the_database("holds nothing"):
        sql("UPDATE harvests_batch SET status = 'voided', ended_at = now()")


def test_an_output_that_was_written_wrongly_is_corrected(world):
    lot = works.dry(world, works.handed_in(world), kg="39")
    batches.correct_output(
        actor=world.operator, lot=lot, kg=Decimal("36"), reason="Era 36, se leyó 39."
    )
    assert left(lot) == 36
    assert BatchTotals.objects.get(batch=lot.batch).out_kg == 36
    assert StockMovement.objects.filter(lot=lot).count() == 2
    with refused("no_difference"):
        batches.correct_output(actor=world.operator, lot=lot, kg=Decimal(36), reason="Igual.")


def test_an_output_is_not_corrected_below_what_was_taken_since(world):
    lot = works.dry(world, works.handed_in(world), kg="39")
    works.blend(world, (lot, "30"), kg="30")
    other = make_account("center_operator", username="otra-operadora")
    with pytest.raises(IntegrityError, match="not_there"), transaction.atomic():
        batches.correct_output(actor=other, lot=lot, kg=Decimal(29), reason="Menos.")
    batches.correct_output(actor=other, lot=lot, kg=Decimal(30), reason="Menos.")
    assert left(lot) == 0


def test_nobody_alone_lets_kilos_go_that_they_weighed_in_however_many_parts(world):
    lot = works.dry(world, works.handed_in(world), kg="39")
    told: dict[str, Any] = {"lot": lot, "reason": "Se leyó mal."}
    with refused("second_person"):
        batches.correct_output(actor=world.operator, kg=Decimal("33.9"), **told)
    batches.correct_output(actor=world.operator, kg=Decimal(34), **told)
    with refused("second_person"):
        batches.correct_output(actor=world.operator, kg=Decimal("33.9"), **told)
    assert lot.batch.yield_note == ""
    other = make_account("center_operator", username="otra-operadora")
    batches.correct_output(actor=other, kg=Decimal(20), **told)
    assert left(lot) == 20
    lot.batch.refresh_from_db()
    assert lot.batch.yield_note == "Se leyó mal."


def _corrected(world: Any, delivery: Delivery, kg: str) -> Delivery:
    told = payload(
        delivery.family,
        quantity=kg,
        unit="kg",
        weighed_at=delivery.weighed_at.isoformat(),
    )
    return deliveries.correct_delivery(
        actor=world.operator, delivery=delivery, told=told, reason="Se pesó otra vez."
    )


def test_a_delivery_in_a_batch_is_not_voided(world):
    some = works.handed_in(world)
    works.started(world, (some, "40"))
    with refused("used"):
        deliveries.void_delivery(actor=world.operator, delivery=some, reason="Nunca llegó.")
    with refused_by_the_database("kilos of it lie in a batch"):
        sql(
            "UPDATE harvests_delivery SET status = 'voided', ended_at = now() WHERE id = %s",
            some.pk,
        )


def test_a_corrected_delivery_takes_the_place_of_the_first_in_its_batch(world):
    some, other = works.handed_in(world, "100"), works.handed_in(world, "50")
    batch = works.started(world, some, other)
    new = _corrected(world, some, "90")
    assert BatchTotals.objects.get(batch=batch).in_kg == 140
    assert (left(some), left(new)) == (100, 0)


def test_of_a_delivery_that_was_used_in_part_as_much_stays_in_the_batch(world):
    some = works.handed_in(world, "100")
    batch = works.started(world, (some, "40"))
    new: Any = _corrected(world, some, "90")
    assert [BatchTotals.objects.get(batch=batch).in_kg, left(new)] == [40, 50]
    less = _corrected(world, new, "30")
    assert [BatchTotals.objects.get(batch=batch).in_kg, left(less)] == [30, 0]


def test_a_correction_that_would_leave_more_out_than_in_is_refused(world):
    some = works.handed_in(world, "100")
    batch = works.started(world, some)
    works.finished(world, batch, given("45"))
    with refused("more_out_than_in"):
        _corrected(world, some, "44")
    assert Delivery.objects.get(pk=some.pk).is_valid
    _corrected(world, some, "45")


def test_a_correction_to_a_weaker_class_weakens_all_that_was_made_of_it(world):
    some = works.handed_in(world, "100", ORGANIC)
    lot = works.dry(world, some, works.handed_in(world, "10", ORGANIC), kg="42")
    blend = works.blend(world, (lot, "20"), kg="20")
    _corrected(world, some, "99")  # of no chakra, as told: conventional
    for one in (lot, blend):
        one.refresh_from_db()
        assert one.certification_class == CONVENTIONAL
    assert (left(lot), left(blend)) == (22, 20)


# --- Phases and readings --------------------------------------------------------------------------


def test_a_batch_goes_from_box_to_dryer(world):
    batch = works.started(world, works.handed_in(world), where=world.cajon_1)
    fermentation, drying = works.kind("beneficio").phases.all()
    batches.move_batch(actor=world.operator, batch=batch, phase=drying, where=world.secadora_1)
    stages = list(batch.stages.all())
    assert [one.phase for one in stages] == [fermentation, drying]
    assert stages[0].ended_at == stages[1].started_at
    with refused("other_kind"):
        batches.move_batch(
            actor=world.operator,
            batch=batch,
            phase=works.kind("curado").phases.first(),
            where=None,
        )
    with refused("before_it_began"):
        batches.move_batch(
            actor=world.operator,
            batch=batch,
            phase=drying,
            where=None,
            at=timezone.now() - timedelta(days=3),
        )


@pytest.mark.parametrize(
    ("kind", "value", "possible"),
    [
        ("temperature", "47.5", True),
        ("temperature", "475", False),
        ("moisture", "7.1", True),
        ("moisture", "101", False),
        ("acidity", "4.2", True),
        ("acidity", "15", False),
        ("weight", "0", False),
        ("turn", None, True),
        ("turn", "3", False),
        ("note", None, False),
    ],
)
def test_a_reading_is_possible(kind, value, possible, world):
    batch = works.started(world, works.handed_in(world))
    told = {"kind": kind, "value": value if value is None else Decimal(value)}
    if possible:
        assert batches.note_reading(actor=world.operator, batch=batch, **told).pk
    else:
        with pytest.raises(ValidationError, match="no es posible"):
            batches.note_reading(actor=world.operator, batch=batch, **told)


def test_a_wrong_reading_is_replaced_once_and_stays(world):
    batch = works.started(world, works.handed_in(world))
    wrong = batches.note_reading(
        actor=world.operator, batch=batch, kind="temperature", value=Decimal(74)
    )
    right = batches.note_reading(
        actor=world.operator, batch=batch, kind="temperature", value=Decimal(47), replaces=wrong
    )
    assert list(batch.readings.standing()) == [right]
    assert batch.readings.count() == 2


def test_half_of_the_last_place_of_a_yield_is_rounded_up() -> None:
    totals: Any = BatchTotals(in_kg=Decimal(2000), out_kg=Decimal("660.1"))
    assert totals.yielded == Decimal("0.3301")  # 0.33005
