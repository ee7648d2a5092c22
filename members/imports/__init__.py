"""Registers from files, a module a list."""
