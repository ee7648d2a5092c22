"""Data entry for board staff, a module a theme."""

from members.admin import (
    certification,
    chakras,
    communities,
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
    "chakras",
    "communities",
    "community_life",
    "families",
    "landmarks",
    "partners",
    "persons",
]

__all__ = ["certification", "chakras", "communities", "families", "partners", "persons"]
