"""A small world for tests: a district of two towns, four communities and eight grids, with people for every stage."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.utils import timezone

from liuchi.engines.cases.actions.check import fail_check, pass_check
from liuchi.engines.cases.actions.decide import grant_pause
from liuchi.engines.cases.actions.desk import close_case, file_case
from liuchi.engines.cases.actions.dispatch import dispatch_case
from liuchi.engines.cases.actions.handle import ask_extension, ask_pause, decline_case, hand_in_result
from liuchi.engines.cases.actions.intake import report_case
from liuchi.engines.cases.actions.standards import import_catalogue
from liuchi.engines.cases.catalogue import Row
from liuchi.engines.cases.models import Case, FilingCondition
from liuchi.engines.cases.opening import Receipt
from liuchi.ground.access.actions import NewAccount, open_accounts, set_roles
from liuchi.ground.access.models import Account, Grant, Role
from liuchi.ground.access.viewers import PUBLIC, Viewer, viewer_of
from liuchi.ground.calendars.actions import ensure_base_calendar
from liuchi.ground.kernel import clock, guard
from liuchi.ground.kernel.actors import Actor, System
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.organisations.actions import NewDuty, NewOrganisation, import_duties, import_organisations
from liuchi.ground.organisations.models import Organisation
from liuchi.ground.people.actions import NewPerson, import_people
from liuchi.ground.territory import queries
from liuchi.ground.territory.actions import NewArea, import_territory
from liuchi.ground.territory.models import Area

SETUP = System("tests")
SINCE = date(2024, 1, 1)
#: A Thursday morning inside office hours.
MORNING = datetime(2024, 9, 12, 1, 0, tzinfo=UTC)
PASSWORD = "correct-horse-battery"
_DISTRICT = "990803"


@dataclass(frozen=True)
class World:
    """What tests need to name. Accounts are read anew at each call, so that grants given later count."""

    district: Area
    communities: tuple[Area, ...]
    grids: tuple[Area, ...]
    water: Organisation
    lights: Organisation
    conditions: tuple[FilingCondition, ...]

    def viewer(self, username: str, hat: str = "") -> Viewer:
        """Return the viewer of an account: desk, dispatcher, checker, water, lights, resident, other-desk, …"""
        return viewer_of(Account.objects.get(username=username), hat)

    @property
    def town(self) -> Organisation:
        """Return the office of the first town, whose duty it is to assist with covers; nobody signs in for it yet."""
        return Organisation.objects.get(code="town-1")


def small_world() -> World:
    """Make the world through the rooms' own actions and return its names."""
    queries.forget()
    ensure_base_calendar(by=SETUP)
    import_territory(by=SETUP, areas=_areas(), valid_from=SINCE)
    queries.forget()
    areas = {area.code: area for area in Area.objects.order_by("code")}
    district = areas[_DISTRICT]
    import_organisations(
        by=SETUP,
        organisations=[
            NewOrganisation("desk", "大观区监督中心", "监督中心", "desk", district),
            NewOrganisation("water", "大观区供水服务中心", "供水中心", "centre", district),
            NewOrganisation("lights", "大观区路灯管理所", "路灯所", "squad", district),
            NewOrganisation("town-1", "第一街道办事处", "一街道", "town", areas["990803001"]),
            NewOrganisation("town-2", "第二街道办事处", "二街道", "town", areas["990803002"]),
        ],
        valid_from=SINCE,
    )
    bodies = {body.code: body for body in Organisation.objects.order_by("code")}
    import_duties(
        by=SETUP,
        duties=[
            NewDuty("water", "component-0101", "lead"),
            NewDuty("@town", "component-0101", "assist"),
            NewDuty("lights", "component-0109", "lead"),
        ],
        document="大观区权责清单（测试）",
        valid_from=SINCE,
    )
    import_catalogue(
        by=SETUP, code="test", document="测试标准", city="测试市", rows=_rows(), content_hash="0" * 64, valid_from=SINCE
    )
    _open_accounts(areas, bodies)
    grids = tuple(area for code, area in areas.items() if len(code) == 15)
    communities = tuple(area for code, area in areas.items() if len(code) == 12)
    conditions = tuple(FilingCondition.objects.order_by("case_class__code", "number"))
    return World(district, communities, grids, bodies["water"], bodies["lights"], conditions)


def point_in(world: World, grid: int) -> tuple[float, float]:
    """Return a point (longitude, latitude) inside the grid of that index."""
    code = world.grids[grid].code
    x, y = _corner(code)
    return x + 0.005, y + 0.005


def report(world: World, *, by: Actor = PUBLIC, grid: int = 0, at: datetime | None = None, **values: object) -> Receipt:
    """Report something in a grid and return the receipt."""
    longitude, latitude = point_in(world, grid)
    given = {"text": "井盖坏了，晚上很危险", "longitude": longitude, "latitude": latitude, "token": new_id(), **values}
    return report_case(by=by, at=at, **given)  # type: ignore[arg-type]


def filed(world: World, **values: object) -> Case:
    """Return a case that waits for dispatch."""
    receipt = report(world, **values)  # type: ignore[arg-type]
    file_case(by=world.viewer("desk"), case_id=receipt.case_id, condition_id=world.conditions[0].id)
    return case_of(receipt.case_id)


def dispatched(world: World, **values: object) -> Case:
    """Return a case that the water centre is to handle."""
    case = filed(world, **values)
    dispatch_case(by=world.viewer("dispatcher"), case_id=case.id, unit_id=world.water.id, reason="权责清单")
    return case_of(case.id)


def disputed(world: World, **values: object) -> Case:
    """Return a case of which the water centre says that it is not its own."""
    case = dispatched(world, **values)
    decline_case(by=world.viewer("water"), case_id=case.id, reason="other_owner", text="该井盖属通信公司")
    return case_of(case.id)


