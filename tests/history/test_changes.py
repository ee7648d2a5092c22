"""The change list: which rows it finds, in which order, and what it reads for that."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.apps.registry import Apps
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kallari.accounts.models import ApiToken, RoleAssignment, User
from kallari.history import changes
from kallari.history.changes import Cursor, Filters, Kind
from kallari.history.context import acting
from kallari.history.records import History
from kallari.history.tracked import history_of
from tests.history.factories import NOON, TRACKED, history_row, minutes, multiply
from tests.queries import assert_same_queries

pytestmark = pytest.mark.django_db


def ids(filters: Filters | None = None, cursor: Cursor | None = None, size: int = 50) -> list[int]:
    return [
        place.history_id for place in changes.find(filters or Filters(), cursor, size=size).places
    ]


def all_pages(filters: Filters, size: int) -> list[list[int]]:
    """The list read page by page towards the older end."""
    pages, cursor = [], None
    while True:
        page = changes.find(filters, cursor, size=size)
        pages.append([place.history_id for place in page.places])
        if (cursor := page.older) is None:
            return pages


# --- Order and pages ----------------------------------------------------------------------------


def test_changes_of_all_models_stand_in_one_list_newest_first() -> None:
    first = history_row(User, at=minutes(0))
    third = history_row(RoleAssignment, at=minutes(2))
    second = history_row(ApiToken, at=minutes(1))
    assert ids() == [third.pk, second.pk, first.pk]


def test_of_one_moment_the_row_written_later_comes_first() -> None:
    earlier, later = history_row(User), history_row(ApiToken)
    assert ids() == [later.pk, earlier.pk]


def test_the_first_page_has_nothing_newer_and_the_last_nothing_older() -> None:
    for number in range(5):
        history_row(at=minutes(number))
    first = changes.find(Filters(), size=3)
    assert (first.newer, first.older is None) == (None, False)
    last = changes.find(Filters(), first.older, size=3)
    assert len(last.places) == 2
    assert last.older is None
    assert last.newer is not None


def test_a_page_that_is_just_full_is_the_last() -> None:
    for number in range(3):
        history_row(at=minutes(number))
    assert changes.find(Filters(), size=3).older is None
    assert changes.find(Filters(), size=2).older is not None


def test_beyond_either_end_the_page_is_empty() -> None:
    row = history_row()
    for newer in (False, True):
        page = changes.find(Filters(), Cursor(row.history_date, row.pk, newer))
        assert page == changes.Page([], None, None)


moments = st.lists(
    st.tuples(
        st.integers(0, 3),  # few moments, so that most pages end amid equal ones
        st.sampled_from(range(len(TRACKED))),
        st.sampled_from("+~-"),
        st.sampled_from([None, 7]),
    ),
    max_size=25,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=moments, size=st.integers(1, 6), shuffle=st.randoms(use_true_random=False))
@example(rows=[(0, 0, "+", None)] * 7, size=3, shuffle=None)
def test_no_change_is_lost_or_doubled_between_pages(rows: Any, size: int, shuffle: Any) -> None:
    numbers = list(range(10**6, 10**6 + len(rows)))
    if shuffle is not None:
        shuffle.shuffle(numbers)  # ids and moments need not run alike: phones' clocks differ
    with transaction.atomic():
        written = [
            history_row(
                TRACKED[model],
                at=minutes(moment),
                kind=kind,
                history_id=number,
                history_user_id=person,
            )
            for number, (moment, model, kind, person) in zip(numbers, rows, strict=True)
        ]
        for filters, fits in (
            (Filters(), lambda _row: True),
            (Filters(kind=Kind.CHANGED), lambda row: row.history_type == "~"),
            (Filters(actor_id=7), lambda row: row.history_user_id == 7),
            (Filters(without_account=True), lambda row: row.history_user_id is None),
            (Filters(model=User), lambda row: row.instance_type is User),
        ):
            expected = [
                row.pk
                for row in sorted(written, key=lambda r: (r.history_date, r.pk), reverse=True)
                if fits(row)
            ]
            pages = all_pages(filters, size)
            assert [pk for page in pages for pk in page] == expected
            assert all(len(page) == size for page in pages[:-1])
            assert changes.count(filters) == len(expected)
            assert list(back_from_the_end(filters, size)) == expected[::-1]
        transaction.set_rollback(True)


def back_from_the_end(filters: Filters, size: int) -> Iterator[int]:
    """The list read towards the newer end, from before the first change ever."""
    cursor: Cursor | None = Cursor(datetime(2000, 1, 1, tzinfo=UTC), 0, newer=True)
    while cursor is not None:
        page = changes.find(filters, cursor, size=size)
        yield from (place.history_id for place in reversed(page.places))
        cursor = page.newer


def test_rows_that_arrive_meanwhile_move_no_page() -> None:
    for number in range(4):
        history_row(at=minutes(number))
    first = changes.find(Filters(), size=2)
    before = ids(cursor=first.older, size=2)
    history_row(at=minutes(9))
    assert ids(cursor=first.older, size=2) == before


# --- Cursors ------------------------------------------------------------------------------------


@given(
    at=st.datetimes(timezones=st.just(UTC)),
    history_id=st.integers(0, 2**63 - 1),
    newer=st.booleans(),
)
def test_a_cursor_survives_the_address(at: datetime, history_id: int, newer: bool) -> None:
    cursor = Cursor(at, history_id, newer)
    assert Cursor.parse(str(cursor)) == cursor


@pytest.mark.parametrize(
    "text",
    [
        "b",
        "b1",
        "b1-",
        "c1-1",
        "b1-1 ",
        "b1-1\n",
        "b1-1-1",
        "b1--1",
        "b١-1",
        "b999999999999999999-1",
        "b-999999999999999999-1",
        "b1-9223372036854775808",
        "b1-1); DROP TABLE accounts_user; --",
        "b1e9-1",
        "b" + "9" * 5000 + "-1",
    ],
)
def test_a_cursor_that_the_list_never_wrote_is_refused(text: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Cursor.parse(text)
    assert refused.value.code == "cursor_invalid"


@pytest.mark.parametrize("text", ["b0-0", "a0-0", "b253402300799999999-1", "a-62135596800000000-1"])
def test_a_cursor_at_the_end_of_time_is_only_an_empty_or_a_full_page(text: str) -> None:
    row = history_row()
    assert ids(cursor=Cursor.parse(text)) in ([], [row.pk])


# --- Filters ------------------------------------------------------------------------------------


def test_changes_by_one_account() -> None:
    hers, _theirs, _nobodys = (history_row(history_user_id=who) for who in (7, 8, None))
    assert ids(Filters(actor_id=7)) == [hers.pk]


def test_changes_without_an_account() -> None:
    _hers, nobodys = (history_row(history_user_id=who) for who in (7, None))
    assert ids(Filters(without_account=True)) == [nobodys.pk]


def test_a_day_begins_and_ends_at_midnight_in_ecuador() -> None:
    last_of_21, first_of_22, last_of_22, first_of_23 = (
        history_row(at=datetime.fromisoformat(f"2026-11-{moment}-05:00"))
        for moment in (
            "21T23:59:59.999999",
            "22T00:00:00",
            "22T23:59:59.999999",
            "23T00:00:00",
        )
    )
    day = date(2026, 11, 22)
    assert ids(Filters(since=day, until=day)) == [last_of_22.pk, first_of_22.pk]
    assert ids(Filters(since=day)) == [first_of_23.pk, last_of_22.pk, first_of_22.pk]
    assert ids(Filters(until=day)) == [last_of_22.pk, first_of_22.pk, last_of_21.pk]


def test_changes_of_one_model() -> None:
    _user, token = history_row(User), history_row(ApiToken)
    assert ids(Filters(model=ApiToken)) == [token.pk]


@pytest.mark.parametrize("kind", list(Kind))
def test_changes_of_one_kind(kind: Kind) -> None:
    rows = {each: history_row(kind=each.value) for each in Kind}
    assert ids(Filters(kind=kind)) == [rows[kind].pk]


def test_changes_of_one_request() -> None:
    request_id = uuid.uuid4()
    of_it = [history_row(model, request_id=request_id) for model in (User, ApiToken)]
    history_row(request_id=uuid.uuid4())
    assert ids(Filters(request_id=request_id)) == [row.pk for row in reversed(of_it)]


def test_the_history_of_one_object() -> None:
    made = history_row(User, id=905)
    history_row(User, id=906)
    history_row(ApiToken, id=905)
    changed = history_row(User, id=905, kind="~", at=minutes(1))
    assert ids(Filters(model=User, object_pk=905)) == [changed.pk, made.pk]


def test_filters_add_up() -> None:
    wanted = history_row(kind="~", history_user_id=7, at=NOON)
    history_row(kind="~", history_user_id=8, at=NOON)
    history_row(kind="+", history_user_id=7, at=NOON)
    history_row(kind="~", history_user_id=7, at=NOON - timedelta(days=1))
    filters = Filters(model=User, kind=Kind.CHANGED, actor_id=7, since=date(2026, 11, 22))
    assert ids(filters) == [wanted.pk]


def test_an_object_without_its_model_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="object_pk needs model"):
        Filters(object_pk=5)


def test_a_model_without_history_is_a_mistake_of_the_caller() -> None:
    from django.contrib.sessions.models import Session

    with pytest.raises(ValueError, match="carries no history"):
        Filters(model=Session)


def test_counting_stops_at_its_limit() -> None:
    for _row in range(5):
        history_row()
    assert changes.count(Filters(), limit=5) == 5
    assert changes.count(Filters(), limit=4) == 5
    assert changes.count(Filters(), limit=2) == 3


@pytest.mark.parametrize("text", ["x", "1;DROP", "9" * 30, "1.5", "", "\x00", "-" + "9" * 5000])
def test_a_number_that_no_record_can_have_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValidationError) as refused:
        changes.parse_pk(User, text)
    assert refused.value.code == "object_invalid"
    assert changes.parse_pk(User, " 12 ") == 12


# --- What is read -------------------------------------------------------------------------------


def test_a_page_of_300_asks_as_many_questions_as_a_page_of_3(superuser: User) -> None:
    tokens = iter(range(10**6))

    def make_rows(number: int) -> None:
        for _row in range(number):
            with acting(superuser, reason="Ensayo."):
                user = User.objects.create_user(f"persona-{next(tokens)}", "una clave larga 9")
                user.full_name = "Rosa Grefa"
                user.save()
                token = ApiToken.objects.create(user=user, digest=uuid.uuid4().hex * 2)
                token.label = "Balanza"
                token.save()

    def read_page() -> None:
        page = changes.find(Filters(), size=300)
        assert changes.acts(changes.describe(page.places))

    assert_same_queries(make_rows, read_page, few=3, many=80)


def test_every_filter_reads_the_heads_of_index_ranges_alone() -> None:
    """Of 20,000 rows a page of ten reads a hundred at most. The page and one row of each branch
    would do; the planner may pass over a few rows of others where that is as cheap."""
    request_id = uuid.UUID(int=1)
    fill_users(20_000, request_id)
    page_size = 10
    deep = Cursor(NOON + timedelta(minutes=3000), 10**9)
    for filters in (
        Filters(),
        Filters(kind=Kind.CHANGED),
        Filters(actor_id=3),
        Filters(actor_id=3, kind=Kind.CHANGED),
        Filters(request_id=request_id),
        Filters(model=User),
        Filters(since=date(2026, 11, 23), until=date(2026, 11, 25)),
    ):
        for cursor in (None, deep, Cursor(deep.at, deep.history_id, newer=True)):
            nodes = plan_of(filters, cursor, page_size)
            read = sum(
                node["Actual Rows"] * node["Actual Loops"] + node.get("Rows Removed by Filter", 0)
                for node in nodes
                if "Scan" in node["Node Type"]
            )
            assert read <= 100, (filters, cursor, read)


def fill_users(number: int, request_id: uuid.UUID) -> None:
    """One row a minute from noon on, of five persons, one in three a change, all of one request."""
    multiply(
        history_row(User, request_id=request_id, history_change_reason="Ensayo."),
        number,
        id="n",
        history_user_id="mod(n, 5)",
        history_date="template.history_date + n * interval '1 minute'",
        history_type="CASE WHEN mod(n, 3) = 0 THEN '~' ELSE '+' END",
    )
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {history_of(User)._meta.db_table}")


def plan_of(filters: Filters, cursor: Cursor | None, size: int) -> list[dict[str, Any]]:
    """The nodes of the plan that PostgreSQL ran for a page."""
    statements: list[tuple[str, Any]] = []

    def remember(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(remember):
        changes.find(filters, cursor, size=size)
    ((sql, params),) = statements
    with connection.cursor() as statement:
        statement.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", params)
        (plans,) = statement.fetchone()
    plans = json.loads(plans) if isinstance(plans, str) else plans

    def walk(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
        yield node
        for child in node.get("Plans", []):
            yield from walk(child)

    return list(walk(plans[0]["Plan"]))


@pytest.fixture
def _accounts_know_their_own_again() -> Iterator[None]:
    """An account forgets, after a test with models of its own, that those point at it."""
    yield
    apps.clear_cache()


@pytest.mark.usefixtures("_accounts_know_their_own_again")
@pytest.mark.django_isolate_apps("kallari.accounts", "kallari.history")
def test_twenty_models_are_one_list(
    monkeypatch: pytest.MonkeyPatch, superuser: User, django_isolated_apps: Apps
) -> None:
    django_isolated_apps.register_model("accounts", User)
    made = []
    for number in range(20):
        meta = type("Meta", (), {"app_label": "history"})
        made.append(
            type(
                f"Thing{number}",
                (models.Model,),
                {
                    "__module__": __name__,
                    "Meta": meta,
                    "name": models.CharField("nombre", max_length=20),
                    "owner": models.ForeignKey(User, models.PROTECT, verbose_name="dueña"),
                    "history": History(),
                    "__str__": lambda self: f"{self.name} de {self.owner}",
                },
            )
        )
    with connection.schema_editor() as editor:
        for model in made:
            editor.create_model(model)
            editor.create_model(history_of(model))
    monkeypatch.setattr(changes, "tracked_models", lambda: made)
    for turn in range(3):
        for number, model in enumerate(made):
            history_of(model).objects.create(  # type: ignore[attr-defined]
                id=turn,
                name=f"{turn}-{number}",
                owner_id=superuser.pk,
                history_date=minutes(turn * 100 + number),
                history_type="+",
            )
    pages = all_pages(Filters(), 7)
    assert [len(page) for page in pages] == [7] * 8 + [4]
    places = changes.find(Filters(), size=60).places
    described = changes.describe(places)
    assert [change.object_pk for change in described] == [2] * 20 + [1] * 20 + [0] * 20
    assert described[0].object_label == f"2-19 de {superuser}"
    assert [place.model for place in places[:20]] == made[::-1]
