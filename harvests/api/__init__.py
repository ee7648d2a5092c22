"""The harvests for programs and telephones, a module a theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvests.api import (
    batches,
    catalog,
    deliveries,
    genealogy,
    payments,
    prices,
    quality,
    quotas,
    settlements,
    sync,
)

if TYPE_CHECKING:
    from rest_framework.routers import BaseRouter


def register(router: BaseRouter) -> None:
    """Add the resources of the harvests."""
    themes = (
        sync,
        deliveries,
        catalog,
        prices,
        quotas,
        quality,
        batches,
        genealogy,
        settlements,
        payments,
    )
    for theme in themes:
        theme.register(router)
