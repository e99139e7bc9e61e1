"""A grid is split, merged or redrawn while cases are open in it: who and what follows, and what stays."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from liuchi.engines.cases import reactions as cases
from liuchi.engines.cases.actions.check import pass_check
from liuchi.engines.cases.actions.desk import close_case, file_case
from liuchi.engines.cases.actions.dispatch import dispatch_case
from liuchi.engines.cases.actions.handle import hand_in_result
from liuchi.engines.cases.actions.places import relocate_case
from liuchi.engines.cases.actions.reporter import reopen_case
from liuchi.engines.cases.filtering import Filters
from liuchi.engines.cases.models import Case
from liuchi.engines.cases.queries import case_for, work_list
from liuchi.engines.cases.testing import (
    MORNING,
    SETUP,
    World,
    case_of,
    closed,
    dispatched,
    give_role,
    report,
    small_world,
)
from liuchi.ground.access import reactions as access
from liuchi.ground.access.models import Account, Grant
from liuchi.ground.access.viewers import PUBLIC
from liuchi.ground.journal.models import DeadLetter, Line
from liuchi.ground.journal.reactions import Reaction, run_reactions
from liuchi.ground.journal.sealing import seal_once
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.people import reactions as people
from liuchi.ground.people.actions import NewPerson, import_people
from liuchi.ground.people.models import Person, Residence
from liuchi.ground.records import protected
from liuchi.ground.territory import tasks
from liuchi.ground.territory.actions import Part, merge_areas, redraw_boundary, split_area
from liuchi.ground.territory.following import SHAPING
from liuchi.ground.territory.models import Area
from liuchi.ground.territory.queries import boundaries, forget, territory
from liuchi.ground.territory.testing import box

TODAY = date(2024, 9, 12)
WESTERN: dict[str, Any] = {"longitude": 117.002, "latitude": 30.505}
EASTERN: dict[str, Any] = {"longitude": 117.008, "latitude": 30.505}
FOLLOWING = [
    Reaction("cases.territory", SHAPING, cases.follow_territory),
    Reaction("access.territory", SHAPING, access.follow_territory),
    Reaction("people.territory", SHAPING, people.follow_territory),
]


@pytest.fixture
def world(committed: None) -> Iterator[World]:
    with frozen_at(MORNING):
        yield small_world()
    forget()


def split(world: World, on: date = TODAY) -> list[Area]:
    """Split the first grid into a western and an eastern half."""
    parts = [Part("甲网格", box(117.0, 30.5, 0.005)), Part("乙网格", box(117.005, 30.5, 0.005))]
    made = split_area(by=SETUP, area_id=world.grids[0].id, parts=parts, on=on)
    forget()
    return made


def follow() -> None:
    """Let the worker do what follows; twice, for it may be killed and begin again."""
    for _ in range(2):
        seal_once()
        run_reactions(FOLLOWING)
    assert not DeadLetter.objects.exists()


def test_open_cases_when_their_grid_is_split_then_each_goes_to_the_part_that_holds_its_point(world: World) -> None:
    west_case = case_of(report(world, **WESTERN).case_id)
    east_case = dispatched(world, **EASTERN)
    unplaced = case_of(report(world, longitude=None, latitude=None, area_id=world.grids[0].id).case_id)
    west, east = split(world)
    follow()

    assert case_of(west_case.id).place == west
    assert case_of(east_case.id).place == east
    assert case_of(unplaced.id).place == world.communities[0]
    moved = case_of(east_case.id)
    assert (moved.state, moved.version, moved.unit) == ("handling", east_case.version + 1, world.water)
    assert [move.name for move in moved.moves.order_by("id")][-2:] == ["dispatch", "relocate"]
    line = Line.objects.get(kind="case.relocated", subject_id=east_case.id)
    assert (line.place_id, line.data) == (
        east.id,
        {"from_place": str(world.grids[0].id), "to_place": str(east.id)},
    )


def test_closed_cases_when_their_grid_is_split_then_stay_and_are_still_seen(world: World) -> None:
    case = closed(world, **WESTERN)
    split(world)
    follow()

    assert case_of(case.id).place == world.grids[0]
    assert case_for(world.viewer("desk"), case.number).id == case.id
    assert case_for(world.viewer("checker"), case.number).id == case.id
    with pytest.raises(NotFound):
        case_for(world.viewer("other-desk"), case.number)


def test_closed_case_when_taken_up_again_then_belongs_where_its_place_is_today(world: World) -> None:
    receipt = report(world, by=world.viewer("resident"), **WESTERN)
    case = _close(world, receipt.case_id)
    west, _ = split(world)
    follow()
    reopen_case(by=world.viewer("resident"), case_id=case.id, text="还没修好")

    assert case_of(case.id).place == west


def _close(world: World, case_id: UUID) -> Case:
    file_case(by=world.viewer("desk"), case_id=case_id, condition_id=world.conditions[0].id)
    dispatch_case(by=world.viewer("dispatcher"), case_id=case_id, unit_id=world.water.id, reason="清单")
    hand_in_result(by=world.viewer("water"), case_id=case_id, text="已更换")
    pass_check(by=world.viewer("checker"), case_id=case_id)
    close_case(by=world.viewer("desk"), case_id=case_id)
    return Case.objects.get(id=case_id)


def test_split_of_tomorrow_when_the_day_comes_then_cases_follow_then_and_not_before(world: World) -> None:
    case = case_of(report(world, **WESTERN).case_id)
    west, _ = split(world, on=TODAY + timedelta(days=1))
    follow()
    assert case_of(case.id).place == world.grids[0]

    with frozen_at(MORNING + timedelta(days=1)):
        tasks.bring_into_force()
        follow()

    assert case_of(case.id).place == west


def test_cases_when_grids_are_merged_or_redrawn_then_they_follow(world: World) -> None:
    west_case, east_case = report(world, **WESTERN).case_id, report(world, **EASTERN).case_id
    one, two = world.grids[0], world.grids[1]
    redraw_boundary(by=SETUP, shapes={one.id: box(117, 30.5, 0.006), two.id: box(117.006, 30.5, 0.014)}, on=TODAY)
    forget()
    follow()
    assert (case_of(west_case).place, case_of(east_case).place) == (one, two)

    with frozen_at(MORNING + timedelta(days=1)):
        made = merge_areas(by=SETUP, area_ids=[one.id, two.id], name="大网格", on=TODAY + timedelta(days=1))
        forget()
        follow()
    assert (case_of(west_case).place, case_of(east_case).place) == (made, made)


def test_worker_of_a_grid_when_it_is_split_then_works_in_both_parts(world: World) -> None:
    with frozen_at(MORNING - timedelta(days=9)):
        give_role("grid-worker", "checker", world.grids[0])
    case = report(world, **WESTERN)
    west, east = split(world)
    follow()

    viewer = world.viewer("grid-worker")
    assert {world.grids[0].id} == {
        grant.area_id for grant in Grant.objects.filter(account_id=viewer.id, valid_to__isnull=False)
    }
    assert {grant.area_id for grant in viewer.grants} == {west.id, east.id}
    assert viewer.allows("cases.see", west.id)
    assert [row.id for row in work_list(viewer, Filters(scope="all")).cases] == [case.case_id]


def test_worker_of_two_grids_when_they_are_merged_then_holds_one_grant(world: World) -> None:
    give_role("grid-worker", "checker", world.grids[0])
    give_role("grid-worker", "checker", world.grids[1])
    made = merge_areas(by=SETUP, area_ids=[world.grids[0].id, world.grids[1].id], name="大网格", on=TODAY)
    forget()
    follow()

    account = Account.objects.get(username="grid-worker")
    assert [grant.area for grant in Grant.objects.filter(account=account, valid_to=None)] == [made]
    line = Line.objects.get(kind="access.grants_followed")
    assert (line.data["ended"], line.data["begun"]) == (2, 1)


def test_residents_when_their_grid_is_split_or_merged_then_their_homes_follow_and_the_past_stays(world: World) -> None:
    (person,) = import_people(
        by=SETUP,
        people=[NewPerson("张三", "19900001111", home=world.grids[0], address="一巷六号")],
        valid_from=date(2024, 1, 1),
    )
    made = merge_areas(by=SETUP, area_ids=[world.grids[0].id, world.grids[1].id], name="大网格", on=TODAY)
    forget()
    follow()

    rows = list(Residence.objects.filter(person=person).order_by("valid_from"))
    assert [(row.area, row.valid_from, row.valid_to) for row in rows] == [
        (world.grids[0], date(2024, 1, 1), TODAY),
        (made, TODAY, None),
    ]
    assert [protected.unseal(row.address_sealed, protected.ADDRESS, row.id) for row in rows] == ["一巷六号"] * 2
    assert Person.objects.get(id=person.id).home == made
    with frozen_at(MORNING + timedelta(days=1)):
        [geometry] = boundaries([made.id]).values()
        assert geometry["type"] == "Polygon"
        parts = [Part("甲", box(117.0, 30.5, 0.005)), Part("乙", box(117.005, 30.5, 0.015))]
        split_area(by=SETUP, area_id=made.id, parts=parts, on=TODAY + timedelta(days=1))
        forget()
        follow()
    assert Person.objects.get(id=person.id).home == world.communities[0]
    assert Line.objects.filter(kind="people.residences_followed").count() == 2


def test_case_when_somebody_else_wants_to_move_it_then_refused(world: World) -> None:
    case = report(world)
    with pytest.raises(NotAllowed):
        relocate_case(by=PUBLIC, case_id=case.case_id)
    assert relocate_case(by=SETUP, case_id=case.case_id) is False


def test_places_when_split_then_yesterday_is_told_with_the_old_grid(world: World) -> None:
    split(world)

    assert territory(TODAY - timedelta(days=1)).locate(117.002, 30.505) == world.grids[0]
