"""Data entry for board staff, a module a theme."""

from members.admin import (
    certification,
    chakras,
    communities,
    families,
    landmarks,
    partners,
    persons,
)

__all__ = [
    "certification",
    "chakras",
    "communities",
    "families",
    "landmarks",
    "partners",
    "persons",
]

__all__ = ["certification", "chakras", "communities", "families", "partners", "persons"]
