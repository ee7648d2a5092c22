"""How people are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils import timezone

from members import ages

if TYPE_CHECKING:
    from members.models import Person

register = template.Library()


@register.filter
def age(person: Person, may_identify: bool) -> str:
    """The age today: exact for who may see birth dates, in a band for all others."""
    tell = ages.told_age if may_identify else ages.age_band
    return tell(person, person.died_on or timezone.localdate())
