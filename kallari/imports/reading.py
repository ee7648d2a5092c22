"""A file of unknown make becomes a table of plain text, or is refused in words.

A workbook (XLSX) is opened by `workbooks`. Spreadsheets in Ecuador write CSV with semicolons in
Windows-1252; telephones and web programs write commas in UTF-8; "Unicode text" is UTF-16 with tabs.
All are read; what cannot be read for sure is refused, because a name with broken letters would
enter the register.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kallari.imports import workbooks
from kallari.imports.workbooks import Line
from kallari.search.spelling import search_key

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Value = TypeVar("Value")

LARGEST_FILE_MB = 10
HEADER_WITHIN_ROWS = 10
"""A list may have a title above its header."""
LONGEST_CELL = 5000
_DELIMITERS = ";,\t|"
_SPACES = re.compile("[ \xa0]+")
_STARTS_A_FORMULA = "=+-@"
_NO_TEXT_BEGINS_SO = "=@"
"""In a workbook, where "+593…" is a text and -2 a number; these two are formulas gone astray."""
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OTHER_KINDS = {
    b"\xd0\xcf\x11\xe0": _("Es un libro de Excel antiguo."),
    b"%PDF": _("Es un PDF."),
    b"{\\rtf": _("Es un documento de texto con formato."),
}


@dataclass(frozen=True)
class Column:
    """One column that a list may have: the name of its value, its heading, and other headings
    under which people write it (compared without accents, case and spaces)."""

    name: str
    heading: str
    others: tuple[str, ...] = ()
    required: bool = False

    @property
    def keys(self) -> set[str]:
        return {search_key(str(text)) for text in (self.heading, self.name, *self.others)}


@dataclass
class Row:
    """One row as it stands in the file. `number` is the one that a spreadsheet shows; `problems`
    and `notices` are pairs of a column's name (or nothing) and a sentence."""

    number: int
    values: dict[str, str]
    problems: list[tuple[str, str]] = field(default_factory=list)
    notices: list[tuple[str, str]] = field(default_factory=list)

    def read(self, name: str, parser: Callable[[str], Value]) -> Value | None:
        """Return a cell's value, and leave its plain form in `values` (a date in ISO, a number with
        a point) for the resource to take up.

        None when the cell is empty or absent, and when the parser refuses it: its sentence becomes
        a problem of the cell.
        """
        text = self.values.get(name, "")
        if not text or any(column == name for column, _sentence in self.problems):
            return None
        try:
            value = parser(text)
        except ValidationError as refusal:
            self.problems.extend((name, sentence) for sentence in refusal.messages)
            return None
        self.values[name] = str(value)
        return value


@dataclass
class Table:
    """What was read. `unused` are headings that mean nothing to this list; `letters` are those
    that a spreadsheet gives the columns, by name; `sheet` is the one read, if there are several."""

    rows: list[Row]
    unused: list[str]
    columns: list[Column]
    letters: dict[str, str] = field(default_factory=dict)
    sheet: str = ""


def refused(message: StrOrPromise, code: str, **params: object) -> ValidationError:
    """The refusal of a whole file."""
    return ValidationError(message, code=code, params=params)


def read_table(content: bytes, columns: Sequence[Column], *, most_rows: int) -> Table:
    """Read a CSV file or the first sheet of an XLSX workbook that has the header.

    Empty rows are passed over, cells are trimmed. Rows with a formula, an invisible character or
    more cells than columns carry a problem.

    Raises:
        ValidationError: the file as a whole cannot be taken: ``empty``, ``too_large``,
            ``not_text``, ``encoding``, ``mangled``, ``malformed``, ``no_header``,
            ``column_twice``, ``no_rows``, ``too_many_rows``, ``encrypted``, and for workbooks
            those of `workbooks.read_sheets`.
    """
    _check_size(content)
    if workbooks.is_archive(content):
        with workbooks.quietly():
            return _read_workbook(content, columns, most_rows)
    text = decode(content)
    header = _find_header({mark: _records(text, mark) for mark in _DELIMITERS}, columns)
    return _table(_records(text, header.source), header, columns, most_rows)


