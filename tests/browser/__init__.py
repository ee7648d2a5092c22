"""What people see: journeys through the pages in a real browser."""
