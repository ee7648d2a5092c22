"""What follows a lot: all that was made of it, what is left where, and who received what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef

from harvests.genealogy import downstream
from harvests.models import Lot, StockMovement

Kind = StockMovement.Kind


@dataclass(frozen=True)
class Recall:
    """A lot with everything downstream."""

    lots: Sequence[Lot]
    """The lot itself first, then by when they were made."""
    handed_out: Sequence[StockMovement]
    """What left the house and did not come back, the newest first."""

    @property
    def left_kg(self) -> Decimal:
        """What is still in the house."""
        return sum((one.balance.kg for one in self.lots), Decimal(0))

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
    """Everything that follows a lot. Three queries."""
    rows: Any = Lot.objects.filter(pk__in=downstream([lot.pk])).with_names()
    lots = sorted(rows, key=lambda one: (one.pk != lot.pk, one.made_at, one.code))
    came_back = StockMovement.objects.filter(reverses=OuterRef("pk"))
    handed_out = (
        StockMovement.objects.filter(lot__in=lots, kind=Kind.DISPATCH, kg__lt=0)
        .filter(~Exists(came_back))
        .select_related("lot__form")
        .order_by("-moved_at", "-pk")
    )
    return Recall(lots, list(handed_out))
