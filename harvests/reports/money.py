"""What is owed to families by community, and how much money is needed this week."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from harvests.models import CashSession
from harvests.owed import Owed, added_up, by_group, owed_to
from kallari.plots import Bars, Series
from members.models import BankAccount, Community, Family

if TYPE_CHECKING:
    from harvests.reports.workbooks import Sheet
    from kallari.accounts.models import User
    from kallari.plots import Plot

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Need:
    """What has to be paid of one kind this week, to families with a bank account and without."""

    label: str
    by_transfer: Decimal
    in_cash: Decimal

    @property
    def total(self) -> Decimal:
        return self.by_transfer + self.in_cash


class MoneyReport:
    """What is owed to the families that an account sees, as of a day. A dozen queries."""

    def __init__(self, user: User, today: date) -> None:
        self.user, self.today = user, today
        self.sunday = today + timedelta(days=6 - today.weekday())

    @cached_property
    def found(self) -> dict[uuid.UUID, Owed]:
        return owed_to(Family.objects.visible_to(self.user), until=self.today)

    @cached_property
    def communities(self) -> list[tuple[Community, Owed]]:
        """Those with whose families there is something, the most to pay first."""
        homes = dict(Family.objects.filter(pk__in=self.found).values_list("pk", "community"))
        sums = by_group(self.found, homes)
        named = Community.objects.in_bulk(list(sums))
        rows = [(named[pk], owed) for pk, owed in sums.items()]
        return sorted(rows, key=lambda row: (-row[1].to_pay, row[0].search_key))

    @cached_property
    def total(self) -> Owed:
        return added_up(self.found.values())

    @cached_property
    def needs(self) -> list[Need]:
        """What has to be paid until Sunday: what is approved, what waits for approval, and what was
        delivered and will be settled, less advances."""
        banked = set(
            BankAccount.objects.in_use()
            .filter(person__family__in=self.found)
            .values_list("person__family", flat=True)
        )
        rest = set(self.found) - banked
        rows = [
            (_("Aprobado, por pagar"), "unpaid"),
            (_("Por aprobar"), "drafted"),
            (_("Entregado por liquidar, menos anticipos"), "expected"),
        ]
        return [Need(label, self._sum(kind, banked), self._sum(kind, rest)) for label, kind in rows]

    def _sum(self, kind: str, families: set[uuid.UUID]) -> Decimal:
        owed = (one for pk, one in self.found.items() if pk in families)
        return sum((getattr(one, kind) for one in owed), NOTHING)

    @cached_property
    def needed(self) -> Need:
        """All of it."""
        return Need(
            _("En total"),
            sum((one.by_transfer for one in self.needs), NOTHING),
            sum((one.in_cash for one in self.needs), NOTHING),
        )

    @cached_property
    def in_boxes(self) -> Decimal:
        """What should be in the cash boxes that are open."""
        sessions = CashSession.objects.visible_to(self.user).opened().with_moved()
        return sum((one.balance_usd for one in sessions), NOTHING)

    @property
    def still_needed(self) -> Decimal:
        """Cash that has to be brought from the bank."""
        return max(NOTHING, self.needed.in_cash - self.in_boxes)

    @property
    def is_empty(self) -> bool:
        return not self.found

    # --- Shown ------------------------------------------------------------------------------------

    def plot_of_communities(self) -> Plot:
        """Draw what has to be paid in each community, by how far it is."""
        rows = self.communities
        return Bars(
            key="comunidades",
            title=_("Lo que se debe a las familias, por comunidad"),
            label_heading=_("Comunidad"),
            labels=[community.name for community, _owed in rows],
            series=[
                Series(_("Aprobado, por pagar"), [owed.unpaid for _community, owed in rows]),
                Series(_("Por aprobar"), [owed.drafted for _community, owed in rows]),
                Series(_("Por liquidar, menos anticipos"), [owed.expected for _c, owed in rows]),
            ],
            unit="USD",
            digits=2,
            as_of=date_format(self.today),
            with_total=True,
        )

    def plot_of_needs(self) -> Plot:
        """Draw what money is needed this week, by how it is paid."""
        return Bars(
            key="semana",
            title=_("El dinero que hace falta esta semana"),
            label_heading=_("Qué"),
            labels=[one.label for one in self.needs],
            series=[
                Series(_("En efectivo"), [one.in_cash for one in self.needs]),
                Series(_("Por transferencia"), [one.by_transfer for one in self.needs]),
            ],
            unit="USD",
            digits=2,
            as_of=_("hasta el domingo %(day)s") % {"day": date_format(self.sunday)},
            with_total=True,
        )

    def sheet_of_communities(self) -> Sheet:
        """The same as a table, with all its columns."""
        header: list[Any] = [
            _("Comunidad"),
            _("Entregado sin liquidar (USD)"),
            _("Por aprobar (USD)"),
            _("Aprobado, por pagar (USD)"),
            _("Anticipos por descontar (USD)"),
            _("Saldos por descontar (USD)"),
            _("Por pagar en total (USD)"),
        ]
        return header, [
            [
                community.name,
                owed.unsettled,
                owed.drafted,
                owed.unpaid,
                owed.advances,
                owed.carried,
                owed.to_pay,
            ]
            for community, owed in self.communities
        ]

    def sheet_of_needs(self) -> Sheet:
        """The same as a table."""
        header: list[Any] = [
            _("Qué"),
            _("En efectivo (USD)"),
            _("Por transferencia (USD)"),
            _("En total (USD)"),
        ]
        return header, [
            [one.label, one.in_cash, one.by_transfer, one.total]
            for one in (*self.needs, self.needed)
        ]
