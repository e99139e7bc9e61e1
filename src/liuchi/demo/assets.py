"""Loading the public asset book of the demo district."""

from collections.abc import Mapping
from datetime import date, timedelta

from liuchi.demo.district.assets import ESTATES, FITNESS_CLASS, FITNESS_MAJOR, FITNESS_NAME, Piece, pieces
from liuchi.engines.cases.catalogue import SHIPPED, SHIPPED_DOCUMENT, read_catalogue
from liuchi.ground.kernel.actors import System
from liuchi.ground.organisations.actions.asset_classes import add_asset_class, set_asset_classes
from liuchi.ground.organisations.actions.assets import record_condition, register_assets
from liuchi.ground.organisations.asset_book import NewAsset
from liuchi.ground.organisations.models import AssetClass, AssetState
from liuchi.ground.territory.actions.dwellings import NewEstate, import_estates
from liuchi.ground.territory.models import Area

LOADER = System("demo")
SINCE = date(2023, 7, 1)
#: Every so many-th piece of gear is damaged when somebody looks, so many days after it was set up.
DAMAGED_EVERY, LOOKED_AFTER = 12, 90
COMPETENT = "urban-management"


def load_assets(areas: Mapping[str, Area]) -> int:
    """Load whatever of the asset book is not there yet; return how many assets were new."""
    rows, _hash = read_catalogue(SHIPPED)
    classes = {row.code: (row.name, row.major_name) for row in rows if row.kind == "component"}
    set_asset_classes(
        by=LOADER, classes=[(code, name, major) for code, (name, major) in classes.items()], document=SHIPPED_DOCUMENT
    )
    if not AssetClass.objects.filter(code=FITNESS_CLASS).exists():
        add_asset_class(by=LOADER, major=FITNESS_MAJOR, name=FITNESS_NAME)
    import_estates(
        by=LOADER,
        estates=[NewEstate(code, name, areas[community].id) for code, name, community, _number in ESTATES],
        valid_from=SINCE,
    )
    names = {code: name for code, (name, _major) in classes.items()}
    fresh = register_assets(by=LOADER, assets=[_new(piece, names) for piece in pieces()])
    gear = [asset for asset in fresh if asset.code[6:10] == FITNESS_CLASS]
    for number, asset in enumerate(gear):
        if number % DAMAGED_EVERY == 0:
            day = SINCE + timedelta(days=LOOKED_AFTER)
            record_condition(by=LOADER, asset_id=asset.id, state=AssetState.DAMAGED, on=day, note="连接件松动，需紧固")
    return len(fresh)


def _new(piece: Piece, names: Mapping[str, str]) -> NewAsset:
    return NewAsset(
        piece.class_code,
        piece.name or names[piece.class_code],
        code=piece.code,
        longitude=piece.longitude,
        latitude=piece.latitude,
        estate_code=piece.estate_code,
        position=piece.position,
        competent=COMPETENT,
        owner=COMPETENT,
        maintainer=piece.maintainer,
        recorded_on=SINCE,
    )
