"""Households through time: opened, joined, split, moved, left, ended; each day tells who lived where."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from uuid import uuid4

import pytest

from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.people.actions import register_death
from liuchi.ground.people.actions.households import join_household, leave_household, move_household, open_household
from liuchi.ground.people.history import facts_at
from liuchi.ground.people.households import household_of, lived_in, members_of, residents_of, stays_of, where_lived
from liuchi.ground.people.living import HomePlace, HouseholdRefused
from liuchi.ground.people.models import Household, HouseholdMember, Person
from liuchi.ground.people.testing import NOW, SETUP, SINCE, TODAY, Clerk, Place, resident
from liuchi.ground.territory.actions.dwellings import NewBuilding, NewDwelling, NewEstate, import_estates
from liuchi.ground.territory.models import Dwelling

SPRING, SUMMER = date(2024, 3, 1), date(2024, 6, 1)


@pytest.fixture
def rooms(place: Place) -> tuple[Dwelling, ...]:
    dwellings = tuple(NewDwelling(f"{floor}01", floor) for floor in (1, 2, 3))
    building = NewBuilding("1", area_id=place.grids[0].id, dwellings=dwellings)
    import_estates(by=SETUP, estates=[NewEstate("X", "某小区", place.one.id, buildings=(building,))], valid_from=SINCE)
    return tuple(Dwelling.objects.order_by("floor"))


@pytest.fixture
def family(place: Place) -> tuple[Person, ...]:
    names = ("张大", "李女", "张小")
    return tuple(resident(name, f"1990000000{n}", place.grids[1]) for n, name in enumerate(names, start=1))


def _open(room: Dwelling, *members: tuple[Person, str], on: date = SPRING) -> Household:
    given = [(person.id, relation) for person, relation in members]
    return open_household(by=SETUP, home=HomePlace(room.id), members=given, on=on)


def _reader(place: Place) -> Clerk:
    return place.clerk("see", at=place.district)


def _members(place: Place, home: Household, on: date) -> list[str]:
    return [row.person.name for row in members_of(_reader(place), home.id, on)]


def test_household_when_opened_then_its_members_live_in_its_dwelling_from_that_day(
    place: Place, rooms: tuple[Dwelling, ...], family: tuple[Person, ...]
) -> None:
    father, mother, son = family

    home = _open(rooms[0], (father, "head"), (mother, "spouse"), (son, "child"))

    viewer = _reader(place)
    assert home.number == f"{place.one.code}-00001"
    assert {row.person for row in residents_of(viewer, rooms[0].id)} == {*family}
    before, after = (where_lived(viewer, son.id, day) for day in (SPRING - timedelta(days=1), SPRING))
    assert before is not None
    assert after is not None
    assert (before.area, before.dwelling, after.area, after.dwelling) == (
        place.grids[1],
        None,
        place.grids[0],
        rooms[0],
    )
    assert Person.objects.get(id=son.id).home == place.grids[0]
    assert facts_at(Person.objects.get(id=son.id), NOW - timedelta(days=1))["home"] == str(place.grids[1].id)
    line = Line.objects.get(kind="people.household_opened")
    assert (line.data, line.subject_id) == ({"on": "2024-03-01", "members": 3, "left": []}, home.id)


def test_household_when_split_then_both_and_each_day_tell_who_belonged_where(
    place: Place, rooms: tuple[Dwelling, ...], family: tuple[Person, ...]
) -> None:
    father, mother, son = family
    home = _open(rooms[0], (father, "head"), (mother, "spouse"), (son, "child"))
    own = _open(rooms[1], (son, "head"), on=SUMMER)

    assert _members(place, home, SPRING) == ["张大", "李女", "张小"]
    assert _members(place, home, TODAY) == ["张大", "李女"]
    assert _members(place, own, TODAY) == ["张小"]
    assert own.number.endswith("-00002")
    viewer = _reader(place)
    memberships = [household_of(viewer, son.id, day) for day in (SPRING, TODAY)]
    assert [each.household for each in memberships if each is not None] == [home, own]
    assert Line.objects.filter(kind="people.household_opened").order_by("-id")[0].data["left"] == [str(home.id)]
    join_household(by=SETUP, household_id=home.id, person_id=son.id, relation="child", on=TODAY)
    ended = Household.objects.get(id=own.id)
    assert (ended.valid_to, _members(place, home, TODAY)) == (TODAY, ["张大", "李女", "张小"])
    assert [lived.is_here for lived in lived_in(viewer, rooms[1].id)] == [False]


def test_household_when_moved_then_all_who_are_alive_go_along_and_the_old_home_is_remembered(
    place: Place, rooms: tuple[Dwelling, ...], family: tuple[Person, ...]
) -> None:
    father, mother, son = family
    home = _open(rooms[0], (father, "head"), (mother, "spouse"), (son, "child"))
    register_death(by=SETUP, person_id=father.id, died_on=date(2024, 5, 1))

    move_household(
        by=SETUP, household_id=home.id, home=HomePlace(area_id=place.grids[2].id, address="东组3号"), on=SUMMER
    )

    viewer = _reader(place)
    assert [(stay.dwelling, stay.area) for stay in stays_of(viewer, home.id)] == [
        (None, place.grids[2]),
        (rooms[0], place.grids[0]),
    ]
    assert {row.person for row in residents_of(viewer, rooms[0].id, SPRING)} == {*family}
    assert list(residents_of(viewer, rooms[0].id)) == []
    assert [Person.objects.get(id=each.id).home for each in (mother, son)] == [place.grids[2]] * 2
    (past,) = lived_in(viewer, rooms[0].id)
    assert (past.is_here, past.stay.valid_to, len(past.members)) == (False, SUMMER, 2)
    assert Line.objects.get(kind="people.household_moved").data["members"] == 2


def test_household_when_the_last_one_leaves_then_it_ends_and_history_stays(
    place: Place, rooms: tuple[Dwelling, ...], family: tuple[Person, ...]
) -> None:
    father, mother, _son = family
    home = _open(rooms[0], (father, "head"), (mother, "spouse"))

    leave_household(by=SETUP, person_id=father.id, on=SUMMER, to=HomePlace(rooms[2].id))
    assert Household.objects.get(id=home.id).valid_to is None
    leave_household(by=SETUP, person_id=mother.id, on=TODAY)

    assert Household.objects.get(id=home.id).valid_to == TODAY
    assert HouseholdMember.objects.filter(valid_to=None).count() == 0
    assert [Person.objects.get(id=each.id).home for each in (father, mother)] == [place.grids[0], None]
    assert where_lived(_reader(place), mother.id, TODAY) is None
    assert _members(place, home, SPRING) == ["张大", "李女"]


def test_household_when_something_cannot_be_then_refused_and_nothing_changes(
    place: Place, rooms: tuple[Dwelling, ...], family: tuple[Person, ...]
) -> None:
    father, mother, son = family
    home = _open(rooms[0], (father, "head"), (mother, "spouse"))
    lines = Line.objects.count()
    room, tomorrow = HomePlace(rooms[1].id), TODAY + timedelta(days=1)
    opening = partial(open_household, by=SETUP, home=room, on=SUMMER)
    joining = partial(join_household, by=SETUP, household_id=home.id, person_id=son.id, on=SUMMER)
    tries: list[tuple[Callable[[], object], type[Exception], str]] = [
        (partial(opening, members=[]), HouseholdRefused, "Name who"),
        (partial(opening, members=[(son.id, "x")]), HouseholdRefused, "Name who"),
        (partial(opening, members=[(son.id, "head"), (mother.id, "head")]), HouseholdRefused, "one head"),
        (partial(opening, members=[(uuid4(), "head")]), NotFound, "no such person"),
        (partial(opening, members=[(son.id, "head")], on=tomorrow), HouseholdRefused, "lies ahead"),
        (partial(opening, members=[(son.id, "head")], home=HomePlace()), HouseholdRefused, "Say where"),
        (partial(joining, relation="head"), HouseholdRefused, "a head already"),
        (partial(joining, relation="x"), HouseholdRefused, "how they stand"),
        (partial(joining, relation="child", person_id=mother.id), HouseholdRefused, "belong to this household"),
        (partial(joining, relation="child", household_id=uuid4()), NotFound, "no such household"),
        (partial(leave_household, by=SETUP, person_id=son.id, on=SUMMER), NotFound, "no household"),
        (partial(leave_household, by=SETUP, person_id=mother.id, on=tomorrow), HouseholdRefused, "lies ahead"),
    ]

    for attempt, error, why in tries:
        with pytest.raises(error, match=why):
            attempt()
    stranger, clerk = place.clerk("manage", at=place.other), place.clerk("manage")
    for denied in (
        partial(opening, by=stranger, members=[(son.id, "head")]),
        partial(joining, by=stranger, relation="child"),
        partial(leave_household, by=stranger, person_id=mother.id, on=SUMMER),
        partial(move_household, by=clerk, household_id=home.id, home=HomePlace(area_id=place.grids[2].id), on=SUMMER),
    ):
        with pytest.raises(NotAllowed):
            denied()
    assert Line.objects.count() == lines
    joining(relation="child")
    assert _members(place, home, TODAY) == ["张大", "李女", "张小"]
