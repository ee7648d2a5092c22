"""Warns before the embedded database is taken for a production server."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks


@checks.register(checks.Tags.database, checks.Tags.security, deploy=True)
def embedded_database_serves(**_kwargs: Any) -> list[checks.CheckMessage]:
    """The embedded server has no backup of its own, no replica, and lives in one folder."""
    if settings.DEBUG or not settings.EMBEDDED_DATABASE:
        return []
    return [
        checks.Warning(
            "La aplicación usa la base de datos incluida, pensada para probarla.",
            hint="Para el trabajo real instale PostgreSQL 15 o posterior e indique DATABASE_URL.",
            id="kallari.W001",
        )
    ]
