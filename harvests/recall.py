"""What follows a lot: all that was made of it, what is left where, and who received what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef

from harvests.genealogy import downstream, shares_of_lot
from harvests.models import Lot, StockMovement
from kallari.units import GRAM, rounded

Kind = StockMovement.Kind


@dataclass(frozen=True)
class Recall:
    """A lot with everything downstream."""

    lots: Sequence[Lot]
    """The lot itself first, then by when they were made."""
    handed_out: Sequence[StockMovement]
    """What left the house and did not come back, the newest first; each with ``from_lot_kg``: how
    much of it is of the lot itself, in kilos of what left."""

    @property
    def left_kg(self) -> Decimal:
        """What is still in the house."""
        return sum((one.balance.kg for one in self.lots), Decimal(0))

    @property
    def lots_left(self) -> int:
        """How many lots it lies in."""
        return sum(one.balance.kg > 0 for one in self.lots)

    @property
    def is_mixed(self) -> bool:
        """Whether something was handed out of another lot than the one itself."""
        return any(one.lot_id != self.lots[0].pk for one in self.handed_out)

    @property
    def handed_out_kg(self) -> Decimal:
        """What others have."""
        return -sum((one.kg for one in self.handed_out), Decimal(0))

    @property
    def recipients(self) -> int:
        """How many received something."""
        return len({one.recipient for one in self.handed_out})

    @property
    def is_all_held(self) -> bool:
        """Whether nothing can leave any more."""
        return all(one.is_held for one in self.lots if one.balance.kg)


def recall_of(lot: Lot) -> Recall:
    """Everything that follows a lot. Four queries."""
    rows: Any = Lot.objects.filter(pk__in=downstream([lot.pk])).with_names()
    lots = sorted(rows, key=lambda one: (one.pk != lot.pk, one.made_at, one.code))
    came_back = StockMovement.objects.filter(reverses=OuterRef("pk"))
    handed_out = (
        StockMovement.objects.filter(lot__in=lots, kind=Kind.DISPATCH, kg__lt=0)
        .filter(~Exists(came_back))
        .select_related("lot__form")
        .order_by("-moved_at", "-pk")
    )
    out: list[Any] = list(handed_out)
    shares = shares_of_lot(lot.pk, {one.lot_id for one in out}) if out else {}
    for one in out:
        one.from_lot_kg = rounded(-one.kg * shares.get(one.lot_id, Decimal(0)), GRAM)
    return Recall(lots, out)
