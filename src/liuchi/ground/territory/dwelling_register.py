"""Estates, buildings and rooms from a file: a row for each room, or for a building or an estate alone."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liuchi.ground.exchange.columns import Choice, Column, Day, Number, Text, Whole
from liuchi.ground.exchange.registers import (
    Entry,
    Outcome,
    Problem,
    Register,
    Result,
    RowRefused,
    Source,
    Touched,
    Values,
    refused,
    unchanged,
)
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.territory.actions.dwellings import NewBuilding, NewDwelling, NewEstate, import_estates
from liuchi.ground.territory.addresses import building_number, room_number, tidy, unit_number
from liuchi.ground.territory.dwellings import next_estate_code
from liuchi.ground.territory.housing import MANAGE
from liuchi.ground.territory.models import Area, AreaKind, Building, Dwelling, DwellingUse, Estate, EstateKind
from liuchi.ground.territory.models.dwelling import LONGEST_PART
from liuchi.ground.territory.queries import territory, today

_BETWEEN: Final = re.compile(r"[、，,;；]+")
#: A room's number says its floor: 301 is on the third, 1204 on the twelfth.
_ROOM: Final = re.compile(r"(\d{1,2})\d{2}")
_USES: Final = {"住宅": "home", "商铺": "shop", "门面": "shop", "办公": "office", "储藏": "store", "公共用房": "public"}
_KINDS: Final = {"小区": "estate", "院落": "compound", "街道沿线": "street", "村民组": "hamlet", "自然村": "hamlet"}
_DEGREES: Final = Number(Decimal(-180), Decimal(180), 12)
#: What a row is about: estate (community, name or code), building (phase, number), room (unit, floor, room).
_Key = tuple[tuple[str, str, str], tuple[str, str], tuple[str, int, str]]


@dataclass(frozen=True, slots=True)
class _Row:
    """A row: its community by code or name, the estate, and the building and room where it names them."""

    community: str
    estate: NewEstate
    building: NewBuilding | None
    dwelling: NewDwelling | None

    @property
    def key(self) -> _Key:
        """Return what the row is about, as the house writes it."""
        building, room = self.building, self.dwelling
        return (
            (self.community, self.estate.code, self.estate.name),
            (tidy(building.phase), building_number(building.number)) if building else ("", ""),
            (unit_number(room.unit), room.floor, room_number(room.room)) if room else ("", 0, ""),
        )


def _read(values: Values) -> _Row:
    words = {key: values.get(key) or "" for key in ("code", "street_address", "phase", "building", "unit", "room")}
    if words["room"] and not words["building"]:
        raise RowRefused(Problem("building", _("Name the building in which this room is."), "building"))
    if (values.get("longitude") is None) != (values.get("latitude") is None):
        raise RowRefused(Problem("position", _("A position has a longitude and a latitude."), "longitude"))
    building = dwelling = None
    if words["building"]:
        lon, lat = values.get("longitude"), values.get("latitude")
        building = NewBuilding(
            words["building"],
            words["phase"],
            longitude=None if lon is None else float(lon),
            latitude=None if lat is None else float(lat),
            facilities=_facilities(values.get("facilities") or ""),
        )
    if words["room"]:
        floor = values.get("floor") or _floor(words["room"])
        use = values.get("use") or DwellingUse.HOME
        dwelling = NewDwelling(words["room"], floor, words["unit"], use, values.get("floor_area"))
    kind = values.get("kind") or EstateKind.ESTATE
    estate = NewEstate(tidy(words["code"]), values["estate"], UUID(int=0), kind, words["street_address"])
    return _Row(values["community"], estate, building, dwelling)


def _floor(room: str) -> int:
    """Return the floor that a room's number says.

    Raises:
        RowRefused: it says none.
    """
    found = _ROOM.fullmatch(room_number(room))
    if found is None or not int(found[1]):
        raise RowRefused(Problem("floor", _("The room's number does not tell its floor; fill it in."), "floor"))
    return int(found[1])


def _facilities(text: str) -> tuple[str, ...]:
    found = tuple(each.strip() for each in _BETWEEN.split(text) if each.strip())
    if any(len(each) > LONGEST_PART for each in found):
        said = _("Each name has at most %(most)d characters; put 、 between them.") % {"most": LONGEST_PART}
        raise RowRefused(Problem("too_long", said, "facilities"))
    return found


def _apply(by: Actor, entries: Sequence[Entry], source: Source) -> Sequence[Result]:
    communities = _communities()
    placed = [entry for entry in entries if entry.row.community in communities]
    codes = _codes([entry.row for entry in placed], communities)
    before = _stand(codes.values())
    estates = [_whole(entry.row, codes, communities) for entry in placed]
    import_estates(by=by, estates=estates, valid_from=source.values["since"] or today())
    fresh = {key: touched for key, touched in _stand(codes.values()).items() if key not in before}
    said = _("There is no community of this code or name; look for it under Areas.")
    return [
        _result(entry.row, codes, fresh)
        if entry.row.community in communities
        else refused("community", said, "community")
        for entry in entries
    ]


def _communities() -> Mapping[str, Area]:
    """Return communities by code, and by name where it is the only one of that name."""
    known = [area for area in territory().areas.values() if area.kind == AreaKind.COMMUNITY]
    counts = Counter(area.name for area in known)
    named = {area.name: area for area in known if counts[area.name] == 1}
    return {**named, **{area.code: area for area in known}}


def _codes(rows: Sequence[_Row], communities: Mapping[str, Area]) -> dict[tuple[str, str, str], str]:
    """Return the code of each estate: the file's own, that of an estate of this name there, or the next one there."""
    there = {communities[row.community].id for row in rows}
    stored = Estate.objects.filter(community__in=there, valid_to=None).order_by("-code")
    known = {(estate.community_id, estate.name): estate.code for estate in stored}
    last: dict[UUID, str] = {}
    found: dict[tuple[str, str, str], str] = {}
    for row in rows:
        place, name = communities[row.community], row.estate.name.strip()
        code = row.estate.code or known.get((place.id, name)) or _next(place, last)
        known.setdefault((place.id, name), code)
        found[row.key[0]] = code
    return found


