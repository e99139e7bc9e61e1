"""The stories: enough of them, each fit for the desk, none with traces of a real person."""

import re

import pytest

from liuchi.demo.district.map import district_map
from liuchi.demo.district.organisations import standard_rows
from liuchi.demo.district.stories import PLACE_KINDS, Story, stories, story_spot
from liuchi.engines.cases.reasons import REFUSAL_REASONS
from liuchi.ground.territory.geometry import GridIndex

CONDITIONS = {(row.matter, row.number) for row in standard_rows()}
MATTERS = {matter for matter, _ in CONDITIONS}
INDEX = GridIndex((area.code, area.polygon) for area in district_map().of_kind("grid") if area.polygon)


def test_stories_when_counted_then_about_sixty_to_file_and_some_to_refuse() -> None:
    to_file = [story for story in stories() if story.matter]
    to_refuse = [story for story in stories() if story.refusal]

    assert (len(to_file), len(to_refuse)) == (62, 8)
    assert len({story.text for story in stories()}) == len(stories())
    assert {story.place_kind for story in stories()} == set(PLACE_KINDS)


@pytest.mark.parametrize("story", stories(), ids=lambda story: story.text[:12])
def test_story_when_taken_to_the_desk_then_either_filed_or_refused_with_a_way_out(story: Story) -> None:
    if story.matter:
        assert (story.matter, story.condition) in CONDITIONS
        assert set(story.also) <= MATTERS - {story.matter}
        assert len(story.results) >= 2
        assert (story.refusal, story.go_to) == ("", "")
    else:
        assert story.refusal in REFUSAL_REASONS
        assert story.go_to
        assert (story.condition, story.also, story.results) == (0, (), ())


def test_stories_when_read_then_no_phones_or_numbers_of_people() -> None:
    assert not [story.text for story in stories() if re.search(r"\d{4,}", story.text)]
    assert max(len(story.text) for story in stories()) <= 60


@pytest.mark.parametrize("story", stories(), ids=lambda story: story.text[:12])
def test_spot_when_chosen_then_the_point_lies_in_its_grid_and_stays_there(story: Story) -> None:
    for seed in ("a", "b", "c"):
        spot = story_spot(story, seed)

        assert INDEX.locate(spot.lon, spot.lat) == spot.grid_code
        assert story_spot(story, seed) == spot


def test_spot_when_a_village_story_then_in_the_country_and_street_stories_in_the_city() -> None:
    for story in stories():
        spot = story_spot(story, "x")

        if story.place_kind == "village":
            assert spot.grid_code >= "340803100"
        elif story.place_kind != "waterside":
            assert spot.grid_code < "340803100"
