"""Pages of the public asset book."""
