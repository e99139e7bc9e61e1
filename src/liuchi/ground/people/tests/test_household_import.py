from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.people.actions.household_import import NewHousehold, import_households
from liuchi.ground.people.households import (
    Occupied,
    everybody_ever_in,
    household_for,
    household_of,
    lived_in,
    members_of,
    occupied_by_building,
    occupied_by_dwelling,
    occupied_by_estate,
    residents_of,
    stays_of,
    where_lived,
)
from liuchi.ground.people.living import HomePlace, HouseholdRefused
from liuchi.ground.people.models import Household, HouseholdMember, HouseholdStay, Person, Residence
from liuchi.ground.people.testing import SETUP, SINCE, TODAY, Clerk, Place, resident
from liuchi.ground.records import protected
from liuchi.ground.territory.actions.dwelling_changes import retire_dwelling
from liuchi.ground.territory.actions.dwellings import NewBuilding, NewDwelling, NewEstate, import_estates
from liuchi.ground.territory.models import Dwelling


@pytest.fixture
def rooms(place: Place) -> tuple[Dwelling, ...]:
    dwellings = tuple(NewDwelling(f"{floor}01", floor, "1") for floor in (1, 2, 3))
    building = NewBuilding("1", area_id=place.grids[0].id, dwellings=dwellings)
    import_estates(by=SETUP, estates=[NewEstate("X", "某小区", place.one.id, buildings=(building,))], valid_from=SINCE)
    return tuple(Dwelling.objects.order_by("floor"))


@pytest.fixture
def family(place: Place) -> tuple[Person, ...]:
    grid = place.grids[0]
    return (
        resident("张大", "19900000001", grid, birth_on=date(1960, 1, 1)),
        resident("张小", "19900000002", grid, birth_on=date(2012, 1, 1), address="旧址"),
        resident("李女", "19900000003", place.grids[1], birth_on=date(1962, 1, 1)),
    )


def _new(room: Dwelling, *members: tuple[Person, str], number: str = "1") -> NewHousehold:
    return NewHousehold(number, HomePlace(room.id), tuple((person.id, relation) for person, relation in members))


def _import(*households: NewHousehold) -> int:
    return import_households(by=SETUP, households=households, valid_from=SINCE)


def _reader(place: Place) -> Clerk:
    return replace(place.clerk("see"), powers=frozenset({"people.see", "dwellings.see"}))


def test_household_when_imported_then_it_lives_in_its_dwelling_with_its_members(
    place: Place, rooms: tuple[Dwelling, ...], family: tuple[Person, ...]
) -> None:
    father, son, mother = family

    assert _import(_new(rooms[1], (son, "child"), (mother, "spouse"), (father, "head"))) == 1

    viewer = _reader(place)
    (lives,) = lived_in(viewer, rooms[1].id)
    assert [(each.person, each.relation) for each in lives.members] == [
        (father, "head"),
        (mother, "spouse"),
        (son, "child"),
    ]
    home = lives.stay.household
    assert household_for(viewer, home.id) == home
    assert list(members_of(viewer, home.id)) == list(members_of(viewer, home.id, TODAY)) == list(lives.members)
    assert list(members_of(viewer, home.id, SINCE - timedelta(days=1))) == []
    assert [(stay.dwelling, stay.area) for stay in stays_of(viewer, home.id)] == [(rooms[1], place.grids[0])]
    membership = household_of(viewer, son.id)
    assert membership is not None
    assert membership.household == home
    line = Line.objects.get(kind="people.households_imported")
    assert (line.data, line.place_id) == ({"households": 1, "members": 3}, place.grids[0].id)


def test_residence_when_its_area_is_the_households_then_it_names_the_dwelling_else_it_stays(
    place: Place, rooms: tuple[Dwelling, ...], family: tuple[Person, ...]
) -> None:
    father, son, mother = family
    _import(_new(rooms[1], (father, "head"), (son, "child"), (mother, "spouse")))
    viewer = _reader(place)

    assert {row.person for row in residents_of(viewer, rooms[1].id)} == {father, son}
    lived = where_lived(viewer, son.id, TODAY)
    elsewhere = where_lived(viewer, mother.id, TODAY)
    assert lived is not None
    assert lived.dwelling == rooms[1]
    assert protected.unseal(lived.address_sealed, protected.ADDRESS, lived.id) == "旧址"
    assert elsewhere is not None
    assert (elsewhere.dwelling, elsewhere.area) == (None, place.grids[1])
    seen = Occupied(households=1, people=2)
    building = rooms[1].building
    assert occupied_by_dwelling(viewer, building.id) == {rooms[1].id: seen}
    assert occupied_by_building(viewer, [building.id]) == {building.id: seen}
    assert occupied_by_estate(viewer, [building.estate_id], TODAY) == {building.estate_id: seen}
    assert occupied_by_estate(viewer, [building.estate_id], date(2023, 1, 1)) == {}


