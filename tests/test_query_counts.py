"""How many queries each page asks: a number that grows is seen in the review of this table."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group

from tests.queries import assert_same_queries


def test_a_page_that_asks_once_a_row_is_found(db: None) -> None:
    def make_rows(number: int) -> None:
        start = Group.objects.count()
        Group.objects.bulk_create([Group(name=f"g{start + row}") for row in range(number)])

    def ask_once_a_row() -> None:
        for group in Group.objects.all():
            group.permissions.exists()

    def ask_once() -> None:
        for group in Group.objects.prefetch_related("permissions"):
            list(group.permissions.all())

    with pytest.raises(AssertionError, match="for 3 rows"):
        assert_same_queries(make_rows, ask_once_a_row, many=10)
    assert_same_queries(make_rows, ask_once, many=10)
