"""Paying families: never more than is owed, in cash out of an open box, undone by another row."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection
from django.utils import timezone

from harvests.models import CashMovement, CashSession, Payment, Settlement
from harvests.services import payments
from kallari.refusals import in_words
from tests.harvests import factories, owed
from tests.harvests.refusals import refused
from tests.harvests.test_settlements import _sql, _together, weighed
from tests.members.factories import family

pytestmark = pytest.mark.django_db

REASON = "El cheque volvió."


@pytest.fixture
def bought():
    return factories.world()


@pytest.fixture
def settlement(bought):
    """38 dollars."""
    grefa = family()
    weighed(grefa, bought)
    return owed.approved(grefa)


def _left(settlement):
    return Settlement.objects.with_paid().get(pk=settlement.pk).owed_usd


def test_a_settlement_is_paid_in_parts_and_never_more_than_it_says(settlement):
    owed.paid(settlement, "30.00")
    assert _left(settlement) == Decimal("8.00")
    with refused("more_than_owed"):
        owed.paid(settlement, "8.01")
    last = owed.paid(settlement, "8.00", reference="TR-8842")
    assert _left(settlement) == 0
    assert (last.number, last.code) == (2, "P-00002")
    assert not Settlement.objects.unpaid().exists()


@pytest.mark.parametrize("usd", ["0", "-1"])
def test_a_payment_is_above_zero(settlement, usd):
    with pytest.raises(ValidationError):
        owed.paid(settlement, usd)
    assert not Payment.objects.exists()


def test_only_what_another_person_approved_is_paid(bought):
    grefa = family()
    weighed(grefa, bought)
    draft = owed.drafted(grefa)
    with refused("not_approved"):
        owed.paid(draft, "1")


def test_a_transfer_says_its_number(settlement):
    with pytest.raises(ValidationError, match="número de la transferencia"):
        owed.paid(settlement, "1", reference="")
    assert owed.paid(settlement, "1", reference="TR-1").reference == "TR-1"


def test_nothing_is_paid_on_a_day_that_has_not_come(settlement):
    with refused("in_the_future"):
        owed.paid(settlement, "1", paid_on=timezone.localdate() + timedelta(days=1))


def test_cash_comes_out_of_an_open_box(settlement):
    with refused("cash_box_needed"):
        owed.paid(settlement, "5.00", method="cash")
    session = owed.opened("20.00")
    payment = owed.paid(settlement, "5.00", method="cash", session=session)
    moved = session.movements.get()
    assert (moved.kind, moved.amount_usd, payment.cash_movement) == (
        "payment",
        Decimal("-5.00"),
        moved,
    )
    assert CashSession.objects.with_moved().get().balance_usd == Decimal("15.00")


def test_no_more_cash_is_paid_than_is_in_the_box(settlement):
    session = owed.opened("20.00")
    with refused("not_enough_cash"):
        owed.paid(settlement, "20.01", method="cash", session=session)
    owed.paid(settlement, "20.00", method="cash", session=session)
    assert not Payment.objects.filter(amount_usd="20.01").exists()


def test_a_payment_is_taken_back_by_another_row(settlement):
    session = owed.opened("40.00")
    payment = owed.paid(settlement, "38.00", method="cash", session=session)
    with refused("reason_required"):
        payments.reverse_payment(actor=owed.account(), payment=payment, reason="")
    back = payments.reverse_payment(actor=owed.account(), payment=payment, reason=REASON)
    assert (back.amount_usd, back.reverses, back.method) == (Decimal("-38.00"), payment, "cash")
    assert CashSession.objects.with_moved().get().balance_usd == Decimal("40.00")
    assert _left(settlement) == Decimal("38.00")
    with refused("reversed"):
        payments.reverse_payment(actor=owed.account(), payment=payment, reason=REASON)
    with refused("is_reversal"):
        payments.reverse_payment(actor=owed.account(), payment=back, reason=REASON)
    assert list(Payment.objects.standing()) == []
    owed.paid(settlement, "38.00")


def test_one_transfer_pays_many_families_each_with_its_receipt(bought, settlement):
    other, nothing = family("Tanguila"), family("Andi")
    weighed(other, bought)
    weighed(nothing, bought)
    second, done = owed.approved(other), owed.approved(nothing)
    owed.paid(settlement, "8.00", reference="TR-1")
    owed.paid(done, "38.00", reference="TR-2")
    told = {
        "actor": owed.account(),
        "settlements": [settlement, second, done],
        "reference": "TR-100",
        "paid_on": date(2026, 4, 5),
        "paid_by": "Contabilidad",
    }
    with refused("reference_required"):
        payments.pay_by_one_transfer(**told | {"reference": " "})
    made = payments.pay_by_one_transfer(**told)
    assert [(one.number, one.amount_usd) for one in made] == [
        (3, Decimal("30.00")),
        (4, Decimal("38.00")),
    ]
    assert payments.pay_by_one_transfer(**told) == []
    draft_of = family("Cerda")
    weighed(draft_of, bought)
    with refused("not_approved"):
        payments.pay_by_one_transfer(**told | {"settlements": [owed.drafted(draft_of)]})


def test_the_number_of_a_transfer_of_many_is_kept_as_that_of_one(settlement):
    told = {
        "actor": owed.account(),
        "settlements": [settlement],
        "paid_on": date(2026, 4, 5),
        "paid_by": " Contabilidad ",
    }
    with refused("unseen_sign"):
        payments.pay_by_one_transfer(**told, reference="TR\u200b100")
    (made,) = payments.pay_by_one_transfer(**told, reference=" TR  100")
    assert (made.reference, made.paid_by) == ("TR 100", "Contabilidad")
    assert list(Payment.objects.find("TR 100")) == [made]


# --- What the database holds ----------------------------------------------------------------------

PAID = (
    "INSERT INTO harvests_payment (id, number, settlement_id, amount_usd, method, reference,"
    " paid_on, paid_by, note, recorded_at, reverses_id, cash_movement_id)"
    " VALUES (gen_random_uuid(), %s, %s, %s, %s, 'TR-9', '2026-04-02', 'x', '', now(), %s, %s)"
)


def test_more_than_is_owed_is_refused_by_the_database(settlement):
    _sql(PAID, 50, settlement.pk, "38.00", "transfer", None, None)
    with pytest.raises(IntegrityError, match="more than is owed"):
        _sql(PAID, 51, settlement.pk, "0.01", "transfer", None, None)


def test_a_draft_or_a_reversal_is_not_paid_by_sql(bought, settlement):
    from harvests.services.settlements import reverse_settlement

    other = family("Tanguila")
    weighed(other, bought)
    with pytest.raises(IntegrityError, match="not approved"):
        _sql(PAID, 50, owed.drafted(other).pk, "1.00", "transfer", None, None)
    reversal = reverse_settlement(actor=owed.account(), settlement=settlement, reason=REASON)
    for one in (settlement, reversal):
        with pytest.raises(IntegrityError, match="not approved"):
            _sql(PAID, 51, one.pk, "1.00", "transfer", None, None)


@pytest.mark.parametrize("usd", ["-10.00", "-38.00"])
def test_a_reversal_is_of_the_whole_payment_of_that_settlement(bought, settlement, usd):
    other = family("Tanguila")
    weighed(other, bought)
    elsewhere = owed.approved(other)
    owed.paid(elsewhere, "38.00")
    payment = owed.paid(settlement, "38.00", reference="TR-2")
    target = settlement if usd == "-10.00" else elsewhere
    with pytest.raises(IntegrityError, match="not its payment"):
        _sql(PAID, 60, target.pk, usd, "transfer", payment.pk, None)


def test_cash_without_a_movement_of_its_amount_is_refused(settlement):
    session = owed.opened("100.00")
    with pytest.raises(IntegrityError, match="cash_is_paid_out_of_an_open_box"):
        _sql(PAID, 60, settlement.pk, "5.00", "cash", None, None)
    moved = CashMovement.objects.create(
        session=session,
        kind="payment",
        amount_usd="-4.00",
        moved_at=timezone.now(),
        moved_by=owed.account(),
    )
    with pytest.raises(IntegrityError, match="another movement"):
        _sql(PAID, 60, settlement.pk, "5.00", "cash", None, moved.pk)
    _sql(PAID, 60, settlement.pk, "4.00", "cash", None, moved.pk)


def test_a_payment_is_taken_back_by_the_movement_that_undoes_its_own(bought, settlement):
    """Two payments of the same amount: what came back is of one of them."""
    session = owed.opened("100.00")
    first = owed.paid(settlement, "5.00", method="cash", session=session)
    second = owed.paid(settlement, "5.00", method="cash", session=session)
    back = CashMovement.objects.create(
        session=session,
        kind="payment_back",
        amount_usd="5.00",
        moved_at=timezone.now(),
        moved_by=owed.account(),
        reverses=second.cash_movement,
    )
    with pytest.raises(IntegrityError, match="another movement"):
        _sql(PAID, 60, settlement.pk, "-5.00", "cash", first.pk, back.pk)
    _sql(PAID, 60, settlement.pk, "-5.00", "cash", second.pk, back.pk)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE harvests_payment SET amount_usd = 1",
        "UPDATE harvests_payment SET note = note",
        "DELETE FROM harvests_payment",
        "TRUNCATE harvests_payment CASCADE",
        "UPDATE harvests_cashmovement SET amount_usd = -1",
        "DELETE FROM harvests_cashmovement",
    ],
)
def test_a_payment_and_a_movement_are_neither_changed_nor_removed_by_sql(settlement, statement):
    owed.paid(settlement, "5.00", method="cash", session=owed.opened("100.00"))
    _sql("SELECT 1")  # what waits for the end of the transaction is checked first
    with pytest.raises(DatabaseError) as refusal:
        _sql(statement)
    assert in_words(refusal.value).code == "append_only"


# --- Twenty at once -------------------------------------------------------------------------------


def _settled():
    bought, grefa = factories.world(), family()
    weighed(grefa, bought)
    return owed.approved(grefa), owed.account()


@pytest.mark.django_db(transaction=True)
def test_twenty_who_pay_the_same_settlement_pay_it_once():
    settlement, clerk = _settled()
    results = _together(20, lambda place: owed.paid(settlement, "38.00", actor=clerk))
    assert sum(isinstance(one, Payment) for one in results) == 1
    refusals = [one for one in results if not isinstance(one, Payment)]
    assert len(refusals) == 19
    assert all("more_than_owed" in _codes(one) for one in refusals)
    assert Payment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_database_still_lets_one_pay(monkeypatch):
    settlement, clerk = _settled()
    _without_locks(monkeypatch, 4)
    results = _together(4, lambda place: owed.paid(settlement, "38.00", actor=clerk))
    assert sum(isinstance(one, Payment) for one in results) == 1
    assert sum(isinstance(one, IntegrityError) for one in results) == 3


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_and_the_trigger_it_is_paid_several_times(monkeypatch):
    """The twin: what both of the above keep from happening."""
    settlement, clerk = _settled()
    _without_locks(monkeypatch, 4)
    trigger = _trigger_name()
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER TABLE harvests_payment DISABLE TRIGGER "{trigger}"')
    try:
        results = _together(4, lambda place: owed.paid(settlement, "38.00", actor=clerk))
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER TABLE harvests_payment ENABLE TRIGGER "{trigger}"')
    assert sum(isinstance(one, Payment) for one in results) == 4
    assert _left(settlement) == Decimal("-114.00")


def _without_locks(monkeypatch, number):
    """All look at what is owed before any of them pays."""
    all_have_looked, numbers = threading.Barrier(number), iter(range(1, 100))
    look = payments.paid_of

    def looked(settlement):
        found = look(settlement)
        all_have_looked.wait(timeout=20)
        return found

    monkeypatch.setattr(payments, "paid_of", looked)
    monkeypatch.setattr(payments, "lock_numbers", lambda series: None)
    monkeypatch.setattr(payments, "locked", lambda row: row)
    monkeypatch.setattr(payments, "next_number", lambda model: next(numbers))


def _trigger_name():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgname LIKE"
            " 'pgtrigger_payments_within_the_settlement%'"
        )
        return cursor.fetchone()[0]


def _codes(error):
    fields = error.error_dict.values() if hasattr(error, "error_dict") else [error.error_list]
    return {one.code for several in fields for one in several}


def test_a_payment_is_found_by_its_number_its_transfer_or_the_family(bought, settlement):
    wanted = owed.paid(settlement, "1", reference="TR-77")
    other = family("Tanguila")
    weighed(other, bought)
    owed.paid(owed.approved(other), "2", reference="TR-78", paid_on=date(2026, 4, 3))
    for typed in ("P-00001", "1", "TR-77", "Grefa"):
        assert list(Payment.objects.find(typed)) == [wanted]
