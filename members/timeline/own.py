"""What the register itself tells of a family: its people, and who stood for it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.functions import Lag
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kallari.history.records import CREATED
from members.models import Family, Partner, Person, Suspension, TradeEvidence
from members.permissions.people import may_identify
from members.timeline import Entry, Source, Window, offer

if TYPE_CHECKING:
    from kallari.accounts.models import User


def offer_entries() -> None:
    """Called once, when the app is ready."""
    offer(Source("familia", gettext_lazy("Familia"), "people", read=family_itself, place=10))
    offer(Source("personas", gettext_lazy("Personas"), "person", read=people, place=20))
    offer(Source("socios", gettext_lazy("Socias y socios"), "seal", read=memberships, place=30))
    offer(Source("comercio", gettext_lazy("Comercio anterior"), "document", read=papers, place=80))


def _within(window: Window, entries: list[Entry]) -> list[Entry]:
    """The newest of few entries that were read whole."""
    entries = [entry for entry in entries if window.holds(entry.on)]
    entries.sort(key=lambda entry: entry.on, reverse=True)
    return entries[: window.at_most]


def family_itself(family: Family, user: User, window: Window) -> list[Entry]:
    """When it came and when it left. No query."""
    entries = []
    if family.closed_on is not None:
        entries.append(
            Entry(family.closed_on, _("La familia se retira de la asociación."), icon="close")
        )
    if family.joined_on is not None:
        entries.append(Entry(family.joined_on, _("La familia empieza con la asociación.")))
    return _within(window, entries)


def people(family: Family, user: User, window: Window) -> list[Entry]:
    """Who entered the register, came from another family or went to one, was born and died.

    Births are told since the family is with the association, to those who may see birth dates.
    Two queries: a family has few people.
    """
    entries = []
    for person in family.people.all():
        url = person.get_absolute_url()
        if person.died_on is not None:
            told = _("Fallece %(name)s.") % {"name": person.name}
            entries.append(Entry(person.died_on, told, url=url))
        born = person.born_on
        if born and family.joined_on and born >= family.joined_on and may_identify(user):
            told = _("Nace %(name)s.") % {"name": person.name}
            entries.append(Entry(born, told, url=url))
    entries += [_coming_or_going(family, row) for row in _comings_and_goings(family)]
    return _within(window, entries)


def _comings_and_goings(family: Family) -> models.QuerySet[Any]:
    rows = Person.history.model.objects
    ever_here = rows.filter(family=family.pk).values("id")
    return (
        rows.filter(id__in=ever_here)
        .annotate(
            family_before=models.Window(Lag("family_id"), partition_by="id", order_by="history_id")
        )
        .filter(models.Q(history_type=CREATED) | ~models.Q(family_before=models.F("family_id")))
        .filter(models.Q(family=family.pk) | models.Q(family_before=family.pk))
        .order_by("-history_id")
    )


def _coming_or_going(family: Family, row: Any) -> Entry:
    on = timezone.localdate(row.history_date)
    name = {"name": f"{row.given_names} {row.surnames}"}
    if row.family_id != family.pk:
        return Entry(on, _("%(name)s pasa a otra familia.") % name, icon="next")
    if row.history_type == CREATED:
        told, icon = _("Se abre la ficha de %(name)s.") % name, "add"
    else:
        told, icon = _("%(name)s viene de otra familia.") % name, "next"
    return Entry(on, told, icon=icon)


def memberships(family: Family, user: User, window: Window) -> list[Entry]:
    """Applications, registrations, suspensions and ends of whoever stood for the family."""
    entries: list[Entry] = []
    if not user.has_perm("members.view_partner"):
        return entries
    rows = family.partnerships.select_related("person").prefetch_related(
        models.Prefetch("suspensions", Suspension.objects.visible_to(user))
    )
    for partner in rows:
        entries += _of_membership(partner)
    return _within(window, entries)


def _of_membership(partner: Partner) -> list[Entry]:
    url, name = partner.get_absolute_url(), {"name": partner.person.name}
    entries = []
    if partner.ended_on is not None:
        told = _ENDINGS[Partner.Ending(partner.ended_how)] % name
        entries.append(Entry(partner.ended_on, told, partner.end_resolution, "close", url))
    for suspension in partner.suspensions.all():
        ended_with_it = suspension.ends_on == partner.ended_on
        if suspension.ends_on is not None and not ended_with_it:
            told = _("Se levanta la suspensión de %(name)s.") % name
            entries.append(Entry(suspension.ends_on, told, suspension.end_resolution, "good", url))
        told = _("Se suspende el registro de %(name)s.") % name
        entries.append(Entry(suspension.starts_on, told, suspension.resolution, "warning", url))
    if partner.registered_on is not None:
        told = _("%(name)s queda en el registro legal con el número %(number)s.") % {
            **name,
            "number": partner.number,
        }
        entries.append(Entry(partner.registered_on, told, partner.resolution, "good", url))
    told = _("%(name)s pide entrar en el registro legal.") % name
    entries.append(Entry(partner.applied_on, told, icon="waiting", url=url))
    return entries


_ENDINGS = {
    Partner.Ending.LEFT: gettext_lazy("%(name)s sale del registro legal por su voluntad."),
    Partner.Ending.EXPELLED: gettext_lazy("%(name)s queda fuera del registro legal."),
    Partner.Ending.DIED: gettext_lazy("Termina por fallecimiento el registro de %(name)s."),
    Partner.Ending.WITHDREW: gettext_lazy("%(name)s retira su solicitud."),
    Partner.Ending.REJECTED: gettext_lazy("No se admite la solicitud de %(name)s."),
}


def papers(family: Family, user: User, window: Window) -> list[Entry]:
    """Papers that show trade before the system kept deliveries, on the day of the first one."""
    rows = TradeEvidence.objects.visible_to(user).filter(family=family)
    return [
        Entry(row.first_on, _trade(row.get_product_display(), row.last_on), row.reference)
        for row in window.newest(rows, "first_on")
    ]


def _trade(product: str, last_on: date) -> str:
    return _("Comercio de %(product)s, hasta el %(day)s.") % {
        "product": product.lower(),
        "day": date_format(last_on),
    }
