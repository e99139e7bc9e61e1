"""Heads of building units and of joint defence 单元长、联防长: 1,920 as reported, 60 of them in 工农小区.

Who they are is made up: the head of the first household of the unit, or of the grid. The same every time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final

from liuchi.demo.district.estate import ESTATE_CODE, PHASES
from liuchi.demo.district.estate import households as estate_homes
from liuchi.demo.district.population import homes_lived_in

HEADS: Final = 1_920
IN_ESTATE: Final = 60
TERM_FROM: Final = date(2024, 1, 1)
_TERMS_UNTIL: Final = (date(2028, 12, 31), date(2026, 12, 31))
_WAYS: Final = ("residents", "residents", "representatives", "volunteered", "committee")


@dataclass(frozen=True, slots=True)
class Seat:
    """What somebody is the head of, in which grid; they are the head of the household of this number.

    The building is named by estate, phase and number; without one it is the whole grid.
    """

    kind: str
    grid_code: str
    household: str
    estate_code: str = ""
    phase: str = ""
    building: str = ""
    place: str = ""
    elected_how: str = "residents"
    term_until: date = _TERMS_UNTIL[0]


def estate_seats() -> list[Seat]:
    """Return the 60 heads of 工农小区: one for joint defence in each of its grids, the others of units."""
    found: dict[tuple[str, ...], Seat] = {}
    for home in estate_homes():
        grid, unit = home.house.grid_code, f"{home.room.unit}单元"
        found.setdefault(
            (home.house.phase, home.house.number, unit),
            Seat("unit", grid, home.number, ESTATE_CODE, home.house.phase, home.house.number, unit),
        )
    # The second household of a grid: the first one has the head of its unit.
    defence = []
    for phase in PHASES:
        homes = [home for home in estate_homes() if home.house.grid_code == phase.grid]
        defence.append(Seat("defence", phase.grid, homes[1].number))
    units = _evenly(list(found.values()), IN_ESTATE - len(defence))
    return list(_elected([*defence, *units]))


def district_seats() -> list[Seat]:
    """Return the others of the 1,920: one for joint defence in each further grid, the rest of units in the towns."""
    in_estate = {phase.grid for phase in PHASES}
    defence: list[Seat] = []
    units: dict[tuple[str, str, str], Seat] = {}
    for yard, homes in homes_lived_in():
        if yard.grid_code not in in_estate:
            defence.extend(Seat("defence", yard.grid_code, number) for number, _home in islice(homes, 1, 2))
        for number, home in homes:
            if home.unit:
                units.setdefault(
                    (yard.code, home.building, home.unit),
                    Seat("unit", yard.grid_code, number, yard.code, "", home.building, home.unit),
                )
    return list(_elected([*defence, *_evenly(list(units.values()), HEADS - IN_ESTATE - len(defence))]))


def _evenly(seats: list[Seat], wanted: int) -> list[Seat]:
    return [seats[place * len(seats) // wanted] for place in range(wanted)]


def _elected(seats: list[Seat]) -> Iterator[Seat]:
    """Give the seats with how and until when their holders were elected: some of the terms end earlier."""
    for place, seat in enumerate(seats):
        yield Seat(
            seat.kind,
            seat.grid_code,
            seat.household,
            seat.estate_code,
            seat.phase,
            seat.building,
            seat.place,
            _WAYS[place % len(_WAYS)],
            _TERMS_UNTIL[place % 20 == 0],
        )
