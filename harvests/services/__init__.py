"""Writing, a module a theme."""
