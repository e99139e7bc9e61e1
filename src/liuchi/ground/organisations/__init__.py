"""Bodies that can be given work, their posts, their powers and duties."""
