"""Reading payments, cash, purchase documents and links to statements."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models.functions import Coalesce

from harvests.querysets.settlements import USD
from kallari.search.numbers import paper_number
from members.querysets.reach import within_reach

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from harvests.models import (  # noqa: F401
        CashBox,
        CashMovement,
        CashSession,
        Payment,
        PurchaseDocument,
        PurchaseDocumentOutcome,
        StatementLink,
    )
    from kallari.accounts.models import User


class PaymentQuerySet(models.QuerySet["Payment"]):
    """Named filters over payments."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, for who pays or checks."""
        if not user.has_perm("harvests.view_payment"):
            return self.none()
        return self.filter(within_reach(user, "settlement__family__community"))

    def standing(self) -> Self:
        """Those that were not reversed, and are no reversals."""
        return self.filter(reverses=None, reversed_by=None)

    def with_names(self) -> Self:
        """With settlement, family and community, read in the same query."""
        return self.select_related("settlement__family__community", "reversed_by", "reverses")

    def find(self, text: str) -> Self:
        """What a person who types `text` may mean: a number (P-00042, 42), the number of a
        transfer, or a family's name or one of its people in any spelling."""
        from members.models import Family

        if (number := paper_number(text, prefix="P")) is not None:
            return self.filter(models.Q(number=number) | models.Q(reference=text.strip()))
        if not text.strip():
            return self
        named = Family.objects.find(text).order_by().values("pk")
        return self.filter(
            models.Q(settlement__family__in=named) | models.Q(reference=text.strip())
        )


class CashBoxQuerySet(models.QuerySet["CashBox"]):
    """Named filters over cash boxes."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, for who pays or checks."""
        return self if user.has_perm("harvests.view_cashbox") else self.none()

    def in_use(self) -> Self:
        """Those that were not retired."""
        return self.filter(retired_on=None)


class CashSessionQuerySet(models.QuerySet["CashSession"]):
    """Named filters over openings of cash boxes."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, for who pays or checks."""
        return self if user.has_perm("harvests.view_cashsession") else self.none()

    def opened(self) -> Self:
        """Those that were not closed."""
        return self.filter(closed_at=None)

    def with_names(self) -> Self:
        """With the box and who opened and closed it, read in the same query."""
        return self.select_related("box__center", "opened_by", "closed_by")

    def with_moved(self) -> Self:
        """Annotates ``moved_usd``: what came in less what went out."""
        from harvests.models import CashMovement

        moved = (
            CashMovement.objects.filter(session=models.OuterRef("pk"))
            .order_by()
            .values("session")
            .annotate(usd=models.Sum("amount_usd"))
            .values("usd")
        )
        return self.annotate(
            moved_usd=Coalesce(models.Subquery(moved), Decimal(0), output_field=USD)
        )


class CashMovementQuerySet(models.QuerySet["CashMovement"]):
    """Named filters over movements of cash."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, for who pays or checks."""
        return self if user.has_perm("harvests.view_cashmovement") else self.none()

    def with_reasons(self) -> Self:
        """With the payment or advance that each is of, read in the same query."""
        return self.select_related(
            "moved_by", "payment__settlement__family", "advance__family", "reversed_by", "reverses"
        )


class PurchaseDocumentQuerySet(models.QuerySet["PurchaseDocument"]):
    """Named filters over purchase documents."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, for who pays or checks."""
        if not user.has_perm("harvests.view_purchasedocument"):
            return self.none()
        return self.filter(within_reach(user, "settlement__family__community"))

    def standing(self) -> Self:
        """Those that were neither returned nor annulled."""
        from harvests.models import PurchaseDocumentOutcome

        ended = PurchaseDocumentOutcome.objects.ending().filter(document=models.OuterRef("pk"))
        return self.exclude(models.Exists(ended))

    def reporting(self) -> Self:
        """Those by which the tax office knows of a settlement: no document of tests does."""
        return self.standing().filter(environment=self.model.Environment.PRODUCTION)

    def with_outcomes(self) -> Self:
        """With what became of each and who told it, read in one more query."""
        from harvests.models import PurchaseDocumentOutcome

        told = PurchaseDocumentOutcome.objects.select_related("told_by").order_by("pk")
        return self.prefetch_related(models.Prefetch("outcomes", queryset=told))


class PurchaseDocumentOutcomeQuerySet(models.QuerySet["PurchaseDocumentOutcome"]):
    """Named filters over what became of purchase documents."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, for who pays or checks."""
        if not user.has_perm("harvests.view_purchasedocumentoutcome"):
            return self.none()
        return self.filter(within_reach(user, "document__settlement__family__community"))

    def ending(self) -> Self:
        """Those after which a document stands no more."""
        return self.filter(outcome__in=["returned", "annulled"])


class StatementLinkQuerySet(models.QuerySet["StatementLink"]):
    """Named filters over links to statements."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, for who pays or checks."""
        if not user.has_perm("harvests.view_statementlink"):
            return self.none()
        return self.filter(within_reach(user, "family__community"))

    def in_force(self) -> Self:
        """Those that open a statement."""
        return self.filter(revoked_on=None)
