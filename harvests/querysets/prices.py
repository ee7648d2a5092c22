"""Reading prices."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from harvests.models import MarketPrice, PriceLine, PriceList  # noqa: F401
    from kallari.accounts.models import User


class PriceListQuerySet(models.QuerySet["PriceList"]):
    """Named filters over price lists."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Published ones for everybody who buys or checks, drafts for who writes them."""
        if not user.has_perm("harvests.view_pricelist"):
            return self.none()
        return self if user.has_perm("harvests.change_pricelist") else self.published()

    def published(self) -> Self:
        """Those that value deliveries, or will."""
        return self.exclude(published_at=None)

    def drafts(self) -> Self:
        """Those that do not yet."""
        return self.filter(published_at=None)


class PriceLineQuerySet(models.QuerySet["PriceLine"]):
    """Named filters over prices."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of the lists that the account sees."""
        if not user.has_perm("harvests.view_pricelist"):
            return self.none()
        if user.has_perm("harvests.change_pricelist"):
            return self
        return self.exclude(price_list__published_at=None)

    def with_names(self) -> Self:
        """With form, product and quality, read in the same query."""
        return self.select_related("price_list", "form__product", "quality")

    def in_force(self, at: datetime) -> Self:
        """For each form, quality and class the newest published line at an instant."""
        begun = self.filter(price_list__published_at__isnull=False, price_list__valid_from__lte=at)
        newest = begun.order_by(
            "form_id",
            "quality_id",
            "certification_class",
            "-price_list__valid_from",
            "-price_list_id",
        ).distinct("form_id", "quality_id", "certification_class")
        return self.filter(pk__in=newest.values("pk"))


class MarketPriceQuerySet(models.QuerySet["MarketPrice"]):
    """Named filters over market prices."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, for whoever may see any."""
        return self if user.has_perm("harvests.view_marketprice") else self.none()
