"""The staff roll and the heads of units: as many as reported, nobody twice, nobody who could be real."""

from collections import Counter

from liuchi.demo.district.bodies import urban_communities
from liuchi.demo.district.estate import households
from liuchi.demo.district.heads import district_seats, estate_seats
from liuchi.demo.district.people import residents, staff
from liuchi.demo.district.population import families
from liuchi.demo.district.roll import roll
from liuchi.ground.people.identity import parse_identity
from liuchi.ground.people.models import EmployerType
from liuchi.ground.people.staff import INCOME_FLOOR


def test_roll_when_counted_then_328_in_23_communities_on_every_kind_of_terms() -> None:
    counts = Counter(entry.organisation_code for entry in roll())

    assert len(roll()) == sum(counts.values()) == 328
    assert counts.keys() == {f"community-{area.code}" for area in urban_communities()}
    assert {entry.employer for entry in roll()} == set(EmployerType.values) - {"other"}
    assert sum(entry.yearly < INCOME_FLOOR for entry in roll()) == 2


def test_roll_when_asked_who_is_lent_then_twelve_of_whom_ten_are_back() -> None:
    lent = [entry.lent for entry in roll() if entry.lent]

    assert len(lent) == 12
    assert sum(each.returned_on is not None for each in lent) == 10
    assert [each.document for each in lent if not each.document] == [""]
    assert all(each.returned_on > each.since for each in lent if each.returned_on)


def test_further_staff_when_put_beside_the_others_then_no_phone_name_or_identity_twice() -> None:
    further = [entry for entry in roll() if entry.is_new]
    others = [*staff(), *residents()]

    assert len(further) == 121
    for column in ("phone", "identity", "name"):
        values = [getattr(each, column) for each in (*others, *further)]
        assert len(set(values)) == len(values), column
    numbers = {entry.identity for entry in further}
    assert not numbers & {member.identity for home in households() for member in home.members}
    phones = {entry.phone for entry in further}
    assert not phones & {member.phone for home in households() for member in home.members}
    assert all(entry.phone.startswith("1990000") and len(entry.phone) == 11 for entry in further)
    assert all(parse_identity(number).number.startswith("990803") for number in numbers)


def test_district_s_people_when_put_beside_the_further_staff_then_no_identity_or_phone_twice() -> None:
    further = [entry for entry in roll() if entry.is_new]
    values = {entry.identity for entry in further} | {entry.phone for entry in further}

    assert not values & {
        value for family in families() for member in family.members for value in (member.identity, member.phone)
    }


def test_heads_when_counted_then_1920_of_whom_60_in_the_estate_and_no_place_or_person_twice() -> None:
    seats = [*estate_seats(), *district_seats()]

    assert (len(estate_seats()), len(seats)) == (60, 1_920)
    assert Counter(seat.kind for seat in seats)["defence"] == 274
    places = {(each.kind, each.grid_code, each.estate_code, each.phase, each.building, each.place) for each in seats}
    assert len(places) == len({each.household for each in seats}) == 1_920
    assert {seat.household for seat in district_seats()} <= {family.number for family in families()}
