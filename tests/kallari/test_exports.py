"""Files for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count, islice
from typing import Any, cast

import openpyxl
import pytest

from kallari import exports


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_text_that_a_spreadsheet_would_run_becomes_plain_text(first: str) -> None:
    assert exports.cell(f'{first}HYPERLINK("http://x")') == f'\'{first}HYPERLINK("http://x")'
    assert exports.cell(f"a{first}b") == f"a{first}b"


@pytest.mark.parametrize(
    "text", ["-1+1", "-1|calc", "--1", "-", "-1,5 kg", "-1\n=2", "+593987654321"]
)
def test_only_a_bare_negative_number_may_begin_with_a_sign(text: str) -> None:
    assert exports.cell(text) == f"'{text}"
    assert exports.cell("-1.234,50") == "-1.234,50"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (-12, "-12"),
        (Decimal("-1234.50"), "-1234,50"),
        (Decimal("1E+3"), "1000"),
        (True, "1"),
        (False, "0"),
        (date(2026, 11, 22), "2026-11-22"),
        (datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC), "2026-11-21 22:04:05"),
        ("a\x00b", "ab"),
    ],
)
def test_values_are_written_as_a_spreadsheet_reads_them(value: Any, written: str) -> None:
    assert exports.cell(value) == written


def test_what_is_written_is_read_back_whatever_it_holds() -> None:
    row = ['a;b "c"', "línea\notra", "ñandú"]
    text = "".join(exports.csv_lines(["uno", "dos", "tres"], [row]))
    assert text.startswith("\ufeff")
    read = list(csv.reader(io.StringIO(text[1:]), delimiter=";"))
    assert read == [["uno", "dos", "tres"], row]


def test_lines_leave_before_the_last_row_is_read() -> None:
    response = exports.csv_response("x.csv", ["n"], ([number] for number in count()))
    assert response.streaming
    lines = cast("Iterator[bytes]", response.streaming_content)
    first = list(islice(lines, 4))
    assert first == ["\ufeff".encode(), b"n\r\n", b"0\r\n", b"1\r\n"]
    assert response["Content-Disposition"] == 'attachment; filename="x.csv"'


def _workbook(*rows: list[Any], header: list[str]) -> Any:
    with exports.xlsx_file(header, rows, title="Lista", sheet="Socias [2026]") as file:
        return io.BytesIO(file.read())


def test_a_workbook_keeps_the_kind_of_each_value() -> None:
    row = [
        "Ana", date(2026, 11, 22), datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC), Decimal("12.50"),
        -3, True, None, "0102030400", Decimal("12345678901234567.5"),
    ]  # fmt: skip
    sheet = openpyxl.load_workbook(_workbook(row, header=list("abcdefghi"))).active
    assert [cell.value for cell in sheet[2]] == [
        "Ana", datetime(2026, 11, 22), datetime(2026, 11, 21, 22, 4, 5), 12.5,  # noqa: DTZ001
        -3, True, None, "0102030400", "12345678901234567.5",
    ]  # fmt: skip
    assert sheet.title == "Socias  2026"
    assert sheet["A1"].font.bold
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:I2"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "=HYPERLINK(1)", "12", "a\x00\x0bb"])
def test_text_in_a_workbook_is_never_a_formula(text: str) -> None:
    cell = openpyxl.load_workbook(_workbook([text], header=["=2"])).active["A2"]
    assert cell.data_type == "s"
    assert cell.value == text.replace("\x00\x0b", "")


def test_the_same_rows_give_the_same_workbook_and_nothing_of_who_made_it() -> None:
    first, second = (_workbook(["Ana"], header=["Nombre"]).read() for _time in range(2))
    assert first == second
    properties = openpyxl.load_workbook(io.BytesIO(first)).properties
    assert (properties.creator, properties.lastModifiedBy) == ("Kallari", None)
    assert properties.modified.year == 2000


def test_a_workbook_is_a_download() -> None:
    response = exports.xlsx_response("x.xlsx", ["n"], [[1]], title="L", sheet="L")
    assert response["Content-Disposition"] == 'attachment; filename="x.xlsx"'
    content = b"".join(cast("Iterator[bytes]", response.streaming_content))
    assert openpyxl.load_workbook(io.BytesIO(content)).active["A2"].value == 1
