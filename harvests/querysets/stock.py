"""Reading lots and what moved."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from harvests.models import Lot, StockAdjustment, StockMovement  # noqa: F401
    from kallari.accounts.models import User


class LotQuerySet(models.QuerySet["Lot"]):
    """Named filters over lots."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, for whoever may see any: a lot is of several communities."""
        return self if user.has_perm("harvests.view_lot") else self.none()

    def with_names(self) -> Self:
        """With form, batch, place and what is left, read in the same query."""
        return self.select_related(
            "form__product", "variety", "batch__kind", "batch__center", "where", "balance"
        )

    def in_stock(self) -> Self:
        """Those of which something is left."""
        return self.filter(balance__kg__gt=0)

    def find(self, text: str) -> Self:
        """What a person who types `text` may mean: a code, a part of one, or a mark on sacks."""
        plain = " ".join(text.split())
        if not plain:
            return self
        code = plain.replace(" ", "").upper()
        return self.filter(models.Q(code__contains=code) | models.Q(marks__icontains=plain))


class StockMovementQuerySet(models.QuerySet["StockMovement"]):
    """Named filters over the ledger."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, for whoever may see any."""
        return self if user.has_perm("harvests.view_stockmovement") else self.none()

    def with_names(self) -> Self:
        """With what a list shows of each, read in the same query."""
        return self.select_related("lot", "delivery__family", "batch__kind", "moved_by")


class StockAdjustmentQuerySet(models.QuerySet["StockAdjustment"]):
    """Named filters over counted differences."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, for whoever may see any."""
        return self if user.has_perm("harvests.view_stockadjustment") else self.none()

    def waiting(self) -> Self:
        """Those that another person has to look at."""
        return self.filter(status="waiting")

    def seen_by_one(self, lot: Lot) -> Decimal:
        """The kilos of a lot that were adjusted, up or down, with nobody else's consent since two
        people last agreed on some. Two queries."""
        of_lot = self.filter(lot=lot, status="applied")
        last = of_lot.filter(needs_second=True).aggregate(at=models.Max("decided_at"))["at"]
        unseen = of_lot.filter(needs_second=False)
        if last is not None:
            unseen = unseen.filter(made_at__gt=last)
        kilos: Decimal | None = unseen.aggregate(kg=models.Sum(models.functions.Abs("kg")))["kg"]
        return kilos or Decimal(0)
