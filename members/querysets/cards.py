"""Reading partners' cards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils import timezone

from members.querysets.reach import within_reach

if TYPE_CHECKING:
    from datetime import date

    from django.contrib.auth.models import AnonymousUser

    from kallari.accounts.models import User
    from members.models import PartnerCard  # noqa: F401


class PartnerCardQuerySet(models.QuerySet["PartnerCard"]):
    """Named filters over cards."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of the partners that the account may see."""
        if not user.has_perm("members.view_partnercard"):
            return self.none()
        return self.filter(within_reach(user, "partner__family__community"))

    def in_force(self) -> Self:
        """Those that were not revoked."""
        return self.filter(revoked_on=None)

    def valid_on(self, day: date) -> Self:
        """Those that prove a membership on a day: issued by then, not revoked by then, and the
        bearer a registered partner, suspended ones included."""
        return self.filter(
            models.Q(revoked_on=None) | models.Q(revoked_on__gt=day),
            models.Q(partner__ended_on=None) | models.Q(partner__ended_on__gt=day),
            issued_on__lte=day,
            partner__registered_on__lte=day,
        )

    def valid(self) -> Self:
        """Those that prove a membership today."""
        return self.valid_on(timezone.localdate())
