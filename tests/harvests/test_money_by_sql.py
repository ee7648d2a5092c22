"""What the database holds of money against whoever writes SQL as the application does: rows in
another order, figures that are none, other ways to open a transaction."""

from __future__ import annotations

import threading
import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, connections, transaction

from harvests.models import CashMovement, Payment, Settlement
from harvests.services import cash, payments, settlements
from harvests.services.advances import give_advance, void_advance
from kallari.refusals import in_words
from members.services.inputs import void_input
from tests.harvests import factories, owed
from tests.harvests.refusals import refused
from tests.harvests.test_settlements import REASON, _sql, advance, weighed
from tests.members.factories import family, handed_out

pytestmark = pytest.mark.django_db


@pytest.fixture
def bought():
    return factories.world()


@pytest.fixture
def settlement(bought):
    """38 dollars, approved."""
    grefa = family()
    weighed(grefa, bought)
    return owed.approved(grefa)


DRAFTED = (
    "INSERT INTO harvests_settlement (id, number, kind, reverses_id, family_id, first_on, last_on,"
    " total_usd, status, author_id, drafted_at, approved_by_id, approved_at, ended_at, note)"
    " VALUES (%(id)s, %(number)s, %(kind)s, %(reverses)s, %(family)s, '2026-03-31', '2026-03-31',"
    " %(usd)s, %(status)s, %(author)s, now(), %(approved_by)s, %(approved_at)s, NULL, '')"
)
LINE = (
    "INSERT INTO harvests_settlementline (settlement_id, kind, amount_usd, counts, delivery_id,"
    " advance_id, from_settlement_id, undoes_id) VALUES (%(settlement)s, %(kind)s, %(usd)s,"
    " %(counts)s, %(delivery)s, %(advance)s, %(earlier)s, %(undoes)s)"
)
PAID = (
    "INSERT INTO harvests_payment (id, number, settlement_id, amount_usd, method, reference,"
    " paid_on, paid_by, note, recorded_at) VALUES (gen_random_uuid(), 900, %(settlement)s, %(usd)s,"
    " 'transfer', 'TR-9', '2026-04-02', 'x', '', now())"
)
OPENED = (
    "INSERT INTO harvests_cashsession (id, box_id, brought_usd, opening_usd, opening_note,"
    " opened_at, opened_by_id, closing_note) VALUES (%(id)s, %(box)s, 0, %(usd)s, 'Fondo', now(),"
    " %(author)s, '')"
)
MOVED = (
    "INSERT INTO harvests_cashmovement (id, session_id, kind, amount_usd, note, moved_at,"
    " moved_by_id) VALUES (gen_random_uuid(), %(session)s, %(kind)s, %(usd)s, '', now(),"
    " %(author)s)"
)


def a_settlement(of, usd="38.00", **told):
    """The statement that writes one, and its values."""
    return DRAFTED, {
        "id": uuid.uuid4(),
        "number": 900,
        "kind": "ordinary",
        "reverses": None,
        "family": of.pk,
        "usd": usd,
        "status": "drafted",
        "author": owed.account().pk,
        "approved_by": None,
        "approved_at": None,
    } | told


def a_line(settlement, usd, kind="delivery", **told):
    """The same of one line."""
    return LINE, {
        "settlement": settlement,
        "kind": kind,
        "usd": usd,
        "counts": True,
        "delivery": None,
        "advance": None,
        "earlier": None,
        "undoes": None,
    } | told


def a_movement(session, usd, kind="banked"):
    """The same of money that moves in a box."""
    return MOVED, {
        "session": session,
        "kind": kind,
        "usd": usd,
        "author": owed.account().pk,
    }


