"""A building as a picture: floors from the top down, its units side by side, every room in its place 一栋一表."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.people.households import Occupied
from liuchi.ground.territory.addresses import UNIT_ENDING, sort_key
from liuchi.ground.territory.models import Dwelling, DwellingUse


@dataclass(frozen=True)
class Cell:
    """A room in the picture; None in its place where a unit has no such room on a floor."""

    room: Dwelling
    lives: Occupied

    @property
    def look(self) -> str:
        """Return how the room is drawn: who lives in it, vacant homes, other uses."""
        if self.lives.people or self.lives.households:
            return "lived"
        return "vacant" if self.room.use == DwellingUse.HOME else "other"

    @property
    def words(self) -> str:
        """Return what stands under the room's number."""
        if self.lives.people or self.lives.households:
            return _("%(people)s people") % {"people": self.lives.people}
        return _("vacant") if self.room.use == DwellingUse.HOME else str(self.room.get_use_display())


@dataclass(frozen=True)
class Unit:
    """A unit of the building: its label, and how many rooms it has at most on one floor."""

    number: str
    label: str
    width: int


@dataclass(frozen=True)
class Floor:
    """One row: its label and the rooms of each unit, filled up with None; or rooms that belong to no unit."""

    label: str
    cells: tuple[Cell | None, ...] = ()
    loose: tuple[Cell, ...] = ()


@dataclass(frozen=True)
class Picture:
    """A building's units from left to right, and its floors from the top down."""

    units: tuple[Unit, ...]
    floors: tuple[Floor, ...]

    @property
    def width(self) -> int:
        """Return how many rooms stand side by side at most."""
        return max(sum(unit.width for unit in self.units), 1)


def picture_of(rooms: Iterable[Dwelling], lives: Mapping[UUID, Occupied]) -> Picture:
    """Return the picture of a building's rooms."""
    placed: dict[tuple[int, str], list[Cell]] = {}
    for room in rooms:
        placed.setdefault((room.floor, room.unit), []).append(Cell(room, lives.get(room.id, Occupied())))
    numbers = sorted({unit for _floor, unit in placed if unit}, key=sort_key)
    units = tuple(
        Unit(number, _unit_label(number), max(len(cells) for (_f, unit), cells in placed.items() if unit == number))
        for number in numbers
    )
    floors: list[Floor] = []
    for floor in sorted({floor for floor, _unit in placed}, reverse=True):
        row = [cell for unit in units for cell in _filled(placed.get((floor, unit.number), []), unit.width)]
        if any(row):
            floors.append(Floor(_floor_label(floor), cells=tuple(row)))
        loose = placed.get((floor, ""), [])
        if loose:
            floors.append(Floor(_floor_label(floor), loose=tuple(loose)))
    return Picture(units, tuple(floors))


def _filled(cells: list[Cell], width: int) -> list[Cell | None]:
    return [*cells, *[None] * (width - len(cells))]


def _unit_label(number: str) -> str:
    return f"{number}{UNIT_ENDING}"


def _floor_label(floor: int) -> str:
    return str(floor) if floor > 0 else f"B{-floor}"
