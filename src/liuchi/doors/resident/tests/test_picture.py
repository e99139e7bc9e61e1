from datetime import date

import pytest

from liuchi.doors.resident.drawing import Frame
from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.actions.intake import report_case
from liuchi.engines.cases.testing import SETUP, World
from liuchi.ground.access.viewers import PUBLIC
from liuchi.ground.calendars.actions import ensure_base_calendar
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.territory import queries
from liuchi.ground.territory.actions import NewArea, NewFeature, import_territory


@pytest.fixture
def drawn_world(db: None) -> None:
    """Give a district with outlines: two communities and a river."""
    queries.forget()

    def square(x: float, width: float) -> dict[str, object]:
        right, top = x + width, 30.51
        ring = [[x, 30.5], [right, 30.5], [right, top], [x, top], [x, 30.5]]
        return {"type": "Polygon", "coordinates": [ring]}

    import_territory(
        by=SETUP,
        areas=[
            NewArea("district", "990803", "测试区", None, geometry=square(117.0, 0.02)),
            NewArea("town", "990803001", "第一<街道>", "990803", geometry=square(117.0, 0.02)),
            NewArea("community", "990803001001", "甲社区", "990803001", geometry=square(117.0, 0.01)),
            NewArea("community", "990803001002", "乙社区", "990803001", geometry=square(117.01, 0.01)),
        ],
        features=[NewFeature("river", "小河", {"type": "LineString", "coordinates": [[117.0, 30.5], [117.02, 30.51]]})],
        valid_from=date(2024, 1, 1),
    )
    queries.forget()


def test_map_when_there_are_no_outlines_then_is_an_empty_paper(world: World) -> None:
    response = browser().get("/map.svg")

    assert response["Content-Type"] == "image/svg+xml"
    assert b"<path" not in response.content


def test_map_when_drawn_then_escapes_names_and_answers_304_to_whom_has_it(drawn_world: None) -> None:
    first = browser().get("/map.svg")
    again = browser().get("/map.svg", headers={"if-none-match": first["ETag"]})

    drawing = first.content.decode()
    assert "第一&lt;街道&gt;" in drawing
    assert drawing.count('class="c s0"') == 2
    assert 'class="river"' in drawing
    assert again.status_code == 304


def test_map_when_a_case_is_open_then_its_community_is_darker_and_the_tag_is_new(drawn_world: None) -> None:
    ensure_base_calendar(by=SETUP)
    before = browser().get("/map.svg")
    known = queries.territory()
    for _ in range(2):
        report_case(by=PUBLIC, token=new_id(), text="x", area_id=known.of_kind("community")[1].id)

    after = browser().get("/map.svg")

    assert 'class="c s2"' in after.content.decode()
    assert before["ETag"] != after["ETag"]


def test_report_when_the_map_is_tapped_then_takes_the_place_and_keeps_the_words(drawn_world: None) -> None:
    response = browser().post("/report/", {"text": "写了一半", "map.x": "216", "map.y": "60"})

    form = response.context["form"]
    assert response.status_code == 200
    assert form["text"].value() == "写了一半"
    assert 117.01 < float(form["longitude"].value()) < 117.02
    assert 30.5 < float(form["latitude"].value()) < 30.51


@pytest.mark.parametrize("sent", [{"map.x": "x", "map.y": "1"}, {"map.x": "1"}, {"map.x": "nan", "map.y": "nan"}])
def test_report_when_the_tap_makes_no_sense_then_the_form_stays_as_it_was(
    drawn_world: None, sent: dict[str, str]
) -> None:
    response = browser().post("/report/", {"text": "写了一半", **sent})

    assert "写了一半</textarea>" in response.content.decode()


def test_frame_when_a_pixel_is_turned_back_then_gives_its_degrees() -> None:
    frame = Frame(west=116.9, north=30.55, scale=5000.0, squeeze=0.86, height=600.0)

    x, y = frame.place((117.0, 30.5))
    longitude, latitude = frame.degrees(x, y)

    assert (round(longitude, 3), round(latitude, 3)) == (117.0, 30.5)
