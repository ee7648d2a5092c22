"""Invented people in the association's real communities, a module a theme."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import connection

from members.demo import (
    certification,
    chakras,
    communities,
    community_life,
    landmarks,
    partners,
    people,
)
from members.models import Community

if TYPE_CHECKING:
    from kallari.demo import DemoContext


THEMES: dict[ModuleType, str] = {
    communities: "comunidades",
    people: "familias y personas",
    partners: "socias y socios, puestos de la Junta General",
    chakras: "chakras, linderos y cultivos",
    landmarks: "ríos y centros del mapa",
    community_life: "encuentros, insumos, voluntariado, aliados",
    certification: "certificación e inspecciones",
}
"""In the order of loading; what whoever waits is told of each."""


def in_use() -> bool:
    """Whether the register holds anything."""
    return Community.objects.exists()


def load(context: DemoContext) -> None:
    """Load theme by theme; each finds what those before it have loaded.

    The database counts its rows after each: in one transaction nobody else would, and a plan made
    for empty tables compares each of a thousand rows with each of a thousand others.
    """
    for theme, title in THEMES.items():
        context.say(f"  {title}")
        theme.load(context)
        _count_rows()


def _count_rows() -> None:
    models = apps.get_app_config("members").get_models()
    tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in models)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {tables}")