def written(*statements):
    """Write these, one after another, in one transaction, and let what waits for its end look."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement, values in statements:
            cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def refused_by_the_database(code, *statements):
    """They are refused, and in words that bear this code."""
    with pytest.raises(DatabaseError) as refusal:
        written(*statements)
    assert in_words(refusal.value).code == code


# --- What refers to a row is written after it -----------------------------------------------------


def test_no_payment_is_written_before_its_settlement(bought):
    key = uuid.uuid4()
    paid = (PAID, {"settlement": key, "usd": "9999.00"})
    refused_by_the_database("not_on_record", paid, a_settlement(family(), "0.01", id=key))


def test_no_line_is_written_before_its_settlement(bought):
    grefa, other, key = family("Grefa"), family("Tanguila"), uuid.uuid4()
    of_another = weighed(other, bought)
    line = a_line(key, "999.00", delivery=of_another.pk)
    refused_by_the_database("not_on_record", line, a_settlement(grefa, "999.00", id=key))


@pytest.mark.parametrize(
    ("kind", "usd", "refers"),
    [
        ("delivery", "38.00", "delivery"),
        ("advance", "0.00", "advance"),
        ("brought_forward", "0.00", "earlier"),
    ],
)
def test_no_line_is_written_before_what_it_is_about(bought, kind, usd, refers):
    statement, values = a_settlement(family(), usd)
    line = a_line(values["id"], usd, kind, **{refers: uuid.uuid4()})
    refused_by_the_database("not_on_record", (statement, values), line)


def test_no_money_moves_before_its_box_is_opened():
    box = cash.add_cash_box(actor=None, name="Caja", custodian=owed.account())
    key = uuid.uuid4()
    opening = (OPENED, {"id": key, "box": box.pk, "usd": "1.00", "author": owed.account().pk})
    refused_by_the_database("not_on_record", a_movement(key, "-999999.00"), opening)
    written(opening, a_movement(key, "-1.00"))


# --- Figures that are none ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("settlement", "total_usd"),
        ("settlementline", "amount_usd"),
        ("payment", "amount_usd"),
        ("cashsession", "brought_usd"),
        ("cashsession", "opening_usd"),
        ("cashsession", "expected_usd"),
        ("cashsession", "counted_usd"),
        ("cashmovement", "amount_usd"),
        ("advance", "amount_usd"),
        ("quota", "limit_kg"),
        ("premiumrule", "usd_per_unit"),
        ("priceline", "price_usd"),
        ("priceline", "premium_usd"),
        ("marketprice", "usd_per_tonne"),
    ],
)
def test_every_column_of_money_is_held_to_numbers(table, column):
    """Looked up among the constraints: what PostgreSQL itself says of NaN is a test of its own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = %s::regclass AND contype = 'c'",
            [f"harvests_{table}"],
        )
        held = " ".join(row[0] for row in cursor.fetchall())
    assert f"{column} < ('10000000000'::" in held


def test_nan_is_above_zero_for_postgresql_and_below_no_bound():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 'NaN'::numeric > 0, 'NaN'::numeric < 10000000000")
        assert cursor.fetchone() == (True, False)


def test_nothing_is_settled_advanced_or_moved_that_is_no_number(bought):
    grefa, session = family(), owed.opened("50.00")
    with pytest.raises(IntegrityError, match="a_settlement_is_worth_a_number"):
        written(a_settlement(grefa, "NaN"))
    with pytest.raises(IntegrityError, match="a_movement_is_a_number"):
        written(a_movement(session.pk, "NaN", "put_in"))
    with pytest.raises(IntegrityError, match="an_advance_is_a_number"):
        _sql(
            "INSERT INTO harvests_advance (id, number, family_id, kind, amount_usd, given_on,"
            " given_by, purpose, note) VALUES (gen_random_uuid(), 1, %s, 'cash', 'NaN',"
            " '2026-02-02', 'x', '', '')",
            grefa.pk,
        )


@pytest.mark.parametrize("usd", ["NaN", "Infinity", "-Infinity", "0"])
def test_services_refuse_in_words_what_is_no_number(settlement, usd):
    session = owed.opened("50.00")
    with refused("min_value"):
        cash.move_cash(
            actor=owed.account(), session=session, kind="put_in", amount_usd=Decimal(usd)
        )
    with refused("min_value"):
        owed.paid(settlement, usd)
    assert not CashMovement.objects.exists()
    assert not Payment.objects.exists()


# --- Drafted, approved, reversed ------------------------------------------------------------------


def test_no_settlement_is_born_approved(bought):
    born = a_settlement(
        family(),
        "5000.00",
        status="approved",
        approved_by=owed.account("manager").pk,
        approved_at="2026-04-01",
    )
    refused_by_the_database("not_a_draft", born)


def _reversal_of(settlement, usd=None, **told):
    return a_settlement(
        settlement.family,
        str(-settlement.total_usd) if usd is None else usd,
        kind="reversal",
        reverses=settlement.pk,
        status="approved",
        approved_at="2026-04-01",
        **told,
    )


