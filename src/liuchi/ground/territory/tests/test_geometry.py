"""Points and coverages on a small board of squares; the demo district's own map is tested beside it."""

import math
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from liuchi.ground.territory.geometry import GridIndex, area_m2, check_coverage

WEST, SOUTH, SIDE = 117.0, 30.5, 0.01


def square(column: int, row: int) -> dict[str, Any]:
    west, south = WEST + column * SIDE, SOUTH + row * SIDE
    east, north = WEST + (column + 1) * SIDE, SOUTH + (row + 1) * SIDE
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


BOARD = [(f"{row}{column}", square(column, row)) for row in range(3) for column in range(3)]


def ring(*points: tuple[float, float]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[list(point) for point in points]]}


def test_locate_when_inside_then_that_area() -> None:
    index = GridIndex(BOARD)

    assert index.locate(117.015, 30.525) == "21"
    assert len(index) == 9


def test_locate_when_outside_then_none() -> None:
    index = GridIndex(BOARD)

    assert index.locate(116.9, 30.5) is None
    assert index.locate(0, 0) is None


@given(st.sampled_from([1, 2]), st.floats(0, 3, exclude_min=True, exclude_max=True))
def test_locate_when_on_a_border_then_the_first_of_the_areas_that_meet(line: int, along: float) -> None:
    lon, lat = WEST + line * SIDE, SOUTH + along * SIDE
    touching = [
        area_id for area_id, polygon in BOARD if shapely.intersects_xy(shapely.geometry.shape(polygon), lon, lat)
    ]

    assert len(touching) >= 2
    assert GridIndex(BOARD).locate(lon, lat) == min(touching)
    assert GridIndex(reversed(BOARD)).locate(lon, lat) == max(touching)


def test_locate_when_area_has_a_hole_and_islands_then_both_count() -> None:
    outer, inner = (
        square(0, 0)["coordinates"][0],
        [[117.004, 30.504], [117.004, 30.506], [117.006, 30.506], [117.004, 30.504]],
    )
    index = GridIndex([("a", {"type": "MultiPolygon", "coordinates": [[outer, inner], square(2, 2)["coordinates"]]})])

    assert index.locate(117.0045, 30.5055) is None
    assert index.locate(117.001, 30.501) == "a"
    assert index.locate(117.025, 30.525) == "a"


@pytest.mark.parametrize(
    ("lon", "lat", "complaint"),
    [
        (math.nan, 30.5, "finite"),
        (117.0, math.inf, "finite"),
        ("117", 30.5, "finite"),
        (None, 30.5, "finite"),
        (30.5, 117.0, "exchanged"),
        (180.1, 30.5, "longitude"),
    ],
)
def test_locate_when_nonsense_then_says_what_is_wrong(lon: Any, lat: Any, complaint: str) -> None:
    index = GridIndex(BOARD)

    with pytest.raises(ValueError, match=complaint):
        index.locate(lon, lat)


def test_index_when_id_twice_or_polygon_broken_then_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        GridIndex([("a", square(0, 0)), ("a", square(1, 0))])
    with pytest.raises(ValueError, match="a: a ring is not closed"):
        GridIndex([("a", ring((117, 30.5), (117.1, 30.5), (117.1, 30.6), (117, 30.6)))])
    with pytest.raises(ValueError, match="not a GeoJSON"):
        GridIndex([("a", {"type": "Point", "coordinates": [117, 30.5]})])


def test_coverage_when_seamless_then_nothing_to_say() -> None:
    outline = ring(*((WEST + x * SIDE, SOUTH + y * SIDE) for x, y in [(0, 0), (3, 0), (3, 3), (0, 3), (0, 0)]))

    assert check_coverage(BOARD) == []
    assert check_coverage(BOARD, outline) == []


def test_coverage_when_ring_open_or_short_or_crossed_then_told() -> None:
    open_ring = ring((117, 30.5), (117.1, 30.5), (117.1, 30.6), (117, 30.6))
    short = ring((117, 30.5), (117.1, 30.5), (117, 30.5))
    crossed = ring((117, 30.5), (117.1, 30.6), (117.1, 30.5), (117, 30.6), (117, 30.5))

    problems = check_coverage([("a", open_ring), ("b", short), ("c", crossed)])

    assert [(p.kind, p.ids) for p in problems] == [("closure", ("a",)), ("closure", ("b",)), ("invalid", ("c",))]
    assert problems[0].at == (117, 30.5)


def test_coverage_when_a_piece_is_missing_then_gap_with_place_and_size() -> None:
    without_middle = [pair for pair in BOARD if pair[0] != "11"]

    [problem] = check_coverage(without_middle)

    assert problem.kind == "gap"
    assert problem.ids == tuple(area_id for area_id, _ in without_middle)
    assert problem.at is not None
    assert GridIndex(BOARD).locate(*problem.at) == "11"
    assert problem.size_m2 == pytest.approx(area_m2(shapely.geometry.shape(square(1, 1))))


def test_coverage_when_the_edge_of_the_outline_is_missing_then_gap() -> None:
    outline = ring(*((WEST + x * SIDE, SOUTH + y * SIDE) for x, y in [(0, 0), (3, 0), (3, 3), (0, 3), (0, 0)]))

    [problem] = check_coverage([pair for pair in BOARD if pair[0] != "22"], outline)

    assert (problem.kind, problem.ids) == ("gap", ("11", "12", "21"))


def test_coverage_when_beyond_the_outline_then_overlap_with_the_outside() -> None:
    [problem] = check_coverage(BOARD[:2], square(0, 0))

    assert (problem.kind, problem.ids) == ("overlap", ("01",))


def test_coverage_when_two_overlap_then_both_named_and_the_size() -> None:
    wide = ring((117.0, 30.5), (117.0101, 30.5), (117.0101, 30.51), (117.0, 30.51), (117.0, 30.5))

    [problem] = check_coverage([("b", square(1, 0)), ("a", wide)])

    assert (problem.kind, problem.ids) == ("overlap", ("a", "b"))
    assert problem.size_m2 == pytest.approx(9.6 * 1108.6, rel=1e-3)
    assert problem.at == pytest.approx((117.01005, 30.505), abs=1e-5)


def test_coverage_when_a_neighbour_has_one_more_vertex_then_mismatch() -> None:
    west = ring((117.0, 30.5), (117.01, 30.5), (117.01, 30.505), (117.01, 30.51), (117.0, 30.51), (117.0, 30.5))

    problems = check_coverage([("a", west), ("b", square(1, 0))])

    assert {p.kind for p in problems} == {"mismatch"}


def test_area_when_a_known_field_then_ellipsoid_size() -> None:
    """One minute by one minute at 30.5 N: 1,600.0 m by 1,847.7 m by the tables of the ellipsoid."""
    field = shapely.box(117.0, 30.5 - 1 / 120, 117.0 + 1 / 60, 30.5 + 1 / 120)

    assert area_m2(field) == pytest.approx(1600.0 * 1847.7, rel=1e-3)
