"""Data entry for board staff, a module a theme."""

from members.admin import (
    certification,
    chakras,
    communities,
    community_life,
    families,
    landmarks,
    partners,
    persons,
)

__all__ = [
    "certification",
    "chakras",
    "communities",
    "community_life",
    "families",
    "landmarks",
    "partners",
    "persons",
]
