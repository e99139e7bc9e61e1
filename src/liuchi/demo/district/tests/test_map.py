"""The map of the demo district: complete, seamless, well shaped, and the one that the generator draws."""

import math
from pathlib import Path

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import shape

from liuchi.demo.district.generate import MAP_FILE, write_map
from liuchi.demo.district.map import AREA_KINDS, Area, DistrictMap, district_map
from liuchi.demo.district.places import TOWNS
from liuchi.ground.territory.geometry import GridIndex, area_m2, check_coverage

PARENT_KIND = dict(zip(AREA_KINDS[1:], AREA_KINDS, strict=False))


@pytest.fixture(scope="module")
def the_map() -> DistrictMap:
    return district_map()


def polygons(areas: tuple[Area, ...]) -> list[tuple[str, dict[str, object]]]:
    return [(area.code, area.polygon) for area in areas if area.polygon]


def units(area: Area) -> shapely.Geometry:
    """In whole millionths of a degree, so that areas add up without rounding."""
    return shapely.transform(shape(area.polygon), lambda degrees: (degrees * 1e6).round())


def test_map_when_counted_then_nine_towns_forty_communities_274_grids(the_map: DistrictMap) -> None:
    communities = the_map.of_kind("community")

    assert {kind: len(the_map.of_kind(kind)) for kind in AREA_KINDS} == {
        "province": 1, "city": 1, "district": 1, "town": 9, "community": 40, "grid": 274,
    }  # fmt: skip
    assert len([area for area in communities if area.parent_code < "340803100"]) == 23
    assert sum(place.grids for town in TOWNS for place in town.places) == 274
    assert all(6 <= len(the_map.children(area.code)) <= 10 for area in communities if area.parent_code < "340803100")
    assert all(4 <= len(the_map.children(area.code)) <= 8 for area in communities if area.parent_code >= "340803100")


def test_areas_when_walked_then_parents_come_first_and_codes_nest(the_map: DistrictMap) -> None:
    seen: dict[str, Area] = {}

    for area in the_map.areas:
        if area.kind != "province":
            assert seen[area.parent_code].kind == PARENT_KIND[area.kind]
            assert area.code.startswith(area.parent_code)
        seen[area.code] = area

    assert len(seen) == len(the_map.areas)
    assert [area.code for area in the_map.of_kind("grid")] == sorted(area.code for area in the_map.of_kind("grid"))


def test_names_when_short_then_as_people_say(the_map: DistrictMap) -> None:
    names = {area.official_name: area.name for area in the_map.areas}

    assert names["马山社区居民委员会"] == "马山社区"
    assert names["华茂社区居委会"] == "华茂社区"
    assert names["安原居委会"] == "安原社区"
    assert names["红水塘居民委员会"] == "红水塘社区"
    assert names["十里村民委员会"] == "十里村"
    assert the_map.area("340803001002001").name == "马山社区第一网格"
    assert {area.label_kind for area in the_map.of_kind("town")} == {"街道", "镇", "乡"}
    assert {area.label_kind for area in the_map.of_kind("community")} == {"社区", "村"}
    with pytest.raises(KeyError):
        the_map.area("340803999")


def test_grids_when_checked_then_they_tile_the_district(the_map: DistrictMap) -> None:
    district = the_map.area("340803").polygon

    for kind in ("grid", "community", "town"):
        assert check_coverage(polygons(the_map.of_kind(kind)), district) == []
        assert shapely.coverage_is_valid([units(area) for area in the_map.of_kind(kind)])


@pytest.mark.parametrize("kind", ["district", "town", "community"])
def test_area_when_put_together_from_its_children_then_exactly_itself(the_map: DistrictMap, kind: str) -> None:
    for area in the_map.of_kind(kind):
        children = [units(child) for child in the_map.children(area.code)]

        assert shapely.union_all(children).equals(units(area))
        assert sum(child.area for child in children) == units(area).area


