"""What families hand in: prices, deliveries, and their way from the village into the books."""
