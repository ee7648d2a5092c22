"""Reading what telephones sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from harvests.models import Operation, OperationDecision  # noqa: F401
    from kallari.accounts.models import User


class OperationQuerySet(models.QuerySet["Operation"]):
    """Named filters over operations."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, for who decides on them or checks; what was sent holds personal data."""
        return self if user.has_perm("harvests.view_operation") else self.none()

    def waiting(self) -> Self:
        """Those on which the office has to decide: held, in conflict, unreadable, or written down
        and not looked at, because the power went away."""
        return self.filter(is_open=True)

    def tried_together(self) -> Self:
        """Of those that wait, the ones that may come right by themselves: held, or not looked at.
        What a revoked device sent is decided one by one, whatever became of the device since."""
        of_revoked = models.Q(errors__contains=[{"code": "device_revoked"}]) | models.Q(
            result="", device__revoked_at__isnull=False
        )
        return self.waiting().filter(result__in=["", "held"]).exclude(of_revoked)

    def with_senders(self) -> Self:
        """With account and device, read in the same query."""
        return self.select_related("user", "device")


class OperationDecisionQuerySet(models.QuerySet["OperationDecision"]):
    """Named filters over decisions."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, for who sees the operations."""
        return self if user.has_perm("harvests.view_operation") else self.none()
