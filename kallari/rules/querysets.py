"""Reading the values of the rules."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models.functions import Coalesce

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kallari.accounts.models import User
    from kallari.rules.models import RuleValue


class RuleValueQuerySet(models.QuerySet["RuleValue"]):
    """Named filters over dated values."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, for whoever may read the rules."""
        return self if user.has_perm("rules.view_rulevalue") else self.none()

    def of(self, key: str) -> Self:
        """The values of one rule."""
        return self.filter(key=key)

    def begun_by(self, day: date) -> Self:
        """Those that held on `day`, or had held and been superseded by then."""
        return self.filter(models.Q(valid_from=None) | models.Q(valid_from__lte=day))

    def newest_first(self) -> Self:
        """By the day from which each holds."""
        return self.order_by("key", models.F("valid_from").desc(nulls_last=True))

    def latest_on(self, day: date) -> RuleValue | None:
        """The row in force on `day`, of the values of one rule."""
        return self.begun_by(day).newest_first().first()

    def with_end(self) -> Self:
        """With `superseded_on`: the first day on which a later value holds, or None."""
        later = (
            self.model._base_manager.filter(
                key=models.OuterRef("key"),
                valid_from__gt=Coalesce(models.OuterRef("valid_from"), models.Value(date.min)),
            )
            .order_by("valid_from")
            .values("valid_from")[:1]
        )
        return self.annotate(superseded_on=models.Subquery(later))

    def in_force_on(self, day: date) -> Self:
        """One row a rule at most: what holds on `day`."""
        ended = models.Q(superseded_on__lte=day)
        return self.with_end().begun_by(day).exclude(ended & ~models.Q(superseded_on=None))
