"""What people type into cells, understood for sure or refused with a word about what to type.

Each parser takes a text that is not empty and returns a value, or raises a ValidationError whose
sentence says what to write instead. `Row.read` puts the two together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kallari.cedula import digits_of, validate_cedula
from kallari.search.spelling import search_key

if TYPE_CHECKING:
    from kallari.imports.reading import Row

Value = TypeVar("Value")

_MONTHS = {
    "enero": 1, "febrero": 2, "marzo": 3, "abril": 4, "mayo": 5, "junio": 6, "julio": 7,
    "agosto": 8, "septiembre": 9, "setiembre": 9, "octubre": 10, "noviembre": 11, "diciembre": 12,
    "sept": 9, "set": 9,
}  # fmt: skip
_MONTHS |= {name[:3]: number for name, number in _MONTHS.items() if len(name) > 4 or name == "mayo"}
_YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ]00:00(?::00)?)?")
_DAY_FIRST = re.compile(r"([0-9]{1,2})\s*[-/. ]\s*([0-9]{1,2})\s*[-/. ]\s*([0-9]{1,4})")
_IN_WORDS = re.compile(
    r"([0-9]{1,2})[-/ ]*(?:de )?([^\W\d_]+)\.?[-/, ]*(?:del? )?(?:año )?([0-9]{1,4})"
)
_SERIAL = re.compile(r"[0-9]{5}(?:[.,][0-9]+)?")
_SCIENTIFIC = re.compile(r"[0-9]+(?:[.,][0-9]+)?[eE]\+?[0-9]+")
_PLAIN = re.compile(r"([0-9]+)(?:[.,]([0-9]+))?")
_GROUPED = re.compile(
    r"(?P<whole>[0-9]{1,3}(?P<mark>[.,' ])[0-9]{3}(?:(?P=mark)[0-9]{3})*)"
    r"(?:(?P<point>[.,])(?P<decimals>[0-9]+))?"
)
_YEARS = range(1900, 2101)


def parse_date(text: str) -> date:
    """Read a day as it is written in Ecuador, the day first, or in ISO.

    >>> parse_date("25 de marzo de 1980") == parse_date("25/03/1980") == parse_date("1980-03-25")
    True

    Raises:
        ValidationError: ``date_serial``, ``date_month_first``, ``date_short_year``,
            ``date_impossible``, ``date_year`` or ``date_unknown``.
    """
    typed = " ".join(text.split())
    if match := _YEAR_FIRST.fullmatch(typed):
        year, month, day = (int(part) for part in match.groups())
        return _day(typed, year, month, day)
    if match := _DAY_FIRST.fullmatch(typed):
        _need_whole_year(match[3])
        day, month, year = (int(part) for part in match.groups())
        if month > 12 >= day:
            raise ValidationError(
                _("«%(typed)s» tiene el mes al comienzo. Escriba el día primero: %(day_first)s."),
                code="date_month_first",
                params={"typed": typed, "day_first": f"{month:02}/{day:02}/{year}"},
            )
        return _day(typed, year, month, day)
    if (match := _IN_WORDS.fullmatch(typed)) and search_key(match[2]) in _MONTHS:
        _need_whole_year(match[3])
        return _day(typed, int(match[3]), _MONTHS[search_key(match[2])], int(match[1]))
    if _SERIAL.fullmatch(typed):
        raise ValidationError(
            _(
                "«%(typed)s» es el número con que la hoja de cálculo guarda una fecha. Dé a la "
                "celda el formato de fecha, o escriba la fecha: 25/03/1980."
            ),
            code="date_serial",
            params={"typed": typed},
        )
    raise ValidationError(
        _("No se entiende la fecha «%(typed)s». Escríbala así: 25/03/1980."),
        code="date_unknown",
        params={"typed": typed[:40]},
    )


def _need_whole_year(year: str) -> None:
    if len(year) != 4:
        raise ValidationError(
            _("El año «%(year)s» no dice el siglo. Escríbalo con cuatro cifras: 1980."),
            code="date_short_year",
            params={"year": year},
        )


def _day(typed: str, year: int, month: int, day: int) -> date:
    if year not in _YEARS:
        raise ValidationError(
            _("El año %(year)s no puede ser. Revise la fecha «%(typed)s»."),
            code="date_year",
            params={"year": year, "typed": typed},
        )
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ValidationError(
            _("El día «%(typed)s» no existe en el calendario."),
            code="date_impossible",
            params={"typed": typed},
        ) from error


def parse_decimal(text: str) -> Decimal:
    """Read a number with comma or point.

    >>> parse_decimal("1.234,50"), parse_decimal("1,234.50"), parse_decimal("12,5")
    (Decimal('1234.50'), Decimal('1234.50'), Decimal('12.5'))

    One separator with three figures behind it may part thousands or decimals: "1.500" is refused,
    unless nothing but a zero stands in front ("0,125").

    Raises:
        ValidationError: ``number_ambiguous`` or ``number_unknown``.
    """
    typed = text.strip().replace("−", "-")
    negative, body = typed.startswith("-"), typed.removeprefix("-").strip()
    if match := _PLAIN.fullmatch(body):
        whole, decimals = match[1], match[2]
        if decimals and len(decimals) == 3 and len(whole) <= 3 and not whole.startswith("0"):
            raise ValidationError(
                _(
                    "No se sabe si «%(typed)s» lleva miles o decimales. Escríbalo sin separar los "
                    "miles, o con dos decimales."
                ),
                code="number_ambiguous",
                params={"typed": typed},
            )
    elif (match := _GROUPED.fullmatch(body)) and match["point"] != match["mark"]:
        whole, decimals = re.sub("[^0-9]", "", match["whole"]), match["decimals"]
    else:
        raise ValidationError(
            _("«%(typed)s» no es un número. Escriba solo cifras, con coma o punto decimal."),
            code="number_unknown",
            params={"typed": typed[:40]},
        )
    number = Decimal(f"{whole}.{decimals}" if decimals else whole)
    return -number if negative else number


def parse_choice(text: str, choices: Mapping[Value, Iterable[str]]) -> Value:
    """Read one of several words, whatever its accents, case and spaces.

    Args:
        choices: for each value its spellings, the one to be recommended first.

    Raises:
        ValidationError: ``choice_unknown``, with the words that are understood.
    """
    key = search_key(text)
    offered = {value: list(spellings) for value, spellings in choices.items()}
    for value, spellings in offered.items():
        if key and key in {search_key(spelling) for spelling in spellings}:
            return value
    raise ValidationError(
        _("«%(typed)s» no es ninguna de estas palabras: %(words)s."),
        code="choice_unknown",
        params={
            "typed": text[:40],
            "words": ", ".join(spellings[0] for spellings in offered.values() if spellings),
        },
    )


def read_cedula(row: Row, name: str) -> str | None:
    """Return the identity number of a cell, and leave its ten digits in the row's values.

    A spreadsheet takes it for a number and loses the zero in front (provinces 01 to 09). Nine
    digits get it back when the check digit then fits, and the row carries a notice that says so:
    one in ten numbers with another digit missing fits too, so a person must see it. Anything else
    that is no identity number is a problem of the cell.
    """
    typed = digits_of(row.values.get(name, ""))
    cedula = row.read(name, parse_cedula)
    if cedula is not None and cedula != typed:
        notice = _("Se lee %(cedula)s: la hoja de cálculo quitó el cero del comienzo. Compruébelo.")
        row.notices.append((name, str(notice) % {"cedula": cedula}))
    return cedula


def parse_cedula(text: str) -> str:
    """Return the ten digits of an identity number; see `read_cedula`, which also tells of a zero
    that was put back.

    Raises:
        ValidationError: ``cedula_scientific``, ``cedula_length`` or ``cedula_invalid``.
    """
    if _SCIENTIFIC.fullmatch(text.strip()):
        raise ValidationError(
            _(
                "La hoja de cálculo abrevió la cédula («%(typed)s»). Dé a la columna el formato de "
                "texto y escríbala otra vez."
            ),
            code="cedula_scientific",
            params={"typed": text.strip()[:40]},
        )
    digits = digits_of(text)
    if digits.isascii() and digits.isdigit() and len(digits) == 9:
        try:
            validate_cedula(f"0{digits}")
        except ValidationError as error:
            raise ValidationError(
                _(
                    "Tiene nueve dígitos y falta uno. Si comienza con cero, dé a la columna el "
                    "formato de texto."
                ),
                code="cedula_length",
            ) from error
        return f"0{digits}"
    validate_cedula(digits)
    return digits
