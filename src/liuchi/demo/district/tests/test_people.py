"""The fictitious people: as many as promised, nobody twice, nobody who could be real."""

import re
from collections import Counter

import pytest

from liuchi.demo.district.map import district_map
from liuchi.demo.district.organisations import organisations
from liuchi.demo.district.people import Resident, StaffMember, residents, staff
from liuchi.ground.people.identity import parse_identity


def test_staff_when_counted_then_every_post_is_held() -> None:
    posts = Counter(member.post_title for member in staff())

    assert posts == {
        "网格员": 274, "承办人": 2 * 54 + 2 * 9, "社区主任": 26, "村主任": 14, "受理员": 4, "派遣员": 3, "核查员": 5,
    }  # fmt: skip


def test_staff_when_placed_then_areas_and_bodies_exist() -> None:
    areas = {area.code: area for area in district_map().areas}
    bodies = {body.code: body for body in organisations()}

    for member in staff():
        assert bodies[member.organisation_code]
        assert areas[member.area_code].kind == {"网格员": "grid", "社区主任": "community", "村主任": "community"}.get(
            member.post_title, areas[bodies[member.organisation_code].area_code].kind
        )
    assert {m.area_code for m in staff() if m.post_title == "网格员"} == {
        a.code for a in district_map().of_kind("grid")
    }


def test_people_when_put_together_then_no_phone_or_identity_or_name_twice() -> None:
    people = [*staff(), *residents()]

    for column in ("phone", "identity", "name"):
        assert len({getattr(person, column) for person in people}) == len(people), column


def test_people_when_looked_up_then_cannot_be_anybody_real() -> None:
    people: list[StaffMember | Resident] = [*staff(), *residents()]

    for person in people:
        identity = parse_identity(person.identity)

        assert re.fullmatch(r"1990000\d{4}", person.phone)
        assert identity.number.startswith("990803")
        assert identity.doubts
        assert identity.born_on is not None
        assert 1936 <= identity.born_on.year <= 2006


def test_residents_when_spread_then_grids_match_communities_and_addresses_fit() -> None:
    people = residents()
    in_towns = {person.address for person in people if person.community_code < "340803100"}

    assert len(people) == 600
    assert len({person.community_code for person in people}) == 40
    assert all(person.grid_code.startswith(person.community_code) for person in people)
    assert all(re.fullmatch(r".{2}路\d+号\d+栋\d单元\d0\d室", address) for address in in_towns)


def test_residents_when_same_seed_then_same_people_and_other_seed_others() -> None:
    assert residents(50) == residents(50)
    assert residents(50, "other") != residents(50)


def test_residents_when_the_block_is_full_then_all_different_and_no_more() -> None:
    people = residents(8000)

    assert len({person.phone for person in people}) == 8000
    assert people[-1].phone == "19900009999"
    with pytest.raises(ValueError, match="8000"):
        residents(8001)
