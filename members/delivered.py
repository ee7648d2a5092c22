"""Kilos delivered from chakras, wherever they are on record: what an estimate is held against.

Deliveries are kept by an app above this one. It offers them from ``AppConfig.ready()``, and the
register never imports it::

    offer_delivered(lambda chakras, year: ...)   # see `Reader`
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from decimal import Decimal
from uuid import UUID

Reader = Callable[[Collection[UUID], int], dict[tuple[UUID, str], Decimal]]
"""From the keys of chakras and a year: the net kilos of each chakra and product (the code of
`members.products.TradedProduct`), in the form in which they are estimated. One query or two."""

_readers: list[Reader] = []


def offer_delivered(reader: Reader) -> None:
    """Let a reader of deliveries be asked; offering the same reader again changes nothing."""
    if reader not in _readers:
        _readers.append(reader)


def withdraw_delivered(reader: Reader) -> None:
    """Ask a reader no more."""
    _readers.remove(reader)


def is_known() -> bool:
    """Whether anybody keeps deliveries: without, nothing delivered is unknown, not zero."""
    return bool(_readers)


def delivered(chakras: Collection[UUID], year: int) -> dict[tuple[UUID, str], Decimal]:
    """Return the kilos that each chakra gave of each product in a year."""
    found: dict[tuple[UUID, str], Decimal] = defaultdict(Decimal)
    for reader in _readers:
        for key, kilos in reader(chakras, year).items():
            found[key] += kilos
    return dict(found)
