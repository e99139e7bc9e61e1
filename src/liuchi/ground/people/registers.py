"""What files may be brought into the registers of people."""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liuchi.ground.exchange.columns import CellRefused, Choice, Column, Day, ReadBy, Text, mangled
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
    Written,
)
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.people import access, values
from liuchi.ground.people.actions import take_back_people, take_in_people
from liuchi.ground.people.entries import NewPerson
from liuchi.ground.people.identity import DocumentKind, Doubt, IdentityError, Sex, parse_identity
from liuchi.ground.people.taking import Taken, TakenAs
from liuchi.ground.records.protected import mask_address, mask_identity, mask_phone
from liuchi.ground.territory.addresses import building_number, room_number, unit_number
from liuchi.ground.territory.models import Area, AreaKind, Dwelling
from liuchi.ground.territory.queries import territory, today

_PERSON, _CHANGE = "people.Person", "people.PersonChange"
_OUTCOMES: Final[Mapping[TakenAs, Outcome]] = {
    TakenAs.NEW: Outcome.CREATED,
    TakenAs.CHANGED: Outcome.CHANGED,
    TakenAs.SAME: Outcome.UNCHANGED,
}
#: Under which columns of this register the room's own fields stand.
_COLUMNS: Final[Mapping[str, str]] = {"home": "area", "birth_on": "born_on"}
_DOOR: Final = ("estate", "building", "unit", "room")


@dataclass(frozen=True, slots=True)
class _Resident:
    """A row: what it says of the person, the area by code or name, and the door where one is named."""

    person: NewPerson
    area: str
    door: tuple[str, ...]


def _identity(text: str) -> str:
    """Return a citizen number as it is written, once it is sound; where a spreadsheet has cut it, say so."""
    try:
        return parse_identity(text).written
    except IdentityError as error:
        if len(text) == 18 and text.endswith("000"):
            raise mangled() from error
        raise


def _phone(text: str) -> str:
    try:
        return values.clean_phone(text)
    except values.FactRefused as error:
        raise CellRefused(error.code, str(error)) from error


def _read(row: Values) -> _Resident:
    """Return a resident; what tells people apart is asked here, so that the check already says it."""
    identity, phone, born_on = row.get("identity") or "", row.get("phone") or "", row.get("born_on")
    if row.get("document") not in (None, DocumentKind.CITIZEN):
        identity = row.get("other_number") or ""
    if not (identity or phone or born_on):
        said = _("Give an identity number, a phone, or date of birth and home: a name alone fits many people.")
        raise RowRefused(Problem("nameless", said, "identity"))
    door = tuple(str(row.get(part) or "") for part in _DOOR)
    address = row.get("address") or " ".join(part for part in door if part)
    person = NewPerson(
        name=row["name"],
        phone=phone,
        identity=identity,
        identity_kind=row.get("document") or DocumentKind.CITIZEN,
        address=address,
        birth_on=born_on,
        sex=row.get("sex") or "",
    )
    return _Resident(person, row.get("area") or "", door if door[1] and door[3] else ())


def _about(row: _Resident) -> Hashable:
    person = row.person
    return (person.identity_kind, person.identity) if person.identity else (person.phone, person.name, person.birth_on)


def _apply(by: Actor, entries: Sequence[Entry], source: Source) -> Sequence[Result]:
    areas = _areas()
    dwellings = _dwellings(entries, areas)
    people: list[NewPerson] = []
    wanted: list[Result | None] = []
    for entry in entries:
        row: _Resident = entry.row
        home = areas.get(row.area)
        if row.area and home is None:
            said = _("There is no community or grid of this code or name; look for it under Territory.")
            wanted.append(Result(Outcome.REFUSED, problems=(Problem("area", said, "area"),)))
            continue
        people.append(_placed(row, home, dwellings))
        wanted.append(None)
    taken = iter(take_in_people(by=by, people=people, valid_from=source.values["since"] or today()))
    doubts = {doubt: Problem(doubt.value, str(doubt.label), "identity", is_note=True) for doubt in Doubt}
    return [
        each or _result(next(taken), entry.row, doubts, lambda row: _has_door(row, areas, dwellings))
        for entry, each in zip(entries, wanted, strict=True)
    ]


