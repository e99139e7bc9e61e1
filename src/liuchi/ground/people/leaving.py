"""Ending memberships of households, and households that nobody is left in; and taking that back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from liuchi.ground.people.models import Household, HouseholdMember, HouseholdStay, Relation

_A_DAY = timedelta(days=1)


@dataclass
class Left:
    """What ended: memberships, households nobody is left in, where those lived; `households` are all that were left."""

    households: list[UUID] = field(default_factory=list)
    memberships: list[UUID] = field(default_factory=list)
    ended: list[UUID] = field(default_factory=list)
    stays: list[UUID] = field(default_factory=list)

    def told(self) -> dict[str, object]:
        """Return what takes it back, as plain JSON for a `PersonChange`."""
        return {
            "memberships": [str(each) for each in self.memberships],
            "households": [str(each) for each in self.ended],
            "stays": [str(each) for each in self.stays],
        }


def leave_households(people: Iterable[UUID], on: date) -> Left:
    """End the memberships in force of these people from a day, and households that nobody is left in."""
    left = Left()
    rows = HouseholdMember.objects.select_for_update(of=("self",)).filter(person_id__in=list(people), valid_to=None)
    for row in rows.order_by("id"):
        row.valid_to = max(on, row.valid_from + _A_DAY)
        row.save(update_fields=["valid_to"])
        left.households.append(row.household_id)
        left.memberships.append(row.id)
    left.households = sorted(set(left.households))
    for household_id in left.households:
        if not HouseholdMember.objects.filter(household_id=household_id, valid_to=None).exists():
            _end(household_id, on, left)
    return left


def go_back(said: Mapping[str, Sequence[str]], people: Iterable[UUID]) -> None:
    """Take back what `leave_households` ended, as far as nothing else has begun since.

    Whoever belongs to another household by now stays there; where another head was named, the relation is not stated.
    """
    Household.objects.filter(id__in=said.get("households", ())).update(valid_to=None)
    for stay in HouseholdStay.objects.filter(id__in=said.get("stays", ())):
        if not HouseholdStay.objects.filter(household_id=stay.household_id, valid_to=None).exists():
            stay.valid_to = None
            stay.save(update_fields=["valid_to"])
    if HouseholdMember.objects.filter(person_id__in=list(people), valid_to=None).exists():
        return
    rows = HouseholdMember.objects.filter(id__in=said.get("memberships", ()), household__valid_to=None)
    for row in rows.order_by("id")[:1]:
        heads = HouseholdMember.objects.filter(household_id=row.household_id, valid_to=None, relation=Relation.HEAD)
        row.valid_to = None
        if row.relation == Relation.HEAD and heads.exists():
            row.relation = Relation.UNSTATED
        row.save(update_fields=["valid_to", "relation"])


def _end(household_id: UUID, on: date, left: Left) -> None:
    household = Household.objects.select_for_update(of=("self",)).get(id=household_id)
    household.valid_to = max(on, household.valid_from + _A_DAY)
    household.save(update_fields=["valid_to"])
    left.ended.append(household_id)
    for stay in HouseholdStay.objects.filter(household=household, valid_to=None):
        stay.valid_to = max(on, stay.valid_from + _A_DAY)
        stay.save(update_fields=["valid_to"])
        left.stays.append(stay.id)