def test_a_reversal_is_not_written_while_the_first_stays_approved(settlement):
    """Otherwise it would be reversed on paper, and paid."""
    line = settlement.lines.get()
    back = _reversal_of(settlement)
    undone = a_line(
        back[1]["id"], "-38.00", delivery=line.delivery_id, undoes=line.pk, counts=False
    )
    refused_by_the_database("not_its_reversal", back, undone)


ENDED = (
    "UPDATE harvests_settlement SET status = 'reversed', ended_at = now() WHERE id = %s",
    "UPDATE harvests_settlementline SET counts = false WHERE settlement_id = %s",
)


def test_a_settlement_is_not_reversed_by_nothing(settlement):
    ended = [(one, [settlement.pk]) for one in ENDED]
    refused_by_the_database("not_its_reversal", *ended)


def test_a_reversal_has_the_lines_of_what_it_reverses(bought, settlement):
    ended = [(one, [settlement.pk]) for one in ENDED]
    refused_by_the_database("not_its_reversal", *ended, _reversal_of(settlement))
    line = settlement.lines.get()
    back = _reversal_of(settlement, first_on="2026-03-10")
    written(
        *ended,
        (back[0].replace("'2026-03-31', '2026-03-31'", "'2026-03-10', '2026-03-31'"), back[1]),
        a_line(back[1]["id"], "-38.00", delivery=line.delivery_id, undoes=line.pk, counts=False),
    )
    assert owed.drafted(settlement.family).total_usd == Decimal("38.00")


def test_a_line_of_a_draft_counts(bought):
    """One that does not would leave its delivery to be settled again."""
    grefa = family()
    delivery = weighed(grefa, bought)
    draft = a_settlement(grefa)
    line = a_line(draft[1]["id"], "38.00", delivery=delivery.pk)
    refused_by_the_database("lines_do_not_add_up", draft, (line[0], line[1] | {"counts": False}))
    written(draft, line)


# --- What is carried ------------------------------------------------------------------------------


def test_a_draft_is_not_worth_what_it_says_is_carried(bought):
    draft = a_settlement(family(), "1000.00")
    line = a_line(draft[1]["id"], "1000.00", "carried_forward")
    refused_by_the_database("carried_too_much", draft, line)


def test_no_advance_is_taken_off_only_to_be_carried(bought):
    """It is taken off what is earned; what is not, stays to be taken off."""
    grefa = family()
    given = advance(grefa, "10.00")
    draft = a_settlement(grefa, "0.00")
    statement = LINE + ", (%(settlement)s, 'carried_forward', 10.00, true, NULL, NULL, NULL, NULL)"
    line = (statement, a_line(draft[1]["id"], "-10.00", "advance", advance=given.pk)[1])
    refused_by_the_database("carried_too_much", draft, line)


def test_what_was_never_carried_is_not_brought_on(bought, settlement):
    draft = a_settlement(settlement.family, "0.00")
    for usd in ("0.00", "-5.00"):
        line = a_line(draft[1]["id"], usd, "brought_forward", earlier=settlement.pk)
        refused_by_the_database(
            "carried_elsewhere" if usd == "0.00" else "lines_do_not_add_up", draft, line
        )


# --- Under which a transaction is opened ----------------------------------------------------------


