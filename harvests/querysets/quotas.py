"""Reading quotas and advances."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models.functions import Coalesce

from harvests.querysets.settlements import USD
from kallari.search.numbers import paper_number
from members.querysets.reach import within_reach

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from harvests.models import Advance, Delivery, Quota  # noqa: F401
    from kallari.accounts.models import User
    from members.models import Community


class QuotaQuerySet(models.QuerySet["Quota"]):
    """Named filters over quotas."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, or for agents and delegates those of their communities, and those of all."""
        if not user.has_perm("harvests.view_quota"):
            return self.none()
        return self.filter(
            models.Q(community=None, family=None)
            | (models.Q(community__isnull=False) & within_reach(user, "community"))
            | (models.Q(family__isnull=False) & within_reach(user, "family__community"))
        )

    def standing(self) -> Self:
        """Those that were not withdrawn."""
        return self.filter(withdrawn_on=None)

    def on(self, day: date) -> Self:
        """Those in force on a day."""
        return self.standing().filter(starts_on__lte=day, ends_on__gte=day)

    def of_community(self, community: Community) -> Self:
        """Those of a community and of its families; those of all are of nobody's."""
        return self.filter(models.Q(community=community) | models.Q(family__community=community))

    def with_names(self) -> Self:
        """With form, community and family, read in the same query."""
        return self.select_related("form__product", "community", "family__community")

    def with_delivered(self) -> Self:
        """Annotates ``delivered_kg``: what has come in under each of them."""
        from harvests.models import Delivery

        within = Delivery.objects.valid().filter(
            form=models.OuterRef("form"),
            weighed_on__gte=models.OuterRef("starts_on"),
            weighed_on__lte=models.OuterRef("ends_on"),
        )
        return self.annotate(
            delivered_kg=models.Case(
                models.When(
                    family__isnull=False,
                    then=_kilos(within.filter(family=models.OuterRef("family"))),
                ),
                models.When(
                    community__isnull=False,
                    then=_kilos(within.filter(community=models.OuterRef("community"))),
                ),
                default=_kilos(within),
                output_field=_KG,
            )
        )


_KG: models.DecimalField[Decimal, Decimal] = models.DecimalField(max_digits=14, decimal_places=3)


def _kilos(rows: models.QuerySet[Delivery]) -> models.Expression:
    total = rows.order_by().values("form").annotate(kg=models.Sum("net_kg")).values("kg")
    return Coalesce(models.Subquery(total), Decimal(0), output_field=_KG)


class AdvanceQuerySet(models.QuerySet["Advance"]):
    """Named filters over advances."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, for who pays or checks."""
        if not user.has_perm("harvests.view_advance"):
            return self.none()
        return self.filter(within_reach(user, "family__community"))

    def valid(self) -> Self:
        """Those that were not voided."""
        return self.filter(voided_on=None)

    def with_names(self) -> Self:
        """With family and community, read in the same query."""
        return self.select_related("family__community", "inputs__kind")

    def with_taken(self) -> Self:
        """Annotates ``taken_usd``: what settlements have taken off each, drafts among them."""
        from harvests.models import SettlementLine

        taken = (
            SettlementLine.objects.counting()
            .filter(advance=models.OuterRef("pk"))
            .order_by()
            .values("advance")
            .annotate(usd=-models.Sum("amount_usd"))
            .values("usd")
        )
        return self.annotate(
            taken_usd=Coalesce(models.Subquery(taken), Decimal(0), output_field=USD)
        )

    def left(self) -> Self:
        """Those of which something has still to be taken off; annotates ``taken_usd``."""
        return self.valid().with_taken().filter(taken_usd__lt=models.F("amount_usd"))

    def find(self, text: str) -> Self:
        """What a person who types `text` may mean: a number (A-00042, 42), or a family's name or
        one of its people in any spelling."""
        from members.models import Family

        if (number := paper_number(text, prefix="A")) is not None:
            return self.filter(number=number)
        if not text.strip():
            return self
        return self.filter(family__in=Family.objects.find(text).order_by().values("pk"))
