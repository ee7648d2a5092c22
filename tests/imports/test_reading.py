"""Files of unknown make: read for sure, or refused in words."""

from __future__ import annotations

import time

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from kallari.imports.reading import Column, read_table

COLUMNS = (
    Column("name", "Comunidad", ("nombre",), required=True),
    Column("canton", "Cantón"),
    Column("note", "Nota"),
)
TEXT = "Comunidad;Cantón;Nota\r\nÑukanchik Kawsay;Tena;Río arriba\r\n"


def read(content, most_rows=100):
    if isinstance(content, str):
        content = content.encode()
    return read_table(content, COLUMNS, most_rows=most_rows)


def values(table):
    return [row.values for row in table.rows]


def refusal(content, **kwargs):
    with pytest.raises(ValidationError) as error:
        read(content, **kwargs)
    return error.value.code


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_every_usual_encoding_is_read(encoding):
    assert values(read(TEXT.encode(encoding))) == [
        {"name": "Ñukanchik Kawsay", "canton": "Tena", "note": "Río arriba"}
    ]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r"])
def test_every_usual_delimiter_is_read(delimiter, newline):
    text = TEXT.replace(";", delimiter).replace("\r\n", newline)
    assert values(read(text))[0]["canton"] == "Tena"


def test_quoted_cells_keep_delimiters_and_line_breaks():
    table = read('Comunidad,Nota\n"Rumi Yaku","uno, dos\n""tres"""\nSerena,x\n')
    assert values(table) == [
        {"name": "Rumi Yaku", "note": 'uno, dos\n"tres"'},
        {"name": "Serena", "note": "x"},
    ]
    assert [row.number for row in table.rows] == [2, 3]


def test_headings_are_found_in_any_order_and_spelling_below_a_title():
    table = read("LISTA 2024;;\n;;\nnota ; NOMBRE; CANTON ;Presidente\nn;Serena;Tena;Ana\n")
    assert values(table) == [{"name": "Serena", "canton": "Tena", "note": "n"}]
    assert table.unused == ["Presidente"]
    assert table.rows[0].number == 4


def test_empty_rows_are_passed_over_and_numbers_stay_those_of_the_file():
    table = read("Comunidad;Cantón\n\n;;\nSerena;Tena\n ; \nShandia\n")
    assert [(row.number, row.values["name"]) for row in table.rows] == [
        (4, "Serena"),
        (6, "Shandia"),
    ]


def test_spaces_around_cells_are_not_kept():
    assert values(read("Comunidad\n\u00a0 Rumi  \u00a0Yaku \n"))[0]["name"] == "Rumi Yaku"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"  \n ", "empty"),
        (b"PK\x03\x04rest of a spreadsheet", "damaged"),
        (b"\xd0\xcf\x11\xe0rest of an old one", "not_text"),
        (b"%PDF-1.7", "not_text"),
        (b"Comunidad;Nota\nSer\0ena;x\n", "not_text"),
        (b"Comunidad;Nota\nR\x81o;x\n", "encoding"),
        (b"\xff\xfeC\x00o\x00", "no_header"),
        (b"\xff\xfeC\x00o", "encoding"),
        ("Comunidad\nÃ‘ukanchik\n".encode(), "mangled"),
        (b"Serena;Tena\nShandia;Tena\n", "no_header"),
        (b"Nota;Cant\xf3n\nx;y\n", "no_header"),
        (b"Comunidad;Nota\n", "no_rows"),
        (b"Comunidad;Nombre\na;b\n", "column_twice"),
        (b'Comunidad;Nota\n"' + b"x" * 200_000, "malformed"),
    ],
)
def test_a_file_that_cannot_be_read_for_sure_is_refused(content, code):
    assert refusal(content) == code


def test_a_file_of_more_than_ten_megabytes_is_refused():
    head = b"Comunidad;Nota\nSerena;"
    largest = 10 * 1024 * 1024
    assert refusal(head + b"x" * (largest - len(head) + 1)) == "too_large"
    rows = (head + b"y\n").ljust(largest, b"\n")
    assert len(read(rows).rows) == 1


def test_a_file_with_too_many_rows_is_refused_at_once():
    rows = "Comunidad\n" + "Aldea\n" * 100_000
    started = time.process_time()
    assert refusal(rows, most_rows=20_000) == "too_many_rows"
    assert time.process_time() - started < 5
    assert len(read("Comunidad\n" + "Aldea\n" * 100, most_rows=100).rows) == 100
    assert refusal("Comunidad\n" + "Aldea\n" * 101, most_rows=100) == "too_many_rows"


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+593 99",
        "-2",
        "@SUM(A1)",
        '=HYPERLINK(""http://x"")',
        "Se\u0007rena",
        "a\u200b" * 0 + "x\ue000",
    ],
)
def test_a_formula_or_an_invisible_sign_is_a_problem_of_its_row_alone(cell):
    table = read(f'Comunidad;Nota\n"{cell}";x\nSerena;\n')
    assert [[column for column, _words in row.problems] for row in table.rows] == [["name"], []]


def test_more_cells_than_headings_are_a_problem_unless_empty():
    table = read("Comunidad;Nota\nSerena;x;sobra\nShandia;x;;\n")
    assert [len(row.problems) for row in table.rows] == [1, 0]


@settings(max_examples=300, deadline=None)
@given(
    st.binary(max_size=300)
    | st.text(max_size=200).map(lambda text: f"Comunidad;Nota\n{text}".encode())
)
def test_no_file_whatever_breaks_the_reader(content):
    try:
        rows = read(content).rows
    except ValidationError as error:
        rows = error.messages
    assert rows


def test_a_row_of_a_million_cells_is_no_header_and_is_not_looked_at(monkeypatch):
    looked_at: list[str] = []

    def look(text: str) -> str:
        looked_at.append(text)
        return ""

    monkeypatch.setattr("kallari.imports.reading.search_key", look)
    with pytest.raises(ValidationError):
        read(b"Nombre" + b";" * 1_000_000)
    assert len(looked_at) < 10_000
