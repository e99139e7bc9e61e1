"""A small place for tests of people: a district with two communities, clerks who may do things there, and residents."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

from liuchi.ground.kernel.actors import ActorKind, System
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.people.actions import NewPerson, import_people
from liuchi.ground.people.identity import check_digit
from liuchi.ground.people.models import Person
from liuchi.ground.territory import queries
from liuchi.ground.territory.actions import NewArea, import_territory
from liuchi.ground.territory.models import Area

SETUP = System("tests")
SINCE = date(2024, 1, 1)
NOW = datetime(2024, 9, 12, 1, 0, tzinfo=UTC)
TODAY = date(2024, 9, 12)
PHONE = "19900001234"
DISTRICT = "990803"


@dataclass(frozen=True)
class Clerk:
    """Somebody at a desk: holds `powers` in some areas and below them."""

    powers: frozenset[str]
    roots: tuple[UUID, ...]
    id: UUID = field(default_factory=new_id)
    person_id: UUID | None = None
    on_behalf_of: UUID | None = None
    kind: ActorKind = "person"

    def allows(self, power: str, area: UUID | None = None) -> bool:
        """Tell whether a power is held, in an area when one is given."""
        return power in self.powers and (area is None or area in self.areas(power))

    def areas(self, power: str) -> frozenset[UUID]:
        """Return the areas in which a power is held."""
        if power not in self.powers:
            return frozenset()
        return frozenset().union(*(queries.territory().with_descendants(root) for root in self.roots))


@dataclass(frozen=True)
class Place:
    """A district with two communities of two grids each."""

    district: Area
    one: Area
    other: Area
    grids: tuple[Area, ...]

    def clerk(self, *powers: str, at: Area | None = None) -> Clerk:
        """Return a clerk of the first community, or of the area given, with the short names of powers ("see")."""
        return Clerk(frozenset(f"people.{power}" for power in powers), ((at or self.one).id,))


def small_place() -> Place:
    """Make the place through the territory's own actions."""
    queries.forget()
    areas = [NewArea("district", DISTRICT, "测试区", None), NewArea("town", f"{DISTRICT}001", "一街道", DISTRICT)]
    for community in ("001", "002"):
        code = f"{DISTRICT}001{community}"
        areas.append(NewArea("community", code, f"{community}社区", f"{DISTRICT}001"))
        areas += [NewArea("grid", f"{code}{serial}", f"{serial}网格", code) for serial in ("001", "002")]
    import_territory(by=SETUP, areas=areas, valid_from=SINCE)
    queries.forget()
    found = {area.code: area for area in Area.objects.order_by("code")}
    grids = tuple(area for area in found.values() if area.kind == "grid")
    return Place(found[DISTRICT], found[f"{DISTRICT}001001"], found[f"{DISTRICT}001002"], grids)


def number(born_on: date = date(1950, 1, 1), serial: int = 1) -> str:
    """Return a fictitious identity number with a sound check digit; odd serials are men's."""
    first = f"{DISTRICT}{born_on:%Y%m%d}{serial:03}"
    return first + check_digit(first)


def resident(name: str = "张三", phone: str = PHONE, home: Area | None = None, **values: object) -> Person:
    """Register somebody through the import and return the record."""
    entry = NewPerson(name, phone, home=home, **values)  # type: ignore[arg-type]
    (person,) = import_people(by=SETUP, people=[entry], valid_from=SINCE)
    return person
