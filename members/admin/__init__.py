"""Data entry for board staff, a module a theme."""

from members.admin import communities

__all__ = ["communities"]
