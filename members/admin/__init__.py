"""Data entry for board staff, a module a theme."""

from members.admin import chakras, communities

__all__ = ["chakras", "communities"]
from members.admin import communities, families, partners, persons

__all__ = ["communities", "families", "partners", "persons"]