def _next(place: Area, last: dict[UUID, str]) -> str:
    """Return the next code of an estate of a community, after those that were given out before."""
    before = last.get(place.id)
    if before is None:
        last[place.id] = next_estate_code(place.id)
    else:
        prefix, number = before.rsplit("-", 1)
        last[place.id] = f"{prefix}-{int(number) + 1:03}"
    return last[place.id]


def _whole(row: _Row, codes: Mapping[tuple[str, str, str], str], communities: Mapping[str, Area]) -> NewEstate:
    """Return an estate with the one building and room that its row names."""
    building = row.building
    buildings: tuple[NewBuilding, ...] = ()
    if building is not None:
        rooms = (row.dwelling,) if row.dwelling is not None else ()
        buildings = (
            NewBuilding(
                building.number,
                building.phase,
                longitude=building.longitude,
                latitude=building.latitude,
                facilities=building.facilities,
                dwellings=rooms,
            ),
        )
    return NewEstate(
        codes[row.key[0]],
        row.estate.name,
        communities[row.community].id,
        row.estate.kind,
        row.estate.street_address,
        buildings,
    )


_Stand = dict[tuple[str, ...], Touched]


def _stand(codes: Iterable[str]) -> _Stand:
    """Return the estates, buildings and rooms in force of these codes, by what rows call them (three queries)."""
    found: _Stand = {}
    wanted = sorted(set(codes))
    for key, code in Estate.objects.filter(code__in=wanted, valid_to=None).order_by("id").values_list("id", "code"):
        found[code,] = Touched("territory.Estate", str(key))
    buildings = Building.objects.filter(estate__code__in=wanted, estate__valid_to=None, valid_to=None).order_by("id")
    for key, *names in buildings.values_list("id", "estate__code", "phase", "number"):
        found[tuple(names)] = Touched("territory.Building", str(key))
    rooms = Dwelling.objects.filter(building__in=buildings.values("id"), valid_to=None).order_by("id")
    called = ("building__estate__code", "building__phase", "building__number", "unit", "floor", "room")
    for key, *names in rooms.values_list("id", *called):
        found[tuple(map(str, names))] = Touched("territory.Dwelling", str(key))
    return found