def test_grids_when_measured_then_no_slivers_and_of_similar_size(the_map: DistrictMap) -> None:
    for grid in the_map.of_kind("grid"):
        metric = shapely.transform(shape(grid.polygon), lambda degrees: degrees * [math.cos(math.radians(30.5)), 1])

        assert 4 * math.pi * metric.area / metric.length**2 > 0.45, grid.name
    for community in the_map.of_kind("community"):
        sizes = [area_m2(shape(grid.polygon)) for grid in the_map.children(community.code)]
        assert max(sizes) < 3 * min(sizes), community.name


def test_grid_serials_when_read_then_start_in_the_north_west_and_run_west_to_east(the_map: DistrictMap) -> None:
    for community in the_map.of_kind("community"):
        grids = the_map.children(community.code)
        middles = [shape(grid.polygon).centroid for grid in grids]

        assert [grid.code[12:] for grid in grids] == [f"{number:03}" for number in range(1, len(grids) + 1)]
        assert middles[0].y - middles[0].x > middles[-1].y - middles[-1].x, community.name


def test_map_when_drawn_then_within_the_frame_and_labels_inside(the_map: DistrictMap) -> None:
    shapes = [*(area.polygon for area in the_map.areas if area.polygon), *(f.shape for f in the_map.features)]
    west, south, east, north = shapely.total_bounds([shape(each) for each in shapes])

    assert 116.9 <= west < east <= 117.1
    assert 30.4 <= south < north <= 30.6
    for area in the_map.areas:
        if area.polygon:
            assert area.label_at is not None
            assert shape(area.polygon).contains(shapely.Point(area.label_at)), area.name


def test_river_when_it_is_the_border_then_haikou_touches_the_rest_only_in_it(the_map: DistrictMap) -> None:
    haikou = shape(the_map.area("340803100").polygon)
    river = next(shape(feature.shape) for feature in the_map.features if feature.name == "皖河")
    yangtze = next(shape(feature.shape) for feature in the_map.features if feature.name == "长江")

    for town in the_map.of_kind("town"):
        shared = haikou.intersection(shape(town.polygon))
        if town.code != "340803100" and not shared.is_empty:
            assert shared.difference(river.union(yangtze).buffer(1e-5)).is_empty, town.name
    assert haikou.intersection(shape(the_map.area("340803200").polygon)).length > 0.02


def test_features_when_listed_then_rivers_lakes_streets_railway(the_map: DistrictMap) -> None:
    kinds = {feature.kind for feature in the_map.features}

    assert kinds == {"river", "lake", "street", "railway"}
    assert {"长江", "皖河", "菱湖", "石门湖", "人民路"} <= {feature.name for feature in the_map.features}
    assert all(shape(feature.shape).is_valid for feature in the_map.features)


def test_map_file_when_drawn_anew_then_the_same_to_the_byte(tmp_path: Path) -> None:
    write_map(tmp_path / "map.json")

    assert (tmp_path / "map.json").read_bytes() == MAP_FILE.read_bytes()


INDEX = GridIndex(polygons(district_map().of_kind("grid")))
SHAPES = {area.code: shape(area.polygon) for area in district_map().of_kind("grid")}
WHOLE = shape(district_map().area("340803").polygon)


@given(st.floats(116.9, 117.1), st.floats(30.4, 30.6))
def test_locate_when_any_point_then_as_a_scan_of_all_grids_says(lon: float, lat: float) -> None:
    point = shapely.Point(lon, lat)
    holding = sorted(code for code, grid in SHAPES.items() if grid.intersects(point))

    found = INDEX.locate(lon, lat)

    assert found == (holding[0] if holding else None)
    assert (found is not None) == WHOLE.intersects(point)
    assert sum(grid.contains(point) for grid in SHAPES.values()) <= 1


@given(st.data())
def test_locate_when_on_a_vertex_of_a_grid_then_the_smallest_code_there(data: st.DataObject) -> None:
    code = data.draw(st.sampled_from(sorted(SHAPES)))
    lon, lat = data.draw(st.sampled_from(list(SHAPES[code].exterior.coords)))

    found = INDEX.locate(lon, lat)

    assert found == min(each for each, grid in SHAPES.items() if grid.intersects(shapely.Point(lon, lat)))
