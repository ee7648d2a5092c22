"""Reading accounts."""

from __future__ import annotations

import hashlib
import unicodedata
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Lower

from kallari import roles
from kallari.cedula import digits_of

if TYPE_CHECKING:
    from kallari.accounts.models import ApiToken, User  # noqa: F401 - in quotes below


class UserQuerySet(models.QuerySet["User"]):
    """Named filters over accounts."""

    def found_by(self, identifier: str) -> UserQuerySet:
        """Accounts that sign in as `identifier`: a username in any case, or a cédula.

        At most one: a username is never a number (constraint ``a_username_is_no_number``).
        """
        typed = unicodedata.normalize("NFKC", identifier.strip().replace("\0", ""))
        named = self.alias(lowered=Lower("username"))
        return named.filter(Q(lowered=Lower(Value(typed))) | Q(cedula=digits_of(typed)))

    def visible_to(self, user: User | AnonymousUser) -> UserQuerySet:
        """The accounts that `user` may read: all for who oversees accounts, else its own."""
        if user.has_perm("accounts.view_user"):
            return self.all()
        return self.filter(pk=user.pk) if user.pk else self.none()

    def administrators(self) -> UserQuerySet:
        """The open accounts that can open accounts: administration, and superusers."""
        held = models.Exists(
            self.model.groups.through.objects.filter(
                user=models.OuterRef("pk"), group__name=roles.Role.ADMINISTRATION
            )
        )
        return self.filter(Q(is_superuser=True) | held, is_active=True)


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Named filters over tokens."""

    def valid(self) -> ApiTokenQuerySet:
        """Those that open something: neither revoked nor of a closed account."""
        return self.filter(revoked_at=None, user__is_active=True)

    def for_key(self, key: str) -> ApiTokenQuerySet:
        """The token that was shown as `key` when it was made."""
        return self.filter(digest=digest_of(key))

    def visible_to(self, user: User | AnonymousUser) -> ApiTokenQuerySet:
        """The tokens that `user` may read: all for administration, else its own."""
        if user.has_perm("accounts.view_apitoken"):
            return self.all()
        return self.filter(user_id=user.pk) if user.pk else self.none()


def digest_of(key: str) -> str:
    """Return the digest that is kept of a token: SHA-256 as 64 hexadecimal digits.

    A token carries 256 random bits, so that a plain digest cannot be searched through.
    """
    return hashlib.sha256(key.encode()).hexdigest()
