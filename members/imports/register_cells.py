"""What people write into the cells of a register, understood or refused with what to write."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kallari.imports.cells import parse_choice
from kallari.search.spelling import search_key
from members.models import Person
from members.products import TradedProduct

if TYPE_CHECKING:
    from kallari.imports.reading import Row


class Said(models.TextChoices):
    """What the column «Estado» says of a membership."""

    NONE = "none", gettext_lazy("no es socia ni socio")
    APPLICANT = "applicant", gettext_lazy("aspirante")
    REGISTERED = "registered", gettext_lazy("registro activo")
    SUSPENDED = "suspended", gettext_lazy("registro suspendido")
    LEFT = "left", gettext_lazy("salió")
    EXPELLED = "expelled", gettext_lazy("exclusión")
    DIED = "died", gettext_lazy("falleció")


_STATES = {
    Said.REGISTERED: ("activa", "activo", "registrada", "registrado", "registro activo", "vigente",
                      "socia", "socio", "socia activa", "socio activo"),
    Said.SUSPENDED: ("suspendida", "suspendido", "registro suspendido"),
    Said.LEFT: ("salió", "retirada", "retirado", "salida", "salida voluntaria", "renunció"),
    Said.EXPELLED: ("excluida", "excluido", "exclusión", "expulsada", "expulsado"),
    Said.DIED: ("falleció", "fallecida", "fallecido", "difunta", "difunto"),
    Said.APPLICANT: ("aspirante", "solicitante", "en trámite"),
    Said.NONE: ("familiar", "no es socia", "no es socio", "no socia", "no socio", "ninguno"),
}  # fmt: skip
_PRODUCTS = {
    TradedProduct.COCOA: ("cacao", "cocoa", "cacao fino", "cacao nacional"),
    TradedProduct.GUAYUSA: ("guayusa", "wayusa"),
    TradedProduct.VANILLA: ("vainilla", "vanilla"),
    TradedProduct.COFFEE: ("café",),
    TradedProduct.CRAFTS: ("artesanías", "artesanía"),
    TradedProduct.OTHER: ("otro producto", "otro", "otros"),
}
_KINSHIPS = {
    Person.Kinship.HEAD: ("responsable", "responsable de la familia", "jefa", "jefe", "jefa de "
                          "familia", "jefe de familia", "titular"),
    Person.Kinship.SPOUSE: ("cónyuge", "pareja", "cónyuge o pareja", "esposa", "esposo",
                            "conviviente"),
    Person.Kinship.CHILD: ("hija", "hijo", "hija o hijo"),
    Person.Kinship.PARENT: ("madre", "padre", "madre o padre"),
    Person.Kinship.SIBLING: ("hermana", "hermano", "hermana o hermano"),
    Person.Kinship.GRANDCHILD: ("nieta", "nieto", "nieta o nieto"),
    Person.Kinship.OTHER: ("otro parentesco", "otro", "otra"),
}  # fmt: skip
_WOMAN = ("mujer", "f", "fem", "femenino", "femenina")
_MAN = ("hombre", "h", "masc", "masculino", "masculina", "varón")
_EITHER = "m"
"""Of «masculino» or of «mujer»: the other letters of the column tell."""

_KICHWA = frozenset({"kichwa", "quichua", "kichua", "quechua", "runashimi", "runasimi"})
_SPANISH = frozenset({"espanol", "castellano"})
_BETWEEN_LANGUAGES = re.compile(r"[,;/|+\n]|\s+[yei]\s+", re.IGNORECASE)

parse_state = partial(parse_choice, choices=_STATES)
parse_product = partial(parse_choice, choices=_PRODUCTS)
parse_kinship = partial(parse_choice, choices=_KINSHIPS)


def meaning_of_m(cells: Iterable[str]) -> str | None:
    """What the letter M stands for in a column: "F" beside H (hombre), "M" beside F (femenino);
    None when no other letter tells, or both do."""
    keys = {search_key(cell) for cell in cells}
    women, men = "f" in keys, "h" in keys
    if women == men:
        return None
    return Person.Sex.MALE if women else Person.Sex.FEMALE


def parse_sex(text: str, *, m: str | None) -> str:
    """Read the sex; `m` is `meaning_of_m` of the column.

    Raises:
        ValidationError: ``sex_ambiguous`` or ``choice_unknown``.
    """
    if search_key(text) == _EITHER:
        if m is None:
            raise ValidationError(
                _("«M» puede ser mujer o masculino. Escriba «mujer» u «hombre»."),
                code="sex_ambiguous",
            )
        return m
    return str(
        parse_choice(
            text,
            {Person.Sex.FEMALE: _WOMAN, Person.Sex.MALE: _MAN, Person.Sex.OTHER: ("otro", "x")},
        ).value
    )


def parse_number(text: str) -> int:
    """Read the number of a partner: «12», «012», «N.º 12».

    Raises:
        ValidationError: ``number_unknown``.
    """
    found = re.fullmatch(r"(?:n\.?\s*[º°o]?\.?\s*)?0*([1-9][0-9]{0,6})", text.strip().lower())
    if found is None:
        raise ValidationError(
            _("«%(typed)s» no es un número de socia o socio: escriba solo cifras."),
            code="number_unknown",
            params={"typed": text[:40]},
        )
    return int(found[1])


def parse_year(text: str) -> int:
    """Read a year of birth.

    Raises:
        ValidationError: ``year_unknown``.
    """
    if re.fullmatch(r"(?:18|19|20)[0-9]{2}", text.strip()) is None:
        raise ValidationError(
            _("«%(typed)s» no es un año: escriba cuatro cifras, por ejemplo 1980."),
            code="year_unknown",
            params={"typed": text[:40]},
        )
    return int(text)


def read_phone(row: Row) -> None:
    """Give a telephone back the zero that a spreadsheet took from it, and say so."""
    typed = row.values.get("phone", "")
    digits = re.sub(r"[ ().-]", "", typed)
    if re.fullmatch(r"9[0-9]{8}|[2-7][0-9]{7}", digits):
        row.values["phone"] = f"0{digits}"
        notice = _("Se lee %(phone)s: la hoja de cálculo quitó el cero del comienzo.")
        row.notices.append(("phone", notice % {"phone": f"0{digits}"}))


@dataclass(frozen=True)
class Languages:
    """What a person speaks."""

    kichwa: bool
    spanish: bool
    others: str

    @classmethod
    def read(cls, text: str) -> Languages | None:
        """From a cell: «kichwa, español e inglés»; None when it is empty."""
        parts = [" ".join(part.split()) for part in _BETWEEN_LANGUAGES.split(text)]
        named = {search_key(part): part for part in parts if search_key(part)}
        if not named:
            return None
        others = [part for key, part in named.items() if key not in _KICHWA | _SPANISH]
        return cls(bool(named.keys() & _KICHWA), bool(named.keys() & _SPANISH), ", ".join(others))

    @classmethod
    def of(cls, person: Person) -> Languages:
        return cls(person.speaks_kichwa, person.speaks_spanish, person.other_languages)

    @property
    def fields(self) -> dict[str, bool | str]:
        return {
            "speaks_kichwa": self.kichwa,
            "speaks_spanish": self.spanish,
            "other_languages": self.others,
        }

    def __str__(self) -> str:
        spoken = [_("kichwa")] * self.kichwa + [_("español")] * self.spanish
        return ", ".join([*spoken, *([self.others] if self.others else [])])
