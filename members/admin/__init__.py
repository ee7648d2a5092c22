"""Data entry for board staff, a module a theme."""

from members.admin import chakras, communities, families, partners, persons

__all__ = ["chakras", "communities", "families", "partners", "persons"]
