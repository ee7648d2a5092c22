"""Reading allies, agreements, contributions and what they paid for."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models.functions import Coalesce

from kallari.search.querysets import NamedQuerySet

if TYPE_CHECKING:
    from datetime import date

    from django.contrib.auth.models import AnonymousUser

    from kallari.accounts.models import User
    from members.models import Agreement, Ally, Contribution, ContributionUse  # noqa: F401

MONEY = models.DecimalField(max_digits=16, decimal_places=2)
NOTHING = models.Value(Decimal(0), output_field=MONEY)


class AllyQuerySet(NamedQuerySet["Ally"]):
    """Named filters over allies."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, for whoever may see any."""
        return self if user.has_perm("members.view_ally") else self.none()

    def with_totals(self) -> Self:
        """Annotates ``given_usd``, what each has given in all, and ``last_agreement_ends``, the
        last day of the agreement that runs longest (None without one that ends)."""
        from members.models import Agreement, Contribution

        theirs = Contribution.objects.filter(ally=models.OuterRef("pk")).order_by()
        agreements = Agreement.objects.filter(ally=models.OuterRef("pk")).order_by(
            models.F("ends_on").desc(nulls_first=True)
        )
        return self.annotate(
            given_usd=Coalesce(
                models.Subquery(
                    theirs.values("ally").annotate(sum=models.Sum("value_usd")).values("sum"),
                    output_field=MONEY,
                ),
                NOTHING,
            ),
            last_agreement=models.Subquery(agreements.values("title")[:1]),
            last_agreement_ends=models.Subquery(agreements.values("ends_on")[:1]),
        )


class AgreementQuerySet(models.QuerySet["Agreement"]):
    """Named filters over agreements."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, for whoever may see any."""
        return self if user.has_perm("members.view_agreement") else self.none()

    def in_force(self, day: date) -> Self:
        """Those that run on a day, both ends included."""
        return self.filter(starts_on__lte=day).exclude(ends_on__lt=day)

    def expiring(self, day: date, *, within: int) -> Self:
        """Those in force on a day that end within so many days of it, the soonest first."""
        return (
            self.in_force(day)
            .filter(ends_on__lte=day + timedelta(days=within))
            .order_by("ends_on", "id")
        )


class ContributionQuerySet(models.QuerySet["Contribution"]):
    """Named filters over contributions."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, for whoever may see any."""
        return self if user.has_perm("members.view_contribution") else self.none()

    def with_used(self) -> Self:
        """Annotates ``used_usd``, what its uses are worth together, and ``left_usd``."""
        from members.models import ContributionUse

        uses = ContributionUse.objects.filter(contribution=models.OuterRef("pk")).order_by()
        used = Coalesce(
            models.Subquery(
                uses.values("contribution").annotate(sum=models.Sum("amount_usd")).values("sum"),
                output_field=MONEY,
            ),
            NOTHING,
        )
        return self.annotate(used_usd=used).annotate(
            left_usd=models.ExpressionWrapper(
                models.F("value_usd") - models.F("used_usd"), output_field=MONEY
            )
        )

    def with_names(self) -> Self:
        """With ally and agreement read in the same query."""
        return self.select_related("ally", "agreement")


class ContributionUseQuerySet(models.QuerySet["ContributionUse"]):
    """Named filters over uses of contributions."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, for whoever may see any."""
        return self if user.has_perm("members.view_contributionuse") else self.none()

    def with_names(self) -> Self:
        """With what was paid for read in the same query."""
        return self.select_related(
            "contribution__ally", "gathering__community", "distribution__kind"
        )
