"""The party chain, stations, companies and social bodies: as many as reported, each where it belongs."""

from collections import Counter

from liuchi.demo.district.bodies import bodies, credit_codes, office_above, urban_communities
from liuchi.demo.district.map import district_map
from liuchi.demo.district.organisations import organisations
from liuchi.ground.organisations.credit_codes import FICTITIOUS_OFFICE, parse_credit_code


def test_bodies_when_counted_then_as_reported() -> None:
    assert Counter(body.kind for body in bodies()) == {
        "works_committee": 7,
        "party_committee": 23,
        "party_branch": 113,
        "station": 40,
        "property_company": 12,
        "social_body": 20,
    }


def test_bodies_when_listed_then_each_code_and_name_stands_once_and_after_what_is_above() -> None:
    known = {row.code for row in organisations()}
    names = {row.name for row in organisations()}

    for body in bodies():
        assert body.code not in known
        assert body.name not in names
        assert len(body.short_name) <= 20
        assert {body.management, body.party} - {""} <= known
        known.add(body.code)
        names.add(body.name)


def test_branches_when_placed_then_stand_in_grids_below_the_committee_of_their_community() -> None:
    branches = [body for body in bodies() if body.kind == "party_branch"]

    for body in branches:
        grid = district_map().area(body.area_code)
        assert grid.kind == "grid"
        assert body.party == f"party-{grid.parent_code}"
    assert {body.party for body in branches} == {f"party-{area.code}" for area in urban_communities()}


def test_companies_when_placed_then_each_urban_community_is_served_by_one() -> None:
    served = Counter(
        code for body in bodies() if body.kind == "property_company" for code in (body.area_code, *body.served)
    )

    assert served == dict.fromkeys((area.code for area in urban_communities()), 1)


def test_credit_codes_when_parsed_then_sound_each_once_and_nobody_s() -> None:
    given = [*credit_codes().values(), *(body.credit_code for body in bodies() if body.credit_code)]

    assert len(given) == len(set(given)) == 103 + 12 + 20
    for text in given:
        code = parse_credit_code(text)
        assert (code.office, code.warnings) == (FICTITIOUS_OFFICE, ())
        assert code.kind_name


def test_offices_when_asked_what_is_above_then_town_offices_and_committees_know_it() -> None:
    above = {row.code: office_above(row) for row in organisations()}

    assert above["community-340803005001"] == "town-340803005"
    assert above["town-340803005"] == "government-office"
    assert above["municipal"] is None