def _under_repeatable_read(statement, values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute(statement, values)


@pytest.mark.django_db(transaction=True)
def test_nothing_that_is_added_up_is_written_under_repeatable_read():
    bought, grefa, tanguila = factories.world(), family("Grefa"), family("Tanguila")
    weighed(grefa, bought)
    unsettled = weighed(tanguila, bought)
    given = advance(tanguila, "5.00")
    inputs = handed_out(to=tanguila)
    done, session = owed.approved(grefa), owed.opened("50.00")
    draft = owed.drafted(tanguila)
    empty = a_settlement(grefa)
    written(empty)
    manager = owed.account("manager").pk
    settlements.discard_settlement(actor=owed.account(), settlement=draft, reason=REASON)
    for statement, values in (
        (PAID, {"settlement": done.pk, "usd": "1.00"}),
        a_movement(session.pk, "1.00", "put_in"),
        a_line(empty[1]["id"], "38.00", delivery=unsettled.pk),
        (
            "UPDATE harvests_settlement SET status = 'approved', approved_by_id = %s,"
            " approved_at = now() WHERE id = %s",
            (manager, empty[1]["id"]),
        ),
        (ENDED[0], (done.pk,)),
        (
            "UPDATE harvests_delivery SET status = 'voided', ended_at = now() WHERE id = %s",
            (unsettled.pk,),
        ),
        ("UPDATE harvests_advance SET voided_on = current_date WHERE id = %s", (given.pk,)),
        (
            "UPDATE members_inputdistribution SET voided_on = current_date WHERE id = %s",
            (inputs.pk,),
        ),
        (
            "UPDATE harvests_cashsession SET closed_at = now(), closed_by_id = %s,"
            " expected_usd = 50, counted_usd = 50 WHERE id = %s",
            (manager, session.pk),
        ),
    ):
        with pytest.raises(IntegrityError, match="only under read committed") as refusal:
            _under_repeatable_read(statement, values)
        assert in_words(refusal.value).code == "isolation"


def _each_pays_all(settlement):
    """Two programs that pay the same settlement, each from what it saw when it began: the second
    begins before the first has paid, and pays after it. Return what became of each."""
    both_have_begun, results = threading.Barrier(2), {}
    first_has_paid = threading.Event()

    def pay(place):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                cursor.execute("SELECT count(*) FROM harvests_payment")
                both_have_begun.wait(timeout=20)
                if place:
                    first_has_paid.wait(timeout=20)
                cursor.execute(
                    PAID.replace("900", str(900 + place)),
                    {"settlement": settlement.pk, "usd": "38.00"},
                )
        except DatabaseError as error:
            results[place] = error
        finally:
            first_has_paid.set()
            connections.close_all()

    threads = [threading.Thread(target=pay, args=(place,)) for place in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def _approved():
    bought, grefa = factories.world(), family()
    weighed(grefa, bought)
    return owed.approved(grefa)


@pytest.mark.django_db(transaction=True)
def test_two_who_pay_from_what_they_saw_before_the_other_pay_nothing():
    refusals = _each_pays_all(_approved())
    assert all("only under read committed" in str(refusals[place]) for place in (0, 1))
    assert not Payment.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_without_that_refusal_it_is_paid_twice():
    """The twin: the second waits for the lock, and adds up without what the first has paid."""
    settlement = _approved()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_functiondef(tgfoid) FROM pg_trigger"
            " WHERE tgname LIKE 'pgtrigger_payments_within_the_settlement%'"
        )
        held = cursor.fetchone()[0]
        unheld = held.replace("<> 'read committed'", "= 'no such isolation'")
        assert unheld != held
        cursor.execute(unheld)
    try:
        assert _each_pays_all(settlement) == {}
    finally:
        with connection.cursor() as cursor:
            cursor.execute(held)
    assert Settlement.objects.with_paid().get(pk=settlement.pk).owed_usd == Decimal("-38.00")


# --- Advances -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "amount_usd = 9999",
        "amount_usd = 1",
        "given_on = '1990-01-02'",
        "purpose = 'otro'",
        "number = 77",
        "voided_on = NULL",
        "voided_on = current_date, amount_usd = 1",
    ],
)
def test_an_advance_is_voided_and_nothing_else(change):
    given = advance(family(), "10.00")
    with pytest.raises(IntegrityError, match="stays as it was given") as refusal:
        _sql(f"UPDATE harvests_advance SET {change} WHERE id = %s", given.pk)  # noqa: S608 - our own words
    assert in_words(refusal.value).code == "advance_stays"
    _sql("UPDATE harvests_advance SET voided_on = current_date WHERE id = %s", given.pk)


@pytest.mark.parametrize("voided_on", ["NULL", "current_date - 1"])
def test_a_voided_advance_stays_voided(voided_on):
    given = advance(family(), "10.00")
    void_advance(actor=None, advance=given, reason=REASON)
    with pytest.raises(IntegrityError, match="stays as it was given"):
        _sql(f"UPDATE harvests_advance SET voided_on = {voided_on} WHERE id = %s", given.pk)  # noqa: S608 - our own words


