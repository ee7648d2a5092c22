"""Files for spreadsheets: streamed, read right by Excel in Ecuador, harmless when opened."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone, translation

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


class _Line:
    """A file for csv.writer that gives each line back."""

    def write(self, line: str) -> str:
        return line
