"""Which number a person means who types one as on paper."""

from __future__ import annotations

import pytest

from kallari.search.numbers import paper_number


@pytest.mark.parametrize("typed", ["F-0042", "f-42", "F42", " F - 0042 ", "42", "0042", "-42"])
def test_a_number_is_known_however_it_is_typed(typed: str) -> None:
    assert paper_number(typed, prefix="F") == 42


def test_zero_is_a_number_that_nothing_has() -> None:
    assert paper_number("F-0", prefix="F") == 0


@pytest.mark.parametrize("typed", ["", "  ", "F-", "A-0042", "42 b", "Familia 42", "٤٢", "4²"])
def test_what_is_no_number_is_none(typed: str) -> None:
    assert paper_number(typed, prefix="F") is None


def test_more_figures_than_the_column_holds_are_no_number() -> None:
    assert paper_number("999999999", prefix="L") == 999_999_999
    assert paper_number("1500123458", prefix="L") is None
