"""What the database itself refuses, beyond what a constraint can say; a module a theme, named as
that of the models."""
