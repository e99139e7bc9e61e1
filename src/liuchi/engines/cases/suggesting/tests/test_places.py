"""What is around a case, from the database."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liuchi.engines.cases.models import Case
from liuchi.engines.cases.suggesting.places import LATELY, Around, classes_around
from liuchi.engines.cases.testing import MORNING, SETUP, World, case_of, filed, point_in, report, small_world
from liuchi.ground.attachments.actions import keep_attachment
from liuchi.ground.attachments.belonging import Files
from liuchi.ground.attachments.preparing import prepare
from liuchi.ground.attachments.testing import photo
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.organisations.actions.asset_classes import set_asset_classes
from liuchi.ground.organisations.actions.assets import register_assets
from liuchi.ground.organisations.asset_book import NewAsset

LAMP, COVER = ("component", "0109"), ("component", "0101")


@pytest.fixture
def world(db: None) -> World:
    with frozen_at(MORNING):
        made = small_world()
        longitude, latitude = point_in(made, 0)
        set_asset_classes(by=SETUP, classes=[("0109", "路灯", "公用设施")], document="GB/T 30428.2—2013")
        lamp = NewAsset("0109", "路灯五号", longitude=longitude, latitude=latitude + 0.00009, owner="lights")
        register_assets(by=SETUP, assets=[lamp])
        return made


def around(world: World, case: Case, *, by: str = "desk") -> dict[tuple[str, str], Around]:
    case = case_of(case.id)
    return classes_around(world.viewer(by), case, [each.id for each in case.reports.order_by("id")])


def test_around_when_a_lamp_stands_and_a_case_was_filed_there_then_both_count(world: World) -> None:
    with frozen_at(MORNING):
        filed(world)
        filed(world, grid=2)
        found = around(world, case_of(report(world).case_id))

    assert found.keys() == {LAMP, COVER}
    assert found[LAMP].metres == pytest.approx(10, abs=1)
    assert (found[COVER].cases, found[COVER].metres) == (1, None)


def test_around_when_it_was_filed_long_ago_or_is_secret_then_it_does_not_count(world: World) -> None:
    with frozen_at(MORNING):
        old = filed(world)
    with frozen_at(MORNING + LATELY + timedelta(days=1)):
        here = case_of(report(world).case_id)
        assert COVER not in around(world, here)
        new = filed(world)
        assert around(world, here)[COVER].cases == 1
        with guard.scope("maintenance", "tests"):
            Case.objects.filter(id=new.id).update(is_secret=True)

        assert COVER not in around(world, here)
    assert old.condition is not None


def test_around_when_the_viewer_does_not_work_there_then_nothing_is_told(world: World) -> None:
    with frozen_at(MORNING):
        filed(world)
        case = case_of(report(world).case_id)
        assert around(world, case)

        assert around(world, case, by="other-desk") == {}


def test_around_when_the_case_has_no_point_then_the_place_of_a_photo_counts_only_if_it_was_declared(
    world: World,
) -> None:
    with frozen_at(MORNING):
        holder = b"h" * 32
        kept = keep_attachment(by=SETUP, prepared=prepare(photo((80, 60)), "灯.jpg"), holder=holder)
        nowhere = {"longitude": None, "latitude": None, "area_id": world.grids[0].id}
        receipt = report(world, files=Files([kept.id], holder), **nowhere)  # type: ignore[arg-type]
        case = case_of(receipt.case_id)
        assert around(world, case) == {}
        longitude, latitude = point_in(world, 0)
        with guard.scope("maintenance", "tests"):
            type(kept).objects.filter(id=kept.id).update(longitude=longitude, latitude=latitude)

        assert around(world, case).keys() == {LAMP}


@pytest.mark.parametrize("cases", [1, 3])
def test_around_when_many_are_near_then_two_questions(world: World, cases: int) -> None:
    with frozen_at(MORNING):
        for _ in range(cases):
            filed(world)
        case, viewer = case_of(report(world).case_id), world.viewer("desk")
        classes_around(viewer, case)

        with CaptureQueriesContext(connection) as asked:
            classes_around(viewer, case)

    assert len(asked) == 2
