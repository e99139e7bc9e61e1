"""The small world with an asset book: lamps in two grids, a surveyor, and a grid worker who inspects."""

from dataclasses import dataclass

import pytest

from liuchi.doors.ui.testing import unknown_variables_fail, world  # noqa: F401 - fixtures
from liuchi.engines.cases.testing import MORNING, SETUP, SINCE, World, give_role
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.organisations.actions.asset_classes import set_asset_classes
from liuchi.ground.organisations.actions.assets import register_assets
from liuchi.ground.organisations.asset_book import NewAsset
from liuchi.ground.organisations.models import Asset
from liuchi.ground.territory.actions.dwellings import NewEstate, import_estates

CLASSES = [("0101", "上水井盖", "公用设施"), ("0109", "路灯", "公用设施")]


@dataclass(frozen=True)
class Book:
    """What the tests name."""

    world: World
    lamp: Asset
    far: Asset


@pytest.fixture
def book(world: World) -> Book:  # noqa: F811 - the fixture above
    """Give the book."""
    with frozen_at(MORNING):
        community = world.communities[0]
        import_estates(by=SETUP, estates=[NewEstate("X", "某小区", community.id)], valid_from=SINCE)
        set_asset_classes(by=SETUP, classes=CLASSES, document="某市标准")
        lamp = NewAsset(
            "0109",
            "北门路灯",
            longitude=117.005,
            latitude=30.505,
            estate_code="X",
            position="北门西侧",
            maintainer="lights",
            recorded_on=SINCE,
        )
        far = NewAsset("0109", "远处路灯", longitude=117.025, latitude=30.505, recorded_on=SINCE)
        made = register_assets(by=SETUP, assets=[lamp, far])
        give_role("surveyor", "surveyor", world.district)
        give_role("worker", "grid_worker", world.grids[0])
        give_role("registrar", "registrar", community)
    return Book(world, *made)
