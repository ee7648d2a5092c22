"""Workbooks: read as the spreadsheet shows them, or refused in words before they do harm."""

from __future__ import annotations

import io
import time
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from openpyxl.utils.datetime import MAC_EPOCH

from kallari.imports.reading import Column, read_table

COLUMNS = (Column("name", "Comunidad", required=True), Column("born_on", "Nacido el"))


def saved(book):
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def workbook(*rows, title="Hoja1"):
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    return book


def read(content, most_rows=100):
    return read_table(content, COLUMNS, most_rows=most_rows)


def with_part(content, name, change):
    """The same archive with one part changed by `change`, or added."""
    old, new = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as archive:
        parts = {part: old.read(part) for part in old.namelist()}
        parts[name] = change(parts.get(name, b""))
        for part, data in parts.items():
            archive.writestr(part, data)
    return new.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
GOOD = saved(workbook(["Comunidad", "Nacido el"], ["Serena", date(1980, 3, 25)]))


def refusal(content):
    started = time.process_time()
    with pytest.raises(ValidationError) as error:
        read(content)
    assert time.process_time() - started < 10
    return error.value.code


def test_a_workbook_is_read_below_its_title_with_the_rows_that_it_shows():
    book = workbook(
        ["Lista 2024"], [], [None, "COMUNIDAD", "nacido el", "Otro"], [None, "Serena"], [], []
    )
    book.active["B7"] = "Shandia"
    book.active["C7"] = "25/03/1980"
    book.active.row_dimensions[7].hidden = True
    table = read(saved(book))
    assert [(row.number, row.values) for row in table.rows] == [
        (4, {"name": "Serena", "born_on": ""}),
        (7, {"name": "Shandia", "born_on": "25/03/1980"}),
    ]
    assert table.letters == {"name": "B", "born_on": "C"}
    assert table.unused == ["Otro"]


@pytest.mark.parametrize("epoch", [None, MAC_EPOCH])
def test_days_are_right_in_both_calendars_of_workbooks(epoch):
    book = workbook(["Comunidad", "Nacido el"], ["Serena", datetime(1980, 3, 25)])  # noqa: DTZ001
    if epoch is not None:
        book.epoch = epoch
    assert read(saved(book)).rows[0].values["born_on"] == "1980-03-25"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (150012345, "150012345"),
        (1500123458.0, "1500123458"),
        (0.1 + 0.2, "0.3"),
        (1.234, "1.2340"),
        (True, "sí"),
        ("+593 99 999 9999", "+593 99 999 9999"),
        ("  Río\u00a0 Napo ", "Río Napo"),
    ],
)
def test_values_become_the_text_that_the_sheet_shows(value, text):
    book = workbook(["Comunidad", "Nacido el"], ["Serena", value])
    row = read(saved(book)).rows[0]
    assert row.values["born_on"] == text
    assert row.problems == []


def test_a_formula_is_a_problem_of_its_cell_and_what_it_once_gave_is_not_read():
    book = workbook(["Comunidad", "Nacido el"], ["Serena", "=1+1"], ["Pano", "x"])
    content = with_part(
        saved(book), SHEET, lambda xml: xml.replace(b"<v />", b"<v>2</v>").replace(b"<v/>", b"")
    )
    first, second = read(content).rows
    assert first.problems == [("born_on", "Contiene una fórmula; péguela como valor.")]
    assert first.values["born_on"] == "=1+1"
    assert second.problems == []


def test_the_first_visible_sheet_with_the_header_is_read_and_named():
    book = workbook(["Nota"], ["Léame"], title="Portada")
    book.create_sheet("Oculta").append(["Comunidad"])
    book["Oculta"].sheet_state = "hidden"
    for title, name in (("Norte", "Serena"), ("Sur", "Pano")):
        book.create_sheet(title).append(["Comunidad"])
        book[title].append([name])
    table = read(saved(book))
    assert table.sheet == "Norte"
    assert [row.values["name"] for row in table.rows] == ["Serena"]
    assert read(GOOD).sheet == ""


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (GOOD[:300], "damaged"),
        (with_part(GOOD, SHEET, lambda xml: xml[: len(xml) // 2]), "damaged"),
        (with_part(GOOD, "xl/workbook.xml", lambda _xml: b"<a"), "damaged"),
        (with_part(GOOD, "xl/vbaProject.bin", lambda _xml: b"x"), "macros"),
        (with_part(GOOD, SHEET, lambda xml: b"<!DOCTYPE x>" + xml), "unsafe"),
        (
            with_part(
                GOOD,
                "xl/styles.xml",
                lambda xml: b'<!DOCTYPE l [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>' + xml,
            ),
            "unsafe",
        ),
        (with_part(GOOD, SHEET, lambda xml: xml.decode().encode("utf-16")), "unsafe"),
        (with_part(GOOD, SHEET, lambda _xml: b" " * 39_000_000), "too_large"),
        (with_part(GOOD, SHEET, lambda _xml: b" " * 60_000_000), "too_large"),
        (with_part(GOOD, "xl/styles.xml", lambda _xml: b" " * 4_000_000), "too_large"),
        (
            b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
            "encrypted",
        ),
        (b"\xd0\xcf\x11\xe0 an old workbook", "not_text"),
    ],
)
def test_a_workbook_that_could_do_harm_is_refused_quickly(content, code):
    assert refusal(content) == code


def test_other_archives_are_no_workbooks():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<a/>")
    assert refusal(content.getvalue()) == "not_text"


def test_too_many_cells_are_refused_before_they_are_read():
    cells = b'<row r="2"><c r="A2"/></row>' * 700_000
    bomb = with_part(GOOD, SHEET, lambda xml: xml.replace(b"</sheetData>", cells + b"</sheetData>"))
    assert refusal(bomb) == "too_large"


def test_a_sheet_that_claims_to_be_huge_is_read_for_what_it_holds():
    def claim(xml):
        assert b'<dimension ref="' in xml
        far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        return xml.replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"').replace(b"</sheetData>", far)

    started = time.process_time()
    table = read(with_part(GOOD, SHEET, claim))
    assert [row.values["name"] for row in table.rows] == ["Serena"]
    assert time.process_time() - started < 10


def test_links_to_other_files_are_not_followed():
    link = with_part(GOOD, "xl/externalLinks/externalLink1.xml", lambda _xml: b"<broken")
    assert read(link).rows[0].values["born_on"] == "1980-03-25"


def test_more_rows_than_may_be_are_refused():
    book = workbook(["Comunidad"], *([f"Aldea {number}"] for number in range(101)))
    assert refusal(saved(book)) == "too_many_rows"
