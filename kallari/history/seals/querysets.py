"""Reading seals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models

from kallari import roles

if TYPE_CHECKING:
    from kallari.accounts.models import User
    from kallari.history.models import Seal


class SealQuerySet(models.QuerySet["Seal"]):
    """Named filters over the chain."""

    def visible_to(self, user: User | AnonymousUser) -> SealQuerySet:
        """All seals for who may read history (and for who installs), none for others."""
        if isinstance(user, AnonymousUser):
            return self.none()
        return self if user.is_superuser or user.has_role(*roles.READS_HISTORY) else self.none()

    def newest(self) -> Seal | None:
        """The end of the chain."""
        return self.order_by("-number").first()
