"""The pages of the register, a module a theme."""
