"""The section for areas, grids and boundaries."""
