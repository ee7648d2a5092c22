"""What chakras tell of a family: when they were measured, and when one was left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.models import Chakra, ChakraGeometry
from members.timeline import Entry, Source, Window, offer

if TYPE_CHECKING:
    from kallari.accounts.models import User
    from members.models import Family


def offer_entries() -> None:
    """Called once, when the app is ready."""
    offer(Source("chakras", gettext_lazy("Chakras"), "leaf", read=chakras, place=40))


def chakras(family: Family, user: User, window: Window) -> list[Entry]:
    """Measurements and chakras given up. Two queries."""
    measured = (
        ChakraGeometry.objects.visible_to(user)
        .filter(chakra__family=family)
        .select_related("chakra")
        .defer("geometry")
    )
    entries = [
        Entry(
            version.captured_on,
            _measured(version) % {"chakra": version.chakra},
            _("%(area)s ha") % {"area": floatformat(version.area_ha, "2g")},
            url=version.chakra.get_absolute_url(),
        )
        for version in window.newest(measured, "captured_on")
    ]
    left = Chakra.objects.visible_to(user).filter(family=family)
    entries += [
        Entry(
            chakra.closed_on,
            _("La familia deja la chakra %(chakra)s.") % {"chakra": chakra},
            icon="close",
            url=chakra.get_absolute_url(),
        )
        for chakra in window.newest(left, "closed_on")
        if chakra.closed_on is not None
    ]
    entries.sort(key=lambda entry: entry.on, reverse=True)
    return entries[: window.at_most]


def _measured(version: ChakraGeometry) -> str:
    if version.is_point:
        return _("Se marca con un punto la chakra %(chakra)s.")
    if version.version > 1:
        return _("Se mide otra vez el lindero de la chakra %(chakra)s.")
    return _("Se mide el lindero de la chakra %(chakra)s.")