def _read_workbook(content: bytes, columns: Sequence[Column], most_rows: int) -> Table:
    """The first sheet with the header, that one alone."""
    sheets = workbooks.read_sheets(content)
    for name, lines in sheets.items():
        first: list[Line] = []
        for line in lines:
            first.append(line)
            if line.number > HEADER_WITHIN_ROWS:
                break
        try:
            header = _find_header({name: first}, columns)
        except ValidationError:
            if name == list(sheets)[-1]:
                raise
            continue
        table = _table(itertools.chain(first, lines), header, columns, most_rows)
        table.sheet = name if len(sheets) > 1 else ""
        return table
    raise refused(_("El libro no tiene hojas visibles."), "empty")


def _table(
    lines: Iterable[Line], header: Header, columns: Sequence[Column], most_rows: int
) -> Table:
    headings = header.headings
    by_place, unused = _match(headings, columns)
    found = set(by_place.values())
    rows: list[Row] = []
    for line in lines:
        if line.number <= header.number or not any(cell.strip() for cell in line.cells):
            continue
        if len(rows) == most_rows:
            raise refused(
                _("El archivo tiene más de %(most)s filas. Divídalo e impórtelo por partes."),
                "too_many_rows",
                most=most_rows,
            )
        rows.append(_row(line, by_place, headings, typed_cells=header.typed_cells))
    if not rows:
        raise refused(_("El archivo tiene títulos de columna, pero ninguna fila."), "no_rows")
    letters = {name: column_letter(place) for place, name in by_place.items()}
    return Table(rows, unused, [column for column in columns if column.name in found], letters)


def column_letter(place: int) -> str:
    """Return the letters of a spreadsheet's column, counted from 0.

    >>> column_letter(0), column_letter(25), column_letter(26)
    ('A', 'Z', 'AA')
    """
    letters = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def _check_size(content: bytes) -> None:
    if not content.strip():
        raise refused(_("El archivo está vacío."), "empty")
    if len(content) > LARGEST_FILE_MB * 1024 * 1024:
        raise refused(
            _("El archivo pesa más de %(megabytes)s MB. Divídalo e impórtelo por partes."),
            "too_large",
            megabytes=LARGEST_FILE_MB,
        )


def decode(content: bytes) -> str:
    """Return the text of a file, whatever program wrote it.

    Raises:
        ValidationError: ``empty``, ``too_large``, ``not_text``, ``encoding`` or ``mangled``.
    """
    _check_size(content)
    if ENCRYPTED in content and content.startswith(b"\xd0\xcf\x11\xe0"):
        raise refused(
            _("El archivo está protegido con contraseña. Quítela y guárdelo otra vez."), "encrypted"
        )
    for start, kind in _OTHER_KINDS.items():
        if content.startswith(start):
            raise refused(
                _("%(kind)s Ábralo y guárdelo como XLSX o CSV; después escoja aquí ese archivo."),
                "not_text",
                kind=kind,
            )
    text = _decoded(content)
    if "\0" in text:
        raise refused(
            _("El archivo contiene signos nulos: no es un texto. Guárdelo otra vez como CSV."),
            "not_text",
        )
    if _was_decoded_wrongly(text):
        raise refused(
            _(
                "Las letras con acento ya vienen dañadas en el archivo (por ejemplo «Ã±» en lugar "
                "de «ñ»). Ábralo en la hoja de cálculo, corríjalas y guárdelo como CSV UTF-8."
            ),
            "mangled",
        )
    return text


def _decoded(content: bytes) -> str:
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16")
        if content[1:2] == b"\0" and content[:1] != b"\0":
            return content.decode("utf-16-le")
        if content[:1] == b"\0" and content[1:2] != b"\0":
            return content.decode("utf-16-be")
    except UnicodeDecodeError as error:
        raise _unknown_letters() from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError as error:
        raise _unknown_letters() from error


def _unknown_letters() -> ValidationError:
    return refused(
        _("No se sabe con qué letras está escrito el archivo. Guárdelo como CSV UTF-8."),
        "encoding",
    )


