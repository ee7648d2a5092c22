"""What the database holds of money against whoever writes SQL as the application does: rows in
another order, figures that are none, other ways to open a transaction."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from harvests.models import CashMovement, Payment
from harvests.services import cash
from kallari.refusals import in_words
from tests.harvests import factories, owed
from tests.harvests.refusals import refused
from tests.harvests.test_settlements import _sql, advance, weighed
from tests.members.factories import family

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
