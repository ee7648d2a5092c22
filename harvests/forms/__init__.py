"""What people fill in about the harvests, a module a theme."""
