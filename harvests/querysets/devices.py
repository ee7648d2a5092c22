"""Reading devices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from harvests.models import Device  # noqa: F401
    from kallari.accounts.models import User


class DeviceQuerySet(models.QuerySet["Device"]):
    """Named filters over devices."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, for whoever may see any."""
        return self if user.has_perm("harvests.view_device") else self.none()

    def with_outbox(self) -> Self:
        """Annotates what arrived of each: ``sent``, how many numbers, ``first_seq`` and
        ``last_seq``, from which to which, and ``last_received_at``. Where they do not add up, some
        are still on the way."""
        return self.annotate(
            last_received_at=models.Max("operations__received_at"),
            last_seq=models.Max("operations__device_seq"),
            first_seq=models.Min("operations__device_seq"),
            sent=models.Count("operations__device_seq", distinct=True),
        )
