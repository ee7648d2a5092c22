"""Reading, a module a theme."""
