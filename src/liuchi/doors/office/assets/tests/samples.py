"""A public asset here and one there, for the access matrix."""

from liuchi.doors.ui.samples import Canary, Samples, both
from liuchi.engines.cases.testing import SETUP, SINCE, World, point_in
from liuchi.ground.organisations.actions.asset_classes import set_asset_classes
from liuchi.ground.organisations.actions.assets import register_assets
from liuchi.ground.organisations.asset_book import NewAsset
from liuchi.ground.territory.models import Area

NAMES = ("金丝雀路灯", "画眉路灯")


def samples(world: World) -> Samples:
    """Return the two lamps."""
    set_asset_classes(by=SETUP, classes=[("0109", "路灯", "公用设施")], document="某市标准")
    wanted = []
    for name, grid in zip(NAMES, (0, 7), strict=True):
        longitude, latitude = point_in(world, grid)
        longitude += 0.002  # apart from the cases, whose page shows what stands near to whoever works on them
        wanted.append(NewAsset("0109", name, longitude=longitude, latitude=latitude, recorded_on=SINCE))
    codes = [{"code": asset.code} for asset in register_assets(by=SETUP, assets=wanted)]
    return Samples(
        pages=(
            both("asset", codes),
            both("asset-act", ({**each, "name": "change"} for each in codes)),
        ),
        canaries=tuple(_canary(name, world.grids[grid]) for name, grid in zip(NAMES, (0, 7), strict=True)),
    )


def _canary(name: str, area: Area) -> Canary:
    return Canary(name, lambda viewer: viewer.allows("assets.see", area.id) or viewer.allows("assets.manage", area.id))
