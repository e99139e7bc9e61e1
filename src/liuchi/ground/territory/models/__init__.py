"""Areas with validity in time and their boundaries; dwellings; public assets."""

from liuchi.ground.territory.models.area import GRID_KINDS, TIERS, Area, AreaKind, Boundary, Edition, Feature
from liuchi.ground.territory.models.dwelling import Building, Dwelling, DwellingUse, Estate, EstateKind
from liuchi.ground.territory.models.history import GOES_ON, AreaVersion, Succession, SuccessionKind
from liuchi.ground.territory.models.norm import GridNorm

__all__ = [
    "GOES_ON",
    "GRID_KINDS",
    "TIERS",
    "Area",
    "AreaKind",
    "AreaVersion",
    "Boundary",
    "Building",
    "Dwelling",
    "DwellingUse",
    "Edition",
    "Estate",
    "EstateKind",
    "Feature",
    "GridNorm",
    "Succession",
    "SuccessionKind",
]
