"""The organisations of the demo district, and who answers for what: from the standard's disposal units to our own
bodies.

`organisations.csv` lists the 54 departments and squads; street and town offices and the communities' committees
follow from the areas. `disposal_units.csv` says for each wording of the standard which body leads and which assist;
the standard is another city's (运城市), so no wording can be taken over as it stands.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from liuchi.demo.district.map import district_map
from liuchi.demo.district.places import DISTRICT

ORGANISATION_KINDS: Final = ("department", "squad", "centre", "utility", "desk", "town", "community")
PLACE_BODIES: Final = {"@town": "town", "@community": "community"}
DUTIES_DOCUMENT: Final = "大观区城市管理部件和事件处置职责分工（示范）"
DUTIES_FROM: Final = date(2024, 1, 1)
TOWN_OFFICES_ENGLISH: Final = {
    "340803001": "Dekuan Road Subdistrict Office",
    "340803002": "Yulin Road Subdistrict Office",
    "340803003": "Longshan Road Subdistrict Office",
    "340803004": "Linghu Subdistrict Office",
    "340803005": "Jixian Road Subdistrict Office",
    "340803006": "Shihua Road Subdistrict Office",
    "340803007": "Huating Road Subdistrict Office",
    "340803100": "Haikou Town Government",
    "340803200": "Shilipu Township Government",
}


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """A body that can be given work. `kind` is one of ORGANISATION_KINDS, `area_code` the area it serves."""

    code: str
    name: str
    short_name: str
    kind: str
    english_name: str
    area_code: str


@dataclass(frozen=True, slots=True)
class DisposalUnit:
    """Which of our bodies stand for one wording of the standard: organisation codes, or @town and @community by
    the place.
    """

    unit_text: str
    lead: str
    support: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A line of the powers and duties list.

    Exactly one of `organisation_code` and `by_place` ("town", "community") is set; `matter` is a class
    ("component-0101"), `role` lead or assist.
    """

    organisation_code: str
    by_place: str
    matter: str
    role: str
    note: str
    document: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class StandardRow:
    """A filing condition of the standard: its class, its number within the class from 1, and who disposes of it
    there.
    """

    matter: str
    number: int
    class_name: str
    condition: str
    disposal_unit: str


@cache
def departments() -> tuple[OrganisationRow, ...]:
    """Return the 54 departments, squads, centres, utilities and the desk, in the order of the list."""
    rows = _rows(files(__package__).joinpath("organisations.csv"))
    return tuple(OrganisationRow(**row, area_code=DISTRICT[0]) for row in rows)


@cache
def town_offices() -> tuple[OrganisationRow, ...]:
    """Return the offices of the nine streets and towns, by area code; their code is `town-` and the area's."""
    return tuple(
        OrganisationRow(
            code=f"town-{town.code}",
            name=f"{town.name}办事处" if town.label_kind == "街道" else f"{town.name}人民政府",
            short_name=town.name,
            kind="town",
            english_name=TOWN_OFFICES_ENGLISH[town.code],
            area_code=town.code,
        )
        for town in district_map().of_kind("town")
    )


@cache
def committees() -> tuple[OrganisationRow, ...]:
    """Return the forty committees of communities and villages, by area code; their code is `community-` and the
    area's.
    """
    return tuple(
        OrganisationRow(f"community-{area.code}", area.official_name, area.name, "community", "", area.code)
        for area in district_map().of_kind("community")
    )


def organisations() -> tuple[OrganisationRow, ...]:
    """Return all 103 bodies: the 54, then the town offices, then the committees."""
    return (*departments(), *town_offices(), *committees())


@cache
def disposal_units() -> dict[str, DisposalUnit]:
    """Return the mapping of the standard's disposal units, by their wording."""
    rows = _rows(files(__package__).joinpath("disposal_units.csv"))
    units = (DisposalUnit(row["unit_text"], row["lead"], tuple(row["support"].split()), row["note"]) for row in rows)
    return {unit.unit_text: unit for unit in units}


@cache
def standard_rows() -> tuple[StandardRow, ...]:
    """Return the filing conditions of the standard that the product ships, in its order."""
    rows = []
    counts: dict[str, int] = {}
    for row in _rows(files("liuchi.engines.cases").joinpath("data", "case_standards_yuncheng.csv")):
        matter = f"{row['type']}-{row['full_code']}"
        counts[matter] = counts.get(matter, 0) + 1
        rows.append(StandardRow(matter, counts[matter], row["small_name"], row["file_condition"], row["disposal_unit"]))
    return tuple(rows)


@cache
def duty_rows() -> tuple[DutyRow, ...]:
    """Return who leads and who assists in each class, by class, leading bodies first, each body once in a class.

    A body that leads under one condition of a class and assists under another leads. Raises KeyError if the standard
    names a disposal unit that is not mapped.
    """
    found: dict[tuple[str, str], DutyRow] = {}
    for row in sorted(_duties(), key=lambda row: (row.matter, row.role != "lead")):
        found.setdefault((row.matter, row.organisation_code or row.by_place), row)
    return tuple(found.values())


def _duties() -> Iterator[DutyRow]:
    for standard in standard_rows():
        unit = disposal_units()[standard.disposal_unit]
        yield _duty(standard.matter, unit.lead, "lead", unit.note)
        for body in unit.support:
            yield _duty(standard.matter, body, "assist", "")


def _duty(matter: str, body: str, role: str, note: str) -> DutyRow:
    by_place = PLACE_BODIES.get(body, "")
    return DutyRow("" if by_place else body, by_place, matter, role, note, DUTIES_DOCUMENT, DUTIES_FROM)


def _rows(source: Traversable) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(source.read_text(encoding="utf-8-sig"), newline="")))