def _result(row: _Row, codes: Mapping[tuple[str, str, str], str], fresh: _Stand) -> Result:
    """Return what a row made: the first row that names something new stands for it."""
    (_estate, building, room), code = row.key, codes[row.key[0]]
    names: list[tuple[str, ...]] = [(code,)]
    if row.building is not None:
        names.append((code, *building))
    if row.dwelling is not None:
        names.append((code, *building, *map(str, room)))
    touched = [fresh.pop(name) for name in names if name in fresh]
    return Result(Outcome.CREATED, tuple(touched)) if touched else unchanged()


DWELLINGS: Final = Register(
    code="dwellings",
    title=gettext_lazy("Estates, buildings and rooms"),
    columns=(
        Column(
            "community",
            gettext_lazy("Community"),
            Text(40, least=1),
            ("社区", "所属社区", "社区代码", "村社区", "所属村社区"),
            is_required=True,
            help=gettext_lazy("Its code, or its name where no other has that name."),
            example="990803001001",
        ),
        Column(
            "estate",
            gettext_lazy("Estate"),
            Text(40, least=1),
            ("小区", "小区名称", "院落", "村民组"),
            is_required=True,
            example="工农小区",
        ),
        Column(
            "code",
            gettext_lazy("Estate code"),
            Text(20),
            ("小区编码", "小区代码"),
            help=gettext_lazy("Found by community and name where it is left empty; a new estate gets the next code."),
        ),
        Column(
            "kind", gettext_lazy("Kind of estate"), Choice(dict(EstateKind.choices), _KINDS), ("小区类型", "院落类型")
        ),
        Column("street_address", gettext_lazy("Street and number"), Text(60), ("门牌", "小区地址", "详细地址")),
        Column("phase", gettext_lazy("Phase"), Text(LONGEST_PART), ("期", "分期", "片区")),
        Column("building", gettext_lazy("Building"), Text(LONGEST_PART), ("楼栋", "楼栋号", "幢", "栋"), example="3栋"),
        Column("longitude", gettext_lazy("Longitude"), _DEGREES, ("经度",)),
        Column("latitude", gettext_lazy("Latitude"), _DEGREES, ("纬度",)),
        Column("facilities", gettext_lazy("Facilities"), Text(200), ("设施", "配套设施")),
        Column("unit", gettext_lazy("Unit of the building"), Text(LONGEST_PART), ("单元", "单元号"), example="2单元"),
        Column(
            "floor",
            gettext_lazy("Floor"),
            Whole(-9, 150),
            ("楼层", "层", "所在楼层"),
            help=gettext_lazy("Told from the room's number where it is left empty; below ground it is negative."),
        ),
        Column(
            "room",
            gettext_lazy("Room"),
            Text(LONGEST_PART),
            ("户室", "房号", "室", "门牌号", "房间号"),
            example="301室",
        ),
        Column("use", gettext_lazy("Use"), Choice(dict(DwellingUse.choices), _USES), ("用途", "房屋用途")),
        Column(
            "floor_area",
            gettext_lazy("Floor area (m²)"),
            Number(Decimal("0.01"), Decimal(999_999), 2),
            ("建筑面积", "面积"),
        ),
        Column(
            "since",
            gettext_lazy("In force from"),
            Day(),
            is_once=True,
            help=gettext_lazy("Counts for what is new; today, where it is left empty."),
        ),
    ),
    power=MANAGE,
    apply=_apply,
    read_row=_read,
    key=lambda row: row.key,
    help=gettext_lazy("A row for each room, or for a building or estate alone. What is known is left as it is."),
)
