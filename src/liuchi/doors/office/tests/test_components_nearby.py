"""The case page shows what stands near the incident: 16-digit code, whose it is, how far; only who works on it sees."""

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.actions.desk import refuse_case
from liuchi.engines.cases.nearby import components_near
from liuchi.engines.cases.testing import SETUP, World, case_of, dispatched, give_role, point_in, report
from liuchi.ground.organisations.actions.asset_classes import set_asset_classes
from liuchi.ground.organisations.actions.assets import register_assets
from liuchi.ground.organisations.asset_book import NewAsset
from liuchi.ground.organisations.models import Asset

CLASSES = [("0101", "上水井盖", "公用设施"), ("0109", "路灯", "公用设施")]


@pytest.fixture
def components(world: World) -> list[Asset]:
    """Register a lamp five metres from where things are reported, a cover twenty, and another a kilometre away."""
    set_asset_classes(by=SETUP, classes=CLASSES, document="GB/T 30428.2—2013")
    longitude, latitude = point_in(world, 0)
    return register_assets(
        by=SETUP,
        assets=[
            NewAsset("0109", "路灯五号", longitude=longitude, latitude=latitude + 0.00005, owner="lights"),
            NewAsset("0101", "井盖九号", longitude=longitude, latitude=latitude + 0.0002, maintainer="water"),
            NewAsset("0101", "远处井盖", longitude=longitude, latitude=latitude + 0.009, owner="water"),
        ],
    )


def page(client: Client, number: str) -> str:
    return client.get(f"/office/cases/{number}/").content.decode()


def test_case_page_when_components_stand_near_then_shows_codes_units_and_the_class_of_the_case_first(
    world: World, components: list[Asset]
) -> None:
    lamp, cover, far = components
    case = dispatched(world)
    shown = page(browser("water", "en"), case.number)

    assert "Components nearby" in shown
    assert cover.code in shown
    assert shown.index(cover.code) < shown.index(lamp.code)
    assert "大观区供水服务中心" in shown
    assert "same class as the case" in shown
    assert far.code not in shown
    assert f"/office/assets/{cover.code}/" not in shown


def test_case_page_when_the_viewer_may_see_the_book_then_codes_lead_there(
    world: World, components: list[Asset]
) -> None:
    give_role("worker", "grid_worker", world.communities[0])
    receipt = report(world)

    assert f"/office/assets/{components[0].code}/" in page(browser("worker", "en"), receipt.number)


def test_components_when_the_case_has_no_point_has_ended_or_is_somebody_elses_then_none(
    world: World, components: list[Asset]
) -> None:
    placed = case_of(report(world).case_id)
    unplaced = case_of(report(world, longitude=None, latitude=None, area_id=world.grids[0].id).case_id)

    assert [each.asset.id for each in components_near(world.viewer("desk"), placed)] == [
        components[0].id,
        components[1].id,
    ]
    assert components_near(world.viewer("desk"), unplaced) == []
    for other in ("resident", "other-desk", "lights"):
        assert components_near(world.viewer(other), placed) == []
    refuse_case(by=world.viewer("desk"), case_id=placed.id, reason="court", text="请找法院")
    assert components_near(world.viewer("desk"), case_of(placed.id)) == []


def test_components_when_there_are_many_then_five_and_one_question(
    world: World, components: list[Asset], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    longitude, latitude = point_in(world, 0)
    more = [NewAsset("0109", f"灯{each}", longitude=longitude, latitude=latitude + each * 0.00001) for each in range(9)]
    case, viewer = case_of(report(world).case_id), world.viewer("desk")
    with django_assert_num_queries(1):
        assert len(components_near(viewer, case)) == 2
    register_assets(by=SETUP, assets=more)

    with django_assert_num_queries(1):
        found = components_near(viewer, case)

    assert len(found) == 5
    assert [each.metres for each in found] == sorted(each.metres for each in found)
