"""Data entry of what is bought and how it is worked, a module a theme."""

from harvests.admin import catalog, processes

__all__ = ["catalog", "processes"]
