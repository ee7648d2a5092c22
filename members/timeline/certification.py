"""What certification tells of a family: visits, what its chakras became, sanctions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.models import ChakraCertification, Inspection, Sanction
from members.timeline import Entry, Source, Window, offer

if TYPE_CHECKING:
    from kallari.accounts.models import User
    from members.models import Family


def offer_entries() -> None:
    """Called once, when the app is ready."""
    offer(
        Source("certificacion", gettext_lazy("Certificación"), "shield", read=events, place=50),
    )


def events(family: Family, user: User, window: Window) -> list[Entry]:
    """Inspections, statuses of the chakras and sanctions. Three queries."""
    visits = Inspection.objects.visible_to(user).filter(family=family).with_places()
    entries = [
        Entry(
            visit.inspected_on,
            _("Inspección %(kind)s: %(scheme)s")
            % {"kind": visit.get_kind_display(), "scheme": visit.checklist.scheme},
            detail=_("El inspector recomienda %(outcome)s.")
            % {"outcome": visit.get_outcome_display()},
            url=visit.get_absolute_url(),
        )
        for visit in window.newest(visits, "inspected_on")
    ]
    statuses = (
        ChakraCertification.objects.visible_to(user)
        .filter(chakra__family=family)
        .select_related("chakra", "scheme")
    )
    entries += [
        Entry(
            status.starts_on,
            _("%(scheme)s, chakra %(chakra)s: %(status)s")
            % {
                "scheme": status.scheme,
                "chakra": status.chakra.code,
                "status": status.get_status_display(),
            },
            detail=status.resolution,
            url=status.chakra.get_absolute_url(),
        )
        for status in window.newest(statuses, "starts_on")
    ]
    sanctions = Sanction.objects.visible_to(user).filter(family=family).select_related("scheme")
    entries += [
        Entry(
            sanction.starts_on,
            _("Sanción (%(kind)s): %(scheme)s")
            % {"kind": sanction.get_kind_display(), "scheme": sanction.scheme},
            detail=sanction.resolution,
            icon="warning",
        )
        for sanction in window.newest(sanctions, "starts_on")
    ]
    entries.sort(key=lambda entry: entry.on, reverse=True)
    return entries[: window.at_most]
