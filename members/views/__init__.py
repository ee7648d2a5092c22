"""The pages of the register, a module a theme."""

PAGE_SIZE = 50
"""Rows on one page of a list."""
