"""Loading the small demo: district, bodies, people and some weeks of cases, all through the rooms' actions."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from django.db import transaction

from liuchi.demo.assets import load_assets
from liuchi.demo.bodies import load_bodies
from liuchi.demo.care import load_care
from liuchi.demo.cases import load_cases
from liuchi.demo.district.map import DistrictMap, district_map
from liuchi.demo.district.organisations import duty_rows, standard_rows
from liuchi.demo.district.people import StaffMember, residents, staff
from liuchi.demo.estates import load_estate
from liuchi.demo.history import load_year
from liuchi.demo.indexes import bring_back
from liuchi.demo.population import population_coming
from liuchi.demo.staff import load_district_heads, load_estate_heads, load_roll
from liuchi.demo.venues import load_venues
from liuchi.engines.cases.actions.standards import import_catalogue
from liuchi.engines.cases.catalogue import SHIPPED, SHIPPED_CITY, SHIPPED_DOCUMENT, read_catalogue
from liuchi.ground.access.actions import NewAccount, open_accounts, set_roles
from liuchi.ground.calendars.actions import ensure_base_calendar
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.actors import System
from liuchi.ground.organisations.actions import NewDuty, import_duties
from liuchi.ground.organisations.models import Organisation, Post
from liuchi.ground.people.actions import NewPerson, import_people, set_care_categories
from liuchi.ground.people.models import Person
from liuchi.ground.territory import queries
from liuchi.ground.territory.actions import NewArea, NewFeature, import_territory
from liuchi.ground.territory.divisions import EDITION_2023, SHIPPED_DIVISIONS, read_divisions
from liuchi.ground.territory.models import Area, AreaKind

LOADER = System("demo")
PURPOSE = "demo"
Say = Callable[[str], None]
#: The posts of the supervision desk and the role each one works in.
DESK_ROLES = {"受理员": "desk", "派遣员": "dispatcher", "核查员": "checker"}
#: The offices behind the desk, the body whose handler (by place in it) holds each, and what the grant is for.
OFFICES = {
    "personnel": ("organisation", 0, "personnel"),
    "surveyor": ("civil-affairs", 0, "registers"),
    "civil_affairs": ("civil-affairs", 1, "registers"),
    "privacy_officer": ("justice", 0, "protection"),
    "duty_officer": ("emergency", 0, "duty"),
    "supervisor": ("party-office", 1, "casework"),
    "system_admin": ("data", 0, "administration"),
    "security_admin": ("political-legal", 0, "administration"),
    "audit_admin": ("party-office", 0, "administration"),
}
#: Whose registrar and grid worker the demo signs in with: 蔡山社区, which has the estate drawn room by room.
SHOWN_COMMUNITY, SHOWN_GRID = "340803005001", "340803005001001"
CATALOGUE = "yuncheng"


def load_demo(*, today: date, say: Say, size: str = "small") -> None:
    """Load whatever of the demo is not there yet; a second run changes nothing and takes a moment.

    The size "small" has the whole district with some 4,000 people, "district" 180,000 and a year of
    100,000 cases.
    """
    load_places(say=say)
    with population_coming(is_wanted=size == "district") as arrived:
        load_district(say=say)
        if count := load_care(today):
            say(f"care register: {count}")
        load_cases(today=today, say=say)
        if count := arrived():
            say(f"population: {count} households")
    if size == "district":
        if count := load_district_heads():
            say(f"heads of units and of joint defence: {count}")
        load_year(today=today, say=say)
    else:
        bring_back()  # a year may have been begun and killed


def load_places(*, say: Say) -> None:
    """Load what stands before everybody who lives or works there: calendar, roles, territory, care categories."""
    ensure_base_calendar(by=LOADER)
    set_roles(by=LOADER)
    load_territory(say)
    set_care_categories(by=LOADER)


def load_district(*, say: Say) -> None:
    """Load everything else that stands before the first case: bodies, catalogue, people, assets."""
    areas = {area.code: area for area in Area.objects.filter(valid_to=None).order_by("code")}
    load_organisations(areas, say)
    bodies = {body.code: body for body in Organisation.objects.filter(valid_to=None).order_by("code")}
    load_catalogue(say)
    load_people(areas, bodies, say)
    if count := load_venues(bodies):
        say(f"venues: {count}")
    count = load_estate(areas)
    if count:
        say(f"工农小区: {count} households")
    if count := load_roll(bodies):
        say(f"staff roll of the communities: {count}")
    if count := load_estate_heads(areas):
        say(f"工农小区: {count} heads of units and of joint defence")
    count = load_assets(areas)
    if count:
        say(f"asset book: {count} assets")


def load_territory(say: Say) -> None:
    """Load the district's areas, its schematic map and what is drawn on it."""
    drawn = district_map()
    count = import_territory(
        by=LOADER,
        areas=list(_areas(drawn)),
        features=[NewFeature(each.kind, each.name, each.shape) for each in drawn.features],
        valid_from=EDITION_2023,
    )
    queries.forget()
    if count:
        say(f"territory: {count} areas, {len(queries.territory().of_kind(AreaKind.GRID))} grids")


