"""Planted practice: a year of dispatches in a district where practice has come away from the lists here and there.

The demo's own cases go where the lists say, so that they cannot tell whether practice is learnt. Here, in one of
eight pairs of class and community, another body has it by agreement (one that assists, or the office of the street),
half of these agreements since some day of the year; one class in thirty went over in the whole district; one case in
twelve is given to a wrong unit first, which says so within a day. Everything follows from the seed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Final
from uuid import UUID

from liuchi.engines.cases.suggesting.evaluating_units import Given

BEGINS: Final = datetime(2025, 11, 1, tzinfo=UTC)
YEAR: Final = timedelta(days=365)
CASES: Final = 6000
AGREED, WHOLE, WRONG = 1 / 8, 1 / 30, 1 / 12


@dataclass(frozen=True)
class Place:
    """A grid with its community and the office of its street."""

    grid_id: UUID
    community_id: UUID
    office_id: UUID


def practised(
    seed: int,
    matters: Sequence[str],
    places: Sequence[Place],
    duties: Callable[[str, UUID], Mapping[UUID, str]],
    cases: int = CASES,
) -> list[Given]:
    """Return the parts of a year's cases as they ended, wrong ones too, in the order in which they were given."""
    chance = Random(f"practice {seed}")
    often = list(accumulate(1 / (1 + number) for number in range(len(matters))))
    said = chance.sample(list(matters), len(matters))
    busy = list(accumulate(chance.paretovariate(2) for _ in places))
    whole = {matter for matter in said if chance.random() < WHOLE}
    agreed: dict[tuple[str, UUID], tuple[UUID, datetime] | None] = {}
    found = []
    for _ in range(cases):
        matter, place = chance.choices(said, cum_weights=often)[0], chance.choices(places, cum_weights=busy)[0]
        at = BEGINS + chance.random() * YEAR
        by_list = duties(matter, place.grid_id)
        if not by_list:
            continue
        lead = next(iter(by_list))
        helping = [unit for unit in by_list if unit != lead]
        pair = (matter, place.community_id)
        if pair not in agreed:
            agreed[pair] = _agreed(Random(f"{seed} {matter} {place.community_id}"), helping, place, lead)
        right, other = lead, agreed[pair]
        if matter in whole and helping:
            right = helping[0]
        elif other is not None and other[1] <= at:
            right = other[0]
        wrong = [unit for unit in dict.fromkeys((*by_list, place.office_id)) if unit != right]
        if wrong and chance.random() < WRONG:
            first = lead if right != lead and chance.random() < 0.5 else chance.choice(wrong)
            found.append(Given(matter, place.grid_id, first, at, at + chance.random() * timedelta(days=1), True))
            at += timedelta(days=1.1)
        found.append(Given(matter, place.grid_id, right, at, at + timedelta(days=1 + chance.expovariate(1 / 4)), False))
    return sorted(found, key=lambda each: each.at)


def _agreed(chance: Random, helping: Sequence[UUID], place: Place, lead: UUID) -> tuple[UUID, datetime] | None:
    if chance.random() >= AGREED:
        return None
    others = [unit for unit in (*helping, place.office_id) if unit != lead]
    since = BEGINS + chance.random() * YEAR if chance.random() < 0.5 else BEGINS
    return (chance.choice(others), since) if others else None
