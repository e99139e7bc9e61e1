"""The asset book from a file: in any of the three coordinate systems, twice with one result."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from liuchi.ground.exchange.registers import Entry, Outcome, RowRefused, Source, register_of
from liuchi.ground.exchange.testing import as_csv, counts, run
from liuchi.ground.exchange.undoing import CannotTakeBack, undo_import
from liuchi.ground.organisations.actions import NewOrganisation, import_organisations
from liuchi.ground.organisations.actions.asset_classes import set_asset_classes
from liuchi.ground.organisations.actions.assets import record_condition
from liuchi.ground.organisations.asset_book import AssetsRefused
from liuchi.ground.organisations.models import Asset, AssetLook
from liuchi.ground.organisations.registers import ASSETS
from liuchi.ground.territory.coordinates import metres_between, to_bd09, to_gcj02
from liuchi.ground.territory.testing import BY, SINCE, small_territory

HERE = (117.005, 30.505)
SOURCE = Source("assets.csv", "", {})


@pytest.fixture
def _book(db: None) -> None:
    district = small_territory()["990803"]
    import_organisations(
        by=BY, organisations=[NewOrganisation("lights", "路灯所", "路灯所", "squad", district)], valid_from=SINCE
    )
    set_asset_classes(by=BY, classes=[("0137", "路灯", "公用设施")], document="x")


def _row(serial: int, at: tuple[float, float] = HERE, **values: Any) -> dict[str, Any]:
    lon, lat = (Decimal(str(round(each, 7))) for each in at)
    given = {"code": f"9908030137{serial:06}", "name": "路灯", "longitude": lon, "latitude": lat, "recorded_on": SINCE}
    return given | values


@pytest.mark.usefixtures("_book")
def test_assets_when_brought_in_from_any_system_then_stored_in_one_and_twice_changes_nothing() -> None:
    rows = [
        _row(1, maintainer="lights"),
        _row(2, to_gcj02(*HERE), system="gcj02", state="damaged"),
        _row(3, to_bd09(*HERE), system="bd09"),
    ]
    entries = [Entry(number, ASSETS.read_row(row)) for number, row in enumerate(rows, start=2)]

    first, second = (ASSETS.apply(BY, entries, SOURCE) for _ in range(2))

    assert [each.outcome for each in first] == [Outcome.CREATED] * 3
    assert [each.outcome for each in second] == [Outcome.UNCHANGED] * 3
    found = list(Asset.objects.order_by("code"))
    assert all(metres_between((each.longitude or 0, each.latitude or 0), HERE) < 0.5 for each in found)
    assert [each.state for each in found] == ["intact", "damaged", "intact"]
    assert (str(found[0].maintainer), found[0].recorded_on) == ("路灯所", date(2024, 1, 1))
    assert register_of("assets") is ASSETS
    assert ASSETS.key is not None
    assert ASSETS.key(entries[0].row) == "9908030137000001"


@pytest.mark.usefixtures("_book")
def test_rows_when_they_cannot_be_then_each_says_why() -> None:
    for row, why in (
        (_row(0), "begin at 1"),
        (_row(1, longitude=None), "Give longitude"),
        (_row(1, (30.5, 117.0)), "not degrees"),
    ):
        with pytest.raises(RowRefused) as refused:
            ASSETS.read_row(row)
        assert why in refused.value.problems[0].message
    with pytest.raises(AssetsRefused, match="no nobody"):
        ASSETS.apply(BY, [Entry(2, ASSETS.read_row(_row(1, owner="nobody")))], SOURCE)


@pytest.mark.usefixtures("_book")
def test_assets_when_taken_back_then_they_and_their_first_looks_are_gone_unless_somebody_looked_since() -> None:
    headings = ("ObjID", "ObjName", "X", "Y", "ORDate")
    rows = [[f"9908030137{serial:06}", "路灯", *HERE, "2024-01-01"] for serial in (1, 2)]
    one = run(as_csv(rows, headings), register="assets", by=BY)
    assert (counts(one), AssetLook.objects.count()) == ((2, 0, 0, 0), 2)

    undo_import(by=BY, import_id=one.id)
    assert (Asset.objects.count(), AssetLook.objects.count()) == (0, 0)

    other = run(as_csv(rows, headings), register="assets", by=BY)
    seen = Asset.objects.order_by("code").first()
    assert seen is not None
    record_condition(by=BY, asset_id=seen.id, state="damaged", on=date(2024, 2, 1))
    with pytest.raises(CannotTakeBack) as refused:
        undo_import(by=BY, import_id=other.id)
    assert {row for row, _problem in refused.value.conflicts} == {2}
    assert Asset.objects.count() == 2
