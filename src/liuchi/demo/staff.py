"""Loading the demo's staff roll, and the heads of building units and of joint defence."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from liuchi.demo.district.heads import HEADS, IN_ESTATE, TERM_FROM, Seat, district_seats, estate_seats
from liuchi.demo.district.roll import INCOME_AS_OF, SINCE, STAFF, RollEntry, roll
from liuchi.ground.kernel.actors import System
from liuchi.ground.organisations.models import Organisation, Post
from liuchi.ground.people.actions import NewPerson, take_in_people
from liuchi.ground.people.actions.heads import NewHead, Office, import_heads
from liuchi.ground.people.actions.staff_roll import NewEmployment, import_staff
from liuchi.ground.people.models import Employment, HouseholdMember, UnitHead
from liuchi.ground.territory.addresses import building_number
from liuchi.ground.territory.models import Area, Building

LOADER = System("demo")


def load_roll(bodies: Mapping[str, Organisation]) -> int:
    """Load the staff roll of the urban communities if it is not there yet; return how many rows were new."""
    if Employment.objects.count() >= STAFF:
        return 0
    titles = {entry.post_title for entry in roll()}
    posts = {(post.organisation_id, post.title): post for post in Post.objects.filter(title__in=titles, valid_to=None)}
    taken = take_in_people(
        by=LOADER,
        people=[
            NewPerson(
                entry.name,
                entry.phone,
                entry.identity,
                post=posts.get((bodies[entry.organisation_code].id, entry.post_title)) if entry.is_new else None,
            )
            for entry in roll()
        ],
        valid_from=SINCE,
    )
    rows = [
        _employment(entry, found.person_id, bodies)
        for entry, found in zip(roll(), taken, strict=True)
        if found.person_id is not None
    ]
    return import_staff(by=LOADER, rows=rows)


def load_estate_heads(areas: Mapping[str, Area]) -> int:
    """Load the heads of 工农小区 if they are not there yet; return how many were new."""
    return 0 if UnitHead.objects.count() >= IN_ESTATE else _load_heads(estate_seats(), areas)


def load_district_heads() -> int:
    """Load the heads of the whole district, once its people are there; return how many were new."""
    if UnitHead.objects.count() >= HEADS:
        return 0
    return _load_heads(district_seats(), {area.code: area for area in Area.objects.filter(valid_to=None)})


def _employment(entry: RollEntry, person_id: UUID, bodies: Mapping[str, Organisation]) -> NewEmployment:
    lent = entry.lent
    return NewEmployment(
        person_id,
        bodies[entry.organisation_code].id,
        entry.employer,
        SINCE,
        contract_until=entry.contract_until,
        yearly=Decimal(entry.yearly),
        income_as_of=INCOME_AS_OF,
        seconded_to=bodies[lent.to_code].id if lent else None,
        seconded_since=lent.since if lent else None,
        seconded_by=lent.document if lent else "",
        returned_on=lent.returned_on if lent else None,
    )


def _load_heads(seats: Sequence[Seat], areas: Mapping[str, Area]) -> int:
    buildings = _buildings(seat.estate_code for seat in seats)
    people = dict(
        HouseholdMember.objects.filter(
            household__number__in=[seat.household for seat in seats], relation="head", valid_to=None
        ).values_list("household__number", "person_id")
    )
    heads = [
        NewHead(
            people[seat.household],
            Office(
                seat.kind,
                areas[seat.grid_code].id,
                seat.place,
                buildings[seat.estate_code, seat.phase, building_number(seat.building)] if seat.building else None,
            ),
            seat.elected_how,
            TERM_FROM,
            seat.term_until,
        )
        for seat in seats
        if seat.household in people
    ]
    return import_heads(by=LOADER, heads=heads)


def _buildings(estates: Iterable[str]) -> dict[tuple[str, str, str], UUID]:
    rows = Building.objects.filter(estate__code__in=set(estates), valid_to=None).order_by("id")
    return {
        (estate, phase, number): building_id
        for building_id, estate, phase, number in rows.values_list("id", "estate__code", "phase", "number")
    }
