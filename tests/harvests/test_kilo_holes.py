"""Ways past the law of kilos that somebody found, by SQL and by two at once. Each is closed."""

from __future__ import annotations

import threading
import uuid
from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pgtrigger
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from harvests.models import Delivery, Lot
from harvests.services import batches, stock
from harvests.services.ledger import Kind, write
from kallari.history.bulk import as_rows, insert_with_history
from tests.harvests import works
from tests.harvests.refusals import refused
from tests.harvests.works import CONVENTIONAL, ORGANIC, given, left

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Any:
    return works.workshop()


@pytest.fixture
def lot(world: Any) -> Any:
    return works.dry(world, works.handed_in(world, "100", ORGANIC), kg="40")


def _refused(constraint: str) -> Any:
    return pytest.raises(DatabaseError, match=constraint)


def _write(*lines: dict[str, Any], at: Any = None) -> None:
    """Lines of the ledger, with no service that looks at them before; and the end of the
    transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        write(lines, actor=None, moved_at=at or timezone.now())
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _line(lot: Any, kind: str, kg: Any, of_class: str = ORGANIC, **told: Any) -> dict[str, Any]:
    return {"lot": lot, "kind": kind, "kg": kg, "certification_class": of_class, **told}


# --- What is not there yet ------------------------------------------------------------------------


def test_a_lot_does_not_come_before_its_batch(world, lot):
    (row,) = as_rows([lot])
    row |= {"id": str(uuid.uuid4()), "code": "L26-9999", "number": 9999}
    with _refused("not on record"), transaction.atomic():
        insert_with_history((Lot, [row | {"batch_id": str(uuid.uuid4())}]), actor=None)


def test_nothing_moves_of_a_source_that_is_written_after(world, lot):
    nobody = Delivery(pk=uuid.uuid4())
    open_batch = works.started(world, works.handed_in(world, "10"))
    with _refused("not on record"):
        _write(_line(Lot(pk=uuid.uuid4()), Kind.DISPATCH, -1, recipient="Alguien"))
    with _refused("not on record"):
        _write(
            {
                "delivery": nobody,
                "batch": open_batch,
                "kind": Kind.INPUT,
                "kg": -500,
                "certification_class": ORGANIC,
            }
        )


# --- Kilos from nowhere ---------------------------------------------------------------------------


def test_kilos_that_change_class_stay_as_many(world, lot):
    for lines in (
        [_line(lot, Kind.RECLASS, 1000)],
        [_line(lot, Kind.RECLASS, -1)],
        [_line(lot, Kind.RECLASS, 5), _line(lot, Kind.RECLASS, -4)],
    ):
        with _refused("what_changes_class_stays_as_much"):
            _write(*lines)
    with _refused("a_lot_is_of_one_class"):
        _write(_line(lot, Kind.RECLASS, -5), _line(lot, Kind.RECLASS, 5, CONVENTIONAL))
    assert left(lot) == 40


def test_nothing_comes_back_out_of_a_batch_that_did_not_go_in(world, lot):
    other = works.started(world, works.handed_in(world, "300", ORGANIC))
    with _refused("no_more_comes_back_than_went"):
        _write(_line(lot, Kind.INPUT, 300, batch=other))
    with _refused("no_more_comes_back_than_went|nothing_is_taken"):
        _write(_line(lot, Kind.OUTPUT, -41, batch=lot.batch))
    assert left(lot) == 40


def test_no_amount_at_all_is_no_amount(world, lot):
    for kind, told in (
        (Kind.RECLASS, {}),
        (Kind.INPUT, {"batch": works.started(world, works.handed_in(world, "10", ORGANIC))}),
        (Kind.DISPATCH, {"recipient": "Alguien"}),
    ):
        with _refused("a_movement_moves_a_number"):
            _write(_line(lot, kind, "NaN", **told))
    assert left(lot) == 40


def test_a_class_is_one_of_those_there_are(world, lot):
    stock.downgrade_lot(actor=world.operator, lot=lot, to=CONVENTIONAL, reason="Deriva.")
    for word in ("x", "Organic"):
        with _refused("a_lot_is_of_a_known_class"), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE harvests_lot SET certification_class = %s WHERE id = %s", [word, lot.pk]
                )


# --- When -----------------------------------------------------------------------------------------


def test_nothing_moves_before_it_was_there(world, lot):
    with _refused("nothing_moves_before_it_was"), transaction.atomic():
        stock.dispatch_from_lot(
            actor=world.operator,
            lot=lot,
            kg=Decimal(1),
            recipient="Alguien",
            at=lot.made_at - timedelta(seconds=1),
        )
    fresh = works.handed_in(world, "10")
    with _refused("nothing_moves_before_it_was"), transaction.atomic():
        works.started(world, fresh, started_at=fresh.weighed_at - timedelta(seconds=1))
    batch = works.started(world, fresh)
    with _refused("nothing_moves_before_it_was"), transaction.atomic():
        works.finished(world, batch, given("4"), ended_at=batch.started_at - timedelta(seconds=1))


@pytest.mark.parametrize("moment", ["-infinity", "0044-03-15 BC", "2999-01-01", "infinity"])
def test_a_movement_has_happened_since_the_association_is(moment, world, lot):
    with _refused("nothing_moves_|it is still to come|a_movement_"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO harvests_stockmovement (lot_id, kind, kg, certification_class,"
                " recipient, reference, note, moved_at, recorded_at)"
                " VALUES (%s, 'dispatch', -1, %s, 'Alguien', '', '', %s, %s)",
                [lot.pk, ORGANIC, moment, moment if moment > "1" else "2026-01-01"],
            )


def test_nothing_goes_into_a_batch_that_ended_by_sql_either(world, lot):
    batch = works.started(world, works.handed_in(world, "10", ORGANIC))
    works.finished(world, batch, given("4"))
    late = works.handed_in(world, "5", ORGANIC)
    with _refused("a_finished_batch_takes_no_more"):
        _write(
            {
                "delivery": late,
                "batch": batch,
                "kind": Kind.INPUT,
                "kg": -5,
                "certification_class": ORGANIC,
            }
        )


# --- What ends nowhere ----------------------------------------------------------------------------


def test_what_could_become_nothing_together_does_not_go_in_together(world, lot):
    """Cocoa and leaf in one blend: nothing could ever come out of it."""
    leaf = works.handed_in(world, "30", quality=world.hoja_primera)
    (dried,) = works.finished(
        world, works.started(world, leaf, code="secado"), given("10", "entera")
    )
    with refused("forms_mixed"):
        works.started(world, lot, dried, code="mezcla")
    blend = works.started(world, (lot, "5"), code="mezcla")
    with refused("forms_mixed"):
        batches.add_to_batch(actor=world.operator, batch=blend, taken=[works.Taken(dried)])


def test_a_reading_is_corrected_after_the_batch_ended_too(world):
    batch = works.started(world, works.handed_in(world, "100"))
    wrong = batches.note_reading(
        actor=world.operator, batch=batch, kind="moisture", value=Decimal(72)
    )
    works.finished(world, batch, given("39"))
    right = batches.note_reading(
        actor=world.operator, batch=batch, kind="moisture", value=Decimal("7.2"), replaces=wrong
    )
    assert (right.read_at, right.replaces) == (wrong.read_at, wrong)
    with refused("ended"):
        batches.note_reading(actor=world.operator, batch=batch, kind="moisture", value=Decimal(7))


# --- Two at once ----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_kilos_are_written_under_read_committed_only():
    world = works.workshop()
    lot = works.dry(world, works.handed_in(world, "100"), kg="40")
    with _refused("only under read committed"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        stock.dispatch_from_lot(actor=world.operator, lot=lot, kg=Decimal(1), recipient="Alguien")


def _made_while_its_source_is_weakened(world: Any) -> tuple[str, str]:
    """A lot is made of another in one transaction, which another person finds weaker before that
    ends; the classes of both afterwards."""
    source = works.dry(world, works.handed_in(world, "100", ORGANIC), kg="40")
    batch = works.started(world, source, code="mezcla")
    made, weakened, failures = threading.Event(), threading.Event(), []

    def weaken() -> None:
        with closing(connection):
            try:
                made.wait(20)
                stock.downgrade_lot(
                    actor=world.operator, lot=source, to=CONVENTIONAL, reason="Deriva."
                )
            except DatabaseError as error:
                failures.append(error)
            finally:
                weakened.set()

    thread = threading.Thread(target=weaken)
    thread.start()
    with transaction.atomic():
        batches.take_out(actor=world.operator, batch=batch, given=[given("40")])
        made.set()
        weakened.wait(2)  # with the lock it waits for us
    thread.join()
    assert not failures
    (blend,) = Lot.objects.filter(batch=batch)
    source.refresh_from_db()
    return source.certification_class, blend.certification_class


@pytest.mark.django_db(transaction=True)
def test_what_is_made_of_a_lot_that_is_found_weaker_at_that_moment_is_weaker_too():
    assert _made_while_its_source_is_weakened(works.workshop()) == (CONVENTIONAL, CONVENTIONAL)


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_it_would_stay_organic():
    """The twin: nobody looks at the sources when the lot is made."""
    world = works.workshop()
    looks = "harvests.Lot:a_class_is_the_weakest"
    pgtrigger.disable(looks)
    try:
        assert _made_while_its_source_is_weakened(world) == (CONVENTIONAL, ORGANIC)
    finally:
        pgtrigger.enable(looks)
