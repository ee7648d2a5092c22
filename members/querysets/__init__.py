"""Reading the register, a module a theme."""
