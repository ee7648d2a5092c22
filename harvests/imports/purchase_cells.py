"""What people write into the cells of a list of purchases, understood or refused with what to
write."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from harvests.price import Price
from harvests.wording import counted, in_usd, plain, unit_price
from kallari.imports import cells
from kallari.search.spelling import words
from kallari.units import CENT, GRAM, KG_PER, PRICE_STEP, Unit, in_kg, rounded, worth

if TYPE_CHECKING:
    from kallari.imports.reading import Row

MOST = Decimal(1_000_000)
"""Of a quantity, a price or a value: more is a slip of the finger."""

_UNITS = {
    Unit.KG: ("kg", "kilos", "kilo", "kgs", "k", "kilogramos", "kilogramo"),
    Unit.LB: ("lb", "libras", "libra", "lbs"),
    Unit.QQ: ("qq", "quintales", "quintal", "qqs"),
    Unit.ARROBA: ("arrobas", "arroba", "arr"),
    Unit.PIECE: ("unidades", "unidad", "u", "und", "piezas", "pieza"),
}
_HOUR = re.compile(r"(?<=[0-9])[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?$")
_QUANTITY = re.compile(r"(?P<number>-?[0-9][0-9., ']*?)\s*(?P<unit>[^\W\d_]+)\.?")
_MONEY = re.compile(r"US\$|USD|\$", re.IGNORECASE)
_OF_A_RECEIPT = frozenset({"recibo", "no", "n", "o", "nro", "num", "numero"})


def parse_day(text: str) -> date:
    """Read a day, with or without the hour that a spreadsheet keeps beside it.

    Raises:
        ValidationError: as `kallari.imports.cells.parse_date`.
    """
    return cells.parse_date(_HOUR.sub("", text.strip()))


def parse_unit(text: str) -> str:
    """Read a unit.

    Raises:
        ValidationError: ``choice_unknown``.
    """
    return str(cells.parse_choice(text, _UNITS).value)


def parse_money(text: str) -> Decimal:
    """Read dollars, with or without their sign.

    Raises:
        ValidationError: as `kallari.imports.cells.parse_decimal`; ``not_positive``; ``too_much``.
    """
    return _positive(cells.parse_decimal(_MONEY.sub("", text).strip()))


def _positive(number: Decimal) -> Decimal:
    if number <= 0:
        raise ValidationError(_("Escriba un número mayor que cero."), code="not_positive")
    if number >= MOST:
        raise ValidationError(_("Es demasiado para una sola compra: revíselo."), code="too_much")
    return number


def read_quantity(row: Row) -> tuple[Decimal | None, str | None]:
    """Return how much and in which unit; the unit may stand behind the number: «3 qq»."""
    typed = row.values.get("quantity", "")
    if (match := _QUANTITY.fullmatch(typed)) and not row.values.get("unit"):
        row.values["quantity"], row.values["unit"] = match["number"].strip(), match["unit"]
    unit = row.read("unit", parse_unit)
    quantity = row.read("quantity", lambda text: _positive(cells.parse_decimal(text)))
    return _at_most(row, "quantity", quantity, GRAM), unit


def read_money(row: Row, name: str, step: Decimal) -> Decimal | None:
    """Return the dollars of a cell, to the cent or to what a price may have; a spreadsheet keeps
    more decimals than it shows, and the row then says how it is read."""
    return _at_most(row, name, row.read(name, parse_money), step)


def _at_most(row: Row, name: str, value: Decimal | None, step: Decimal) -> Decimal | None:
    if value is None or value == (shorter := rounded(value, step)):
        return value
    if not shorter:
        row.problems.append((name, _("Escriba un número mayor que cero.")))
        return None
    notice = _("Se lee %(value)s: la celda tiene más decimales.")
    row.notices.append((name, notice % {"value": plain(shorter)}))
    return shorter


def reference_key(reference: str) -> str:
    """What two writings of one document have in common: «Recibo N.º 0145» = «145»."""
    parts = [part.lstrip("0") or "0" for part in words(reference).split()]
    return " ".join([part for part in parts if part not in _OF_A_RECEIPT] or parts)


@dataclass(frozen=True)
class Paid:
    """What was paid for one unit, and for all of it."""

    price: Price
    total: Decimal


def paid(
    quantity: Decimal, unit: str, price: Decimal | None, total: Decimal | None
) -> tuple[Paid, str]:
    """Return what was paid, and a sentence where the price kept is not the one written.

    A delivery on record is worth its kilos, to the gram, by its unit price, to the cent. What was
    paid in all is kept as it was paid: where the price that the paper says, or the quotient, misses
    it by a cent for the grams, the price is kept to four decimals, per unit, arroba or quintal.

    Args:
        quantity, price: of `unit`.

    Raises:
        ValidationError: ``do_not_agree``; ``no_such_price``; ``too_little``.
    """
    weighed = unit != Unit.PIECE
    much, counted_in = (in_kg(quantity, unit), "kg") if weighed else (quantity, unit)
    if not much:
        raise ValidationError(_("Es menos de un gramo: revise la cantidad."), code="too_little")
    if price is not None and total is None:
        return Paid(Price(price, Decimal(0), unit), worth(much, counted_in, price, unit)), ""
    assert total is not None  # noqa: S101 - one of the two is told
    if price is not None and rounded(quantity * price, CENT) != total:
        raise ValidationError(
            _("%(quantity)s por %(price)s son %(product)s, no %(total)s."),
            code="do_not_agree",
            params={
                "quantity": counted(quantity, unit),
                "price": unit_price(price, unit),
                "product": in_usd(rounded(quantity * price, CENT)),
                "total": in_usd(total),
            },
        )
    candidates = [(price or rounded(total / quantity, PRICE_STEP), unit)]
    for per in dict.fromkeys((unit, Unit.ARROBA.value, Unit.QQ.value) if weighed else (unit,)):
        units = much / KG_PER[per] if weighed else much
        candidates.append((rounded(total / units, PRICE_STEP), per))
    for one, per in candidates:
        if one < MOST and worth(much, counted_in, one, per) == total:
            notice = ""
            if price is not None and one != price:
                notice = _("Para que el valor sea %(total)s se guarda el precio %(price)s.") % {
                    "total": in_usd(total),
                    "price": unit_price(one, per),
                }
            return Paid(Price(one, Decimal(0), per), total), notice
    raise ValidationError(
        _(
            "Ningún precio por unidad, con cuatro decimales, da ese valor por esa cantidad. "
            "Escriba la compra en dos filas, cada una con su documento."
        ),
        code="no_such_price",
    )
