"""Pages of the office door."""
