"""Reading accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from kallari.accounts.models import User  # noqa: F401


class UserQuerySet(models.QuerySet["User"]):
    """Named filters over accounts."""

    def found_by(self, identifier: str) -> UserQuerySet:
        """Accounts that sign in as `identifier`: a username in any case, or a cédula."""
        typed = identifier.strip()
        digits = typed.replace("-", "").replace(" ", "")
        return self.filter(models.Q(username__iexact=typed) | models.Q(cedula=digits))
