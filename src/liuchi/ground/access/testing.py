"""A small district for tests of grants: two towns of two communities with two grids each, two units, and people."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count

from liuchi.ground.access.actions import NewAccount, open_accounts, set_roles
from liuchi.ground.access.models import Account, Grant, Role
from liuchi.ground.access.viewers import Viewer, viewer_of
from liuchi.ground.calendars.actions import ensure_base_calendar
from liuchi.ground.kernel import clock, guard
from liuchi.ground.kernel.actors import System
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.organisations.actions import NewOrganisation, import_organisations
from liuchi.ground.organisations.models import Organisation
from liuchi.ground.people.actions import NewPerson, import_people
from liuchi.ground.people.models import Person
from liuchi.ground.territory import queries
from liuchi.ground.territory.actions import NewArea, import_territory
from liuchi.ground.territory.models import Area

SETUP = System("tests")
SINCE = date(2024, 1, 1)
MORNING = datetime(2024, 9, 12, 1, 0, tzinfo=UTC)
PASSWORD = "correct-horse-battery"
_DISTRICT = "990803"
_phones = count(19900005000)


@dataclass(frozen=True)
class Ground:
    """What tests of grants need to name."""

    district: Area
    towns: tuple[Area, ...]
    communities: tuple[Area, ...]
    grids: tuple[Area, ...]
    water: Organisation
    lights: Organisation

    def viewer(self, username: str, hat: str = "") -> Viewer:
        """Return the viewer of an account, read anew."""
        return viewer_of(Account.objects.get(username=username), hat)


def small_ground() -> Ground:
    """Make the district with its roles and units; accounts are opened by `give`."""
    with frozen_at(MORNING):
        queries.forget()
        ensure_base_calendar(by=SETUP)
        import_territory(by=SETUP, areas=list(_areas()), valid_from=SINCE)
        queries.forget()
        areas = {area.code: area for area in Area.objects.order_by("code")}
        import_organisations(
            by=SETUP,
            organisations=[
                NewOrganisation("water", "测试区供水中心", "供水中心", "centre", areas[_DISTRICT]),
                NewOrganisation("lights", "测试区路灯所", "路灯所", "squad", areas[_DISTRICT]),
            ],
            valid_from=SINCE,
        )
        set_roles(by=SETUP)
        bodies = {body.code: body for body in Organisation.objects.order_by("code")}
    by_length = {
        length: tuple(area for code, area in areas.items() if len(code) == length) for length in (6, 9, 12, 15)
    }
    return Ground(by_length[6][0], by_length[9], by_length[12], by_length[15], bodies["water"], bodies["lights"])


def person_named(name: str) -> Person:
    """Make a person with a phone number nobody else has."""
    (person,) = import_people(by=SETUP, people=[NewPerson(name, phone=str(next(_phones)))], valid_from=SINCE)
    return person


def give(
    username: str, role: str, area: Area, organisation: Organisation | None = None, person: Person | None = None
) -> Account:
    """Give a role to an account, and open the account first where there is none; return it."""
    account = Account.objects.filter(username=username).first()
    if account is None:
        new = NewAccount(person or person_named(username), username, role, area, "tests", organisation, PASSWORD)
        open_accounts(by=SETUP, accounts=[new])
        return Account.objects.get(username=username)
    with guard.scope("maintenance", "tests"):
        Grant.objects.create(
            account=account,
            role=Role.objects.get(code=role),
            area=area,
            organisation=organisation,
            purpose="tests",
            valid_from=clock.now(),
        )
    return account


def _areas() -> list[NewArea]:
    made = [NewArea("district", _DISTRICT, "测试区", None)]
    for town in ("001", "002"):
        made.append(NewArea("town", _DISTRICT + town, f"第{int(town)}街道", _DISTRICT))
        for community in ("001", "002"):
            code = _DISTRICT + town + community
            made.append(NewArea("community", code, f"{town}{community}社区", _DISTRICT + town))
            made += [NewArea("grid", code + serial, f"{code[6:]}{serial}网格", code) for serial in ("001", "002")]
    return made
