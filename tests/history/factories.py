"""History rows at chosen moments, in chosen places of the order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.db import connection

from kallari.accounts.models import ApiToken, RoleAssignment, User
from kallari.history.tracked import history_of

NOON = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
"""Noon in Ecuador, which is five hours behind UTC."""

TRACKED = [User, RoleAssignment, ApiToken]


def minutes(number: float) -> datetime:
    """The moment so many minutes after noon."""
    return NOON + timedelta(minutes=number)


def history_row(model: Any = User, *, at: datetime = NOON, kind: str = "+", **fields: Any) -> Any:
    """Write one history row directly, as a phone's clock or an import might date it."""
    defaults: dict[Any, dict[str, Any]] = {
        User: {"id": 900, "username": "rosa", "joined_at": NOON},
        RoleAssignment: {"id": 900, "user_id": None, "group_id": None},
        ApiToken: {"id": 900, "user_id": None, "digest": "0" * 64, "created_at": NOON},
    }
    values = {
        "history_date": at,
        "history_type": kind,
        "history_change_reason": "" if kind == "+" else "Corrección de un dato.",
        "request_id": None,
        "actor_name": "",
        "actor_role": "",
    }
    return history_of(model).objects.create(**(defaults[model] | values | fields))  # type: ignore[attr-defined]


def multiply(row: Any, number: int, **expressions: str) -> None:
    """Write `number` more history rows like `row`, by one statement.

    `expressions` gives columns as SQL over ``n`` (1 … number); the rest is copied.
    """
    meta = row._meta
    quote = connection.ops.quote_name
    columns = [field.column for field in meta.concrete_fields if field.column != "history_id"]
    values = [expressions.get(column, f"template.{quote(column)}") for column in columns]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(meta.db_table)} ({', '.join(map(quote, columns))})"  # noqa: S608
            f" SELECT {', '.join(values)}"
            f" FROM {quote(meta.db_table)} template, generate_series(1, %s) n"
            " WHERE template.history_id = %s",
            [number, row.pk],
        )


def role_group(name: str = "auditor") -> Group:
    """The group that a role is."""
    return Group.objects.get(name=name)