def _areas(drawn: DistrictMap) -> Iterator[NewArea]:
    """Give the statistical areas, with the map's polygons where the district governs, and the grids below them."""
    shapes = {area.code: area for area in drawn.areas}
    managed = frozenset(area.code for area in drawn.of_kind("town"))
    for area in read_divisions(SHIPPED_DIVISIONS, managed=managed):
        found = shapes.get(area.code)
        yield area if found is None else replace(area, name=found.name, geometry=found.polygon)
    for grid in drawn.of_kind("grid"):
        yield NewArea(AreaKind.GRID, grid.code, grid.name, grid.parent_code, label_kind="网格", geometry=grid.polygon)


def load_organisations(areas: dict[str, Area], say: Say) -> None:
    """Load all bodies with their posts, and the duties of those that handle cases."""
    count = load_bodies(areas)
    names = {row.matter: row.class_name for row in standard_rows()}
    for document in sorted({row.document for row in duty_rows()}):
        import_duties(
            by=LOADER,
            duties=[
                NewDuty(
                    f"@{row.by_place}" if row.by_place else row.organisation_code,
                    row.matter,
                    row.role,
                    row.note,
                    names[row.matter],
                )
                for row in duty_rows()
                if row.document == document
            ],
            document=document,
            valid_from=EDITION_2023,
        )
    if count:
        say(f"organisations: {count}")


def load_catalogue(say: Say) -> None:
    """Load the shipped city standard."""
    rows, content_hash = read_catalogue(SHIPPED)
    import_catalogue(
        by=LOADER,
        code=CATALOGUE,
        document=SHIPPED_DOCUMENT,
        city=SHIPPED_CITY,
        rows=rows,
        content_hash=content_hash,
        valid_from=EDITION_2023,
    )
    say(f"catalogue: {len(rows)} filing conditions")


def load_people(areas: dict[str, Area], bodies: dict[str, Organisation], say: Say) -> None:
    """Load staff and residents, and open the accounts they sign in with."""
    posts = {
        (organisation, title): Post(id=post_id)
        for organisation, title, post_id in Post.objects.values_list("organisation__code", "title", "id")
    }
    members = staff()
    neighbours = residents()
    with guard.scope("maintenance", "demo.people"), transaction.atomic(durable=True):
        # Together: were it killed in between, the next run would find the people known, and nobody could sign in.
        fresh = import_people(
            by=LOADER,
            people=[
                *(
                    NewPerson(each.name, each.phone, each.identity, post=posts[each.organisation_code, each.post_title])
                    for each in members
                ),
                *(
                    NewPerson(each.name, each.phone, each.identity, home=areas[each.grid_code], address=each.address)
                    for each in neighbours
                ),
            ],
            valid_from=EDITION_2023,
        )
        if not fresh:
            return
        accounts = list(_accounts(fresh, members, areas, bodies))
        open_accounts(by=LOADER, accounts=accounts)
    say(f"people: {len(fresh)}, accounts: {len(accounts)}")


def _accounts(
    people: list[Person], members: tuple[StaffMember, ...], areas: dict[str, Area], bodies: dict[str, Organisation]
) -> Iterator[NewAccount]:
    """Give an account for each member of staff, and those that the demo signs in with by one tap."""
    district = queries.territory().root()
    district = areas[district.code]
    numbers: dict[str, int] = {}
    for person, member in zip(people, members, strict=False):
        role = DESK_ROLES.get(member.post_title, "handler")
        if member.post_title == "网格员":
            role = "checker"
        stem = f"{role}-{member.organisation_code}" if role == "handler" else role
        if member.post_title == "网格员":
            stem = f"grid-{member.area_code}"
        numbers[stem] = numbers.get(stem, 0) + 1
        body = bodies[member.organisation_code] if role == "handler" else None
        area = areas[member.area_code] if role == "checker" else district
        yield NewAccount(person, f"{stem}-{numbers[stem]}", role, area, PURPOSE, body)
    resident = people[len(members)]
    yield NewAccount(resident, "demo-resident", "resident", district, PURPOSE)
    named = dict(zip(members, people, strict=False))
    for title, role in DESK_ROLES.items():
        person = next(person for member, person in named.items() if member.post_title == title)
        yield NewAccount(person, f"demo-{role}", role, district, PURPOSE)
    handler = next(person for member, person in named.items() if member.organisation_code == "municipal")
    yield NewAccount(handler, "demo-handler", "handler", district, PURPOSE, bodies["municipal"])
    for role, (code, place, purpose) in OFFICES.items():
        holder = [person for member, person in named.items() if member.organisation_code == code][place]
        yield NewAccount(holder, f"demo-{role.replace('_', '-')}", role, district, purpose)
    of_grid = next(person for member, person in named.items() if member.area_code == SHOWN_GRID)
    yield NewAccount(of_grid, "demo-grid-worker", "grid_worker", areas[SHOWN_GRID], "casework")
    titles = {"村主任", "社区主任"}
    head = next(p for m, p in named.items() if m.area_code == SHOWN_COMMUNITY and m.post_title in titles)
    yield NewAccount(head, "demo-registrar", "registrar", areas[SHOWN_COMMUNITY], "registers")
