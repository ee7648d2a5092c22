"""Ages as they are told: in years to who may see birth dates, in bands to everybody else."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from members.models import Person

BANDS: list[tuple[int, StrOrPromise]] = [
    (12, gettext_lazy("menor de 12 años")),
    (18, gettext_lazy("de 12 a 17 años")),
    (30, gettext_lazy("de 18 a 29 años")),
    (65, gettext_lazy("de 30 a 64 años")),
]
"""Below which age each band ends. Ecuador's laws: children until 12, adolescents until 18 (Código
de la Niñez y Adolescencia, art. 4), youth until 29 completed (Ley de la Juventud, art. 1), elders
from 65 (Constitución, art. 36)."""

OLDEST: StrOrPromise = gettext_lazy("65 años o más")


def years_on(person: Person, day: date) -> int | None:
    """Completed years; by the birth year alone those completed at the end of the year."""
    if person.born_on is not None:
        return person.age_on(day)
    return None if person.birth_year is None else day.year - person.birth_year


def age_band(person: Person, day: date) -> str:
    """The band of ages of a person, without the birth date; empty while no year is known."""
    years = years_on(person, day)
    if years is None:
        return ""
    return str(next((label for end, label in BANDS if years < end), OLDEST))


def told_age(person: Person, day: date) -> str:
    """The age in words, as sure as it is known: "46 años", "unos 46 años"; empty when it is not."""
    years = years_on(person, day)
    if years is None:
        return ""
    if person.born_on is None:
        return _("unos %(years)s años") % {"years": years}
    return ngettext("%(years)s año", "%(years)s años", years) % {"years": years}
