"""Boundaries from GeoJSON: for known areas and for new grids, in the systems maps come in, twice with one effect."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.actors import Visitor
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed
from liuchi.ground.territory import queries
from liuchi.ground.territory.actions import NewArea, TerritoryRefused, import_boundaries, import_territory
from liuchi.ground.territory.boundaries_file import DrawnArea, read_boundaries
from liuchi.ground.territory.changing import ChangeRefused
from liuchi.ground.territory.coordinates import CoordinateSystem, metres_between, to_bd09, to_gcj02
from liuchi.ground.territory.cutting import ShapeRefused
from liuchi.ground.territory.following import areas_changed
from liuchi.ground.territory.models import Area
from liuchi.ground.territory.testing import BY, SINCE, box, noon, small_territory

TODAY, YESTERDAY = date(2024, 9, 12), date(2024, 9, 11)
COMMUNITY, GRID, NEIGHBOUR = "990803001001", "990803001001001", "990803001001002"
EMPTY = "990803001003"


@pytest.fixture
def areas(db: None) -> Iterator[dict[str, Area]]:
    with frozen_at(noon(TODAY)):
        small_territory()
        import_territory(by=BY, areas=[NewArea("community", EMPTY, "无格社区", "990803001")], valid_from=SINCE)
        queries.forget()
        yield {area.code: area for area in Area.objects.order_by("code")}
    queries.forget()


def collection(*features: tuple[dict[str, Any], dict[str, Any]]) -> bytes:
    rows = [{"type": "Feature", "properties": facts, "geometry": geometry} for facts, geometry in features]
    return json.dumps({"type": "FeatureCollection", "features": rows}).encode()


def take(content: bytes, crs: CoordinateSystem = CoordinateSystem.CGCS2000) -> tuple[int, int, int, int]:
    taken = import_boundaries(by=BY, shapes=read_boundaries(content, "x.geojson", crs=crs), on=TODAY)
    queries.forget()
    return len(taken.opened), len(taken.drawn), len(taken.redrawn), taken.unchanged


def test_new_grids_when_named_under_their_community_then_coded_in_reading_order(areas: dict[str, Area]) -> None:
    content = collection(
        ({"名称": "南格", "社区代码": EMPTY}, box(118.0, 30.50)),
        ({"name": "东格", "parent": EMPTY}, box(118.01, 30.51)),
        ({"name": "西格", "parent": EMPTY}, box(118.0, 30.51)),
        ({"code": EMPTY}, box(118.0, 30.5, 0.02, 0.02)),
    )

    assert take(content) == (3, 1, 0, 0)
    known = queries.territory()
    told = {area.code: area.name for area in known.children[areas[EMPTY].id]}
    assert told == {f"{EMPTY}001": "西格", f"{EMPTY}002": "东格", f"{EMPTY}003": "南格"}
    found = known.locate(118.005, 30.515)
    assert found is not None
    assert found.name == "西格"
    assert take(content) == (0, 0, 0, 4)
    assert Line.objects.filter(kind="territory.boundaries_imported").count() == 1


def test_known_grids_when_drawn_otherwise_then_redrawn_from_the_day(areas: dict[str, Area]) -> None:
    content = collection(({"code": GRID}, box(117.0, 30.5, 0.006)), ({"编码": NEIGHBOUR}, box(117.006, 30.5, 0.014)))

    assert take(content) == (0, 0, 2, 0)
    assert queries.locate(117.008, 30.505) == areas[NEIGHBOUR]
    assert queries.locate(117.008, 30.505, YESTERDAY) == areas[GRID]
    line = Line.objects.get(kind="territory.boundaries_imported")
    assert areas_changed(line) == [areas[GRID].id, areas[NEIGHBOUR].id]
    assert take(content) == (0, 0, 0, 2)


@pytest.mark.parametrize(("crs", "shift"), [(CoordinateSystem.GCJ02, to_gcj02), (CoordinateSystem.BD09, to_bd09)])
def test_file_when_in_the_system_of_a_map_then_stored_in_ours(
    areas: dict[str, Area], crs: CoordinateSystem, shift: Any
) -> None:
    ours = box(117.0436, 30.5255)
    theirs = {"type": "Polygon", "coordinates": [[list(shift(*point)) for point in ours["coordinates"][0]]]}

    [drawn] = read_boundaries(collection(({"code": GRID}, theirs)), "x", crs=crs)

    pairs = zip(ours["coordinates"][0], drawn.geometry["coordinates"][0], strict=True)
    assert max(metres_between((a[0], a[1]), (b[0], b[1])) for a, b in pairs) < 0.5


def test_file_when_positions_have_heights_or_many_parts_then_flattened_and_kept() -> None:
    high = {"type": "MultiPolygon", "coordinates": [[[[117, 30, 5], [118, 30, 5], [118, 31, 5], [117, 30, 5]]]]}

    [drawn] = read_boundaries(collection(({"code": 990803001001001}, high)), "x")

    assert (drawn.code, drawn.geometry["coordinates"][0][0][0]) == (GRID, [117.0, 30.0])


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "FeatureCollection"),
        (b"[]", "FeatureCollection"),
        (b'{"features": []}', "no polygons"),
        (b'{"features": [{"properties": {}, "geometry": {}}]}', "Feature 1 needs a code"),
        (collection(({"code": "1"}, {"type": "Point", "coordinates": [117, 30]})), "Feature 1 is no polygon"),
        (collection(({"code": "1"}, {"type": "Polygon", "coordinates": [[["a", 1]]]})), "Feature 1 is no polygon"),
        (collection(({"code": "1"}, {"type": "Polygon", "coordinates": [[[30.0, 117.0]]]})), "Feature 1 is no polygon"),
        (collection(({"code": "1", "kind": "planet"}, box(117, 30))), "Feature 1"),
    ],
)
def test_file_when_it_holds_no_boundaries_then_refused_with_the_feature(content: bytes, told: str) -> None:
    with pytest.raises(TerritoryRefused, match=told):
        read_boundaries(content, "x.geojson")


def test_boundaries_when_they_cannot_be_taken_then_nothing_is(areas: dict[str, Area]) -> None:
    crossed = {"type": "Polygon", "coordinates": [[[117, 30], [118, 31], [118, 30], [117, 31], [117, 30]]]}
    good = DrawnArea(box(118.0, 30.5), name="好格", parent_code=EMPTY)
    with pytest.raises(ShapeRefused, match="坏格"):
        import_boundaries(by=BY, shapes=[good, DrawnArea(crossed, name="坏格", parent_code=EMPTY)], on=TODAY)
    with pytest.raises(ChangeRefused, match="not known"):
        import_boundaries(by=BY, shapes=[DrawnArea(box(118, 30), name="甲", parent_code="990803009009")], on=TODAY)
    with pytest.raises(ChangeRefused, match="community"):
        import_boundaries(by=BY, shapes=[DrawnArea(box(118, 30), name="甲", parent_code="990803001")], on=TODAY)
    twice = [DrawnArea(box(118 + n, 30), name=f"{n}", code=f"{EMPTY}001") for n in (1, 2)]
    with pytest.raises(ChangeRefused, match="given twice"):
        import_boundaries(by=BY, shapes=twice, on=TODAY)
    with pytest.raises(NotAllowed):
        import_boundaries(by=Visitor(frozenset()), shapes=[good], on=TODAY)

    assert not Line.objects.filter(kind="territory.boundaries_imported").exists()


def test_new_grid_when_its_code_is_given_then_kept_and_others_go_around_it(areas: dict[str, Area]) -> None:
    shapes = [
        DrawnArea(box(118.0, 30.5), name="甲", code=f"{EMPTY}001"),
        DrawnArea(box(118.01, 30.5), name="乙", parent_code=EMPTY),
        DrawnArea(box(118.0, 30.5, 0.02, 0.001), name="商场", parent_code=EMPTY, kind="special"),
    ]
    taken = import_boundaries(by=BY, shapes=shapes, on=TODAY)

    assert {area.name: area.code for area in taken.opened} == {
        "甲": f"{EMPTY}001",
        "乙": f"{EMPTY}002",
        "商场": f"{EMPTY}999",
    }
