"""Seals: what they cover, whom they wait for, and that no row is left out or sealed twice."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kallari.accounts.models import User
from kallari.history.bulk import bulk_create_with_history, update_with_history
from kallari.history.context import acting
from kallari.history.models import Seal, SealedRow
from kallari.history.seals import writing
from kallari.history.seals.tables import count_after, last_history_id
from kallari.history.seals.writing import SealError, seal
from members.models import Community, CommunityAlias
from tests.history.tampering import findings, sql, told
from tests.members.factories import community
from tests.people import make_account

HISTORY = Community.history.model


# --- One after the other ------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_seal_covers_all_rows_since_the_last_one() -> None:
    one = community("Rumi Yaku", "Rumi Yacu")
    first = seal()
    with acting(reason="se corrige"):
        one.canton = "Tena"
        one.save()
    second = seal()

    assert first is not None
    assert second is not None
    assert (first.number, first.row_count, first.previous_digest) == (1, 2, None)
    assert (second.number, second.row_count) == (2, 1)
    assert (second.after_id, second.previous_digest) == (first.upto_id, first.digest)
    assert count_after(second.upto_id) == 0
    assert SealedRow.objects.count() == 3


@pytest.mark.django_db
def test_without_new_rows_there_is_no_seal() -> None:
    assert seal() is None
    community()
    assert seal() is not None
    assert seal() is None
    sql("SELECT kallari_next_history_id()")  # a change that was rolled back
    assert seal() is None
    assert Seal.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["history_seal", "history_sealedrow"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET digest = digest", "DELETE FROM {}"])
def test_seals_are_append_only(table: str, statement: str) -> None:
    community()
    seal()

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        sql(statement.format(table))
    assert findings() == []


@pytest.mark.django_db
def test_work_is_done_and_reported_in_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "STEP", 2)
    reached = []
    for name in ("Rumi Yaku", "Mirador", "Santa Rosa", "Serena", "Shandia"):
        community(name)

    made = seal(progress=lambda done, total: reached.append((done, total)))

    assert made is not None
    assert made.row_count == 5
    assert len(reached) >= 3
    assert reached == sorted(reached)
    assert reached[-1][0] == reached[-1][1] == made.upto_id
    assert findings() == []


events = st.lists(
    st.sampled_from(["create", "change", "alias", "remove", "roll back", "bulk", "seal", "verify"]),
    min_size=1,
    max_size=14,
)


@pytest.mark.django_db
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(events, st.randoms(use_true_random=False))
def test_whatever_is_done_properly_verifies(done: list[str], chance: random.Random) -> None:
    with _undone():
        for place, event in enumerate(done):
            _do(event, place, chance)
        seal()
        assert findings() == []
        sealed = SealedRow.objects.values_list("history_id", flat=True)
        assert set(sealed) == _all_history_ids()


@contextmanager
def _undone() -> Iterator[None]:
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]  # as Django's TestCase: durable blocks may stand inside
    with block:
        yield
        transaction.set_rollback(True)


def _do(event: str, place: int, chance: random.Random) -> None:
    there = list(Community.objects.order_by("pk"))
    if event == "create":
        community(f"Lugar {place}")
    elif event == "roll back":
        with _undone():
            community(f"Nunca {place}")
    elif event == "seal":
        seal()
    elif event == "verify":
        assert findings() == []
    elif event == "bulk":
        bulk_create_with_history([Community(name=f"Muchos {place}")], actor=None)
        every = Community.objects.all()
        update_with_history(every, {"parish": str(place)}, actor=None, reason="a la vez")
    elif there and event in {"change", "alias"}:
        one = chance.choice(there)
        with acting(reason="prueba"):
            if event == "alias":
                CommunityAlias.objects.create(community=one, spelling=f"Otra {place}")
            else:
                one.note = f"nota {place}"
                one.save()
    elif event == "remove" and (aliases := list(CommunityAlias.objects.order_by("pk"))):
        with acting(reason="sobra"):
            chance.choice(aliases).delete()


def _all_history_ids() -> set[int]:
    return {
        history_id
        for model in (Community, CommunityAlias, User)
        for history_id in model.history.values_list("history_id", flat=True)
    }


# --- At the same time ---------------------------------------------------------------------------


def _in_thread(work: Callable[[], Any]) -> Callable[[], Any]:
    """Run with a connection of its own, closed afterwards."""

    def run() -> Any:
        try:
            return work()
        finally:
            connection.close()

    return run


@contextmanager
def _slow_writer() -> Iterator[Callable[[], int]]:
    """Somebody has drawn a number and has not committed. The value commits and returns it."""
    drawn, may_commit = threading.Event(), threading.Event()
    numbers: list[int] = []

    def write() -> None:
        with transaction.atomic():
            numbers.append(community("Lenta").history.get().history_id)
            drawn.set()
            may_commit.wait(30)

    with ThreadPoolExecutor(1) as pool:
        writing_ = pool.submit(_in_thread(write))

        def commit() -> int:
            may_commit.set()
            writing_.result(30)
            return numbers[0]

        try:
            assert drawn.wait(30)
            yield commit
        finally:
            may_commit.set()
            writing_.result(30)


@pytest.mark.django_db(transaction=True)
def test_a_seal_does_not_overtake_a_row_on_its_way() -> None:
    community("Antes")
    with _slow_writer() as commit:
        with pytest.raises(SealError, match="Alguien está escribiendo"):
            seal(attempts=2, lock_timeout_ms=50, pause_seconds=0)
        assert not Seal.objects.exists()
        assert not SealedRow.objects.exists()
        slow = commit()

    made = seal()

    assert made is not None
    assert slow <= made.upto_id
    assert SealedRow.objects.filter(history_id=slow).exists()
    assert findings() == []


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_seal_overtakes_it() -> None:
    """The twin of the test above: what the lock is for. The row comes after its seal, and looks
    for ever like one that somebody inserted."""
    with _numbers_without_lock(), _slow_writer() as commit:
        made = seal(attempts=2, lock_timeout_ms=50, pause_seconds=0)
        assert made is None  # nothing visible yet, so nothing to seal
        make_account("nobody", second_factor=False)  # draws a later number and commits first
        made = seal(attempts=2, lock_timeout_ms=50, pause_seconds=0)
        assert made is not None
        slow = commit()

        assert slow <= made.upto_id
        assert not SealedRow.objects.filter(history_id=slow).exists()
        assert ("row_inserted", "members.Community", slow) in [
            (kind, model, history_id) for kind, model, _pk, history_id in told(findings())
        ]


@contextmanager
def _numbers_without_lock() -> Iterator[None]:
    whole = sql("SELECT pg_get_functiondef('kallari_next_history_id'::regproc)")[0][0]
    sql(
        "CREATE OR REPLACE FUNCTION kallari_next_history_id() RETURNS bigint LANGUAGE plpgsql"
        " AS $$ BEGIN RETURN nextval('kallari_history_id_seq'); END $$"
    )
    try:
        yield
    finally:
        sql(whole)


@pytest.mark.django_db(transaction=True)
def test_no_row_is_left_out_or_sealed_twice_while_many_write() -> None:
    """Four writers commit and roll back, two sealers seal meanwhile."""
    stop = threading.Event()

    def write(writer: int) -> None:
        chance = random.Random(writer)  # noqa: S311  # no secret
        for turn in range(25):
            with transaction.atomic():
                one = make_account(
                    "nobody", username=f"persona-{writer}-{turn}", second_factor=False
                )
                with acting(reason="vuelta"):
                    one.full_name = "Otro nombre"
                    one.save()
                if chance.random() < 0.3:
                    transaction.set_rollback(True)

    def keep_sealing() -> int:
        made = 0
        while not stop.is_set():
            try:
                made += seal(attempts=50, lock_timeout_ms=100, pause_seconds=0.01) is not None
            except SealError as error:
                if "Otro sello" not in str(error):
                    raise
        return made

    with ThreadPoolExecutor(6) as pool:
        sealers = [pool.submit(_in_thread(keep_sealing)) for _ in range(2)]
        writers = [pool.submit(_in_thread(partial(write, n))) for n in range(4)]
        try:
            for writer in writers:
                writer.result(60)
        finally:
            stop.set()
        made = sum(sealer.result(60) for sealer in sealers)
    made += seal() is not None

    sealed = list(SealedRow.objects.values_list("history_id", flat=True))
    assert len(sealed) == len(set(sealed))
    assert set(sealed) == _all_history_ids()
    assert sum(Seal.objects.values_list("row_count", flat=True)) == len(sealed)
    assert Seal.objects.count() == made > 1
    assert findings() == []


@pytest.mark.django_db(transaction=True)
def test_of_two_seals_at_once_one_wins_and_the_other_says_so() -> None:
    community()
    inside, may_go_on = threading.Event(), threading.Event()

    def wait_inside(done: int, total: int) -> None:
        inside.set()
        may_go_on.wait(30)

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(_in_thread(lambda: seal(progress=wait_inside)))
        try:
            assert inside.wait(30)
            with pytest.raises(SealError, match="Otro sello"):
                seal()
        finally:
            may_go_on.set()
        assert first.result(30).number == 1

    assert seal() is None
    assert findings() == []


@pytest.mark.django_db(transaction=True)
def test_a_seal_overtaken_by_another_is_no_alarm(monkeypatch: pytest.MonkeyPatch) -> None:
    community()
    settled = writing._settled_upto

    def overtaken(*arguments: Any) -> int:
        upto = settled(*arguments)
        monkeypatch.setattr(writing, "_settled_upto", settled)
        community("Mirador")
        seal()
        return upto

    monkeypatch.setattr(writing, "_settled_upto", overtaken)
    assert seal() is None
    assert findings() == []


@pytest.mark.django_db(transaction=True)
def test_a_seal_that_dies_half_way_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    community("Rumi Yaku")
    community("Mirador")
    monkeypatch.setattr(writing, "STEP", 1)

    def die(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        seal(progress=die)

    assert not SealedRow.objects.exists()
    assert not Seal.objects.exists()
    made = seal()
    assert made is not None
    assert made.row_count == 2


@pytest.mark.django_db(transaction=True)
def test_writers_go_on_while_the_rows_are_sealed() -> None:
    community("Antes")
    later: list[int] = []

    def write_meanwhile(done: int, total: int) -> None:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(_in_thread(lambda: later.append(community("Durante").pk))).result(30)

    made = seal(progress=write_meanwhile)

    assert made is not None
    assert made.row_count == 1
    assert len(later) == 1
    assert count_after(made.upto_id) == 1
    assert findings() == []


@pytest.mark.django_db(transaction=True)
def test_verification_reads_one_snapshot_and_needs_to_write_nothing() -> None:
    """Rows that appear while it looks are neither findings nor counted; and it may only read."""
    community("Antes")
    seal()
    seen: list[str] = []

    def look(what: str, done: int, total: int) -> None:
        if not seen:
            with ThreadPoolExecutor(1) as pool:
                pool.submit(_in_thread(lambda: community("Durante"))).result(30)
        with pytest.raises(DatabaseError, match="read-only"), transaction.atomic():
            sql("CREATE TABLE forbidden ()")
        seen.append(what)

    from kallari.history.seals.verifying import verify_history

    found: list[Any] = []
    verified = verify_history(found.append, progress=look)

    assert found == []
    assert (verified.sealed_rows, verified.unsealed_rows) == (1, 0)
    assert len(set(seen)) == 3
    assert last_history_id() > 1


@pytest.mark.django_db
def test_a_role_that_may_only_read_verifies() -> None:
    community()
    seal()
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    if sql("SELECT current_setting('is_superuser')") == [("on",)]:
        # Nothing is refused to a superuser, so it becomes somebody else.
        sql("CREATE ROLE kallari_reader")
        sql("GRANT USAGE ON SCHEMA public TO kallari_reader")
        sql("GRANT SELECT ON ALL TABLES IN SCHEMA public TO kallari_reader")
        sql("GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO kallari_reader")
        sql("SET LOCAL ROLE kallari_reader")
    else:
        sql("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM CURRENT_USER")
        sql("REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM CURRENT_USER")
        sql("GRANT SELECT ON ALL TABLES IN SCHEMA public TO CURRENT_USER")
        sql("GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO CURRENT_USER")

    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        sql("INSERT INTO history_sealedrow VALUES (1, 1, '1', '')")
    assert findings() == []


@pytest.mark.django_db
def test_the_database_refuses_a_seal_that_does_not_continue_the_chain() -> None:
    community()
    first = seal()
    assert first is not None

    with pytest.raises(IntegrityError, match="only_the_first_seal_follows_none"):
        with transaction.atomic():
            Seal.objects.create(
                number=2,
                sealed_at=first.sealed_at,
                previous_digest=None,
                after_id=first.upto_id,
                upto_id=first.upto_id + 1,
                row_count=1,
                tables=[],
                digest="0" * 64,
            )
