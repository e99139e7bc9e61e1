from collections import Counter

from shapely import Point, union_all
from shapely.geometry import shape

from liuchi.demo.district.assets import ESTATES, FITNESS_CLASS, LAMP_CLASS, maintainer_of, pieces
from liuchi.demo.district.estate import ESTATE_CODE
from liuchi.demo.district.map import district_map
from liuchi.demo.district.organisations import organisations
from liuchi.demo.district.stories import stories, story_spot
from liuchi.ground.territory.component_codes import STANDARD, parse_code
from liuchi.ground.territory.coordinates import metres_between


def test_fitness_gear_when_counted_then_95_pieces_stand_in_seven_estates() -> None:
    gear = [piece for piece in pieces() if piece.class_code == FITNESS_CLASS]

    assert len(gear) == 95
    assert Counter(piece.estate_code for piece in gear) == {code: number for code, _n, _c, number in ESTATES}
    assert len(ESTATES) == 7


def test_codes_when_read_then_each_is_sound_and_stands_once() -> None:
    codes = [piece.code for piece in pieces()]

    assert all(parse_code(code, county="340803", shape=STANDARD) for code in codes)
    assert len({*codes}) == len(codes)


def test_assets_when_placed_then_all_stand_in_the_district() -> None:
    inside = union_all([shape(grid.polygon) for grid in district_map().of_kind("grid")])

    assert [piece for piece in pieces() if not inside.intersects(Point(piece.longitude, piece.latitude))] == []


def test_lamps_when_looked_for_then_they_line_streets_and_light_the_platforms_of_the_estate() -> None:
    lamps = [piece for piece in pieces() if piece.class_code == LAMP_CLASS]

    assert sum(piece.estate_code == ESTATE_CODE for piece in lamps) == 26
    assert sum("号灯杆" in piece.position for piece in lamps) > 200


def test_reports_about_components_when_made_then_the_component_stands_within_ten_metres() -> None:
    for story in stories():
        if story.matter.startswith("component-"):
            spot = story_spot(story, "demo")
            kind = story.matter.removeprefix("component-")
            near = [
                piece
                for piece in pieces()
                if piece.class_code == kind
                and metres_between((spot.lon, spot.lat), (piece.longitude, piece.latitude)) < 10
            ]
            assert near, story.text


def test_maintainers_when_named_then_each_is_an_organisation_of_the_district() -> None:
    known = {row.code for row in organisations()}

    assert {maintainer_of(piece.class_code) for piece in pieces()} <= known
    assert (maintainer_of("0101"), maintainer_of("0137"), maintainer_of("0212")) == (
        "water-company",
        "municipal",
        "traffic-police",
    )
