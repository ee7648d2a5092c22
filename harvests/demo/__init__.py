"""Two years of the invented register's harvests, from the price list to the lot, a module a
theme."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import connection

from harvests.demo import (
    advances,
    afterwards,
    catalog,
    deliveries,
    processing,
    quality,
    settlements,
    waiting,
)
from harvests.models import CollectionCenter, Product

if TYPE_CHECKING:
    from kallari.demo import DemoContext

THEMES: dict[ModuleType, str] = {
    catalog: "productos, precios, temporadas",
    deliveries: "entregas",
    afterwards: "correcciones y avisos",
    waiting: "envíos que esperan a la oficina",
    advances: "anticipos",
    processing: "procesos, lotes, salidas",
    quality: "pruebas de calidad",
    settlements: "liquidaciones y pagos",
}
"""In the order of loading; what whoever waits is told of each."""


def in_use() -> bool:
    """Whether anything is bought already."""
    return Product.objects.exists() or CollectionCenter.objects.exists()


def load(context: DemoContext) -> None:
    """Load theme by theme; each finds what those before it have loaded."""
    for theme, title in THEMES.items():
        context.say(f"  {title}")
        theme.load(context)
        _count_rows()


def _count_rows() -> None:
    """Let the database count its rows: in one transaction nobody else would, and the next theme and
    the first pages would be planned for empty tables."""
    models = apps.get_app_config("harvests").get_models()
    tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in models)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {tables}")
