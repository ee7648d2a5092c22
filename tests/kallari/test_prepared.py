"""Statements that are planned once for each connection, and connections that forget them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from harvests.models import Delivery
from harvests.services import deliveries
from kallari import prepared
from kallari.prepared import Prepared, was_forgotten
from tests.harvests import factories
from tests.harvests.telephones import payload
from tests.members import factories as register
from tests.people import make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def statement() -> Prepared:
    return Prepared(
        "tried_out",
        "SELECT %(days)s, cardinality(%(days)s) * %(factor)s",
        {"days": "date[]", "factor": "int"},
    )


@pytest.fixture(autouse=True)
def apart(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Other tests go on with prepared statements, whatever these find out."""
    monkeypatch.setattr(prepared, "_kept", True)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    prepared._known.clear()


def asked(statement: Prepared, **params: Any) -> Any:
    with connection.cursor() as cursor:
        statement.execute(cursor, params)
        return cursor.fetchone()


def names() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements WHERE name = 'tried_out'")
        return {row[0] for row in cursor.fetchall()}


def test_a_statement_is_prepared_once_and_answers_as_the_whole_one(
    statement: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = [date(2026, 3, 1), date(2026, 3, 2)]
    assert names() == set()
    with CaptureQueriesContext(connection) as queries:
        first = asked(statement, days=days, factor=3)
        again = asked(statement, days=[], factor=3)
    assert first == (days, 6)
    assert again == ([], 0)
    assert sum("PREPARE" in one["sql"] for one in queries.captured_queries) == 1
    assert names() == {"tried_out"}
    monkeypatch.setattr(prepared, "_kept", False)
    assert asked(statement, days=days, factor=3) == first


def test_the_plan_is_made_without_the_parameters(statement: Prepared) -> None:
    for factor in range(3):
        asked(statement, days=[], factor=factor)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements"
            " WHERE name = 'tried_out'"
        )
        assert cursor.fetchone() == (3, 0)


def test_what_is_sent_first_is_seen(statement: Prepared) -> None:
    counting = Prepared("tried_out", "SELECT count(*) FROM tried WHERE n > %(n)s", {"n": "int"})
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE tried (n int) ON COMMIT DROP")
        for number in (1, 2):
            counting.execute(
                cursor, {"n": 0, "new": 5}, first="INSERT INTO tried VALUES (%(new)s);"
            )
            assert cursor.fetchone() == (number,)


def test_a_connection_that_forgets_is_found_out_and_nothing_is_prepared_again(
    statement: Prepared,
) -> None:
    asked(statement, days=[], factor=1)
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE tried_out")  # another connection, behind a pooler
    with pytest.raises(DatabaseError) as lost, transaction.atomic():
        asked(statement, days=[], factor=1)
    assert was_forgotten(lost.value)
    assert asked(statement, days=[], factor=1) == ([], 0)
    assert names() == set()


def test_another_mistake_is_none_of_forgetting(statement: Prepared) -> None:
    with pytest.raises(ProgrammingError) as wrong, transaction.atomic():
        asked(Prepared("tried_out", "SELECT * FROM nothing_there", {"n": "int"}), n=1)
    assert not was_forgotten(wrong.value)


def test_deliveries_are_received_behind_a_pooler() -> None:
    factories.world()
    operator = make_account("center_operator")
    family = register.family()

    def receive(quantity: str) -> Delivery:
        told = payload(family, quantity=quantity)
        return deliveries.receive_delivery(actor=operator, told=told)

    receive("40")
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    assert receive("80").folio_number == 2
    assert receive("120").folio_number == 3
