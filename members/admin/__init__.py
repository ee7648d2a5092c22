"""Data entry for board staff, a module a theme."""

from members.admin import chakras, communities

__all__ = ["chakras", "communities"]
