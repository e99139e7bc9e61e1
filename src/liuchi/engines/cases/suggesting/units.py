"""Which unit a case belongs to: what the lists of duties say, and what became of the same class around before.

A small model that can be told in one line. The lists give each unit a share to begin with. Then, from the district
inwards to the grid, what units finished there moves the shares towards what was found: many cases count more than the
few that the share is worth. Last, whoever was found not to be in charge loses in proportion. Nothing here reads.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import IntEnum
from typing import Final
from uuid import UUID

from liuchi.ground.organisations.models import DutyRole

#: How many units are suggested.
MOST: Final = 3
#: How far back is looked, and after how long a case counts half.
WITHIN: Final = timedelta(days=365)
HALF_AFTER: Final = timedelta(days=90)
#: What all units of one standing share among them before anything is known; none of a standing, none of its share.
SHARES: Final[Mapping[str, float]] = {DutyRole.LEAD: 0.87, DutyRole.ASSIST: 0.1, "": 0.03}
#: How many cases the lists' share is worth against what the district did, and a wider ring's against a nearer one.
LISTED: Final = 10.0
WORTH: Final = 1.0
#: How many finished cases everybody is granted, so that one return does not count as all.
GRANTED: Final = 1.0
#: From which share the first is chosen already. See `docs/measurements.md` for where it comes from.
SURE: Final = 0.85
#: Parts that ended in so many returns or works are enough to be named; fewer speak of a wider ring.
ENOUGH: Final = 3


class Ring(IntEnum):
    """How near to the place of the case something was, each within the one before."""

    DISTRICT = 0
    TOWN = 1
    COMMUNITY = 2
    GRID = 3


@dataclass(frozen=True, slots=True)
class Practice:
    """What became of cases of the class that a unit was given: finished, or found not its own; also weighed by age."""

    done: int = 0
    returned: int = 0
    done_weight: float = 0.0
    returned_weight: float = 0.0

    def __add__(self, other: "Practice") -> "Practice":
        return Practice(
            self.done + other.done,
            self.returned + other.returned,
            self.done_weight + other.done_weight,
            self.returned_weight + other.returned_weight,
        )


NOTHING: Final = Practice()


@dataclass(frozen=True)
class Candidate:
    """A unit that may be given the case: its standing in the lists ("" for none), and its practice in each ring."""

    unit_id: UUID
    duty: str = ""
    practice: Mapping[Ring, Practice] = field(default_factory=dict)


@dataclass(frozen=True)
class Ranked:
    """A candidate with its share of all, and the ring whose practice says most about it (None without any)."""

    candidate: Candidate
    share: float
    ring: Ring | None

    @property
    def practice(self) -> Practice:
        """Return what the unit did in that ring."""
        return NOTHING if self.ring is None else self.candidate.practice[self.ring]


def weight_of(age: timedelta) -> float:
    """Return what a case counts that began so long ago: 1 now, half after `HALF_AFTER`, none beyond `WITHIN`."""
    return 0.0 if age > WITHIN else float(0.5 ** (max(age, timedelta(0)) / HALF_AFTER))


def nested(
    counted: Iterable[tuple[UUID, UUID, Practice]], rings: Sequence[Collection[UUID]]
) -> dict[UUID, dict[Ring, Practice]]:
    """Return each unit's practice ring by ring, from rows of (unit, place, practice).

    `rings` are the areas of the district, the town, the community and the grid of the case, as far as there are any.
    """
    found: dict[UUID, dict[Ring, Practice]] = {}
    for unit_id, place_id, practice in counted:
        for ring, places in zip(Ring, rings, strict=False):
            if place_id in places:
                mine = found.setdefault(unit_id, {})
                mine[ring] = mine.get(ring, NOTHING) + practice
    return found


def rank(candidates: Iterable[Candidate]) -> list[Ranked]:
    """Return candidates with their shares, which sum up to one, likeliest first; equals by standing and id."""
    known = list(candidates)
    shares = _begin(known)
    for ring in Ring:
        held = {each.unit_id: each.practice.get(ring, NOTHING).done_weight for each in known}
        whole, worth = sum(held.values()), LISTED if ring == Ring.DISTRICT else WORTH
        shares = {unit: (held[unit] + worth * share) / (whole + worth) for unit, share in shares.items()}
    for each in known:
        shares[each.unit_id] *= _trust(each)
    whole = sum(shares.values()) or 1.0
    ranked = [Ranked(each, shares[each.unit_id] / whole, _telling(each)) for each in known]
    return sorted(ranked, key=lambda each: (-each.share, each.candidate.duty != DutyRole.LEAD, each.candidate.unit_id))


def is_sure(ranked: Sequence[Ranked]) -> bool:
    """Tell whether the first of `ranked` is likely enough to be chosen already."""
    return bool(ranked) and ranked[0].share >= SURE


def _begin(candidates: Sequence[Candidate]) -> dict[UUID, float]:
    sizes = {duty: sum(1 for each in candidates if each.duty == duty) for duty in SHARES}
    raw = {each.unit_id: SHARES[each.duty] / sizes[each.duty] for each in candidates}
    whole = sum(raw.values()) or 1.0
    return {unit: share / whole for unit, share in raw.items()}


def _trust(candidate: Candidate) -> float:
    """Return how far a unit's being given such cases went well, in the narrowest ring that holds enough of them."""
    ring = _telling(candidate)
    if ring is None:
        return 1.0
    practice = candidate.practice[ring]
    well = practice.done_weight + GRANTED
    return well / (well + practice.returned_weight)


def _telling(candidate: Candidate) -> Ring | None:
    """Return the narrowest ring with enough practice of a unit; else the narrowest that holds all there is."""
    held = {ring: each.done + each.returned for ring, each in candidate.practice.items() if each.done + each.returned}
    if not held:
        return None
    enough = [ring for ring, number in held.items() if number >= ENOUGH]
    return max(enough) if enough else max(ring for ring, number in held.items() if number == max(held.values()))
