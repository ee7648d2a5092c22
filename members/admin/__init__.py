"""Data entry for board staff, a module a theme."""

from members.admin import chakras, communities, families, landmarks, partners, persons

__all__ = ["chakras", "communities", "families", "landmarks", "partners", "persons"]
