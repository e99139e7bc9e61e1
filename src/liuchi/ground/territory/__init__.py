"""The territory: areas, grids, boundaries, and which grid holds a point."""
