"""The pages of intake, a module a theme."""

PAGE_SIZE = 50
"""Rows on one page of a list."""
