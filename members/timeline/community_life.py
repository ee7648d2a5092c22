"""A family at trainings and mingas, what was handed to it, and whom it hosted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.models import Attendance, InputDistribution, Stay
from members.timeline import Entry, Source, Window, offer

if TYPE_CHECKING:
    from kallari.accounts.models import User
    from members.models import Family


def offer_entries() -> None:
    """Called once, when the app is ready."""
    offer(Source("encuentros", gettext_lazy("Encuentros"), "people", read=attended, place=60))
    offer(Source("insumos", gettext_lazy("Insumos"), "leaf", read=inputs, place=65))
    offer(
        Source("voluntariado", gettext_lazy("Voluntariado"), "community", read=hosted, place=70),
    )


def attended(family: Family, user: User, window: Window) -> list[Entry]:
    """Trainings and mingas to which people of the family came. One query."""
    rows = (
        Attendance.objects.visible_to(user)
        .filter(person__family=family)
        .select_related("person", "gathering__community")
    )
    return [
        Entry(
            row.gathering.held_on,
            _("%(person)s asistió: %(topic)s")
            % {"person": row.person.name, "topic": row.gathering.topic},
            detail=f"{row.gathering.get_kind_display()}, {row.gathering.community}",
            url=row.gathering.get_absolute_url(),
        )
        for row in window.newest(rows, "gathering__held_on")
    ]


def inputs(family: Family, user: User, window: Window) -> list[Entry]:
    """What was handed to the family. One query."""
    rows = InputDistribution.objects.visible_to(user).valid().filter(family=family)
    return [
        Entry(
            row.handed_on,
            _("Recibió %(quantity)s %(unit)s: %(kind)s")
            % {
                "quantity": number_format(row.quantity.normalize()),
                "unit": row.unit_in_words,
                "kind": row.kind.name,
            },
            detail=row.code if row.was_organic else f"{row.code} · {_('no orgánico')}",
            url=row.get_absolute_url(),
        )
        for row in window.newest(rows.select_related("kind"), "handed_on")
    ]


def hosted(family: Family, user: User, window: Window) -> list[Entry]:
    """Volunteers and interns who lived with the family. One query."""
    rows = Stay.objects.visible_to(user).valid().filter(host_family=family)
    return [
        Entry(
            stay.starts_on,
            _("Hospeda a %(volunteer)s (%(kind)s)")
            % {"volunteer": stay.volunteer, "kind": stay.get_kind_display()},
            detail=_("hasta el %(day)s") % {"day": date_format(stay.ends_on)},
            url=stay.volunteer.get_absolute_url(),
        )
        for stay in window.newest(rows.with_names(), "starts_on")
    ]
