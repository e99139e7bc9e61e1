"""Pages of the resident door."""
