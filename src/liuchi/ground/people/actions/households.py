"""Households one at a time: opened, joined, left, moved. Splitting one is opening another with some of its members."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db import models
from django.db.models import F
from django.utils.translation import gettext as _

from liuchi.ground.journal.actions import draft, write
from liuchi.ground.journal.kinds import Kind
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.actions import action, again_on
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.people import access
from liuchi.ground.people.entries import community_of
from liuchi.ground.people.history import change_of
from liuchi.ground.people.holding import held, open_residences
from liuchi.ground.people.kinds import HOUSEHOLD_JOINED, HOUSEHOLD_LEFT, HOUSEHOLD_MOVED, HOUSEHOLD_OPENED
from liuchi.ground.people.leaving import leave_households
from liuchi.ground.people.living import (
    HomePlace,
    HouseholdRefused,
    Spot,
    lock_household,
    refuse_ahead,
    spots_of,
    stay_at,
)
from liuchi.ground.people.models import (
    ChangeKind,
    Household,
    HouseholdKind,
    HouseholdMember,
    HouseholdStay,
    Person,
    Relation,
)
from liuchi.ground.people.queries import joined_records, same_person
from liuchi.ground.people.residing import RESETTLED, settle
from liuchi.ground.records import protected
from liuchi.ground.territory.queries import territory

_A_DAY = timedelta(days=1)


@again_on("household_number_once")
@action
def open_household(
    *,
    by: Actor,
    home: HomePlace,
    members: Sequence[tuple[UUID, str]],
    on: date,
    number: str = "",
    kind: str = HouseholdKind.FAMILY,
) -> Household:
    """Let people live together from a day; without a number it gets the next one of its community. Return it.

    Members leave the households they belonged to, which end when nobody is left, and live in the new home from then on.

    Raises:
        NotAllowed: the actor does not manage people where it lives, or where one of them lives so far.
        NotFound: somebody is not there.
        HouseholdRefused: nobody, two heads, an unknown relation, no such place, a day ahead, somebody dead.
    """
    spot = _spot(by, home, on)
    people = [_person(by, person_id) for person_id, _relation in members]
    relations = [relation for _person_id, relation in members]
    if not people or relations.count(Relation.HEAD) > 1 or not set(relations) <= set(Relation.values):
        raise HouseholdRefused(_("Name who belongs to it and how, with one head at most."), field="members")
    household = Household(number=number.strip() or _next_number(spot.area_id), kind=kind, valid_from=on)
    left = _leave(people, on)
    line = _line(HOUSEHOLD_OPENED, by, household, spot.area_id, {"on": on, "members": len(people), "left": left})
    fresh = [
        HouseholdMember(household=household, person=person, relation=relation, valid_from=on)
        for person, relation in zip(people, relations, strict=True)
    ]
    write(line, household, stay_at(household, spot, on), *fresh, *_settle(by, people, spot, on, line))
    return household


@action
def join_household(*, by: Actor, household_id: UUID, person_id: UUID, relation: str, on: date) -> None:
    """Let somebody belong to a household, and live in its home, from a day; the household before is left.

    Raises:
        NotAllowed, NotFound, HouseholdRefused: as `open_household`; there is a head already.
    """
    household, stay = lock_household(by, household_id, on)
    person = _person(by, person_id)
    present = HouseholdMember.objects.filter(household=household, valid_to=None)
    if relation not in Relation.values:
        raise HouseholdRefused(_("Name how they stand to the head."), field="relation")
    if relation == Relation.HEAD and present.filter(relation=Relation.HEAD).exists():
        raise HouseholdRefused(_("There is a head already."), field="relation")
    if present.filter(person=person).exists():
        raise HouseholdRefused(_("They belong to this household already."), field="person")
    left = _leave([person], on)
    line = _line(HOUSEHOLD_JOINED, by, household, stay.area_id, {"on": on, "person": person.id, "left": left})
    member = HouseholdMember(household=household, person=person, relation=relation, valid_from=on)
    spot = Spot(stay.area_id, stay.dwelling_id, _address(stay))
    write(line, member, *_settle(by, [person], spot, on, line))


@action
def leave_household(*, by: Actor, person_id: UUID, on: date, to: HomePlace | None = None) -> None:
    """Let somebody leave their household from a day, for another home, or (None) out of the district.

    The household ends with its last member.

    Raises:
        NotAllowed, NotFound, HouseholdRefused: as `open_household`; they belong to none.
    """
    person = _person(by, person_id)
    spot = _spot(by, to, on) if to is not None else None
    refuse_ahead(on)
    rows = HouseholdMember.objects.filter(same_person("person", person.id), valid_to=None)
    membership = rows.select_related("household").order_by(F("person__merged_into").asc(nulls_first=True), "id").first()
    if membership is None:
        raise NotFound(_("They belong to no household."))
    place = person.home_id
    _leave([person], on)
    line = _line(HOUSEHOLD_LEFT, by, membership.household, place, {"on": on, "person": person.id})
    write(line, *_settle(by, [person], spot, on, line))


@action
def move_household(*, by: Actor, household_id: UUID, home: HomePlace, on: date) -> None:
    """Let a household live elsewhere from a day, with all its members who are alive. Where it lived before stays known.

    Raises:
        NotAllowed, NotFound, HouseholdRefused: as `open_household`.
    """
    household, stay = lock_household(by, household_id, on)
    spot = _spot(by, home, on)
    rows = HouseholdMember.objects.filter(household=household, valid_to=None, person__death_on=None)
    everybody = [_person(by, person_id) for person_id in rows.order_by("id").values_list("person_id", flat=True)]
    people = list({person.id: person for person in everybody}.values())
    data = {"on": on, "members": len(people), "from_area": stay.area_id}
    line = _line(HOUSEHOLD_MOVED, by, household, spot.area_id, data)
    stay.valid_to = max(on, stay.valid_from + _A_DAY)
    stay.save(update_fields=["valid_to"])
    write(line, stay_at(household, spot, on), *_settle(by, people, spot, on, line))


def _spot(by: Actor, home: HomePlace, on: date) -> Spot:
    refuse_ahead(on)
    (spot,) = spots_of([home])
    access.require_at(by, access.MANAGE, spot.area_id)
    return spot


def _person(by: Actor, person_id: UUID) -> Person:
    person = held(person_id)
    access.require(by, access.MANAGE, person)
    if person.death_on is not None:
        raise HouseholdRefused(_("This person is registered as dead."), field="person")
    return person


def _leave(people: Sequence[Person], on: date) -> list[UUID]:
    records = {each for ids in joined_records([person.id for person in people]).values() for each in ids}
    return leave_households(records, on).households


def _settle(by: Actor, people: Iterable[Person], spot: Spot | None, on: date, line: Line) -> list[models.Model]:
    """Let people live at a spot (None: nowhere in the district); return the rows that are new."""
    fresh: list[models.Model] = []
    for person in people:
        said = str(person.home_id or "")
        present = next(iter(open_residences([person.id])), None)
        place = (spot.area_id, spot.address or None, spot.dwelling_id) if spot is not None else (None, None, None)
        settled = settle(person, present, place[0], place[1], on, place[2])
        if settled.before is None:
            continue
        if settled.changed is not None:
            settled.changed.save(update_fields=RESETTLED)
        person.save(update_fields=["home"])
        before = {"home": said, "residence": settled.before}
        fresh.append(change_of(person, before, kind=ChangeKind.MOVE, line_id=line.id, by=by, at=line.recorded_at))
        fresh += [settled.begun] if settled.begun is not None else []
    return fresh


def _address(stay: HouseholdStay) -> str:
    return protected.unseal(stay.address_sealed, protected.ADDRESS, stay.id)


def _next_number(area_id: UUID) -> str:
    prefix = f"{territory().area(community_of(area_id) or area_id).code}-"
    last = Household.objects.filter(number__regex=rf"^{prefix}[0-9]{{5}}$").order_by("-number").first()
    return f"{prefix}{int(last.number[-5:]) + 1 if last is not None else 1:05}"


def _line(kind: Kind, by: Actor, household: Household, place_id: UUID | None, data: dict[str, object]) -> Line:
    return draft(
        kind=kind, by=by, subject_type="people.household", subject_id=household.id, place_id=place_id, data=data
    )
