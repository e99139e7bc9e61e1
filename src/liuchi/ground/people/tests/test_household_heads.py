"""The head of a household changes: relations are said anew from that day, what was said before stays."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from liuchi.ground.kernel.errors import NotAllowed
from liuchi.ground.people.actions.household_heads import name_household_head
from liuchi.ground.people.actions.households import open_household
from liuchi.ground.people.households import members_of, without_head
from liuchi.ground.people.living import HomePlace, HouseholdRefused
from liuchi.ground.people.models import Household, Person
from liuchi.ground.people.testing import SETUP, Place, resident

SPRING, SUMMER = date(2024, 3, 1), date(2024, 6, 1)


@pytest.fixture
def family(place: Place) -> tuple[Household, Person, Person]:
    father, mother = (resident(name, f"1990000000{n}", place.grids[0]) for n, name in enumerate(("张大", "李女")))
    home = HomePlace(area_id=place.grids[0].id, address="某路1号")
    members = [(father.id, "head"), (mother.id, "spouse")]
    return open_household(by=SETUP, home=home, members=members, on=SPRING), father, mother


def _relations(place: Place, home: Household, on: date) -> dict[str, str]:
    return {row.person.name: row.relation for row in members_of(place.clerk("see", at=place.district), home.id, on)}


def test_head_when_named_then_from_that_day_on_and_the_one_before_until_it(
    place: Place, family: tuple[Household, Person, Person]
) -> None:
    home, father, mother = family

    name_household_head(by=SETUP, household_id=home.id, person_id=mother.id, relations={father.id: "spouse"}, on=SUMMER)

    assert _relations(place, home, SPRING) == {"张大": "head", "李女": "spouse"}
    assert _relations(place, home, SUMMER) == {"李女": "head", "张大": "spouse"}
    assert not without_head(place.clerk("see", at=place.district)).exists()


def test_head_when_named_on_the_day_it_began_then_corrected(
    place: Place, family: tuple[Household, Person, Person]
) -> None:
    home, _father, mother = family

    name_household_head(by=SETUP, household_id=home.id, person_id=mother.id, relations={}, on=SPRING)

    assert _relations(place, home, SPRING) == {"李女": "head", "张大": "unstated"}


def test_head_when_it_cannot_be_then_refused(place: Place, family: tuple[Household, Person, Person]) -> None:
    home, father, mother = family
    given: dict[str, Any] = {"by": SETUP, "household_id": home.id, "relations": {}, "on": SUMMER}

    with pytest.raises(HouseholdRefused, match="head already"):
        name_household_head(**{**given, "person_id": father.id})
    with pytest.raises(HouseholdRefused, match="belongs to this household"):
        name_household_head(**{**given, "person_id": uuid4()})
    with pytest.raises(HouseholdRefused, match="since a later day"):
        name_household_head(**{**given, "person_id": mother.id, "on": date(2024, 2, 1)})
    with pytest.raises(HouseholdRefused, match="stand to the head"):
        name_household_head(**{**given, "person_id": mother.id, "relations": {father.id: "boss"}})
    with pytest.raises(NotAllowed):
        name_household_head(**{**given, "person_id": mother.id, "by": place.clerk("manage", at=place.other)})
