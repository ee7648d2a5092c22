"""What may go into a process: what families handed in and nobody has used yet, and lots in
stock."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from harvests.models import Delivery, Lot, ProcessKind, ProcessRoute
from harvests.wording import typed

if TYPE_CHECKING:
    from kallari.accounts.models import User
    from members.models import Community

MOST_SHOWN = 200
"""How many deliveries and how many lots are offered at once, the newest."""


@dataclass(frozen=True)
class Wanted:
    """To what the choice is narrowed; none of it touches what is chosen already."""

    first: date | None = None
    last: date | None = None
    community: Community | None = None
    certification_class: str = ""
    text: str = ""


@dataclass(frozen=True)
class Usable:
    """A delivery or a lot of which something is left."""

    source: Delivery | Lot
    left_kg: Decimal
    left_pieces: int | None = None

    @property
    def key(self) -> str:
        """How a page names it: a letter and its key."""
        letter = "d" if isinstance(self.source, Delivery) else "l"
        return f"{letter}{self.source.pk.hex}"

    @property
    def is_lot(self) -> bool:
        """Whether it is one."""
        return isinstance(self.source, Lot)

    @property
    def typed(self) -> str:
        """What whoever weighed a delivery typed."""
        return typed(self.source) if isinstance(self.source, Delivery) else ""


def forms_taken(kind: ProcessKind) -> set[int] | None:
    """The forms that a kind of process takes today; None: any. One query."""
    routes = ProcessRoute.objects.filter(kind=kind).on(timezone.localdate())
    taken = set(routes.values_list("takes", flat=True))
    return None if None in taken else {one for one in taken if one is not None}


def usable(
    user: User, forms: Collection[int] | None, wanted: Wanted, chosen: Sequence[str] = ()
) -> list[Usable]:
    """Lots, then deliveries, the newest first, as far as something is left of them. What is chosen
    stays among them whatever is asked. Two queries; two more for what is chosen.

    Args:
        forms: those that may go in; None: any.
        chosen: keys as `Usable.key` writes them.
    """
    is_kept = Q(pk__in=[key[1:] for key in chosen if key[0] == "d"])
    deliveries = Delivery.objects.visible_to(user).valid().filter(net_kg__isnull=False)
    deliveries = deliveries.filter(Q(balance=None) | Q(balance__kg__gt=0))
    lots = Lot.objects.visible_to(user).in_stock().filter(held_at=None)
    if forms is not None:
        deliveries, lots = deliveries.filter(form__in=forms), lots.filter(form__in=forms)
    shown = _narrowed_deliveries(deliveries, wanted).with_names().select_related("balance")
    kept = deliveries.filter(is_kept).with_names().select_related("balance")
    rows: dict[Any, Any] = {one.pk: one for one in kept} if chosen else {}
    rows |= {one.pk: one for one in shown.order_by("-weighed_at", "-pk")[:MOST_SHOWN]}
    lots = lots.with_names()
    kept_lots = lots.filter(pk__in=[key[1:] for key in chosen if key[0] == "l"])
    in_stock: dict[Any, Any] = {one.pk: one for one in kept_lots} if chosen else {}
    newest_lots = lots.filter(_narrowed_lots(wanted)).order_by("-made_at", "-pk")
    in_stock |= {one.pk: one for one in newest_lots[:MOST_SHOWN]}
    found = sorted(in_stock.values(), key=lambda one: (one.made_at, one.pk), reverse=True)
    newest = sorted(rows.values(), key=lambda one: (one.weighed_at, one.pk), reverse=True)
    return [
        *(Usable(one, one.balance.kg, one.balance.pieces) for one in found),
        *(Usable(one, _left(one)) for one in newest),
    ]


def _left(delivery: Delivery) -> Decimal:
    balance = getattr(delivery, "balance", None)
    left: Decimal | None = balance.kg if balance is not None else delivery.net_kg
    assert left is not None, "pieces were left out"  # noqa: S101
    return left


def _narrowed_deliveries(rows: Any, wanted: Wanted) -> Any:
    if wanted.first:
        rows = rows.filter(weighed_on__gte=wanted.first)
    if wanted.last:
        rows = rows.filter(weighed_on__lte=wanted.last)
    if wanted.community:
        rows = rows.filter(community=wanted.community)
    if wanted.certification_class:
        rows = rows.filter(certification_class=wanted.certification_class)
    return rows.find(wanted.text)


def _narrowed_lots(wanted: Wanted) -> Q:
    """Lots are few, and come from many days and communities: only their class and code narrow."""
    asked = Q()
    if wanted.certification_class:
        asked &= Q(certification_class=wanted.certification_class)
    if code := wanted.text.replace(" ", "").upper():
        asked &= Q(code__contains=code) | Q(marks__icontains=wanted.text)
    return asked if asked else Q(balance__kg__gt=0)
