"""Reading uploads."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kallari.accounts.models import User
    from kallari.imports.models import Upload  # noqa: F401

FORGOTTEN_AFTER = timedelta(days=7)


class UploadQuerySet(models.QuerySet["Upload"]):
    """Named filters over uploads."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """One's own: a file may hold what others must not read."""
        return self.filter(uploaded_by=user.pk)

    def of_kind(self, kind: str) -> Self:
        """Files for one list."""
        return self.filter(kind=kind)

    def forgotten(self) -> Self:
        """Files that nobody has confirmed within a week."""
        return self.filter(state="waiting", uploaded_at__lt=timezone.now() - FORGOTTEN_AFTER)
