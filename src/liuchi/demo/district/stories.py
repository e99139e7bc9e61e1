"""What fictitious residents of the demo district report, in their words, and what came of it.

All texts are ours. Most fit a filing condition of the shipped standard; some do not and are refused with a reason and
the word where to go instead.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random
from typing import Final

from shapely import intersects_xy, union_all
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from liuchi.demo.district.map import Area, district_map

PLACE_KINDS: Final = ("street", "estate", "village", "market", "waterside", "park", "site", "school")
FIRST_COUNTRY_TOWN: Final = "340803100"


@dataclass(frozen=True, slots=True)
class Story:
    """A report, in its reporter's words, and what the desk would make of it.

    Either `matter` ("event-0506") and `condition` (its number within the class, from 1) file it and `results` say how
    it may have ended, or `refusal` (a reason of the cases' workflow) refuses it and `go_to` tells where to go
    instead. `also` holds further classes that a desk might have chosen; `place_kind` is one of PLACE_KINDS.
    """

    text: str
    matter: str
    condition: int
    also: tuple[str, ...]
    place_kind: str
    results: tuple[str, ...]
    refusal: str
    go_to: str


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something happens: CGCS2000 degrees and the grid that holds the point."""

    lon: float
    lat: float
    grid_code: str


@cache
def stories() -> tuple[Story, ...]:
    """Return all stories, those that can be filed and those that are refused."""
    text = files(__package__).joinpath("stories.csv").read_text(encoding="utf-8")
    return tuple(
        Story(
            text=row["text"],
            matter=row["matter"],
            condition=int(row["condition"] or 0),
            also=tuple(row["also"].split()),
            place_kind=row["place_kind"],
            results=tuple(result for result in row["results"].split("|") if result),
            refusal=row["refusal"],
            go_to=row["go_to"],
        )
        for row in csv.DictReader(io.StringIO(text, newline=""))
    )


def story_spot(story: Story, seed: str) -> Spot:
    """Return a point on land where the story may happen, the same for the same story and seed.

    Villages lie in the country, the waterside in a grid by a river or lake, everything else in the city.
    """
    chance = Random(f"{seed}|{story.text}")
    while True:
        grid = chance.choice(_grids_for(story.place_kind))
        lon, lat = grid.label_at or (0.0, 0.0)
        west, south, east, north = shape(grid.polygon).bounds
        reach = 0.15 * min(east - west, north - south)
        lon, lat = round(lon + chance.uniform(-reach, reach), 6), round(lat + chance.uniform(-reach, reach), 6)
        if not intersects_xy(_water(), lon, lat):
            return Spot(lon, lat, grid.code)


@cache
def _water() -> BaseGeometry:
    return union_all([shape(feature.shape) for feature in district_map().features if feature.kind in ("river", "lake")])


@cache
def _grids_for(place_kind: str) -> tuple[Area, ...]:
    grids = district_map().of_kind("grid")
    if place_kind == "village":
        return tuple(grid for grid in grids if grid.code >= FIRST_COUNTRY_TOWN)
    if place_kind == "waterside":
        return tuple(grid for grid in grids if shape(grid.polygon).intersects(_water()))
    return tuple(grid for grid in grids if grid.code < FIRST_COUNTRY_TOWN)
