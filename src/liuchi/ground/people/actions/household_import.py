"""Bringing in a register of households."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel.actions import action, again_on
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.conditions import is_one_of
from liuchi.ground.kernel.copying import copy_in
from liuchi.ground.kernel.writes import build
from liuchi.ground.people import access
from liuchi.ground.people.kinds import HOUSEHOLDS_IMPORTED
from liuchi.ground.people.living import HomePlace, HouseholdRefused, Spot, spots_of, stay_at
from liuchi.ground.people.models import (
    Household,
    HouseholdKind,
    HouseholdMember,
    HouseholdStay,
    Person,
    Relation,
    Residence,
)

_CHUNK = 5000
_KINDS, _RELATIONS = frozenset(HouseholdKind.values), frozenset(Relation.values)


@dataclass(frozen=True, slots=True)
class NewHousehold:
    """A household to import: its number, where it lives, and its members with their relation to the head."""

    number: str
    home: HomePlace
    members: tuple[tuple[UUID, str], ...]
    kind: str = HouseholdKind.FAMILY


@again_on("household_number_once")
@action
def import_households(*, by: Actor, households: Iterable[NewHousehold], valid_from: date) -> int:
    """Bring in households whose number is not there yet, all or none; return how many were new. Fit for 70,000.

    Where members live is told by the register of people: a residence in the same area that names no dwelling gains the
    household's, others stay as they are.

    Raises:
        NotAllowed: the actor lacks the power people.manage where one of them lives.
        HouseholdRefused: no such place or person, two heads, an unknown relation, or somebody who belongs to another
            household; it is named by its number.
    """
    wanted = list(households)
    taken = _numbers_taken(wanted)
    fresh = [each for each in _each_once(wanted) if each.number.strip() not in taken]
    if not fresh:
        return 0
    spots = spots_of([each.home for each in fresh])
    for area_id in {spot.area_id for spot in spots}:
        access.require_at(by, access.MANAGE, area_id)
    _refuse_unsound(fresh)
    _refuse_people([person_id for each in fresh for person_id, _relation in each.members])
    homes = [build(Household, number=each.number.strip(), kind=each.kind, valid_from=valid_from) for each in fresh]
    copy_in(Household, homes)
    copy_in(HouseholdStay, (stay_at(home, spot, valid_from) for home, spot in zip(homes, spots, strict=True)))
    members = copy_in(
        HouseholdMember,
        (
            build(HouseholdMember, household_id=home.id, person_id=person_id, relation=relation, valid_from=valid_from)
            for home, each in zip(homes, fresh, strict=True)
            for person_id, relation in each.members
        ),
    )
    _refine_residences(fresh, spots)
    record(
        kind=HOUSEHOLDS_IMPORTED,
        by=by,
        subject_type="people.household",
        subject_id=homes[0].id,
        place_id=spots[0].area_id,
        data={"households": len(homes), "members": members},
    )
    return len(homes)


def _each_once(wanted: Iterable[NewHousehold]) -> Iterable[NewHousehold]:
    found: dict[str, NewHousehold] = {}
    for each in wanted:
        found.setdefault(each.number.strip(), each)
    return found.values()


def _numbers_taken(wanted: Sequence[NewHousehold]) -> set[str]:
    numbers = [each.number.strip() for each in wanted]
    found: set[str] = set()
    for start in range(0, len(numbers), _CHUNK):
        rows = Household.objects.filter(number__in=numbers[start : start + _CHUNK])
        found.update(rows.values_list("number", flat=True))
    return found


def _refuse_unsound(wanted: Iterable[NewHousehold]) -> None:
    for each in wanted:
        relations = [relation for _person, relation in each.members]
        why = ""
        if not each.number.strip():
            why = _("a household has a number")
        elif each.kind not in _KINDS:
            why = _("nobody knows this kind of household")
        elif not _RELATIONS.issuperset(relations):
            why = _("nobody knows one of the relations")
        elif relations.count(Relation.HEAD) > 1:
            why = _("a household has one head")
        if why:
            raise HouseholdRefused(
                _("Household %(number)s: %(why)s.") % {"number": each.number, "why": why}, field="members"
            )


def _refuse_people(ids: Sequence[UUID]) -> None:
    """Refuse people who are not there, or belong to a household."""
    if len(set(ids)) < len(ids):
        raise HouseholdRefused(_("Somebody stands in two households of this list."), field="members")
    for start in range(0, len(ids), _CHUNK):
        chunk = frozenset(ids[start : start + _CHUNK])
        if Person.objects.filter(is_one_of("id", chunk), merged_into=None, erased_at=None).count() < len(chunk):
            raise HouseholdRefused(_("Somebody in this list is not registered."), field="members")
        if HouseholdMember.objects.filter(is_one_of("person_id", chunk), valid_to=None).exists():
            raise HouseholdRefused(_("Somebody in this list belongs to another household."), field="members")


def _refine_residences(fresh: Sequence[NewHousehold], spots: Sequence[Spot]) -> None:
    """Let residences in the household's area that name no dwelling name the household's."""
    people = [
        person_id
        for each, spot in zip(fresh, spots, strict=True)
        if spot.dwelling_id is not None
        for person_id, _relation in each.members
    ]
    for start in range(0, len(people), _CHUNK):
        chunk = is_one_of("person_id", frozenset(people[start : start + _CHUNK]))
        rows = Residence.objects.filter(chunk, valid_to=None, dwelling=None)
        at = HouseholdStay.objects.filter(
            household__members__person_id=OuterRef("person_id"),
            household__members__valid_to=None,
            valid_to=None,
            area_id=OuterRef("area_id"),
        ).order_by("id")
        if rows.exists():
            rows.update(dwelling_id=Subquery(at.values("dwelling_id")[:1]))
