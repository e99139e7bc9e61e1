"""Cutting and joining: the ground is conserved, every point lies in exactly one part, as an oracle of its own says."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from liuchi.ground.territory.cutting import (
    ShapeRefused,
    cut_along,
    holds,
    is_one_piece,
    joined,
    require_sound,
    same_ground,
    tiled,
)
from liuchi.ground.territory.geometry import GridIndex, parsed_shape
from liuchi.ground.territory.testing import box

WEST, SOUTH = 117.0, 30.5
degrees = st.floats(0.0005, 0.0095)


@st.composite
def stars(draw: st.DrawFn) -> dict[str, Any]:
    """Give a polygon around the middle of a square, with as many corners as may be; often not convex."""
    count = draw(st.integers(3, 12))
    radii = draw(st.lists(st.floats(0.001, 0.005), min_size=count, max_size=count))
    corners = [
        (
            WEST + 0.005 + radius * math.cos(2 * math.pi * number / count),
            SOUTH + 0.005 + radius * math.sin(2 * math.pi * number / count),
        )
        for number, radius in enumerate(radii)
    ]
    return {"type": "Polygon", "coordinates": [[*map(list, corners), list(corners[0])]]}


def inside(polygon: dict[str, Any], x: float, y: float) -> bool:
    """Tell by counting crossings whether a point lies in a polygon; owes nothing to the library under test."""
    rings = [polygon["coordinates"]] if polygon["type"] == "Polygon" else polygon["coordinates"]
    crossings = 0
    for ring in (each for part in rings for each in part):
        for (x1, y1), (x2, y2) in pairwise(ring):
            if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
                crossings += 1
    return crossings % 2 == 1


def _size(polygons: Sequence[dict[str, Any]]) -> float:
    return float(sum(parsed_shape(each).area for each in polygons))


@given(stars(), degrees, degrees, degrees, degrees, st.lists(st.tuples(degrees, degrees), max_size=30))
def test_line_when_it_cuts_then_ground_is_conserved_and_each_point_lies_in_one_part_on_its_side(
    polygon: dict[str, Any], x1: float, y1: float, x2: float, y2: float, points: list[tuple[float, float]]
) -> None:
    start, end = (WEST + x1, SOUTH + y1), (WEST + x2, SOUTH + y2)
    assume(math.dist(start, end) > 1e-4)
    try:
        parts = cut_along(polygon, start, end)
    except ShapeRefused:
        return

    assert len(parts) >= 2
    assert _size(parts) == pytest.approx(_size([polygon]), rel=1e-9)
    for dx, dy in points:
        x, y = WEST + dx, SOUTH + dy
        side = (end[0] - start[0]) * (y - start[1]) - (end[1] - start[1]) * (x - start[0])
        if abs(side) < 1e-12:
            continue
        found = [number for number, part in enumerate(parts) if inside(part, x, y)]
        assert len(found) == (1 if inside(polygon, x, y) else 0)
        for number in found:
            middle = parsed_shape(parts[number]).representative_point()
            same = (end[0] - start[0]) * (middle.y - start[1]) - (end[1] - start[1]) * (middle.x - start[0])
            assert (same > 0) == (side > 0)


@given(stars(), degrees, degrees, degrees, degrees, st.integers(5, 7), st.lists(st.tuples(degrees, degrees)))
def test_parts_when_rounded_by_a_surveyor_then_they_are_fitted_and_nothing_is_lost(
    polygon: dict[str, Any],
    x1: float,
    y1: float,
    x2: float,
    y2: float,
    decimals: int,
    points: list[tuple[float, float]],
) -> None:
    assume(math.dist((x1, y1), (x2, y2)) > 1e-4)
    try:
        parts = cut_along(polygon, (WEST + x1, SOUTH + y1), (WEST + x2, SOUTH + y2))
        drawn = [_rounded(part, decimals) for part in parts]
        fitted = tiled(drawn, polygon)
    except ShapeRefused:
        return

    whole = GridIndex([("whole", polygon)])
    index = GridIndex(list(enumerate(fitted)))
    assert _size(fitted) == pytest.approx(_size([polygon]), rel=1e-7)
    for dx, dy in points:
        x, y = WEST + dx, SOUTH + dy
        touching = [number for number, part in enumerate(fitted) if inside(part, x, y)]
        assert len(touching) <= 1
        if _far_from_the_border(polygon, x, y):
            assert (index.locate(x, y) is not None) == (whole.locate(x, y) is not None)


@given(stars(), degrees, degrees, degrees, degrees)
def test_parts_when_joined_again_then_the_same_ground(
    polygon: dict[str, Any], x1: float, y1: float, x2: float, y2: float
) -> None:
    assume(math.dist((x1, y1), (x2, y2)) > 1e-4)
    try:
        parts = cut_along(polygon, (WEST + x1, SOUTH + y1), (WEST + x2, SOUTH + y2))
    except ShapeRefused:
        return

    assert same_ground(joined(parts), polygon)
    assert is_one_piece(joined(parts))


def _rounded(polygon: dict[str, Any], decimals: int) -> dict[str, Any]:
    shape = shapely.transform(parsed_shape(polygon), lambda points: points.round(decimals))
    return {"type": "Polygon", "coordinates": [[list(point) for point in shape.exterior.coords]]}


def _far_from_the_border(polygon: dict[str, Any], x: float, y: float) -> bool:
    return bool(parsed_shape(polygon).boundary.distance(shapely.Point(x, y)) > 1e-9)


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        ((117.005, 30.505), (117.005, 30.505), "two different points"),
        ((116.0, 30.0), (116.1, 30.1), "does not cut"),
        ((117.0000001, 30.5), (117.0, 30.5000001), "grazes"),
    ],
)
def test_line_when_it_cuts_nothing_off_then_refused(
    start: tuple[float, float], end: tuple[float, float], told: str
) -> None:
    with pytest.raises(ShapeRefused, match=told) as refused:
        cut_along(box(WEST, SOUTH), start, end)

    assert refused.value.field == "geometry"


def test_line_when_the_area_is_bent_then_every_piece_is_a_part() -> None:
    horseshoe = joined(
        [box(WEST, SOUTH, 0.03, 0.01), box(WEST, SOUTH, 0.01, 0.03), box(WEST + 0.02, SOUTH, 0.01, 0.03)]
    )

    parts = cut_along(horseshoe, (WEST, SOUTH + 0.02), (WEST + 0.03, SOUTH + 0.02))

    assert len(parts) == 3
    assert [round(parsed_shape(part).centroid.x, 3) for part in parts] == [117.005, 117.025, 117.015]


def test_parts_when_a_gap_or_an_overlap_is_wide_then_refused_with_place_and_size() -> None:
    outline = box(WEST, SOUTH, 0.02)

    with pytest.raises(ShapeRefused, match="gap") as gap:
        tiled([box(WEST, SOUTH), box(WEST + 0.011, SOUTH, 0.009)], outline)
    with pytest.raises(ShapeRefused, match="overlap") as overlap:
        tiled([box(WEST, SOUTH, 0.011), box(WEST + 0.01, SOUTH)], outline)
    with pytest.raises(ShapeRefused, match="outside"):
        tiled([box(WEST, SOUTH), box(WEST + 0.01, SOUTH, 0.02)], outline)

    assert [problem.kind for problem in gap.value.problems] == ["gap"]
    assert overlap.value.problems[0].at == pytest.approx((117.0105, 30.505), abs=1e-4)


def test_parts_when_they_miss_by_a_few_centimetres_then_they_are_fitted() -> None:
    outline = box(WEST, SOUTH, 0.02)
    west, east = box(WEST, SOUTH, 0.0100003), box(WEST + 0.0100006, SOUTH, 0.0099994)

    parts = tiled([west, east], outline)

    assert same_ground(joined(parts), outline)
    assert parsed_shape(parts[0]).intersection(parsed_shape(parts[1])).area == 0
    assert parsed_shape(joined(parts)).area == pytest.approx(parsed_shape(outline).area, rel=1e-12)


@pytest.mark.parametrize(
    "ring",
    [
        [[117, 30], [118, 30], [118, 31]],
        [[117, 30], [118, 31], [118, 30], [117, 31], [117, 30]],
        [[117, 30], [118, 30], [118, 31], [117, 31]],
    ],
)
def test_polygon_when_open_or_crossed_then_refused(ring: list[list[float]]) -> None:
    polygon = {"type": "Polygon", "coordinates": [ring]}

    with pytest.raises(ShapeRefused, match="sound"):
        require_sound(polygon, "甲")
    with pytest.raises(ShapeRefused):
        tiled([polygon, box(WEST, SOUTH)], box(WEST, SOUTH))


def test_part_when_it_vanishes_then_refused() -> None:
    with pytest.raises(ShapeRefused, match="square metre"):
        tiled([box(WEST, SOUTH), box(WEST, SOUTH, 0.0000001)], box(WEST, SOUTH))


def test_ground_when_one_lies_within_another_then_held() -> None:
    assert holds(box(WEST, SOUTH), box(WEST + 0.001, SOUTH + 0.001, 0.001, 0.001))
    assert holds(box(WEST, SOUTH), box(WEST, SOUTH, 0.0100000001))
    assert not holds(box(WEST, SOUTH), box(WEST, SOUTH, 0.011))
