"""Cash boxes: opened and closed with a count, by two people, never overdrawn."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError

from harvests.models import Advance, CashMovement, CashSession
from harvests.services import cash
from harvests.services.advances import give_advance, void_advance
from kallari.refusals import in_words
from tests.harvests import owed
from tests.harvests.refusals import refused
from tests.harvests.test_settlements import _sql, _together
from tests.members.factories import family, handed_out
from tests.people import make_account

pytestmark = pytest.mark.django_db

REASON = "Se escribió mal."


def balance(session):
    return CashSession.objects.with_moved().get(pk=session.pk).balance_usd


def put_in(session, usd, **told):
    return cash.move_cash(
        **{
            "actor": owed.account(),
            "session": session,
            "kind": "put_in",
            "amount_usd": Decimal(usd),
        }
        | told
    )


def closed(session, usd, note="", **told):
    return cash.close_cash_box(
        **{
            "actor": owed.account("manager"),
            "session": session,
            "counted_usd": Decimal(usd),
            "closing_note": note,
        }
        | told
    )


def test_a_box_opens_with_what_the_last_count_left_or_says_why_not():
    session = owed.opened("50.00")
    assert (session.brought_usd, session.opening_note) == (Decimal(0), "Fondo inicial")
    closed(session, "50.00")
    with refused("differs"):
        cash.open_cash_box(actor=owed.account(), box=session.box, opening_usd=Decimal("51.00"))
    again = cash.open_cash_box(actor=owed.account(), box=session.box, opening_usd=Decimal("50.00"))
    assert again.brought_usd == Decimal("50.00")


def test_what_is_missing_at_an_opening_is_signed_by_two():
    session = owed.opened("50.00")
    closed(session, "50.00")
    told = {"actor": owed.account(), "box": session.box, "opening_note": "Faltante"}
    with pytest.raises(ValidationError, match="firman dos"):
        cash.open_cash_box(opening_usd=Decimal("49.99"), **told)
    more = cash.open_cash_box(opening_usd=Decimal("50.01"), **told)
    assert more.opening_usd == Decimal("50.01")


def test_whoever_counts_a_box_has_not_moved_its_money():
    session = owed.opened("50.00")
    mine = put_in(session, "10.00")
    other = make_account("accountant", username="otra-contadora")
    for act in (
        lambda: put_in(session, "40.00", kind="banked", actor=other),
        lambda: cash.reverse_movement(actor=other, movement=mine, reason=REASON),
    ):
        with refused("other_session"):
            act()
    assert balance(session) == Decimal(60)
    closed(session, "60.00", actor=other)


def test_a_box_is_retired_closed_and_empty():
    session = owed.opened("50.00")
    box = session.box
    told = {"actor": owed.account(), "box": box, "reason": "Se juntan las dos cajas."}
    with refused("box_open"):
        cash.retire_cash_box(**told)
    closed(session, "50.00")
    with refused("not_empty"):
        cash.retire_cash_box(**told)
    again = cash.open_cash_box(actor=owed.account(), box=box, opening_usd=Decimal("50.00"))
    cash.move_cash(
        actor=owed.account(), session=again, kind="banked", amount_usd=Decimal(50), note="Depósito"
    )
    closed(again, "0.00")
    cash.retire_cash_box(**told)
    for act in (
        lambda: cash.retire_cash_box(**told),
        lambda: cash.open_cash_box(actor=owed.account(), box=box, opening_usd=Decimal(0)),
    ):
        with refused("retired"):
            act()


def test_a_box_is_open_once():
    session = owed.opened("50.00")
    with pytest.raises(ValidationError, match="ya está abierta"):
        cash.open_cash_box(
            actor=owed.account("manager"),
            box=session.box,
            opening_usd=Decimal(1),
            opening_note="Otra vez",
        )
    with pytest.raises(IntegrityError, match="one_open_session_a_box"):
        _sql(
            "INSERT INTO harvests_cashsession (id, box_id, brought_usd, opening_usd, opening_note,"
            " opened_at, opened_by_id, closing_note)"
            " SELECT gen_random_uuid(), box_id, 0, 0, '', now(), opened_by_id, ''"
            " FROM harvests_cashsession"
        )


def test_money_put_in_and_taken_to_the_bank_is_added_up():
    session = owed.opened("50.00")
    put_in(session, "100.00")
    put_in(session, "120.00", kind="banked")
    assert balance(session) == Decimal("30.00")
    with refused("not_enough_cash") as found:
        put_in(session, "30.01", kind="banked")
    assert "hay 30,00 USD" in str(found.value)
    with refused("min_value"):
        put_in(session, "-5")
    with refused("comes_with_its_payment"):
        put_in(session, "5", kind="payment")
    assert balance(session) == Decimal("30.00")


def test_a_movement_is_undone_once_by_another():
    session = owed.opened("50.00")
    mistake = put_in(session, "100.00")
    cash.reverse_movement(actor=owed.account(), movement=mistake, reason=REASON)
    assert balance(session) == Decimal("50.00")
    with refused("reversed"):
        cash.reverse_movement(
            actor=owed.account(), movement=CashMovement.objects.get(pk=mistake.pk), reason=REASON
        )


def test_a_movement_that_somebody_undid_meanwhile_is_not_undone_again():
    session = owed.opened("50.00")
    mistake = put_in(session, "100.00")
    assert not hasattr(mistake, "reversed_by")  # as a page read it before
    cash.reverse_movement(
        actor=owed.account(), movement=CashMovement.objects.get(pk=mistake.pk), reason=REASON
    )
    with refused("reversed"):
        cash.reverse_movement(actor=owed.account(), movement=mistake, reason=REASON)


def test_cash_does_not_move_by_nobodys_hand():
    """Without an actor the box would stay as it was, and the advance would stand."""
    session, grefa = owed.opened("50.00"), family()
    told = {
        "family": grefa,
        "amount_usd": Decimal("40.00"),
        "given_on": owed.UNTIL,
        "given_by": "Contabilidad",
        "session": session,
    }
    with pytest.raises(ValueError, match="somebody"):
        give_advance(actor=None, **told)
    assert not Advance.objects.exists()
    given = give_advance(actor=owed.account(), **told)
    with pytest.raises(ValueError, match="somebody"):
        void_advance(actor=None, advance=given, reason=REASON)
    given.refresh_from_db()
    assert given.is_valid
    assert balance(session) == Decimal("10.00")


def test_another_person_closes_the_box_with_what_is_counted():
    session = owed.opened("50.00")
    put_in(session, "10.00")
    with refused("own_session"):
        closed(session, "60.00", actor=owed.account())
    with refused("differs"):
        closed(session, "59.50")
    done = closed(session, "59.50", "Faltan cincuenta centavos en monedas")
    assert (done.expected_usd, done.difference_usd) == (Decimal("60.00"), Decimal("-0.50"))
    with refused("session_closed"):
        put_in(session, "1")
    with refused("session_closed"):
        closed(session, "59.50")


def test_an_advance_in_cash_comes_out_of_the_box_and_returns_when_voided():
    session, grefa = owed.opened("50.00"), family()
    told = {
        "actor": owed.account(),
        "family": grefa,
        "given_on": owed.UNTIL,
        "given_by": "Contabilidad",
        "session": session,
    }
    with refused("not_enough_cash"):
        give_advance(amount_usd=Decimal("50.01"), **told)
    given = give_advance(amount_usd=Decimal("40.00"), **told)
    assert balance(session) == Decimal("10.00")
    assert given.cash_movement == session.movements.get(kind="advance")
    void_advance(actor=owed.account(), advance=given, reason=REASON)
    assert balance(session) == Decimal("50.00")


def test_an_advance_whose_box_is_closed_is_not_voided():
    session, grefa = owed.opened("50.00"), family()
    given = give_advance(
        actor=owed.account(),
        family=grefa,
        amount_usd=Decimal("40.00"),
        given_on=owed.UNTIL,
        given_by="Contabilidad",
        session=session,
    )
    closed(session, "10.00")
    with refused("session_closed"):
        void_advance(actor=owed.account(), advance=given, reason=REASON)


def test_inputs_on_credit_are_an_advance_once_and_no_cash():
    session, grefa = owed.opened("50.00"), family()
    inputs = handed_out(to=grefa)
    told = {
        "actor": owed.account(),
        "family": grefa,
        "amount_usd": Decimal("12.00"),
        "given_on": owed.UNTIL,
        "given_by": "Contabilidad",
        "kind": "inputs",
        "inputs": inputs,
    }
    with pytest.raises(ValidationError, match="no salen de la caja"):
        give_advance(session=session, **told)
    with refused("inputs_of_another"):
        give_advance(**told | {"family": family("Tanguila")})
    given = give_advance(**told)
    with pytest.raises(ValidationError, match="ya consta como anticipo"):
        give_advance(**told)
    void_advance(actor=owed.account(), advance=given, reason=REASON)
    assert give_advance(**told).number == 2


# --- What the database holds ----------------------------------------------------------------------

MOVED = (
    "INSERT INTO harvests_cashmovement (id, session_id, kind, amount_usd, note, moved_at,"
    " moved_by_id) SELECT gen_random_uuid(), id, %s, %s, '', now(), opened_by_id"
    " FROM harvests_cashsession"
)


def test_a_box_is_not_overdrawn_by_sql():
    owed.opened("50.00")
    with pytest.raises(IntegrityError, match="not that much in the box"):
        _sql(MOVED, "banked", "-50.01")
    _sql(MOVED, "banked", "-50.00")


@pytest.mark.parametrize(("kind", "usd"), [("banked", "1.00"), ("put_in", "-1.00")])
def test_a_movement_has_the_sign_of_its_kind(kind, usd):
    owed.opened("50.00")
    with pytest.raises(IntegrityError, match="a_movement_has_the_sign_of_its_kind"):
        _sql(MOVED, kind, usd)


UNDONE = (
    "INSERT INTO harvests_cashmovement (id, session_id, kind, amount_usd, note, moved_at,"
    " moved_by_id, reverses_id) SELECT gen_random_uuid(), %s, %s, %s, '', now(), moved_by_id, id"
    " FROM harvests_cashmovement WHERE id = %s"
)


@pytest.mark.parametrize(
    ("kind", "usd", "elsewhere"),
    [
        ("reversal", "-99.00", False),
        ("reversal", "100.00", False),
        ("payment_back", "100.00", False),
        ("advance_back", "100.00", False),
        ("reversal", "-100.00", True),
    ],
)
def test_a_reversal_undoes_its_movement_whole_and_in_its_box(kind, usd, elsewhere):
    session, other = owed.opened("50.00"), owed.opened("500.00", name="Caja de Tena")
    moved = put_in(session, "100.00")
    target = other if elsewhere else session
    with pytest.raises(IntegrityError, match="not its movement") as refusal:
        _sql(UNDONE, target.pk, kind, usd, moved.pk)
    assert in_words(refusal.value).code == "not_its_movement"
    _sql(UNDONE, session.pk, "reversal", "-100.00", moved.pk)
    with pytest.raises(IntegrityError, match="unique"):
        _sql(UNDONE, session.pk, "reversal", "-100.00", moved.pk)


def test_what_came_out_for_an_advance_comes_back_as_such():
    session, grefa = owed.opened("50.00"), family()
    given = give_advance(
        actor=owed.account(),
        family=grefa,
        amount_usd=Decimal("40.00"),
        given_on=owed.UNTIL,
        given_by="Contabilidad",
        session=session,
    )
    voided = "UPDATE harvests_advance SET voided_on = current_date WHERE id = %s"
    with pytest.raises(IntegrityError, match="not brought back"):
        _sql(voided, given.pk)
    for kind in ("reversal", "payment_back"):
        with pytest.raises(IntegrityError, match="not its movement"):
            _sql(UNDONE, session.pk, kind, "40.00", given.cash_movement_id)
    _sql(
        f"{UNDONE}; {voided}", session.pk, "advance_back", "40.00", given.cash_movement_id, given.pk
    )


def test_no_cash_moves_in_a_closed_box_even_by_sql():
    closed(owed.opened("50.00"), "50.00")
    with pytest.raises(IntegrityError, match="the box is closed"):
        _sql(MOVED, "put_in", "1.00")


@pytest.mark.parametrize(
    "change",
    [
        "opening_usd = 1",
        "closed_at = now(), closed_by_id = opened_by_id, expected_usd = 50, counted_usd = 50",
        "closed_at = now(), closed_by_id = (SELECT id FROM accounts_user WHERE id <>"
        " opened_by_id LIMIT 1), expected_usd = 49, counted_usd = 49",
    ],
)
def test_a_session_is_closed_by_another_person_with_what_its_movements_leave(change):
    owed.opened("50.00")
    owed.account("manager")
    with pytest.raises(DatabaseError):
        _sql(f"UPDATE harvests_cashsession SET {change}")  # noqa: S608 - our own words


def test_a_closed_session_stays():
    closed(owed.opened("50.00"), "50.00")
    with pytest.raises(IntegrityError, match="closed once"):
        _sql("UPDATE harvests_cashsession SET counted_usd = 40, closing_note = 'x'")
    with pytest.raises(DatabaseError):
        _sql("DELETE FROM harvests_cashsession")


@pytest.mark.django_db(transaction=True)
def test_of_twenty_who_take_from_a_box_only_those_succeed_for_whom_there_is_money():
    session, clerk = owed.opened("50.00"), owed.account()
    results = _together(20, lambda place: put_in(session, "10.00", kind="banked", actor=clerk))
    assert sum(isinstance(one, CashMovement) for one in results) == 5
    assert balance(session) == 0


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_database_keeps_the_box_from_being_overdrawn(monkeypatch):
    session, clerk = owed.opened("10.00"), owed.account()
    both_have_looked, look = threading.Barrier(2), cash._moved

    def looked(of):
        found = look(of)
        both_have_looked.wait(timeout=20)
        return found

    monkeypatch.setattr(cash, "_moved", looked)
    monkeypatch.setattr(cash, "locked", lambda row: row)
    results = _together(2, lambda place: put_in(session, "10.00", kind="banked", actor=clerk))
    assert sum(isinstance(one, IntegrityError) for one in results) == 1
    monkeypatch.undo()
    assert balance(session) == 0