def extending(world: World, **values: object) -> Case:
    """Return a case for which the water centre asks for more time."""
    case = dispatched(world, **values)
    ask_extension(by=world.viewer("water"), case_id=case.id, reason="material", text="井盖需定制，三天后到货")
    return case_of(case.id)


def pausing(world: World, *, days: int = 5, **values: object) -> Case:
    """Return a case that the water centre asks to let rest for some days."""
    case = dispatched(world, **values)
    until = timezone.localdate(clock.now()) + timedelta(days=days)
    ask_pause(
        by=world.viewer("water"), case_id=case.id, reason="material", text="井盖已向厂家订制，周二到货", until=until
    )
    return case_of(case.id)


def paused(world: World, *, days: int = 5, **values: object) -> Case:
    """Return a case that rests for some days."""
    case = pausing(world, days=days, **values)
    grant_pause(by=world.viewer("desk"), case_id=case.id)
    return case_of(case.id)


def handed_in(world: World, **values: object) -> Case:
    """Return a case that waits for its check."""
    case = dispatched(world, **values)
    hand_in_result(by=world.viewer("water"), case_id=case.id, text="已更换井盖")
    return case_of(case.id)


def closed(world: World, **values: object) -> Case:
    """Return a closed case."""
    case = handed_in(world, **values)
    pass_check(by=world.viewer("checker"), case_id=case.id)
    close_case(by=world.viewer("desk"), case_id=case.id)
    return case_of(case.id)


def reworked(world: World, **values: object) -> Case:
    """Return a case that the checker sent back to the unit."""
    case = handed_in(world, **values)
    fail_check(by=world.viewer("checker"), case_id=case.id, reason="partly_done", text="井盖仍松动")
    return case_of(case.id)


def case_of(case_id: UUID) -> Case:
    """Return the case as the database has it."""
    return Case.objects.select_related("condition__case_class", "unit", "place").get(id=case_id)


def give_role(username: str, role: str, area: Area, organisation: Organisation | None = None) -> None:
    """Give a role to an account, and open the account first where there is none."""
    account = Account.objects.filter(username=username).first()
    if account is None:
        (person,) = import_people(by=SETUP, people=[NewPerson(username, phone="19900009999")], valid_from=SINCE)
        new = NewAccount(person, username, role, area, "tests", organisation, PASSWORD)
        open_accounts(by=SETUP, accounts=[new])
        return
    with guard.scope("maintenance", "tests"):
        Grant.objects.create(
            account=account,
            role=Role.objects.get(code=role),
            area=area,
            organisation=organisation,
            purpose="tests",
            valid_from=clock.now(),
        )


def _areas() -> Iterator[NewArea]:
    yield NewArea("province", "99", "测试省", None, is_managed=False)
    yield NewArea("city", "9908", "测试市", "99", is_managed=False)
    yield NewArea("district", _DISTRICT, "测试区", "9908")
    for town in ("001", "002"):
        yield NewArea("town", _DISTRICT + town, f"第{int(town)}街道", _DISTRICT, label_kind="街道")
        for community in ("001", "002"):
            code = _DISTRICT + town + community
            yield NewArea("community", code, f"{town}{community}社区", _DISTRICT + town, label_kind="社区")
            for serial in ("001", "002"):
                yield NewArea("grid", code + serial, f"{code[6:]}{serial}网格", code, geometry=_square(code + serial))


def _corner(code: str) -> tuple[float, float]:
    """Return the lower left corner of a grid's square: towns side by side, communities above one another."""
    town, community, serial = int(code[6:9]), int(code[9:12]), int(code[12:15])
    return round(117 + (town - 1) * 0.02 + (serial - 1) * 0.01, 3), round(30.5 + (community - 1) * 0.01, 3)


def _square(code: str) -> dict[str, object]:
    x, y = _corner(code)
    right, top = round(x + 0.01, 3), round(y + 0.01, 3)
    return {"type": "Polygon", "coordinates": [[[x, y], [right, y], [right, top], [x, top], [x, y]]]}


def _rows() -> list[Row]:
    def row(code: str, name: str, condition: str, value: str, unit: str, text: str) -> Row:
        return Row(
            "component", "01", "公用设施", code, name, condition, "修复", text, Decimal(value), unit, "供水中心", ""
        )

    return [
        row("0101", "上水井盖", "破损", "4", "work_hour", "4小时"),
        row("0101", "上水井盖", "缺失、移位", "2", "urgent_hour", "2紧急工作时"),
        row("0109", "路灯", "不亮", "1", "work_day", "1天"),
    ]


def _open_accounts(areas: dict[str, Area], bodies: dict[str, Organisation]) -> None:
    set_roles(by=SETUP)
    district, town, other = areas[_DISTRICT], areas["990803001"], areas["990803002"]
    wanted = [
        ("desk", "desk", district, None),
        ("dispatcher", "dispatcher", district, None),
        ("checker", "checker", town, None),
        ("water", "handler", district, bodies["water"]),
        ("lights", "handler", district, bodies["lights"]),
        ("resident", "resident", district, None),
        ("other-resident", "resident", district, None),
        ("other-desk", "desk", other, None),
        ("other-checker", "checker", other, None),
    ]
    people = import_people(
        by=SETUP,
        people=[NewPerson(f"测试{number}", phone=f"1990000{number:04d}") for number, _ in enumerate(wanted, start=1)],
        valid_from=SINCE,
    )
    open_accounts(
        by=SETUP,
        accounts=[
            NewAccount(person, name, role, area, "tests", organisation, PASSWORD)
            for person, (name, role, area, organisation) in zip(people, wanted, strict=True)
        ],
    )
