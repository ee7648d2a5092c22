"""What happens in the life of the register, a module a theme."""
