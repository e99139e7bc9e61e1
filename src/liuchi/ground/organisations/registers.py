"""The register of public assets, as files bring it: the columns of the component survey."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liuchi.ground.exchange.columns import Choice, Code, Column, Day, Number, Text
from liuchi.ground.exchange.registers import (
    Entry,
    Problem,
    Register,
    Result,
    RowRefused,
    Source,
    Values,
    created,
    unchanged,
)
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.organisations.actions.assets import register_assets
from liuchi.ground.organisations.asset_book import LONGEST_NAME, LONGEST_NOTE, LONGEST_POSITION, MANAGE, NewAsset
from liuchi.ground.organisations.models import Accuracy, AssetLook, AssetState, DataSource
from liuchi.ground.territory.component_codes import CodeError, parse_code
from liuchi.ground.territory.coordinates import CoordinateSystem, convert

_SYSTEMS: Final = {"cgcs2000": "CGCS2000", "gcj02": "GCJ-02", "bd09": "BD-09"}
_STATES: Final = {str(state): state.label for state in AssetState if state != AssetState.REMOVED}
_DEGREES: Final = Number(Decimal(-180), Decimal(180), 12)


def _read(values: Values) -> NewAsset:
    """Return an asset as a row has it; its class stands in its code, its position is converted to CGCS2000."""
    try:
        code = parse_code(values["code"])
    except CodeError as error:
        raise RowRefused(Problem("code", str(error), "code")) from None
    lon, lat = values.get("longitude"), values.get("latitude")
    if lon is None or lat is None:
        raise RowRefused(Problem("position", _("Give longitude and latitude."), "longitude"))
    source = CoordinateSystem(values.get("system") or CoordinateSystem.CGCS2000)
    try:
        here = convert(float(lon), float(lat), source=source, target=CoordinateSystem.CGCS2000)
    except ValueError:
        raise RowRefused(
            Problem("position", _("These coordinates are not degrees of longitude and latitude."), "longitude")
        ) from None
    words: dict[str, Any] = {key: values.get(key) or "" for key in ("competent", "owner", "maintainer", "note")}
    return NewAsset(
        code.class_code,
        values["name"],
        code=str(code),
        longitude=round(here.lon, 7),
        latitude=round(here.lat, 7),
        estate_code=values.get("estate") or "",
        position=values.get("position") or "",
        state=values.get("state") or AssetState.INTACT,
        data_source=values.get("data_source") or DataSource.SURVEYED,
        accuracy=values.get("accuracy") or Accuracy.C,
        recorded_on=values.get("recorded_on"),
        **words,
    )


def _apply(by: Actor, entries: Sequence[Entry], source: Source) -> Sequence[Result]:  # noqa: ARG001 - the shape of all
    made = {asset.code: asset for asset in register_assets(by=by, assets=[entry.row for entry in entries])}
    looks = {look.asset_id: look for look in AssetLook.objects.filter(asset__in=made.values()).order_by("id")}
    return [
        created(asset, looks[asset.id]) if (asset := made.get(entry.row.code)) is not None else unchanged()
        for entry in entries
    ]


ASSETS: Final = Register(
    code="assets",
    title=gettext_lazy("Public assets"),
    columns=(
        Column(
            "code",
            gettext_lazy("Component code"),
            Code(r"[0-9]{16}", gettext_lazy("a component code of 16 digits")),
            ("ObjID", "部件编码", "标识码"),
            is_required=True,
            example="3408030137000001",
        ),
        Column("name", gettext_lazy("Name"), Text(LONGEST_NAME, least=1), ("ObjName", "部件名称"), is_required=True),
        Column("longitude", gettext_lazy("Longitude"), _DEGREES, ("X", "经度"), is_required=True, example="117.0436"),
        Column("latitude", gettext_lazy("Latitude"), _DEGREES, ("Y", "纬度"), is_required=True, example="30.5255"),
        Column("system", gettext_lazy("Coordinate system"), Choice(_SYSTEMS), ("坐标系",), example="CGCS2000"),
        Column("state", gettext_lazy("State"), Choice(_STATES), ("ObjState", "状态", "部件状态")),
        Column("competent", gettext_lazy("Competent body"), Text(40), ("DeptCode1", "主管部门代码")),
        Column("owner", gettext_lazy("Owner"), Text(40), ("DeptCode2", "权属单位代码")),
        Column("maintainer", gettext_lazy("Maintainer"), Text(40), ("DeptCode3", "养护单位代码")),
        Column("estate", gettext_lazy("Estate code"), Text(20), ("小区编码",)),
        Column("position", gettext_lazy("Where exactly"), Text(LONGEST_POSITION), ("具体位置",)),
        Column("accuracy", gettext_lazy("Accuracy"), Choice({each: each for each in Accuracy.values}), ("定位精度",)),
        Column(
            "data_source", gettext_lazy("Data source"), Choice(dict(DataSource.choices)), ("DataSource", "数据来源")
        ),
        Column("recorded_on", gettext_lazy("Recorded on"), Day(), ("ORDate", "初始日期")),
        Column("note", gettext_lazy("Note"), Text(LONGEST_NOTE), ("Note", "备注")),
    ),
    power=MANAGE,
    apply=_apply,
    read_row=_read,
    key=lambda asset: asset.code,
    help=gettext_lazy("Bodies and estates are named by their codes. Known codes are left as they are."),
)
