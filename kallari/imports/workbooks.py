"""An XLSX workbook becomes rows of plain text, or is refused in words before it can do harm.

A workbook is a ZIP of XML, and both can be made to burst: everything is weighed before a parser
sees it. Macros, links to other files and formulas are never run or followed; what a formula once
computed is not read either, because nobody sees in the list where it came from.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import openpyxl
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST_PARTS = 1_000
MOST_SHEETS = 50
LARGEST_PART_MB = 40
LARGEST_SMALL_PART_MB = 3
"""Of all parts but sheets and texts; the parser builds an object for each element in them."""
LARGEST_WHOLE_MB = 60
MOST_TAGS = 2_000_000
"""Of the whole workbook: a cell with a value has four. So long a list is read in seconds."""
HIGHEST_RATIO = 250
"""How far a part of over a megabyte may unfold: lists reach 30 times, bombs 1,000."""
MOST_COLUMNS = 201
LAST_ROW = 1_048_576
"""Of a sheet, in every spreadsheet."""

_MEGABYTE = 1024 * 1024
_BULKY = re.compile(r"xl/(?:worksheets/[^/]+|sharedStrings)\.xml", re.IGNORECASE)
_XML = (".xml", ".rels")
_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)")
_KNOWN_ENCODINGS = {b"utf-8", b"utf8", b"us-ascii", b"ascii"}
_THREE_DECIMALS = re.compile(r"-?[1-9][0-9]{0,2}\.[0-9]{3}")


@dataclass
class Line:
    """One row of a sheet: the number that the spreadsheet shows, the texts of its cells, and what
    is wrong with some of them, by place."""

    number: int
    cells: list[str]
    problems: dict[int, str] = field(default_factory=dict)


def is_archive(content: bytes) -> bool:
    """Whether the content begins as a ZIP does: a workbook, another office file, or an archive."""
    return content.startswith(b"PK\x03\x04")


def read_sheets(content: bytes) -> dict[str, Iterator[Line]]:
    """Return the visible sheets of a workbook, in their order, each as an iterator of its rows.

    Rows without a value are not among them; hidden rows are. Dates are in ISO, numbers have a
    point, yes and no are words.

    Raises:
        ValidationError: ``not_text`` for another kind of file; ``macros``, ``encrypted``,
            ``damaged``, ``too_large``, ``unsafe``. The iterators raise ``damaged``.
    """
    archive = _opened(content)
    _weigh(archive)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    except Exception as error:  # the parser raises whatever it stumbles over
        raise _damaged() from error
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    return {sheet.title: _lines(sheet) for sheet in sheets[:MOST_SHEETS]}


def quietly() -> warnings.catch_warnings[None]:
    """Do not tell of a workbook's ornaments that the parser passes over; they are no concern."""
    return warnings.catch_warnings(action="ignore")


def _refused(message: StrOrPromise, code: str) -> ValidationError:
    return ValidationError(message, code=code)


def _damaged() -> ValidationError:
    return _refused(
        _("El libro está dañado y no se puede leer. Ábralo y guárdelo otra vez como XLSX."),
        "damaged",
    )


def _opened(content: bytes) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise _damaged() from error
    names = [part.filename for part in archive.infolist()]
    if len(names) != len({name.lower() for name in names}):
        raise _damaged()
    if any(part.flag_bits & 0x1 for part in archive.infolist()):
        raise _refused(
            _("El archivo está protegido con contraseña. Quítela y guárdelo otra vez."), "encrypted"
        )
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise _refused(
            _("El archivo no es un libro de Excel. Ábralo y guárdelo como XLSX o CSV."), "not_text"
        )
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise _refused(
            _("El libro lleva macros. Guárdelo como «Libro de Excel (XLSX)», sin macros."), "macros"
        )
    if any(name.lower().endswith(".bin") and "workbook" in name.lower() for name in names):
        raise _refused(_("Es un libro binario (XLSB). Guárdelo como XLSX o CSV."), "not_text")
    return archive


