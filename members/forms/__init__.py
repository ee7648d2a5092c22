"""What people fill in about the register, a module a theme."""
