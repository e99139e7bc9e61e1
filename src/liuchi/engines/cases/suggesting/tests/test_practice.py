"""Units for a case, from the database: who must not be named, what may be counted, what it costs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liuchi.engines.cases.actions.check import pass_check
from liuchi.engines.cases.actions.decide import uphold_decline
from liuchi.engines.cases.actions.desk import close_case
from liuchi.engines.cases.actions.dispatch import dispatch_case
from liuchi.engines.cases.actions.handle import hand_in_result
from liuchi.engines.cases.actions.secret import name_accused
from liuchi.engines.cases.models import Case
from liuchi.engines.cases.queries import duties_for
from liuchi.engines.cases.secrecy import accused_units
from liuchi.engines.cases.suggesting.practice import SuggestedUnit, suggested_units
from liuchi.engines.cases.suggesting.units import Ring
from liuchi.engines.cases.testing import MORNING, SETUP, World, case_of, closed, disputed, filed, small_world
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.organisations.actions.standing import serve_areas
from liuchi.ground.organisations.models import Organisation


@pytest.fixture
def world(db: None) -> World:
    with frozen_at(MORNING):
        return small_world()


def asked(world: World, case: Case, *, by: str = "dispatcher") -> list[SuggestedUnit]:
    case = case_of(case.id)
    return suggested_units(world.viewer(by), case, duties_for(case), left_out=accused_units(case))


def names(found: list[SuggestedUnit]) -> list[str]:
    return [each.unit.code for each in found]


def done_by_lights(world: World, *, grid: int = 0) -> Case:
    """Return a closed case of the water centre's class that the lights squad worked off."""
    case = filed(world, grid=grid)
    dispatch_case(by=world.viewer("dispatcher"), case_id=case.id, unit_id=world.lights.id, reason="区里协调")
    hand_in_result(by=world.viewer("lights"), case_id=case.id, text="已更换井盖")
    checker = "checker" if grid < 4 else "other-checker"
    pass_check(by=world.viewer(checker), case_id=case.id)
    close_case(by=world.viewer("desk"), case_id=case.id)
    return case_of(case.id)


def test_units_when_nothing_was_done_then_those_of_the_list_the_lead_sure(world: World) -> None:
    found = asked(world, filed(world))

    assert names(found) == ["water", "town-1"]
    assert [each.is_sure for each in found] == [True, False]
    assert found[0].duty is not None
    assert found[0].ranked.ring is None


def test_units_when_another_worked_such_cases_off_here_then_it_comes_first_with_its_numbers(world: World) -> None:
    for _ in range(6):
        done_by_lights(world)

    first = asked(world, filed(world))[0]

    assert (first.unit.code, first.duty, first.ranked.ring) == ("lights", None, Ring.GRID)
    assert (first.ranked.practice.done, first.ranked.practice.returned) == (6, 0)


def test_units_when_it_was_elsewhere_or_long_ago_then_the_list_counts(world: World) -> None:
    with frozen_at(MORNING):
        for _ in range(4):
            done_by_lights(world, grid=6)
        here = asked(world, filed(world))
    with frozen_at(MORNING + timedelta(days=400)):
        later = asked(world, filed(world, grid=6))

    assert {each.unit.code: each.ranked.ring for each in here}["lights"] == Ring.DISTRICT
    assert names(here)[0] == "water"
    assert "lights" not in names(later)


def test_units_when_one_sent_such_cases_back_then_it_is_counted(world: World) -> None:
    for _ in range(3):
        back = disputed(world)
        uphold_decline(by=world.viewer("desk"), case_id=back.id)

    found = {each.unit.code: each for each in asked(world, filed(world))}

    assert (found["water"].ranked.practice.done, found["water"].ranked.practice.returned) == (0, 3)
    assert not any(each.is_sure for each in found.values())


def test_units_when_left_out_then_are_not_named(world: World) -> None:
    case = filed(world)
    assert "water" in names(asked(world, case))

    found = suggested_units(world.viewer("dispatcher"), case, duties_for(case), left_out={world.water.id})

    assert names(found) == ["town-1"]


def test_units_when_the_report_is_about_one_then_it_and_what_is_under_it_are_not_named(world: World) -> None:
    case = filed(world)
    assert "water" in names(asked(world, case))

    name_accused(by=world.viewer("desk"), case_id=case.id, unit_ids=[world.water.id])

    assert names(asked(world, case)) == ["town-1"]


def test_units_when_what_was_done_was_secret_then_it_is_not_counted(world: World) -> None:
    cases = [done_by_lights(world) for _ in range(6)]
    assert names(asked(world, filed(world)))[0] == "lights"
    with guard.scope("maintenance", "tests"):
        Case.objects.filter(id__in=[case.id for case in cases]).update(is_secret=True)

    assert "lights" not in names(asked(world, filed(world)))


def test_units_when_the_viewer_may_not_see_where_it_was_done_then_it_is_not_counted(world: World) -> None:
    for _ in range(6):
        done_by_lights(world)
    case = filed(world)
    assert names(asked(world, case))[0] == "lights"

    assert "lights" not in names(asked(world, case, by="other-desk"))


def test_units_when_one_has_ended_then_it_is_not_named(world: World) -> None:
    for _ in range(6):
        done_by_lights(world)
    case = filed(world)
    assert "lights" in names(asked(world, case))
    with guard.scope("maintenance", "tests"):
        Organisation.objects.filter(id=world.lights.id).update(valid_to=MORNING.date())

    assert "lights" not in names(asked(world, case))


def test_units_when_one_is_of_another_town_then_only_if_it_serves_here(world: World) -> None:
    town = Organisation.objects.get(code="town-2")
    for _ in range(6):
        done_by_lights(world)
    case = filed(world)
    assert "lights" in names(asked(world, case))
    with guard.scope("maintenance", "tests"):
        Organisation.objects.filter(id=world.lights.id).update(area=town.area)
    assert "lights" not in names(asked(world, case))

    serve_areas(by=SETUP, organisation_id=world.lights.id, area_ids=[world.communities[0].id], on=MORNING.date())

    assert "lights" in names(asked(world, case))


def test_units_when_the_case_has_no_condition_then_none(world: World) -> None:
    case = filed(world)
    case.condition = None

    assert suggested_units(world.viewer("dispatcher"), case, duties_for(case)) == []


@pytest.mark.parametrize("cases", [1, 3])
def test_units_when_many_were_done_then_three_questions(world: World, cases: int) -> None:
    for _ in range(cases):
        closed(world)
        done_by_lights(world)
    case, viewer = filed(world), world.viewer("dispatcher")
    duties = duties_for(case)
    suggested_units(viewer, case, duties)

    with CaptureQueriesContext(connection) as asked_for:
        suggested_units(viewer, case, duties)

    assert len(asked_for) == 3