def _weigh(archive: zipfile.ZipFile) -> None:
    """Refuse what would unfold into more than a list can be, and XML that defines entities.

    The sizes that an archive declares are believed: unpacking never passes them.
    """
    parts = archive.infolist()
    read = [part for part in parts if part.filename.lower().endswith(_XML)]
    too_large = _refused(
        _("El libro es demasiado grande por dentro. Copie solo la lista a un libro nuevo."),
        "too_large",
    )
    if len(parts) > MOST_PARTS or sum(part.file_size for part in read) > (
        LARGEST_WHOLE_MB * _MEGABYTE
    ):
        raise too_large
    tags = 0
    for part in read:
        bulky = _BULKY.fullmatch(part.filename)
        largest = LARGEST_PART_MB if bulky else LARGEST_SMALL_PART_MB
        unfolds = part.file_size / max(part.compress_size, 1)
        if part.file_size > largest * _MEGABYTE or (
            part.file_size > _MEGABYTE and unfolds > HIGHEST_RATIO
        ):
            raise too_large
        try:
            xml = archive.read(part)
        except Exception as error:  # zlib, zipfile, EOF: whatever a broken archive provokes
            raise _damaged() from error
        _check_xml(xml)
        tags += xml.count(b"<")
        rows_end = xml.rfind(b"sheetData>")
        if tags > MOST_TAGS or (
            rows_end >= 0 and len(xml) - rows_end > LARGEST_SMALL_PART_MB * _MEGABYTE
        ):
            raise too_large


def _check_xml(xml: bytes) -> None:
    """Office programs write UTF-8 without a document type; entities need one."""
    encoding = _ENCODING.match(xml.removeprefix(b"\xef\xbb\xbf").lstrip()[:300])
    if (
        b"\0" in xml[:4]
        or xml.startswith((b"\xff\xfe", b"\xfe\xff"))
        or b"<!DOCTYPE" in xml
        or b"<!ENTITY" in xml
        or (encoding is not None and encoding[1].lower() not in _KNOWN_ENCODINGS)
    ):
        raise _refused(
            _(
                "El libro contiene partes que ninguna hoja de cálculo escribe. Ábralo y guárdelo "
                "otra vez como XLSX."
            ),
            "unsafe",
        )


def _lines(sheet: Any) -> Iterator[Line]:
    sheet.reset_dimensions()  # what a sheet says of its size need not be so
    rows = sheet.iter_rows(max_col=MOST_COLUMNS, max_row=LAST_ROW)
    number = 0
    before = None
    while True:
        number += 1
        try:
            row = next(rows, None)
        except Exception as error:  # the parser raises whatever it stumbles over
            raise _damaged() from error
        if row is None:
            return
        if row is before:  # one and the same stands for each row that the sheet leaves out
            continue
        before = row
        if all(cell.value is None for cell in row):
            continue
        line = Line(number, [])
        for place, cell in enumerate(row):
            text, problem = _text(cell.value, cell.data_type)
            line.cells.append(text)
            if problem is not None:
                line.problems[place] = problem
        while line.cells and not line.cells[-1]:
            line.cells.pop()
        yield line


def _text(value: Any, data_type: str) -> tuple[str, str | None]:
    """A cell's value as a text, and what is wrong with it."""
    if value is None:
        return "", None
    if data_type == "f":
        formula = str(getattr(value, "text", None) or value)[:200]
        return formula or "=", str(_("Contiene una fórmula; péguela como valor."))
    if data_type == "e":
        problem = _("La celda muestra un error (%(error)s). Escriba el valor.")
        return str(value), str(problem) % {"error": str(value)[:20]}
    if isinstance(value, bool):
        return ("sí" if value else "no"), None
    if isinstance(value, datetime):
        if value.time() == time():
            return value.date().isoformat(), None
        return value.isoformat(" ", "minutes"), None
    if isinstance(value, date | time):
        return value.isoformat(), None
    if isinstance(value, float):
        return _figures(value)
    return str(value).replace("_x000D_", "").replace("\r\n", "\n"), None


def _figures(value: float) -> tuple[str, str | None]:
    """The fifteen figures that a spreadsheet keeps, without exponent.

    A number with exactly three decimals gets a fourth, so that nobody takes the point for one that
    parts thousands (`kallari.imports.cells.parse_decimal`).
    """
    number = Decimal(format(value, ".15g"))
    if not number.is_finite():
        return str(value), str(_("No es un número. Escriba el valor."))
    text = format(number, "f")
    return (f"{text}0" if _THREE_DECIMALS.fullmatch(text) else text), None
