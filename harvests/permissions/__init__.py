"""What the app lets each role do, a module a theme."""
