"""The one menu: which pages there are, and who is shown which.

An entry only leads; whether a page may be opened is decided by the page. Pages are named by
strings, because the house imports one way: this module stands below the apps it names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kallari.roles import READS_HISTORY

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from kallari.accounts.models import User
    from kallari.roles import Role


@dataclass(frozen=True)
class Entry:
    """One line of the menu.

    Shown to everybody signed in, unless narrowed: to the holders of `roles`, of the right
    `permission` ("app.action_model"), or to `staff`, who may open /admin/. `superuser` adds
    whoever installs, who holds no role, to the holders of `roles`. `icon` is the name of
    a file in templates/kallari/icons/. `covers` names pages elsewhere that belong to this entry.
    """

    label: StrOrPromise
    url_name: str
    icon: str
    roles: frozenset[Role] | None = None
    permission: str = ""
    staff: bool = False
    superuser: bool = False
    covers: tuple[str, ...] = ()

    def is_for(self, user: User) -> bool:
        """Whether the menu of `user` shows this entry."""
        if self.staff and not user.is_staff:
            return False
        if self.permission and not user.has_perm(self.permission):
            return False
        if self.superuser and user.is_superuser:
            return True
        return self.roles is None or user.has_role(*self.roles)


ENTRIES = [
    Entry(_("Inicio"), "home", "home"),
    Entry(_("Panorama"), "members:panorama", "chart", permission="members.identify_person"),
    Entry(
        _("Comunidades"),
        "members:communities",
        "community",
        permission="members.view_community",
    ),
    Entry(_("Familias"), "members:families", "people", permission="members.view_family"),
    Entry(_("Socias y socios"), "members:partners", "card", permission="members.view_partner"),
    Entry(_("Chakras"), "members:chakras", "leaf", permission="members.view_chakra"),
    Entry(_("Entregas"), "harvests:deliveries", "scale", permission="harvests.view_delivery"),
    Entry(
        _("Pendientes"),
        "harvests:worklist",
        "waiting",
        permission="harvests.view_operation",
    ),
    Entry(_("Procesos"), "harvests:board", "process", permission="harvests.view_batch"),
    Entry(_("Lotes"), "harvests:lots", "lot", permission="harvests.view_lot"),
    Entry(_("Calidad"), "harvests:quality_tests", "taste", permission="harvests.view_qualitytest"),
    Entry(
        _("Certificación"),
        "members:certification",
        "shield",
        permission="members.view_chakracertification",
    ),
    Entry(
        _("Encuentros"),
        "members:gatherings",
        "calendar",
        permission="members.view_gathering",
        covers=("members:inputs", "members:volunteers", "members:allies"),
    ),
    Entry(
        _("Precios"),
        "harvests:price_lists",
        "price",
        permission="harvests.view_pricelist",
        covers=("harvests:quotas", "harvests:products"),
    ),
    Entry(
        _("Liquidaciones"),
        "harvests:settlements",
        "money",
        permission="harvests.view_settlement",
        covers=("harvests:advances", "harvests:cash_boxes"),
    ),
    Entry(_("Dispositivos"), "harvests:devices", "phone", permission="harvests.view_device"),
    Entry(
        _("Informes"),
        "harvests:reports",
        "report",
        permission="harvests.view_delivery",
        covers=("harvests:mass_balance", "harvests:stock_report", "harvests:money_report"),
    ),
    Entry(_("Reglas"), "rules:rules", "settings", permission="rules.view_rulevalue"),
    Entry(_("Cambios"), "history:changes", "changes", roles=READS_HISTORY, superuser=True),
    Entry(_("Sellos"), "history:seals", "seal", roles=READS_HISTORY, superuser=True),
    Entry(_("Registros"), "admin:index", "document", staff=True),
    Entry(_("Mi cuenta"), "account_home", "person"),
]


_counters: dict[str, Callable[[User], int]] = {}


def count_waiting(url_name: str, counter: Callable[[User], int]) -> None:
    """Show beside an entry how many things wait for its reader; an app offers it from
    ``AppConfig.ready()``. Every page of whoever is shown the entry asks it: one query at most."""
    _counters[url_name] = counter


@dataclass(frozen=True)
class Link:
    """An entry as one reader sees it: with its address, whether it is where they are, and how many
    things wait there."""

    entry: Entry
    url: str
    is_current: bool
    waiting: int = 0


def links_for(user: User | AnonymousUser, path: str) -> list[Link]:
    """Return the menu of `user`, with the entry that `path` belongs to marked as current.

    The longest address that begins `path` wins: /auditoria/sellos/ is the seals, not the changes.
    """
    if not user.is_authenticated:
        return []
    entries = [entry for entry in ENTRIES if entry.is_for(user)]
    around = [(url, entry) for entry in entries for url in _addresses_around(path, entry)]
    current = max(around, key=lambda one: len(one[0]), default=("", None))[1]
    return [
        Link(
            entry,
            reverse(entry.url_name),
            is_current=entry is current,
            waiting=_counters[entry.url_name](user) if entry.url_name in _counters else 0,
        )
        for entry in entries
    ]


def _addresses_around(path: str, entry: Entry) -> Iterator[str]:
    urls = map(reverse, (entry.url_name, *entry.covers))
    return (url for url in urls if path == url or (url != "/" and path.startswith(url)))
