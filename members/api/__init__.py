"""The register for programs, a module a theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from members.api import (
    cards,
    certification,
    chakras,
    communities,
    community_life,
    families,
    inspections,
    landmarks,
    partners,
    persons,
)

if TYPE_CHECKING:
    from rest_framework.routers import BaseRouter


def register(router: BaseRouter) -> None:
    """Add the register's resources."""
    for theme in (
        communities,
        families,
        persons,
        partners,
        cards,
        chakras,
        landmarks,
        certification,
        inspections,
        community_life,
    ):
        theme.register(router)
