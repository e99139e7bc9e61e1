"""Writing the territory."""

from liuchi.ground.territory.actions.facts import move_area, recode_area, rename_area
from liuchi.ground.territory.actions.importing import NewArea, NewFeature, TerritoryRefused, import_territory

__all__ = [
    "NewArea",
    "NewFeature",
    "TerritoryRefused",
    "import_territory",
    "move_area",
    "recode_area",
    "rename_area",
]
