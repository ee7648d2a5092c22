"""Reading seals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from kallari.history.permissions import reads_history

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kallari.accounts.models import User
    from kallari.history.models import Seal


class SealQuerySet(models.QuerySet["Seal"]):
    """Named filters over the chain."""

    def visible_to(self, user: User | AnonymousUser) -> SealQuerySet:
        """All seals for who may read history (and for who installs), none for others."""
        return self if reads_history(user) else self.none()

    def newest(self) -> Seal | None:
        """The end of the chain."""
        return self.order_by("-number").first()
