"""Files for spreadsheets: streamed, read right by Excel in Ecuador, harmless when opened."""

from __future__ import annotations

import csv
import io
import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone, translation
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.packaging.core import DocumentProperties
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

DELIMITER = ";"
"""Where the comma separates decimals, Excel separates columns by semicolons."""

BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel takes UTF-8 for Windows-1252 and breaks every accent."""

_STARTS_A_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
_NEGATIVE_NUMBER = re.compile(r"-[0-9][0-9.,]*")


def cell(value: Any) -> str:
    """Return a value as one cell of a CSV file.

    Text that a spreadsheet would run as a formula is made plain text by an apostrophe in front
    (OWASP, "CSV Injection"), so that nobody's name can call out of the accountant's machine.
    Numbers keep their sign, as numbers and as text of nothing but a negative number; decimals get
    a comma. Moments are local.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return f"{local:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return value.isoformat()
    text = str(value).replace("\x00", "")
    if text[:1] in _STARTS_A_FORMULA and not _NEGATIVE_NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def csv_lines(header: Iterable[Any], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """Yield the lines of a CSV file, byte order mark first, one at a time."""
    writer = csv.writer(_Line(), delimiter=DELIMITER)
    yield BYTE_ORDER_MARK
    yield writer.writerow([cell(value) for value in header])
    for row in rows:
        yield writer.writerow([cell(value) for value in row])


def csv_response(
    filename: str, header: Iterable[Any], rows: Iterable[Iterable[Any]]
) -> StreamingHttpResponse:
    """Return a download that is written while `rows` are read: memory does not grow with them.

    The reader's language stays the one of the request until the last line.
    """
    language = translation.get_language()

    def lines() -> Iterator[str]:
        with translation.override(language):
            yield from csv_lines(header, rows)

    return StreamingHttpResponse(
        lines(),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{filename}"',
            "Cache-Control": "no-store",
            "X-Accel-Buffering": "no",
        },
    )


XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_TEXT = 32_767
"""Letters of a cell beyond which Excel calls the whole workbook damaged."""
IN_MEMORY = 1 << 20
"""Bytes of a finished workbook beyond which it stays on the disk until it is sent."""
MOST_FIGURES = 15
"""Of a number in a spreadsheet; a longer one would lose its last figures, so it stays text."""
_BEFORE_PROGRAMS = datetime(2000, 1, 1)  # noqa: DTZ001 - workbooks know no time zones
_FOLDED_AT = (1980, 1, 1, 0, 0, 0)
_NAMES_NO_SHEET = re.compile(r"[\\/*?:\[\]]")


def xlsx_file(
    header: Iterable[Any], rows: Iterable[Iterable[Any]], *, title: str, sheet: str
) -> IO[bytes]:
    """Return a workbook of one sheet in a temporary file (a small one in memory), at its start.

    Rows go to the disk as they come: memory does not grow with them. Days are days, numbers are
    numbers, moments are local; text is text and never a formula, so it needs no apostrophe in
    front. The same content gives the same bytes: nothing tells who made it, where or when.
    """
    book = Workbook(write_only=True)
    book.properties = DocumentProperties(
        creator="Kallari", title=title, created=_BEFORE_PROGRAMS, modified=_BEFORE_PROGRAMS
    )
    page = book.create_sheet(_NAMES_NO_SHEET.sub(" ", sheet).strip(" '")[:31] or "1")
    headings = [str(heading) for heading in header]
    for place, heading in enumerate(headings, 1):
        width = min(max(len(heading) + 4, 12), 40)
        page.column_dimensions[get_column_letter(place)].width = width
    page.freeze_panes = "A2"
    bold = Font(bold=True)
    top = [_typed(page, heading) for heading in headings]
    for cell_ in top:
        cell_.font = bold
    page.append(top)
    last = 1
    for row in rows:
        page.append([_typed(page, value) for value in row])
        last += 1
    if headings:
        page.auto_filter.ref = f"A1:{get_column_letter(len(headings))}{last}"
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        ExcelWriter(book, _Timeless(archive)).write_data()
    size = file.tell()
    file.seek(0)
    if size > IN_MEMORY:
        return file
    with file:
        return io.BytesIO(file.read())


def xlsx_response(
    filename: str, header: Iterable[Any], rows: Iterable[Iterable[Any]], *, title: str, sheet: str
) -> FileResponse:
    """Return a workbook as a download; see `xlsx_file`."""
    return FileResponse(
        xlsx_file(header, rows, title=title, sheet=sheet),
        as_attachment=True,
        filename=filename,
        content_type=XLSX_TYPE,
        headers={"Cache-Control": "no-store"},
    )


def _typed(page: Any, value: Any) -> Any:
    """A cell whose type is that of the value, never guessed from a text."""
    number_format = None
    if isinstance(value, datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
        value, number_format = value.replace(tzinfo=None, microsecond=0), "yyyy-mm-dd hh:mm:ss"
    elif isinstance(value, date):
        number_format = "yyyy-mm-dd"
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        figures = Decimal(value)
        if not figures.is_finite() or len(figures.as_tuple().digits) > MOST_FIGURES:
            value = str(value)
    elif value is not None and not isinstance(value, bool | float):
        value = str(value)
    if not isinstance(value, str):
        written = WriteOnlyCell(page, value)
        if number_format is not None:
            written.number_format = number_format
        return written
    written = WriteOnlyCell(page)
    written.value = ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST_TEXT]
    written.data_type = "s"
    return written


class _Timeless:
    """An archive whose parts bear no time of writing."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def namelist(self) -> list[str]:
        return self._archive.namelist()

    def writestr(self, name: str, data: Any) -> None:
        part = zipfile.ZipInfo(name, _FOLDED_AT)
        part.compress_type = zipfile.ZIP_DEFLATED
        self._archive.writestr(part, data)

    def write(self, path: str, name: str) -> None:
        part = zipfile.ZipInfo(name, _FOLDED_AT)
        part.compress_type = zipfile.ZIP_DEFLATED
        with open(path, "rb") as source, self._archive.open(part, "w") as target:
            while block := source.read(1 << 16):
                target.write(block)


class _Line:
    """A file for csv.writer that gives each line back."""

    def write(self, line: str) -> str:
        return line