def _was_decoded_wrongly(text: str) -> bool:
    """Whether UTF-8 was once read as Windows-1252 and written again: then undoing it works."""
    if text.isascii():
        return False
    try:
        return text.encode("cp1252").decode("utf-8") != text
    except UnicodeError:
        return False


def _records(text: str, delimiter: str) -> Iterator[Line]:
    """The rows with the number that a spreadsheet gives them."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    number = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise refused(
                _("La fila %(row)s no se puede leer: quizá falta cerrar unas comillas."),
                "malformed",
                row=number + 1,
            ) from error
        number += 1
        yield Line(number, cells)


MOST_HEADINGS = 200
"""Cells of a row beyond which it is no header: to look at millions would keep others waiting."""


@dataclass(frozen=True)
class Header:
    """Where a list begins: the delimiter or sheet, the header's row and its headings."""

    source: str
    number: int
    headings: list[str]
    typed_cells: bool
    """Whether the file tells text from formulas; in CSV a sign in front may be either."""


def _find_header(sources: Mapping[str, Iterable[Line]], columns: Sequence[Column]) -> Header:
    """The header where most columns are recognized."""
    best: Header | None = None
    most = 0
    for source, lines in sources.items():
        for line in lines:
            if line.number > HEADER_WITHIN_ROWS:
                break
            if len(line.cells) > MOST_HEADINGS:
                continue
            known = {search_key(cell) for cell in line.cells} - {""}
            if any(column.required and not column.keys & known for column in columns):
                continue
            matched = sum(bool(column.keys & known) for column in columns)
            if matched > most:
                typed = source not in _DELIMITERS
                best, most = Header(source, line.number, line.cells, typed), matched
    if best is None:
        needed = ", ".join(f"«{column.heading}»" for column in columns if column.required)
        raise refused(
            _(
                "Falta la fila con los títulos de las columnas; tiene que estar entre las "
                "primeras %(rows)s y nombrar al menos %(columns)s. Descargue la plantilla para "
                "ver cómo."
            ),
            "no_header",
            rows=HEADER_WITHIN_ROWS,
            columns=needed,
        )
    return best


def _match(headings: Sequence[str], columns: Sequence[Column]) -> tuple[dict[int, str], list[str]]:
    """Which place holds which column, and the headings that none claims."""
    by_place: dict[int, str] = {}
    unused: list[str] = []
    for place, heading in enumerate(headings):
        key = search_key(heading)
        column = next((column for column in columns if key and key in column.keys), None)
        if column is None:
            if heading.strip():
                unused.append(heading.strip()[:60])
        elif column.name in by_place.values():
            raise refused(
                _("La columna «%(column)s» está dos veces. Deje una sola."),
                "column_twice",
                column=column.heading,
            )
        else:
            by_place[place] = column.name
    return by_place, unused


def _row(line: Line, by_place: dict[int, str], headings: list[str], *, typed_cells: bool) -> Row:
    row = Row(line.number, {})
    signs = _NO_TEXT_BEGINS_SO if typed_cells else _STARTS_A_FORMULA
    for place, name in by_place.items():
        text = line.cells[place] if place < len(line.cells) else ""
        row.values[name] = text = _SPACES.sub(" ", text).strip()
        problem = line.problems.get(place) or _problem_with(text, signs)
        if problem is not None:
            row.problems.append((name, problem))
    if not typed_cells and any(cell.strip() for cell in line.cells[len(headings) :]):
        row.problems.append(("", str(_("Tiene más celdas que títulos: quizá sobra un separador."))))
    return row


def _problem_with(text: str, signs: str) -> str | None:
    if text[:1] and text[0] in signs:
        return str(_("Contiene una fórmula o un signo al comienzo. Escriba el valor."))
    if any(unicodedata.category(letter) in {"Cc", "Co", "Cs"} for letter in text if letter != "\n"):
        return str(_("Contiene un signo que no se ve. Escríbalo otra vez."))
    if len(text) > LONGEST_CELL:
        return str(_("Es demasiado largo."))
    return None
