from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liuchi.engines.cases.actions.desk import file_case
from liuchi.engines.cases.duplicates.queries import MOST_OFFERED, likely_duplicates, open_like
from liuchi.engines.cases.models import Case
from liuchi.engines.cases.testing import MORNING, World, case_of, closed, filed, report, small_world
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.territory.queries import territory

LATER = MORNING + timedelta(hours=2)


@pytest.fixture
def world(db: None) -> World:
    with frozen_at(MORNING):
        return small_world()


def _new(world: World, **values: Any) -> Case:
    with frozen_at(LATER):
        return case_of(report(world, text="井盖破了，谁来修井盖", **values).case_id)


def test_likely_duplicates_when_the_same_was_reported_nearby_then_the_desk_sees_it(world: World) -> None:
    with frozen_at(MORNING):
        first = filed(world)
        report(world, text="路灯不亮了，一片漆黑")
        filed(world, grid=7)

    (found,) = likely_duplicates(world.viewer("desk"), _new(world))

    assert found.case == first
    assert found.likeness.words == ("井盖",)


def test_likely_duplicates_when_the_other_has_ended_or_is_elsewhere_then_there_are_none(world: World) -> None:
    with frozen_at(MORNING):
        closed(world)
        report(world, grid=7)

    assert likely_duplicates(world.viewer("desk"), _new(world)) == []


def test_likely_duplicates_when_the_viewer_does_not_decide_there_then_nothing_is_told(world: World) -> None:
    with frozen_at(MORNING):
        filed(world)
    new = _new(world)

    assert likely_duplicates(world.viewer("desk"), new) != []
    assert likely_duplicates(world.viewer("other-desk"), new) == []
    assert likely_duplicates(world.viewer("resident"), new) == []


def test_likely_duplicates_when_neither_has_a_point_then_the_same_place_counts(world: World) -> None:
    nowhere: dict[str, Any] = {"longitude": None, "latitude": None, "area_id": world.communities[0].id}
    with frozen_at(MORNING):
        first = report(world, **nowhere)

    assert [each.case.id for each in likely_duplicates(world.viewer("desk"), _new(world, **nowhere))] == [first.case_id]


def test_likely_duplicates_when_there_are_more_then_they_cost_no_more_queries(world: World) -> None:
    with frozen_at(MORNING):
        filed(world)
    new, desk = _new(world), world.viewer("desk")
    likely_duplicates(desk, new)
    with CaptureQueriesContext(
        connection,
    ) as one:
        likely_duplicates(desk, new)
    with frozen_at(MORNING):
        for _ in range(2):
            filed(world)
    with CaptureQueriesContext(connection) as three:
        assert len(likely_duplicates(desk, new)) == 3

    assert len(one) == len(three) == 2


def test_open_like_when_something_of_the_kind_is_open_in_the_community_then_it_is_offered(world: World) -> None:
    with frozen_at(MORNING):
        first = filed(world, grid=1)
        for grid in (2, 7):
            filed(world, grid=grid)

    found = open_like("井盖破损，上水井盖没了", world.grids[0].id, LATER)

    assert [each.case for each in found] == [first]


def test_open_like_when_only_somebodys_words_fit_then_nothing_can_be_found_out(world: World) -> None:
    with frozen_at(MORNING):
        shown = report(world, text="我家住在三栋二零一，楼上天天打麻将")
        file_case(by=world.viewer("desk"), case_id=shown.case_id, condition_id=world.conditions[2].id)
        report(world, text="井盖破损，上水井盖没了")

    assert open_like("三栋二零一，楼上天天打麻将", world.grids[0].id, LATER) == []
    assert open_like("井盖破损，上水井盖没了", world.grids[0].id, LATER) == []
    assert [each.case.id for each in open_like("路灯不亮", world.grids[0].id, LATER)] == [shown.case_id]


def test_open_like_when_the_place_is_wider_than_a_community_then_nothing_is_offered(world: World) -> None:
    with frozen_at(MORNING):
        for _ in range(MOST_OFFERED + 1):
            filed(world)

    assert open_like("上水井盖破损", territory().root().id, LATER) == []
    assert len(open_like("上水井盖破损", world.communities[0].id, LATER)) == MOST_OFFERED
