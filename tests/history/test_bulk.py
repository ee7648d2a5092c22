"""Bulk writes leave the same history as one save after the other."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat

from kallari.accounts.models import User
from kallari.history.bulk import (
    bulk_create_with_history,
    bulk_update_with_history,
    update_with_history,
)
from kallari.history.context import acting
from kallari.history.seals.writing import seal
from members.models import Community
from tests.history.tampering import findings
from tests.members.factories import community
from tests.people import make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> User:
    return make_account("manager", second_factor=False)


def _villages(*names: str) -> list[Community]:
    return [Community(name=name) for name in names]


def test_new_rows_come_with_their_creation(manager: User) -> None:
    with acting(reason="lista de 2026") as act:
        one, two = bulk_create_with_history(_villages("Rumi Yaku", "Mirador"), actor=manager)

    first, second = one.history.get(), two.history.get()
    assert (first.history_type, first.name) == ("+", "Rumi Yaku")
    assert (first.history_user_id, first.actor_name, first.actor_role) == (
        manager.pk,
        "Manager de Prueba",
        "Gerencia",
    )
    assert first.history_change_reason == "lista de 2026"
    assert first.request_id == second.request_id == act.request_id
    assert first.history_id < second.history_id
    assert findings() == []


def test_a_creation_needs_no_reason(manager: User) -> None:
    (one,) = bulk_create_with_history(_villages("Rumi Yaku"), actor=manager)

    assert one.history.get().history_change_reason == ""
    assert bulk_create_with_history([], actor=manager) == []


def test_changed_rows_come_with_their_change(manager: User) -> None:
    one, two = community("Rumi Yaku"), community("Mirador")
    one.canton = two.canton = "Tena"

    changed = bulk_update_with_history(
        [two, one], ["canton"], actor=manager, reason="según el mapa"
    )

    assert changed == 2
    newest = one.history.latest("history_id")
    assert (newest.history_type, newest.canton) == ("~", "Tena")
    assert (newest.actor_name, newest.history_change_reason) == (
        "Manager de Prueba",
        "según el mapa",
    )
    assert one.history.count() == two.history.count() == 2
    assert findings() == []


def test_history_says_what_the_record_holds_and_not_what_an_old_copy_holds(manager: User) -> None:
    one = community("Rumi Yaku")
    old_copy = Community.objects.get()
    with acting(manager, reason="nota nueva"):
        one.note = "nueva"
        one.save()
    old_copy.canton = "Tena"

    bulk_update_with_history([old_copy], ["canton"], actor=manager, reason="según el mapa")

    newest = one.history.latest("history_id")
    assert (newest.note, newest.canton) == ("nueva", "Tena")
    assert findings() == []


def test_a_queryset_is_changed_with_expressions(manager: User) -> None:
    one, two, three = community("Rumi Yaku"), community("Mirador"), community("Santa Rosa")

    changed = update_with_history(
        Community.objects.exclude(pk=three.pk),
        {"note": Concat(F("name"), Value(" (Napo)")), "canton": "Tena"},
        actor=manager,
        reason="según el mapa",
    )

    assert changed == 2
    for village in (one, two):
        newest = village.history.latest("history_id")
        assert (newest.note, newest.canton) == (f"{village.name} (Napo)", "Tena")
    assert three.history.count() == 1
    assert findings() == []


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_change_without_a_reason_changes_nothing(manager: User, reason: str) -> None:
    one = community("Rumi Yaku")
    one.canton = "Tena"

    with pytest.raises(ValidationError) as refused:
        bulk_update_with_history([one], ["canton"], actor=manager, reason=reason)
    assert refused.value.code == "reason_required"
    with pytest.raises(ValidationError) as refused:
        update_with_history(
            Community.objects.all(), {"canton": "Tena"}, actor=manager, reason=reason
        )
    assert refused.value.code == "reason_required"
    one.refresh_from_db()
    assert (one.canton, one.history.count()) == ("", 1)

    with acting(reason="según el mapa"):
        update_with_history(
            Community.objects.all(), {"canton": "Tena"}, actor=manager, reason=reason
        )
    assert one.history.count() == 2


def test_a_refused_row_leaves_neither_rows_nor_history(manager: User) -> None:
    community("Rumi Yaku")

    with pytest.raises(IntegrityError), transaction.atomic():
        bulk_create_with_history(_villages("Mirador", "RUMI YAKU"), actor=manager)

    assert Community.objects.count() == Community.history.count() == 1


def test_a_row_that_is_gone_stops_the_whole_change(manager: User) -> None:
    one, never = community("Rumi Yaku"), Community(pk=0, name="Nunca")
    one.canton = "Tena"

    with pytest.raises(ObjectDoesNotExist):
        bulk_update_with_history([one, never], ["canton"], actor=manager, reason="mapa")

    assert one.history.count() == 1


@pytest.mark.parametrize("count", [1, 300])
def test_many_rows_take_as_many_queries_as_one(
    manager: User, count: int, django_assert_max_num_queries: object
) -> None:
    assert manager.role_names
    villages = _villages(*(f"Lugar {place}" for place in range(count)))
    with django_assert_max_num_queries(5):  # type: ignore[operator]  # savepoint, rows, read back, history, release
        made = bulk_create_with_history(villages, actor=manager)
    with django_assert_max_num_queries(6):  # type: ignore[operator]  # … and the lock
        bulk_update_with_history(made, ["note"], actor=manager, reason="x")
    with django_assert_max_num_queries(8):  # type: ignore[operator]  # … and the candidates, looked at again
        update_with_history(Community.objects.all(), {"note": "y"}, actor=manager, reason="x")
    assert Community.history.count() == 3 * count
    assert findings() == []


@pytest.mark.django_db(transaction=True)
def test_a_row_that_left_the_queryset_meanwhile_is_left_alone() -> None:
    one = community("Rumi Yaku")
    changed, may_commit = threading.Event(), threading.Event()

    def close() -> None:
        try:
            with transaction.atomic(), acting(reason="ya no"):
                mine = Community.objects.select_for_update().get()
                mine.canton = "Archidona"
                mine.save()
                changed.set()
                may_commit.wait(30)
        finally:
            connection.close()

    def update() -> int:
        try:
            return update_with_history(
                Community.objects.filter(canton=""), {"note": "x"}, actor=None, reason="mapa"
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        closing = pool.submit(close)
        try:
            assert changed.wait(30)
            updating = pool.submit(update)
            _wait_until_somebody_waits_for_a_lock()
        finally:
            may_commit.set()
        closing.result(30)
        assert updating.result(30) == 0

    one.refresh_from_db()
    assert (one.canton, one.note, one.history.count()) == ("Archidona", "", 2)


def _wait_until_somebody_waits_for_a_lock() -> None:
    for _ in range(3_000):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND wait_event_type = 'Lock' AND pg_sleep(0.01) IS NOT NULL"
            )
            if cursor.fetchone()[0]:
                return
    pytest.fail("nobody came to wait")


def test_bulk_rows_are_sealed_like_others(manager: User) -> None:
    made = bulk_create_with_history(_villages("Rumi Yaku", "Mirador"), actor=manager)
    first = seal()
    update_with_history(Community.objects.all(), {"canton": "Tena"}, actor=manager, reason="mapa")
    second = seal()

    assert first is not None
    assert second is not None
    assert second.row_count == len(made)
    assert findings() == []
