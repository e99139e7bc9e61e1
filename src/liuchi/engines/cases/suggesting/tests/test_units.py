"""The model of units: shares, rings, returns."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liuchi.engines.cases.suggesting.units import (
    HALF_AFTER,
    SURE,
    WITHIN,
    Candidate,
    Practice,
    Ring,
    is_sure,
    nested,
    rank,
    weight_of,
)
from liuchi.ground.organisations.models import DutyRole

LEAD, HELP, STRANGER = (UUID(int=number) for number in (1, 2, 3))


def candidate(unit: UUID, duty: str = "", **held: tuple[int, int]) -> Candidate:
    """Return a candidate with fresh (done, returned) in rings of these names."""
    practice: Mapping[Ring, Practice] = {
        Ring[ring.upper()]: Practice(done, back, float(done), float(back)) for ring, (done, back) in held.items()
    }
    return Candidate(unit, duty, practice)


def order(*candidates: Candidate) -> list[UUID]:
    return [each.candidate.unit_id for each in rank(candidates)]


def test_rank_when_nothing_was_done_yet_then_the_lead_of_the_lists_is_sure() -> None:
    found = rank([candidate(HELP, DutyRole.ASSIST), candidate(LEAD, DutyRole.LEAD)])

    assert [each.candidate.unit_id for each in found] == [LEAD, HELP]
    assert is_sure(found)
    assert found[0].ring is None


def test_rank_when_two_lead_by_the_lists_and_nothing_was_done_then_none_is_sure() -> None:
    assert not is_sure(rank([candidate(HELP, DutyRole.LEAD), candidate(LEAD, DutyRole.LEAD)]))


def test_rank_when_the_grid_has_another_practice_than_the_district_then_the_grid_counts() -> None:
    lead = candidate(LEAD, DutyRole.LEAD, district=(90, 0), town=(2, 0), community=(0, 0), grid=(0, 0))
    other = candidate(STRANGER, district=(12, 0), town=(12, 0), community=(12, 0), grid=(12, 0))

    assert order(lead, other) == [STRANGER, LEAD]


def test_rank_when_a_unit_sends_cases_back_then_it_falls_behind_and_the_ring_is_named() -> None:
    lead = candidate(LEAD, DutyRole.LEAD, district=(3, 9), town=(1, 9), community=(1, 9), grid=(1, 9))
    other = candidate(HELP, DutyRole.ASSIST, district=(9, 0), town=(9, 0), community=(9, 0), grid=(9, 0))

    found = rank([lead, other])

    assert found[0].candidate.unit_id == HELP
    assert (found[1].ring, found[1].practice.returned) == (Ring.GRID, 9)


def test_rank_when_the_grid_holds_too_few_then_a_wider_ring_tells() -> None:
    (found,) = rank([candidate(LEAD, district=(8, 1), town=(5, 1), community=(2, 0), grid=(1, 0))])

    assert (found.ring, found.practice.done, found.practice.returned) == (Ring.TOWN, 5, 1)


def test_weight_when_a_quarter_has_passed_then_half_and_after_a_year_nothing() -> None:
    assert weight_of(timedelta(0)) == 1
    assert weight_of(HALF_AFTER) == pytest.approx(0.5)
    assert weight_of(WITHIN + timedelta(seconds=1)) == 0


def test_nested_when_a_place_lies_in_all_rings_then_counts_in_each() -> None:
    grid, town, elsewhere = uuid4(), uuid4(), uuid4()
    rings = [{grid, town, elsewhere}, {grid, town}, {grid}, {grid}]

    found = nested([(LEAD, grid, Practice(2, 1)), (LEAD, town, Practice(3)), (LEAD, uuid4(), Practice(9))], rings)

    assert {ring: (each.done, each.returned) for ring, each in found[LEAD].items()} == {
        Ring.DISTRICT: (5, 1),
        Ring.TOWN: (5, 1),
        Ring.COMMUNITY: (2, 1),
        Ring.GRID: (2, 1),
    }


def test_rank_when_nobody_can_be_given_it_then_none() -> None:
    assert rank([]) == []
    assert not is_sure([])


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([*DutyRole.values[:2], ""]), st.integers(0, 50), st.integers(0, 50)), max_size=8)
)
def test_shares_when_summed_then_are_one_and_fall(drawn: list[tuple[str, int, int]]) -> None:
    found = rank(
        candidate(UUID(int=number), duty, district=(done, back), grid=(done, back))
        for number, (duty, done, back) in enumerate(drawn)
    )

    shares = [each.share for each in found]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1 if drawn else 0)
    assert is_sure(found) == (bool(shares) and shares[0] >= SURE)
