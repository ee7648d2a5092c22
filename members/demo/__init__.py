"""Invented people in the association's real communities, a module a theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from members.demo import communities
from members.models import Community

if TYPE_CHECKING:
    from kallari.demo import DemoContext


def in_use() -> bool:
    """Whether the register holds anything."""
    return Community.objects.exists()


def load(context: DemoContext) -> None:
    """Load theme by theme; each finds what those before it have loaded."""
    for theme in (communities,):
        theme.load(context)