def _placed(row: _Resident, home: Area | None, dwellings: Mapping[tuple[Any, ...], Dwelling]) -> NewPerson:
    dwelling = dwellings.get(_door_key(row, home)) if home is not None and row.door else None
    person = row.person
    return NewPerson(
        name=person.name,
        phone=person.phone,
        identity=person.identity,
        identity_kind=person.identity_kind,
        home=dwelling.building.area if dwelling is not None else home,
        address="" if dwelling is not None else person.address,
        birth_on=person.birth_on,
        sex=person.sex,
        dwelling_id=dwelling.id if dwelling is not None else None,
    )


def _areas() -> dict[str, Area]:
    """Return communities and grids by code, and by name where it is the only one of that name."""
    found: dict[str, Area] = {}
    known = [area for area in territory().areas.values() if area.kind in {AreaKind.COMMUNITY, AreaKind.GRID}]
    names = Counter(area.name for area in known)
    for area in known:
        found[area.code] = area
        if names[area.name] == 1:
            found[area.name] = area
    return found


def _community(area: Area) -> UUID:
    above = territory().ancestor(area.id, AreaKind.COMMUNITY)
    return above.id if above is not None else area.id


def _door_key(row: _Resident, home: Area) -> tuple[Any, ...]:
    estate, building, unit, room = row.door
    number = building_number(building)
    return _community(home), estate.strip(), number, unit_number(unit) if unit else "", room_number(room)


def _dwellings(entries: Sequence[Entry], areas: Mapping[str, Area]) -> dict[tuple[Any, ...], Dwelling]:
    """Return the registered dwellings that rows name by estate, building, unit and room (one query)."""
    keys = {_door_key(e.row, areas[e.row.area]) for e in entries if e.row.door and e.row.area in areas}
    if not keys:
        return {}
    rows = (
        Dwelling.objects.filter(
            valid_to=None,
            room__in={key[4] for key in keys},
            building__number__in={key[2] for key in keys},
            building__valid_to=None,
            building__estate__community_id__in={key[0] for key in keys},
        )
        .select_related("building__estate", "building__area")
        .order_by("id")
    )
    found: dict[tuple[Any, ...], Dwelling] = {}
    for row in rows:
        estate = row.building.estate
        key = (estate.community_id, estate.name, row.building.number, row.unit, row.room)
        found[key] = row
    return {key: found[key] for key in keys if key in found}


def _result(
    taken: Taken, row: _Resident, doubts: Mapping[Doubt, Problem], has_door: Callable[[_Resident], bool]
) -> Result:
    notes = [doubts[doubt] for doubt in taken.doubts]
    if row.door and not has_door(row):
        said = _("This dwelling is not registered; it was kept as an address.")
        notes.append(Problem("no_dwelling", said, "room", is_note=True))
    outcome = _OUTCOMES.get(taken.status)
    if outcome is None:
        return Result(Outcome.REFUSED, problems=(_problem(taken), *notes))
    touched: tuple[Touched, ...] = ()
    if taken.status == TakenAs.NEW:
        touched = (Touched(_PERSON, str(taken.person_id)),)
    elif taken.change_id is not None:
        touched = (Touched(_PERSON, str(taken.person_id), {}), Touched(_CHANGE, str(taken.change_id)))
    return Result(outcome, touched, tuple(notes))


def _has_door(row: _Resident, areas: Mapping[str, Area], dwellings: Mapping[tuple[Any, ...], Dwelling]) -> bool:
    return row.area not in areas or _door_key(row, areas[row.area]) in dwellings


def _problem(taken: Taken) -> Problem:
    if taken.error is None:
        return Problem(str(taken.status), _("This person stands in the file before; keep one of the rows."))
    field = taken.error.field or ""
    return Problem(taken.error.code, str(taken.error), _COLUMNS.get(field, field))


def _undo(by: Actor, written: Written, source: Source) -> Sequence[tuple[int, Problem]]:
    del source
    rows: dict[UUID, int] = {}
    new, changes = list[UUID](), list[UUID]()
    for number, result in written.done:
        for each in result.touched:
            if each.model == _CHANGE:
                changes.append(UUID(each.pk))
            else:
                rows[UUID(each.pk)] = number
                new += [UUID(each.pk)] if each.before is None else []
    back = take_back_people(by=by, new=new, changes=changes)
    said = _("Something was written about this person since; put it right by hand.")
    return [(rows[person], Problem("changed_since", said)) for person in back.kept if person in rows]


