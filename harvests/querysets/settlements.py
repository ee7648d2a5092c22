"""Reading settlements, their lines and the rules of premiums."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models.functions import Coalesce

from kallari.search.numbers import paper_number
from members.querysets.reach import within_reach

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from harvests.models import PremiumRule, Settlement, SettlementLine  # noqa: F401
    from kallari.accounts.models import User

USD: models.DecimalField[Decimal, Decimal] = models.DecimalField(max_digits=14, decimal_places=2)


class SettlementQuerySet(models.QuerySet["Settlement"]):
    """Named filters over settlements."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, for who pays or checks."""
        if not user.has_perm("harvests.view_settlement"):
            return self.none()
        return self.filter(within_reach(user, "family__community"))

    def drafts(self) -> Self:
        """Those that somebody has still to approve."""
        return self.filter(status="drafted")

    def to_be_paid(self) -> Self:
        """Those that say what a family is owed, paid or not."""
        return self.filter(status="approved", kind="ordinary")

    def with_names(self) -> Self:
        """With family, community and who made and approved it, read in the same query."""
        return self.select_related("family__community", "author", "approved_by")

    def with_paid(self) -> Self:
        """Annotates ``paid_usd``: what was paid of each, less what was reversed."""
        from harvests.models import Payment

        paid = (
            Payment.objects.filter(settlement=models.OuterRef("pk"))
            .order_by()
            .values("settlement")
            .annotate(usd=models.Sum("amount_usd"))
            .values("usd")
        )
        return self.annotate(paid_usd=Coalesce(models.Subquery(paid), Decimal(0), output_field=USD))

    def unpaid(self) -> Self:
        """Those of which something is still owed; annotates ``paid_usd``."""
        return (
            self.to_be_paid()
            .filter(total_usd__gt=0)
            .with_paid()
            .filter(paid_usd__lt=models.F("total_usd"))
        )

    def paid(self) -> Self:
        """Those of which nothing is owed any more; annotates ``paid_usd``."""
        return self.to_be_paid().with_paid().filter(paid_usd=models.F("total_usd"))

    def find(self, text: str) -> Self:
        """What a person who types `text` may mean: a number (L-00042, 42), or a family's name or
        one of its people in any spelling."""
        from members.models import Family

        if (number := paper_number(text, prefix="L")) is not None:
            return self.filter(number=number)
        if not text.strip():
            return self
        return self.filter(family__in=Family.objects.find(text).order_by().values("pk"))


class SettlementLineQuerySet(models.QuerySet["SettlementLine"]):
    """Named filters over lines."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of the settlements that the account sees."""
        if not user.has_perm("harvests.view_settlement"):
            return self.none()
        return self.filter(within_reach(user, "settlement__family__community"))

    def counting(self) -> Self:
        """Those of settlements that were neither discarded nor reversed."""
        return self.filter(counts=True)

    def with_reasons(self) -> Self:
        """With the delivery, premium, advance or settlement that each is for."""
        return self.select_related(
            "delivery__form__product",
            "delivery__quality",
            "premium_rule",
            "advance",
            "from_settlement",
        )


class PremiumRuleQuerySet(models.QuerySet["PremiumRule"]):
    """Named filters over rules of premiums."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, for who pays or checks."""
        return self if user.has_perm("harvests.view_premiumrule") else self.none()

    def confirmed(self) -> Self:
        """Those that are paid."""
        return self.filter(confirmed_at__isnull=False)

    def begun(self, day: date) -> Self:
        """Those by which deliveries up to a day may earn something."""
        return self.filter(valid_from__lte=day)

    def with_names(self) -> Self:
        """With product, form and who wrote and confirmed it, read in the same query."""
        return self.select_related("product", "form__product", "written_by", "confirmed_by")