def test_household_without_a_dwelling_when_imported_then_its_address_is_sealed(
    place: Place, family: tuple[Person, ...]
) -> None:
    home = HomePlace(area_id=place.grids[2].id, address=" 东组12号 ")

    _import(NewHousehold("V1", home, ((family[0].id, "head"),)))

    stay = HouseholdStay.objects.get()
    assert "东组" not in str(bytes(stay.address_sealed or b""), "latin-1")
    assert protected.unseal(stay.address_sealed, protected.ADDRESS, stay.id) == "东组12号"


def test_households_when_imported_again_then_only_new_numbers_come_in(
    place: Place, rooms: tuple[Dwelling, ...], family: tuple[Person, ...]
) -> None:
    first = _new(rooms[0], (family[0], "head"))
    _import(first)
    lines = Line.objects.count()

    assert _import(first, replace(first, number=" 1 ")) == 0
    assert Line.objects.count() == lines
    assert _import(first, _new(rooms[1], (family[1], "head"), number="2")) == 1
    assert [row.number for row in Household.objects.all()] == ["1", "2"]


def _refused(rooms: tuple[Dwelling, ...], family: tuple[Person, ...]) -> dict[str, tuple[NewHousehold, str]]:
    sound, other = _new(rooms[0], (family[0], "head")), family[1].id
    strange = UUID(int=7)
    return {
        "number": (replace(sound, number=" "), "has a number"),
        "kind": (replace(sound, kind="x"), "kind of household"),
        "relation": (replace(sound, members=((other, "x"),)), "one of the relations"),
        "heads": (replace(sound, members=((family[0].id, "head"), (other, "head"))), "one head"),
        "twice": (replace(sound, members=((other, "head"), (other, "child"))), "two households of this list"),
        "nobody": (replace(sound, members=((strange, "head"),)), "not registered"),
        "no place": (replace(sound, home=HomePlace()), "Say where"),
        "strange dwelling": (replace(sound, home=HomePlace(strange)), "no such dwelling"),
        "strange area": (replace(sound, home=HomePlace(area_id=strange)), "no such area"),
    }


@pytest.mark.parametrize(
    "name",
    ["number", "kind", "relation", "heads", "twice", "nobody", "no place", "strange dwelling", "strange area"],
)
def test_households_when_one_cannot_be_then_none_is_taken_in(
    rooms: tuple[Dwelling, ...], family: tuple[Person, ...], name: str
) -> None:
    wrong, why = _refused(rooms, family)[name]

    with pytest.raises(HouseholdRefused, match=why):
        _import(_new(rooms[2], (family[2], "head"), number="OK"), wrong)
    assert Household.objects.count() == 0


def test_households_when_somebody_belongs_to_another_or_the_dwelling_ended_then_refused(
    place: Place, rooms: tuple[Dwelling, ...], family: tuple[Person, ...]
) -> None:
    _import(_new(rooms[0], (family[0], "head")))
    retire_dwelling(by=SETUP, dwelling_id=rooms[2].id, on=TODAY)

    with pytest.raises(HouseholdRefused, match="belongs to another"):
        _import(_new(rooms[1], (family[0], "child"), number="2"))
    with pytest.raises(HouseholdRefused, match="no such dwelling"):
        _import(_new(rooms[2], (family[1], "head"), number="2"))


def test_households_when_the_power_or_the_place_is_missing_then_refused_and_hidden(
    place: Place, rooms: tuple[Dwelling, ...], family: tuple[Person, ...]
) -> None:
    new = _new(rooms[0], (family[0], "head"))
    for clerk in (place.clerk("see"), place.clerk("see", "manage", at=place.other)):
        with pytest.raises(NotAllowed):
            import_households(by=clerk, households=[new], valid_from=SINCE)
    assert import_households(by=place.clerk("manage"), households=[new], valid_from=SINCE) == 1

    home = Household.objects.get()
    stranger = place.clerk("see", at=place.other)
    for ask in (household_for, members_of, everybody_ever_in):
        with pytest.raises(NotFound):
            ask(stranger, home.id)
    assert lived_in(stranger, rooms[0].id) == []
    assert list(stays_of(stranger, home.id)) == []
    assert list(residents_of(stranger, rooms[0].id)) == []
    assert household_of(stranger, family[0].id) is None
    assert where_lived(stranger, family[0].id, TODAY) is None
    assert occupied_by_dwelling(stranger, rooms[0].building_id) == {}
    with pytest.raises(NotFound):
        household_for(_reader(place), uuid4())


def test_journal_when_households_are_imported_then_it_names_nobody(
    place: Place, rooms: tuple[Dwelling, ...], family: tuple[Person, ...]
) -> None:
    _import(_new(rooms[0], (family[0], "head")))

    assert HouseholdMember.objects.count() == 1
    assert Residence.objects.filter(dwelling=rooms[0]).count() == 1
    assert "张" not in str([line.data for line in Line.objects.all()])
