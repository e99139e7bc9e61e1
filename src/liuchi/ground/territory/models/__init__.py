"""Areas with validity in time and their boundaries; dwellings; public assets."""

from liuchi.ground.territory.models.area import Area, AreaKind, Boundary, Edition, Feature

__all__ = ["Area", "AreaKind", "Boundary", "Edition", "Feature"]
