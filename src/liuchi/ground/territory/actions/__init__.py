"""Writing the territory."""

from liuchi.ground.territory.actions.boundaries import import_boundaries
from liuchi.ground.territory.actions.days import bring_into_force
from liuchi.ground.territory.actions.editions import import_edition
from liuchi.ground.territory.actions.facts import move_area, recode_area, rename_area
from liuchi.ground.territory.actions.grids import close_area, open_area, set_norm
from liuchi.ground.territory.actions.importing import NewArea, NewFeature, TerritoryRefused, import_territory
from liuchi.ground.territory.actions.shapes import merge_areas, redraw_boundary, split_area
from liuchi.ground.territory.actions.withdrawing import withdraw_areas
from liuchi.ground.territory.ending import Part

__all__ = [
    "NewArea",
    "NewFeature",
    "Part",
    "TerritoryRefused",
    "bring_into_force",
    "close_area",
    "import_boundaries",
    "import_edition",
    "import_territory",
    "merge_areas",
    "move_area",
    "open_area",
    "recode_area",
    "redraw_boundary",
    "rename_area",
    "set_norm",
    "split_area",
    "withdraw_areas",
]
