"""What people type into cells is understood for sure, or refused with a word about what to type."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from kallari.imports import cells
from kallari.imports.reading import Row


def code_of(parser, *args):
    with pytest.raises(ValidationError) as error:
        parser(*args)
    assert error.value.messages
    return error.value.code


@pytest.mark.parametrize(
    "typed",
    [
        "1980-03-25", "1980-03-25 00:00", "25/03/1980", "25/3/1980", "25-3-1980", "25.03.1980",
        "25 / 03 / 1980", "25 de marzo de 1980", "25 de Marzo del 1980", "25-mar-1980",
        "25 mar. 1980", "25 MARZO 1980",
    ],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written_in_ecuador(typed):
    assert cells.parse_date(typed) == date(1980, 3, 25)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("25/03/80", "date_short_year"),
        ("25-mar-80", "date_short_year"),
        ("03/25/1980", "date_month_first"),
        ("31/02/1980", "date_impossible"),
        ("29/02/1981", "date_impossible"),
        ("13/13/1980", "date_impossible"),
        ("29305", "date_serial"),
        ("25/03/1080", "date_year"),
        ("25 de foo de 1980", "date_unknown"),
        ("hace mucho", "date_unknown"),
    ],
)
def test_a_day_that_is_not_sure_is_refused(typed, code):
    assert code_of(cells.parse_date, typed) == code


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12", "12"), ("12,5", "12.5"), ("12.5", "12.5"), ("-3,25", "-3.25"), ("0,125", "0.125"),
        ("1.234,50", "1234.50"), ("1,234.50", "1234.50"), ("1.234.567", "1234567"),
        ("1 500", "1500"), ("1500,250", "1500.250"), ("1.2340", "1.2340"),
    ],
)  # fmt: skip
def test_a_number_is_read_with_comma_and_point(typed, number):
    assert cells.parse_decimal(typed) == Decimal(number)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1.500", "number_ambiguous"),
        ("1,500", "number_ambiguous"),
        ("1.234.50", "number_unknown"),
        ("2 ha", "number_unknown"),
        ("1e5", "number_unknown"),
        ("٣", "number_unknown"),
    ],
)
def test_a_number_that_is_not_sure_is_refused(typed, code):
    assert code_of(cells.parse_decimal, typed) == code


def test_a_choice_is_read_in_any_spelling():
    sexes = {"f": ("Mujer", "femenino"), "m": ("Hombre", "masculino")}
    assert cells.parse_choice(" MUJER ", sexes) == "f"
    assert cells.parse_choice("Másculino", sexes) == "m"
    assert code_of(cells.parse_choice, "?", sexes) == "choice_unknown"


@pytest.mark.parametrize(
    ("typed", "cedula", "notices"),
    [
        ("1500123458", "1500123458", 0),
        ("150012345-8", "1500123458", 0),
        ("102030405", None, 0),
        ("150012345", None, 0),
        ("102030400", "0102030400", 1),
    ],
)
def test_a_lost_zero_comes_back_only_where_the_check_digit_fits(typed, cedula, notices):
    # 0102030400: doubled odd places 0+0+0+0+0, even places 1+2+3+4+0 = 10, so the last digit is 0
    row = Row(2, {"cedula": typed})
    assert cells.read_cedula(row, "cedula") == cedula
    assert len(row.notices) == notices
    assert len(row.problems) == (cedula is None)


def test_a_refusal_becomes_a_problem_of_the_cell():
    row = Row(2, {"born_on": "25/03/80", "left_on": "25/3/1980", "joined_on": ""})
    assert row.read("born_on", cells.parse_date) is None
    assert [column for column, _sentence in row.problems] == ["born_on"]
    assert row.read("left_on", cells.parse_date) == date(1980, 3, 25)
    assert row.values["left_on"] == "1980-03-25"
    assert row.read("joined_on", cells.parse_date) is None
    assert len(row.problems) == 1
