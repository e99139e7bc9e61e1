"""Pages of whoever keeps the areas."""
