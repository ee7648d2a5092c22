"""Reading accounts."""

from __future__ import annotations

import hashlib
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, models
from django.db.models import Q, Value
from django.db.models.functions import Lower

from kallari import roles
from kallari.cedula import digits_of

if TYPE_CHECKING:
    from kallari.accounts.models import ApiToken, User


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

    @staticmethod
    def that_opens(key: str) -> ApiToken | None:
        """The valid token shown as `key`, with its account and that account's roles; one query.

        Asked for every request of a program, so its SQL is made once: making it anew costs Django
        ten times what the database needs to answer.
        """
        sql, of_token, of_account = _opening_sql()
        with connection.cursor() as cursor:
            cursor.execute(sql, [digest_of(key)])
            row = cursor.fetchone()
        if row is None:
            return None
        token = apps.get_model("accounts", "ApiToken").from_db(
            "default", of_token, row[: len(of_token)]
        )
        account = row[len(of_token) : -1]
        token.user = apps.get_model("accounts", "User").from_db("default", of_account, account)
        token.user.role_names = frozenset(row[-1])
        found: ApiToken = token
        return found

    def visible_to(self, user: User | AnonymousUser) -> ApiTokenQuerySet:
        """The tokens that `user` may read: all for administration, else its own."""
        if user.has_perm("accounts.view_apitoken"):
            return self.all()
        return self.filter(user_id=user.pk) if user.pk else self.none()


@cache
def _opening_sql() -> tuple[str, list[str], list[str]]:
    """The SQL of `ApiTokenQuerySet.that_opens` with a place for the digest; the fields of the
    token and those of the account, in the order of its columns; the names of the roles are last."""
    token, account, given = (
        apps.get_model("accounts", name) for name in ("ApiToken", "User", "RoleAssignment")
    )
    of_token, of_account = (
        [field.attname for field in model._meta.concrete_fields] for model in (token, account)
    )
    held = given.objects.filter(user=models.OuterRef("user")).values("group__name")
    rows = token.objects.valid().for_key("").annotate(held_roles=ArraySubquery(held)).order_by()
    named = rows.values_list(*of_token, *(f"user__{name}" for name in of_account), "held_roles")
    sql, params = named.query.sql_with_params()
    assert list(params) == [digest_of("")], "only the digest differs"  # noqa: S101
    return sql, of_token, of_account


def digest_of(key: str) -> str:
    """Return the digest that is kept of a token: SHA-256 as 64 hexadecimal digits.

    A token carries 256 random bits, so that a plain digest cannot be searched through.
    """
    return hashlib.sha256(key.encode()).hexdigest()
