"""What the ``demo`` modules of the apps agree on.

An app with demo data has a module ``demo`` with two functions: ``in_use()`` tells whether the
app's tables hold anything, and ``load(context)`` fills them. They are called in the order of
INSTALLED_APPS, so an app finds what those below it have loaded in `DemoContext.loaded`.
"""

from __future__ import annotations

import enum
import random
import zlib
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.db.models import Model

SEED = 19970906
"""Everything invented is drawn from it: the same data on every machine."""

UNTIL = date(2026, 9, 30)
"""The last day of which something is invented, the same whenever the data is loaded."""


class Scale(enum.Enum):
    """How much is invented."""

    SMALL = "small"
    FULL = "full"


@dataclass
class DemoContext:
    """Handed from app to app while demo data is loaded."""

    scale: Scale
    say: Callable[[str], Any] = print
    loaded: dict[str, Any] = field(default_factory=dict)
    """What later apps build on, by names such as ``"users"`` and ``"communities"``."""

    def random(self, purpose: str) -> random.Random:
        """A source of chance of its own for each purpose, so that adding data in one place
        changes nothing in another."""
        return random.Random(SEED + zlib.crc32(purpose.encode()))  # noqa: S311 - must repeat


def count_rows(models: Iterable[type[Model]]) -> None:
    """Let the database count the rows of these tables: in one transaction nobody else would, and a
    plan made for empty tables compares each of a thousand rows with each of a thousand others."""
    tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in models)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {tables}")


def count_rows_of_app(label: str) -> None:
    """`count_rows` of all tables of an app."""
    count_rows(apps.get_app_config(label).get_models())
