"""Where something is worked or lies, and when: fields that several forms have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Count, Q
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from harvests.models import Place
from harvests.wording import number

if TYPE_CHECKING:
    from kallari.accounts.models import User

UNDER_WAY = Q(stages__ended_at=None, stages__batch__status="open")


class MinuteField(forms.DateTimeField):
    """A day and an hour in Ecuador; empty means now."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
        options.setdefault("required", False)
        options.setdefault("widget", widget)
        options.setdefault("input_formats", ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])
        options.setdefault("help_text", _("Vacío: ahora."))
        super().__init__(**options)


class PlaceField(forms.ModelChoiceField):
    """A place in use; each says whether it is free. `offer` fills it."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Lugar"))
        options.setdefault("queryset", Place.objects.none())
        options.setdefault("required", False)
        options.setdefault("to_field_name", "code")
        super().__init__(**options)

    def offer(self, user: User, first: str = "") -> None:
        """Offer the places in use, in groups by what they are. One query.

        Args:
            first: the kind whose places stand on top.
        """
        self.queryset = Place.objects.visible_to(user).offered()
        rows = self.queryset.annotate(batches_in_it=Count("stages", filter=UNDER_WAY))
        groups: dict[str, list[tuple[str, str]]] = {first: []} if first else {}
        for place in sorted(rows, key=_by_number):
            groups.setdefault(place.kind, []).append((place.code, _said_of(place)))
        titles = dict(Place.Kind.choices)
        self.choices = [
            ("", gettext("Sin anotar")),
            *((str(titles[kind]).capitalize(), ones) for kind, ones in groups.items() if ones),
        ]


def _by_number(place: Place) -> tuple[int, list[tuple[int, str]]]:
    """As people count: Cajón 2 before Cajón 10."""
    parts = re.findall(r"[0-9]+|[^0-9]+", place.name.casefold())
    return place.place, [(int(one), "") if one.isdecimal() else (-1, one) for one in parts]


def _said_of(place: Any) -> str:
    """«Cajón 2 · libre · caben 800 kg»."""
    said = [place.name]
    if place.kind in {Place.Kind.BOX, Place.Kind.DRYER}:
        held: int = place.batches_in_it
        said.append(
            ngettext("tiene %(held)s proceso", "tiene %(held)s procesos", held) % {"held": held}
            if held
            else gettext("libre")
        )
        if place.capacity_kg:
            said.append(gettext("caben %(kg)s kg") % {"kg": number(place.capacity_kg, "-3g")})
    elif place.address:
        said.append(place.address)
    return " · ".join(said)