_DOCUMENTS: Final = {
    "身份证": "citizen",
    "居民身份证": "citizen",
    "护照": "passport",
    "港澳通行证": "hk_macao",
    "港澳居民来往内地通行证": "hk_macao",
    "台胞证": "taiwan",
    "台湾居民来往大陆通行证": "taiwan",
    "外国人永久居留身份证": "foreign",
}
_SEXES: Final = {"男": "1", "男性": "1", "m": "1", "女": "2", "女性": "2", "f": "2"}

RESIDENTS: Final = Register(
    code="residents",
    title=gettext_lazy("Residents"),
    columns=(
        Column(
            "name",
            gettext_lazy("Name of the person"),
            Text(values.LONGEST_NAME, least=1),
            ("姓名", "名字", "居民姓名", "人员姓名"),
            is_required=True,
            is_personal=True,
            example="张三",
        ),
        Column(
            "identity",
            gettext_lazy("Identity number"),
            ReadBy(_identity, gettext_lazy("18 characters; as text, so that the spreadsheet keeps all of them")),
            ("身份证号", "身份证号码", "公民身份号码", "身份证", "证件号码", "公民身份证号"),
            is_personal=True,
            example="990803195001011234",
            mask=mask_identity,
        ),
        Column(
            "document",
            gettext_lazy("Kind of document"),
            Choice({kind.value: kind.label for kind in DocumentKind}, _DOCUMENTS),
            ("证件类型", "证件种类"),
            help=gettext_lazy("Identity card, where it is left empty."),
        ),
        Column(
            "other_number",
            gettext_lazy("Number of another document"),
            Text(20),
            ("其他证件号码", "护照号"),
            is_personal=True,
            mask=mask_identity,
        ),
        Column(
            "sex",
            gettext_lazy("Sex"),
            Choice({sex.value: sex.label for sex in Sex}, _SEXES),
            ("性别",),
            is_personal=True,
            help=gettext_lazy("Told from the identity number where it is left empty."),
            mask=lambda text: "*" * bool(text),
        ),
        Column(
            "born_on",
            gettext_lazy("Date of birth"),
            Day(),
            ("出生日期", "出生年月日", "生日"),
            is_personal=True,
            help=gettext_lazy("Told from the identity number where it is left empty."),
            mask=lambda text: f"{text[:4]}-**-**",
        ),
        Column(
            "phone",
            gettext_lazy("Phone"),
            ReadBy(_phone, gettext_lazy("digits, with or without +86")),
            ("手机", "手机号", "手机号码", "联系电话", "电话", "联系方式"),
            is_personal=True,
            example="19900001234",
            mask=mask_phone,
        ),
        Column(
            "area",
            gettext_lazy("Community or grid"),
            Text(40),
            ("网格编码", "网格代码", "所属网格", "网格", "社区代码", "所属社区", "社区", "村社区"),
            help=gettext_lazy("Its code, or its name where no other has that name."),
            example="990803001001",
        ),
        Column(
            "address",
            gettext_lazy("Address"),
            Text(120),
            ("住址", "居住地址", "家庭住址", "现住址", "详细地址", "地址"),
            is_personal=True,
            mask=mask_address,
        ),
        Column("estate", gettext_lazy("Estate"), Text(40), ("小区", "小区名称"), is_personal=True, mask=mask_address),
        Column(
            "building",
            gettext_lazy("Building"),
            Text(20),
            ("楼栋", "楼栋号", "幢"),
            is_personal=True,
            mask=mask_address,
        ),
        Column(
            "unit",
            gettext_lazy("Unit of the building"),
            Text(20),
            ("单元", "单元号"),
            is_personal=True,
            mask=mask_address,
        ),
        Column(
            "room",
            gettext_lazy("Room"),
            Text(20),
            ("户室", "房号", "室", "门牌号", "房间号"),
            is_personal=True,
            mask=mask_address,
            help=gettext_lazy("With building and room, a registered dwelling is found; else they are kept as address."),
        ),
        Column(
            "since",
            gettext_lazy("Living there since"),
            Day(),
            is_once=True,
            help=gettext_lazy("Counts for new homes and moves; today, where it is left empty."),
        ),
    ),
    power=access.MANAGE,
    apply=_apply,
    read_row=_read,
    key=_about,
    undo=_undo,
    help=gettext_lazy("Who is known takes over what the file says; what the file leaves empty stays."),
)
