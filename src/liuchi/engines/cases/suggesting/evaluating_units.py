"""How good suggested units are: each closed case asked again as of its dispatch, with what was known by then."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import NamedTuple
from uuid import UUID

from liuchi.engines.cases.models import NOT_OURS
from liuchi.engines.cases.suggesting.practice import parts_that_ended, rings_around, units_at
from liuchi.engines.cases.suggesting.units import MOST, WITHIN, Candidate, Practice, is_sure, nested, rank, weight_of
from liuchi.ground.kernel import clock
from liuchi.ground.organisations.queries import duties_at, units
from liuchi.ground.territory.queries import territory

#: In which order the ways are told; the first is the plain way, the last the one in use.
PLAIN, LISTS, PRACTICE, OURS = WAYS = ("plain", "lists", "practice", "ours")


class Given(NamedTuple):
    """A part as it ended: of which class and where, whose, when it was given and when its end was known."""

    matter: str
    place_id: UUID
    unit_id: UUID
    at: datetime
    known_at: datetime
    is_returned: bool


@dataclass(frozen=True)
class House:
    """What a ranking asks of the house: duties by matter and place, the rings around a place, who serves there."""

    duties: Callable[[str, UUID], Mapping[UUID, str]]
    rings: Callable[[UUID], Sequence[Collection[UUID]]]
    serving: Callable[[UUID], Collection[UUID]]


@dataclass(frozen=True)
class Found:
    """How one way did: mean reciprocal rank, how often first, or among three; how often sure, and right."""

    cases: int
    mrr: float
    top1: float
    top3: float
    sure: float
    sure_right: float


def evaluate_units(given: Iterable[Given], house: House) -> dict[str, Found]:
    """Return how each way found the unit that finished a case, asked when the case was given to it.

    Plain: the unit that finished most cases of the class so far. Lists: the duties alone. Practice: what was done
    before, without the lists. Ours: both.
    """
    known: dict[str, list[Given]] = {}
    ranks: dict[str, list[int]] = {way: [] for way in WAYS}
    sure: dict[str, list[bool]] = {way: [] for way in WAYS}
    for asks, part in _in_order(given):
        before = known.setdefault(part.matter, [])
        if not asks:
            before.append(part)
            continue
        for way in WAYS:
            order, certain = _ranked(way, part, before, house)
            at = order.index(part.unit_id) + 1 if part.unit_id in order else 0
            ranks[way].append(at)
            if certain:
                sure[way].append(at == 1)
    return {way: _found(ranks[way], sure[way]) for way in WAYS}


def house_here() -> House:
    """Return what the instance's own lists, areas and bodies say."""
    every = [body.id for body in units()]

    @cache
    def duties(matter: str, place_id: UUID) -> Mapping[UUID, str]:
        return {each.organisation.id: each.role for each in duties_at(matter, place_id).holders}

    return House(duties, cache(rings_around), cache(lambda place: frozenset(b.id for b in units_at(place, every))))


def parts_here() -> list[Given]:
    """Return the leading parts of the district's own cases of the last two years that ended; none of a secret case."""
    now = clock.now()
    rows = (
        parts_that_ended(now - 2 * WITHIN, now)
        .filter(case__place_id__in=territory().with_descendants(territory().root().id))
        .select_related("case__condition__case_class")
    )
    return [
        Given(
            part.case.condition.case_class.matter,
            part.case.place_id,
            part.unit_id,
            part.assigned_at,
            part.ended_at or part.case.ended_at or now,
            part.outcome == NOT_OURS,
        )
        for part in rows.order_by("assigned_at", "id")
        if part.case.condition is not None
    ]


def _in_order(given: Iterable[Given]) -> Iterator[tuple[bool, Given]]:
    """Yield (True, part) when a case is asked, (False, part) when the end of a part comes to be known."""
    parts = list(given)
    asked = [(part.at, 1, number) for number, part in enumerate(parts) if not part.is_returned]
    ended = [(part.known_at, 0, number) for number, part in enumerate(parts)]
    for _at, asks, number in sorted((*asked, *ended)):
        yield bool(asks), parts[number]


def _ranked(way: str, part: Given, before: Sequence[Given], house: House) -> tuple[list[UUID], bool]:
    if way == PLAIN:
        counted = Counter(each.unit_id for each in before if not each.is_returned)
        return [unit for unit, _number in counted.most_common()], False
    duties = house.duties(part.matter, part.place_id) if way != PRACTICE else {}
    around = nested(_practice(part.at, before), house.rings(part.place_id)) if way != LISTS else {}
    serving = house.serving(part.place_id)
    ranked = rank(
        Candidate(unit, duties.get(unit, ""), around.get(unit, {})) for unit in {*duties, *around} if unit in serving
    )
    return [each.candidate.unit_id for each in ranked], is_sure(ranked)


def _practice(at: datetime, before: Iterable[Given]) -> Iterator[tuple[UUID, UUID, Practice]]:
    for each in before:
        weight = weight_of(at - each.at)
        if weight:
            found = Practice(0, 1, 0.0, weight) if each.is_returned else Practice(1, 0, weight, 0.0)
            yield each.unit_id, each.place_id, found


def _found(ranks: Sequence[int], sure: Sequence[bool]) -> Found:
    number = len(ranks) or 1
    return Found(
        len(ranks),
        sum(1 / rank for rank in ranks if rank) / number,
        sum(rank == 1 for rank in ranks) / number,
        sum(0 < rank <= MOST for rank in ranks) / number,
        len(sure) / number,
        sum(sure) / (len(sure) or 1),
    )
