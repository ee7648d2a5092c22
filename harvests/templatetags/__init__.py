"""What templates of the harvests need."""
