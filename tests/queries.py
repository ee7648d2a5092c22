"""Counting queries: how many a page asks, and that it asks no more when there is more to show."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext


def queries_of(act: Callable[[], object]) -> list[str]:
    """The statements that `act` sends once caches are warm; savepoints are not counted.

    `act` runs twice: the first time fills what Django keeps (content types, the session).
    """
    act()
    with CaptureQueriesContext(connection) as captured:
        act()
    return [query["sql"] for query in captured.captured_queries if "SAVEPOINT" not in query["sql"]]


def assert_same_queries(
    make_rows: Callable[[int], object],
    act: Callable[[], object],
    *,
    few: int = 3,
    many: int = 300,
) -> None:
    """Fail when `act` sends other statements for `many` rows than for `few`.

    Args:
        make_rows: makes that many more rows each time it is called.
        act: asks for the page, and asserts that it came; a page of errors would be cheap too.
    """
    make_rows(few)
    with_few = queries_of(act)
    make_rows(many - few)
    with_many = queries_of(act)
    assert len(with_many) == len(with_few), (
        f"{len(with_few)} queries for {few} rows, {len(with_many)} for {many}:\n"
        + "\n".join(sql for sql in with_many if sql not in with_few)[:4000]
    )
