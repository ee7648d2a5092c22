"""Two years of the invented register's harvests, from the price list to the lot, a module a
theme."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING

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
from kallari.demo import count_rows_of_app

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
        count_rows_of_app("harvests")
