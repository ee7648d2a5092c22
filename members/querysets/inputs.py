"""Reading what was given to families."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from kallari.dates import anniversary
from kallari.search.numbers import paper_number
from kallari.search.querysets import NamedQuerySet
from members.querysets.reach import within_reach

if TYPE_CHECKING:
    from datetime import date

    from django.contrib.auth.models import AnonymousUser

    from kallari.accounts.models import User
    from members.models import InputDistribution, InputKind  # noqa: F401


class InputKindQuerySet(NamedQuerySet["InputKind"]):
    """Named filters over kinds of inputs."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, for whoever may see any."""
        return self if user.has_perm("members.view_inputkind") else self.none()

    def offered(self) -> Self:
        """Those that are given at present."""
        return self.filter(retired_on=None)


class InputDistributionQuerySet(models.QuerySet["InputDistribution"]):
    """Named filters over what was handed out."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, or for agents those of the families of their communities."""
        if not user.has_perm("members.view_inputdistribution"):
            return self.none()
        return self.filter(within_reach(user, "family__community"))

    def valid(self) -> Self:
        """Those that were not voided."""
        return self.filter(voided_on=None)

    def with_names(self) -> Self:
        """With what was given, to whom, and who paid, read in the same query."""
        return self.select_related("kind", "family__community", "ally")

    def years_before(self, day: date, years: int) -> Self:
        """Those of so many years up to a day, that day included, as a certifier asks for them."""
        return self.filter(handed_on__gt=anniversary(day, -years), handed_on__lte=day)

    def find(self, text: str) -> Self:
        """What a person who types `text` may mean: the number of a receipt (I-00042, 42), or
        the name of a family or of one of its people in any spelling."""
        from members.models import Family

        if (number := paper_number(text, prefix="I")) is not None:
            return self.filter(number=number)
        if not text.strip():
            return self
        families = Family.objects.find(text).order_by()
        return self.filter(models.Exists(families.filter(pk=models.OuterRef("family_id"))))
