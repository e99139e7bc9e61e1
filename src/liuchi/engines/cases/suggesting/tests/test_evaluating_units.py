"""The measuring of suggested units, on a stream small enough to count by hand."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from liuchi.engines.cases.suggesting.evaluating_units import OURS, PLAIN, WAYS, Given, House, evaluate_units, parts_here
from liuchi.engines.cases.testing import MORNING, closed, filed, small_world
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.organisations.models import DutyRole

LEAD, OTHER, GRID = (UUID(int=number) for number in (1, 2, 9))
BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
RINGS = [frozenset({GRID})] * 4
LISTED = {LEAD: DutyRole.LEAD, OTHER: DutyRole.ASSIST}
HOUSE = House(lambda _matter, _place: LISTED, lambda _place: RINGS, lambda _place: set(LISTED))


def part(day: int, unit: UUID, *, is_returned: bool = False) -> Given:
    at = BEGIN + timedelta(days=day)
    return Given("event-0101", GRID, unit, at, at + timedelta(hours=20), is_returned)


def test_units_when_the_lists_are_right_then_they_are_found_from_the_first_case_on() -> None:
    found = evaluate_units([part(day, LEAD) for day in range(4)], HOUSE)

    assert set(found) == set(WAYS)
    assert (found[OURS].cases, found[OURS].mrr, found[OURS].sure_right) == (4, 1, 1)
    assert found[PLAIN].top1 == pytest.approx(3 / 4)


def test_units_when_practice_is_another_then_it_is_learnt_only_from_what_was_known_by_then() -> None:
    found = evaluate_units([part(0, OTHER), *(part(day, OTHER) for day in range(1, 40))], HOUSE)[OURS]
    blind = evaluate_units([part(0, OTHER) for _ in range(40)], HOUSE)[OURS]

    assert found.top1 > 0.5
    assert blind.top1 == 0
    assert blind.mrr == pytest.approx(0.5)


def test_units_when_a_part_was_sent_back_then_it_is_learnt_from_and_not_asked() -> None:
    found = evaluate_units([part(0, LEAD, is_returned=True), part(2, OTHER)], HOUSE)

    assert found[OURS].cases == 1


@pytest.mark.django_db
def test_parts_when_cases_are_closed_then_are_told_and_open_ones_are_not() -> None:
    with frozen_at(MORNING):
        world = small_world()
        done = closed(world)
        filed(world)

        (found,) = parts_here()

    assert (found.place_id, found.unit_id, found.is_returned) == (done.place_id, world.water.id, False)
    assert found.matter == "component-0101"
