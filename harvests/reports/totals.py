"""Deliveries added up: one pass over an index for each period, rolled up here.

The partial index ``deliveries_to_add_up`` holds all that is added up, so that the database reads
no row of the table. It groups three times in the same pass: by form, community, partner and class;
by form, center and agent; by form and day. Groups of all of them together would be about as many
as the deliveries themselves. Families are not in the index: who delivered is counted by partner,
and deliveries of families without one stand apart.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from uuid import UUID

from django.db import connection, transaction

from harvests.models import Delivery

if TYPE_CHECKING:
    from harvests.models import CollectionCenter, Product, ProductForm
    from harvests.reports.periods import Span
    from kallari.accounts.models import User
    from members.models import Community

NOTHING = Decimal(0)
KeyT = TypeVar("KeyT", bound=Hashable)


@dataclass(slots=True)
class Tally:
    """What some deliveries add up to: how many they are, kilos net, pieces of what is counted,
    dollars of price and of premium, and which partners brought them (where that is known)."""

    deliveries: int = 0
    kg: Decimal = NOTHING
    pieces: Decimal = NOTHING
    amount_usd: Decimal = NOTHING
    premium_usd: Decimal = NOTHING
    partners: set[UUID] = field(default_factory=set)

    def add(self, other: Group) -> None:
        """Add a row of the database's answer."""
        self.deliveries += other.deliveries
        self.kg += other.kg
        self.pieces += other.pieces
        self.amount_usd += other.amount_usd
        self.premium_usd += other.premium_usd
        if other.partner is not None:
            self.partners.add(other.partner)

    def take(self, other: Tally) -> None:
        """Add another tally."""
        self.deliveries += other.deliveries
        self.kg += other.kg
        self.pieces += other.pieces
        self.amount_usd += other.amount_usd
        self.premium_usd += other.premium_usd
        self.partners |= other.partners

    @property
    def usd(self) -> Decimal:
        """Price and premium."""
        return self.amount_usd + self.premium_usd

    @property
    def figures(self) -> tuple[int, Decimal, Decimal, Decimal, Decimal]:
        """All that adds up."""
        return self.deliveries, self.kg, self.pieces, self.amount_usd, self.premium_usd


class Group(NamedTuple):
    """One row of the database's answer; what it was not grouped by is None."""

    form: int
    community: int | None
    partner: UUID | None
    certification_class: str | None
    center: int | None
    agent: int | None
    day: date | None
    by: int
    deliveries: int
    kg: Decimal
    pieces: Decimal
    amount_usd: Decimal
    premium_usd: Decimal


_BY_WHOM, _BY_CENTER, _BY_DAY = 0b011, 0b101, 0b110
"""GROUPING(community, center, day): a bit is set where the column was left out."""


@dataclass(frozen=True)
class Scope:
    """Whose deliveries, as one account sees them: perhaps of one product, form, community or
    center alone."""

    user: User
    product: Product | None = None
    form: ProductForm | None = None
    community: Community | None = None
    center: CollectionCenter | None = None

    def deliveries(self, span: Span) -> Any:
        """Those that count, of these days."""
        rows = Delivery.objects.visible_to(self.user).valid()
        rows = rows.filter(weighed_on__range=(span.first, span.last))
        if self.form is not None:
            rows = rows.filter(form=self.form)
        elif self.product is not None:
            forms = self.product.forms.values_list("pk", flat=True)
            rows = rows.filter(form__in=list(forms))
        for name in ("community", "center"):
            if (one := getattr(self, name)) is not None:
                rows = rows.filter(**{name: one})
        return rows.order_by()


class Totals:
    """What the deliveries of a scope add up to on the days of a span. One query, when asked."""

    def __init__(self, scope: Scope, span: Span) -> None:
        self.scope = scope
        self.span = span

    @cached_property
    def _groups(self) -> dict[int, list[Group]]:
        found: dict[int, list[Group]] = {_BY_WHOM: [], _BY_CENTER: [], _BY_DAY: []}
        for group in _ask(self.scope.deliveries(self.span)):
            found[group.by].append(group)
        return found

    @cached_property
    def all(self) -> Tally:
        """Everything together."""
        return together(self.by_form.values())

    @cached_property
    def by_form(self) -> dict[int, Tally]:
        return self._rolled(_BY_WHOM, lambda group: group.form)

    @cached_property
    def by_community(self) -> dict[int, Tally]:
        return self._rolled(_BY_WHOM, lambda group: _known(group.community))

    @cached_property
    def by_class(self) -> dict[str, Tally]:
        return self._rolled(_BY_WHOM, lambda group: _known(group.certification_class))

    @cached_property
    def by_partner(self) -> dict[UUID | None, Tally]:
        """None: deliveries without one."""
        return self._rolled(_BY_WHOM, lambda group: group.partner)

    @cached_property
    def by_center(self) -> dict[int, Tally]:
        return self._rolled(_BY_CENTER, lambda group: _known(group.center))

    @cached_property
    def by_agent(self) -> dict[int, Tally]:
        return self._rolled(_BY_CENTER, lambda group: _known(group.agent))

    def by_step(self, place: Callable[[date], int]) -> dict[int, Tally]:
        """By something that is known of a day."""
        return self._rolled(_BY_DAY, lambda group: place(_known(group.day)))

    def by_day_and_form(self) -> Iterable[tuple[date, int, Group]]:
        """What came in on each day in each form."""
        return ((_known(group.day), group.form, group) for group in self._groups[_BY_DAY])

    def _rolled(self, by: int, key: Callable[[Group], KeyT]) -> dict[KeyT, Tally]:
        found: dict[KeyT, Tally] = {}
        for group in self._groups[by]:
            place = key(group)
            tally = found.get(place)
            if tally is None:
                tally = found[place] = Tally()
            tally.add(group)
        return found


def together(tallies: Iterable[Tally]) -> Tally:
    """Return what tallies add up to."""
    whole = Tally()
    for one in tallies:
        whole.take(one)
    return whole


def _known(value: KeyT | None) -> KeyT:
    """What a row was grouped by; the model has no row without it."""
    if value is None:
        raise LookupError("asked of rows that were not grouped by it")
    return value


def _ask(rows: Any) -> list[Group]:
    told, values = rows.values_list(
        "form",
        "community",
        "partner",
        "certification_class",
        "center",
        "agent",
        "weighed_on",
        "net_kg",
        "quantity",
        "amount_usd",
        "premium_usd",
    ).query.sql_with_params()
    with transaction.atomic(), connection.cursor() as cursor:
        # Groups that fit into memory are not sorted on the disk; a plan is not worth compiling.
        cursor.execute(
            "SELECT set_config('work_mem', '32MB', true), set_config('jit', 'off', true)"
        )
        cursor.execute(
            f"""
            SELECT form, community, partner, class, center, agent, day,
                   GROUPING(community, center, day), count(*),
                   coalesce(sum(net_kg), 0),
                   coalesce(sum(quantity) FILTER (WHERE net_kg IS NULL), 0),
                   sum(amount_usd), sum(premium_usd)
            FROM ({told}) AS told (form, community, partner, class, center, agent, day,
                                   net_kg, quantity, amount_usd, premium_usd)
            GROUP BY GROUPING SETS (
                (form, community, partner, class), (form, center, agent), (form, day)
            )
            """,  # noqa: S608 - the inner query is Django's own, its values are passed beside
            values,
        )
        return [Group(*row) for row in cursor.fetchall()]
