import pytest

from liuchi.demo.assets import load_assets
from liuchi.demo.district.assets import FITNESS_CLASS, pieces
from liuchi.demo.load import load_organisations, load_territory
from liuchi.ground.journal.models import Line
from liuchi.ground.organisations.assets import AssetFilters, counts_by_state, estates_with_assets, every_asset
from liuchi.ground.organisations.models import Asset, AssetLook
from liuchi.ground.territory.models import Area
from liuchi.ground.territory.testing import Clerk


@pytest.mark.django_db
def test_asset_book_when_loaded_twice_then_95_pieces_of_gear_stand_in_seven_estates() -> None:
    load_territory(lambda _said: None)
    areas = {area.code: area for area in Area.objects.order_by("code")}
    load_organisations(areas, lambda _said: None)

    assert load_assets(areas) == len(pieces())
    counts = [each.objects.count() for each in (Asset, AssetLook, Line)]
    assert load_assets(areas) == 0
    assert [each.objects.count() for each in (Asset, AssetLook, Line)] == counts
    viewer = Clerk(frozenset({"assets.see"}), areas["340803"].id)
    gear = list(every_asset(viewer, AssetFilters(class_code=FITNESS_CLASS)))
    assert (len(gear), len({asset.estate_id for asset in gear})) == (95, 7)
    assert counts_by_state(viewer, AssetFilters(class_code=FITNESS_CLASS)) == {"damaged": 8, "intact": 87}
    assert len(estates_with_assets(viewer)) == 7
    assert all(asset.area.kind == "grid" and asset.maintainer is not None for asset in gear)
