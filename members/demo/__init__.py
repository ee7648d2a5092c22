"""Invented people in the association's real communities, a module a theme."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING

from kallari.demo import count_rows_of_app
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
    """Load theme by theme; each finds what those before it have loaded."""
    for theme, title in THEMES.items():
        context.say(f"  {title}")
        theme.load(context)
        count_rows_of_app("members")
