"""Trade with a family, wherever it is on record: what a partner's admission rests on.

Deliveries are kept by an app above this one. It offers them from ``AppConfig.ready()``, and the
register never imports it::

    offer_trade(lambda families, until: ...)   # see `Reader`
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from members.models import TradeEvidence

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Trade:
    """A family's trade in one product, by one source.

    Args:
        product: the code of the rule ``partner.trade_products``: "cocoa", "guayusa", "coffee"…
        first_on, last_on: the first and the last day on which something was handed in.
        shown_by: what shows it, for people: "12 entregas", "cuaderno 2021, folio 14".
    """

    product: str
    first_on: date
    last_on: date
    shown_by: StrOrPromise


Reader = Callable[[Collection[UUID], date], dict[UUID, list[Trade]]]
"""From the keys of families and a day: what each traded up to that day. One query or two."""

_readers: list[Reader] = []


def offer_trade(reader: Reader) -> None:
    """Let a reader of deliveries be asked; offering the same reader again changes nothing."""
    if reader not in _readers:
        _readers.append(reader)


def withdraw_trade(reader: Reader) -> None:
    """Ask a reader no more."""
    _readers.remove(reader)


def trade_of(families: Collection[UUID], until: date) -> dict[UUID, list[Trade]]:
    """Return the trade of each family up to a day, papers and deliveries, the oldest first."""
    found: dict[UUID, list[Trade]] = defaultdict(list)
    papers = TradeEvidence.objects.filter(family__in=families, first_on__lte=until)
    for paper in papers:
        found[paper.family_id].append(
            Trade(paper.product, paper.first_on, min(paper.last_on, until), paper.reference)
        )
    for reader in _readers:
        for family, trades in reader(families, until).items():
            found[family] += trades
    for trades in found.values():
        trades.sort(key=lambda trade: (trade.first_on, trade.product))
    return found
