"""Reading what is drawn under the chakras."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kallari.accounts.models import User
    from members.models import Landmark  # noqa: F401


class LandmarkQuerySet(models.QuerySet["Landmark"]):
    """Named filters over landmarks."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All, for whoever may see any: rivers are no secret."""
        return self if user.has_perm("members.view_landmark") else self.none()