def test_inputs_for_which_a_family_owes_are_not_voided(client_of):
    grefa = family()
    inputs, other = handed_out(to=grefa), handed_out(to=grefa)
    given = advance(grefa, "12.00", kind="inputs", inputs=inputs)
    client = client_of("administration")
    answer = client.post(f"/insumos/{inputs.pk}/anular/", {"reason": REASON})
    assert "Anule primero el anticipo" in answer.content.decode()
    inputs.refresh_from_db()
    assert inputs.is_valid
    void_input(actor=None, distribution=other, reason=REASON)
    void_advance(actor=None, advance=given, reason=REASON)
    void_input(actor=None, distribution=inputs, reason=REASON)


def test_no_inputs_are_owed_that_were_voided_or_given_to_another():
    grefa, tanguila = family("Grefa"), family("Tanguila")
    voided, of_another, good = handed_out(to=grefa), handed_out(to=tanguila), handed_out(to=grefa)
    void_input(actor=None, distribution=voided, reason=REASON)
    told = (
        "INSERT INTO harvests_advance (id, number, family_id, kind, inputs_id, amount_usd,"
        " given_on, given_by, purpose, note) VALUES (gen_random_uuid(), 1, %s, 'inputs', %s, 5,"
        " '2026-02-02', 'x', '', '')"
    )
    for inputs in (voided, of_another):
        refused_by_the_database("inputs_of_another", (told, (grefa.pk, inputs.pk)))
    refused_by_the_database("not_on_record", (told, (grefa.pk, uuid.uuid4())))
    written((told, (grefa.pk, good.pk)))


# --- Days -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1989, 12, 31)])
def test_no_advance_is_of_another_age(day):
    with pytest.raises(ValidationError, match="Revise el año"):
        advance(family(), "10.00", day)
    assert advance(family(), "10.00", date(1990, 1, 1)).is_valid


def test_no_settlement_is_paid_before_its_last_day(settlement):
    before, day = date(2026, 3, 30), date(2026, 3, 31)
    with refused("before_its_settlement"):
        owed.paid(settlement, "1.00", paid_on=before)
    with refused("before_its_settlement"):
        payments.pay_by_one_transfer(
            actor=owed.account(),
            settlements=[settlement],
            reference="TR-1",
            paid_on=before,
            paid_by="Contabilidad",
        )
    for early in ("2026-03-30", "0001-01-01"):
        with pytest.raises(IntegrityError):
            _sql(
                PAID.replace("%(settlement)s", "%s")
                .replace("%(usd)s", "1")
                .replace("2026-04-02", early),
                settlement.pk,
            )
    assert owed.paid(settlement, "1.00", paid_on=day).paid_on == day


def test_no_money_moves_on_a_day_before_its_box_was_opened():
    session = owed.opened("50.00")
    statement, values = a_movement(session.pk, "-1.00")
    early = statement.replace("now()", "now() - interval '1 day'")
    refused_by_the_database("session_closed", (early, values))
    written((statement, values))


# --- What moves in a box is of somebody -----------------------------------------------------------


@pytest.mark.parametrize("kind", ["payment", "advance"])
def test_no_cash_is_paid_to_nobody(kind):
    session = owed.opened("100.00")
    refused_by_the_database("comes_with_its_payment", a_movement(session.pk, "-100.00", kind))


@pytest.mark.parametrize("kind", ["payment_back", "advance_back"])
def test_no_cash_comes_back_from_what_stands(bought, settlement, kind):
    session = owed.opened("100.00")
    if kind == "payment_back":
        moved = owed.paid(settlement, "5.00", method="cash", session=session).cash_movement
    else:
        given = give_advance(
            actor=owed.account(),
            family=settlement.family,
            amount_usd=Decimal(5),
            given_on=owed.UNTIL,
            given_by="Contabilidad",
            session=session,
        )
        moved = given.cash_movement
    statement, values = a_movement(session.pk, "5.00", kind)
    back = statement.replace("moved_by_id)", "moved_by_id, reverses_id)").replace(
        "%(author)s)", "%(author)s, %(reverses)s)"
    )
    refused_by_the_database("comes_with_its_payment", (back, values | {"reverses": moved.pk}))
    assert session.movements.count() == 1


def test_a_transfer_comes_out_of_no_box(settlement):
    with refused("no_cash_box_needed"):
        owed.paid(settlement, "1.00", session=owed.opened("50.00"))
    assert not Payment.objects.exists()
