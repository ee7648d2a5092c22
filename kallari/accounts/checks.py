"""What `manage.py check` and `migrate` say about accounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.db import connections

from kallari.roles import Role


@checks.register(checks.Tags.database)
def no_group_beside_the_roles(
    databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[checks.CheckMessage]:
    """Report groups that are no role: whoever is in one has rights that no matrix shows."""
    from django.contrib.auth.models import Group

    found: list[checks.CheckMessage] = []
    for alias in databases or []:
        if Group._meta.db_table not in connections[alias].introspection.table_names():
            continue
        names = Group.objects.using(alias).exclude(name__in=Role.values)
        found += [
            checks.Warning(
                f"The group “{name}” is no role of kallari/roles.py.",
                hint="Give its people roles, then remove it.",
                id="kallari.W010",
            )
            for name in names.order_by("name").values_list("name", flat=True)
        ]
    return found


@checks.register(checks.Tags.database)
def no_demo_account_in_public(
    databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[checks.CheckMessage]:
    """Report demonstration accounts, whose passwords everybody knows, behind a public address."""
    from kallari.accounts.models import User

    found: list[checks.CheckMessage] = []
    for alias in databases or []:
        if not settings.HTTPS:
            continue
        if User._meta.db_table not in connections[alias].introspection.table_names():
            continue
        if User.objects.using(alias).filter(is_demo=True, is_active=True).exists():
            found.append(
                checks.Warning(
                    "Demonstration accounts can sign in, with passwords that everybody knows.",
                    hint="Start production from an empty database, or close these accounts.",
                    id="kallari.W011",
                )
            )
    return found
