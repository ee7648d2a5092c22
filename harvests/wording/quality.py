"""Grades and limits in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from harvests.grading import Shortfall, Size, What
from harvests.wording.quantities import NO_BREAK, plain

CLASS_NAMES = {
    "well_fermented": gettext_lazy("Bien fermentados"),
    "slightly_fermented": gettext_lazy("Ligeramente fermentados"),
    "violet": gettext_lazy("Violetas"),
    "slaty": gettext_lazy("Pizarrosos"),
    "mouldy": gettext_lazy("Mohosos"),
    "insect_damaged": gettext_lazy("Dañados por insectos"),
    "germinated": gettext_lazy("Germinados"),
    "defective": gettext_lazy("Planos o con otro defecto"),
}
SIZE_NAMES = {
    Size.STANDARD: gettext_lazy("estándar"),
    Size.MEDIUM: gettext_lazy("mediano"),
    Size.SMALL: gettext_lazy("pequeño"),
    Size.VERY_SMALL: gettext_lazy("muy pequeño"),
}
_WHAT = {
    What.WELL_FERMENTED: gettext_lazy("bien fermentados"),
    What.FERMENTED: gettext_lazy("fermentados en total"),
    What.VIOLET: gettext_lazy("violetas"),
    What.SLATY: gettext_lazy("pizarrosos"),
    What.MOULDY: gettext_lazy("mohosos"),
}


@dataclass(frozen=True)
class NotReached:
    """A grade, and in words why a sample is not of it."""

    grade: str
    reasons: list[str]


def not_reached(shortfalls: Iterable[Shortfall]) -> list[NotReached]:
    """Grade by grade, best first, why each is not reached."""
    found: dict[str, NotReached] = {}
    for one in shortfalls:
        found.setdefault(one.grade, NotReached(one.grade, [])).reasons.append(reason(one))
    return list(found.values())


def reason(one: Shortfall) -> str:
    """Why a grade is not reached: «tiene 12 % de violetas; se acepta hasta 10 %»."""
    if one.what is What.WEIGHT:
        if one.has is None:
            return _("no se pesaron los granos; cien pesan al menos %(limit)s") % {
                "limit": _with("g", one.limit)
            }
        return _("cien granos pesan %(has)s; pesan al menos %(limit)s") % {
            "has": _with("g", one.has),
            "limit": _with("g", one.limit),
        }
    told = {
        "has": _with("%", one.has or Decimal(0)),
        "what": _WHAT[one.what],
        "limit": _with("%", one.limit),
    }
    if one.is_least:
        return _("tiene %(has)s de %(what)s; se pide al menos %(limit)s") % told
    return _("tiene %(has)s de %(what)s; se acepta hasta %(limit)s") % told


def _with(unit: str, value: Decimal) -> str:
    return f"{plain(value)}{NO_BREAK}{unit}"
