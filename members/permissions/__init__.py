"""What the register lets each role do, a module a theme. The matrix in `kallari.roles` decides;
these name it."""
