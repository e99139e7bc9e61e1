"""The report on boundaries: each kind of fault is found where it was made, and nothing where there is none."""

from collections.abc import Iterator
from datetime import date

import pytest

from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.territory import queries
from liuchi.ground.territory.actions import NewArea, Part, import_territory, redraw_boundary, split_area
from liuchi.ground.territory.checking import BoundaryReport, FaultKind, check_boundaries
from liuchi.ground.territory.cutting import cut_along
from liuchi.ground.territory.models import Area
from liuchi.ground.territory.testing import BY, SIDE, SINCE, box, noon, small_territory

TODAY, YESTERDAY = date(2024, 9, 12), date(2024, 9, 11)
COMMUNITY, GRID, NEIGHBOUR = "990803001001", "990803001001001", "990803001001002"


@pytest.fixture
def areas(db: None) -> Iterator[dict[str, Area]]:
    with frozen_at(noon(TODAY)):
        yield small_territory()
    queries.forget()


def redraw(areas: dict[str, Area], **shapes: dict[str, object]) -> BoundaryReport:
    redraw_boundary(by=BY, shapes={areas[code[1:]].id: shape for code, shape in shapes.items()}, on=TODAY)
    queries.forget()
    return check_boundaries()


def told(report: BoundaryReport) -> list[tuple[str, tuple[str, ...], int]]:
    return [
        (fault.kind.value, tuple(area.code for area in fault.areas), round(fault.size_m2)) for fault in report.faults
    ]


def test_boundaries_when_they_tile_then_nothing_is_found_and_sizes_are_measured(areas: dict[str, Area]) -> None:
    report = check_boundaries()

    assert (report.faults, report.checked) == ([], 12)
    assert report.sizes[areas[GRID].id] == pytest.approx(958.9 * 1108.6, rel=2e-3)
    assert report.sizes[areas[COMMUNITY].id] == pytest.approx(2 * report.sizes[areas[GRID].id], rel=1e-4)


def test_boundaries_when_a_grid_is_too_small_then_gap_with_its_neighbours(areas: dict[str, Area]) -> None:
    report = redraw(areas, **{f"c{GRID}": box(117.0, 30.5, 0.009)})

    [fault] = report.faults
    assert (fault.kind, {area.code for area in fault.areas}) == (FaultKind.GAP, {COMMUNITY, GRID, NEIGHBOUR})
    assert fault.size_m2 == pytest.approx(report.sizes[areas[GRID].id] / 9, rel=1e-3)
    assert fault.at == pytest.approx((117.0095, 30.505), abs=1e-3)
    assert check_boundaries(YESTERDAY).faults == []


def test_boundaries_when_a_grid_is_too_large_then_overlap_and_outside(areas: dict[str, Area]) -> None:
    report = redraw(areas, **{f"c{GRID}": box(117.0, 30.5, 0.011, 0.012)})

    assert {(kind, codes) for kind, codes, _ in told(report)} == {
        ("overlap", (GRID, NEIGHBOUR)),
        ("overlap", (GRID, "990803001002001")),
        ("overlap", (GRID, "990803001002002")),
        ("outside", (GRID, COMMUNITY)),
    }
    kinds = [fault.kind for fault in report.faults]
    assert kinds == sorted(kinds, key=list(FaultKind).index)
    assert len(report.of_kind(FaultKind.OUTSIDE)) == 1


def test_boundaries_when_a_grid_has_none_then_told(areas: dict[str, Area]) -> None:
    import_territory(by=BY, areas=[NewArea("grid", COMMUNITY + "003", "三", COMMUNITY)], valid_from=SINCE)
    queries.forget()

    assert told(check_boundaries()) == [("missing", (COMMUNITY + "003",), 0)]


def test_boundaries_when_broken_in_the_database_then_told_and_the_rest_is_checked(areas: dict[str, Area]) -> None:
    crossed = {"type": "Polygon", "coordinates": [[[117, 30], [118, 31], [118, 30], [117, 31], [117, 30]]]}
    short = {"type": "Polygon", "coordinates": [[[117, 30], [118, 30]]]}
    far = [
        NewArea("grid", COMMUNITY + "003", "三", COMMUNITY, geometry=crossed),
        NewArea("grid", COMMUNITY + "004", "四", COMMUNITY, geometry=short),
    ]
    import_territory(by=BY, areas=far, valid_from=SINCE)
    queries.forget()

    assert told(check_boundaries()) == [
        ("closure", (COMMUNITY + "004",), 0),
        ("invalid", (COMMUNITY + "003",), 0),
    ]


def test_boundaries_when_checked_below_one_area_then_the_others_are_left_out(areas: dict[str, Area]) -> None:
    redraw(areas, **{f"c{GRID}": box(117.0, 30.5, 0.009)})

    assert check_boundaries(below=areas["990803002"].id).faults == []
    assert len(check_boundaries(below=areas[COMMUNITY].id).faults) == 1


def test_parent_when_it_has_no_boundary_then_holes_are_gaps(areas: dict[str, Area]) -> None:
    ring = [box(117 + x * SIDE, 30.5 + y * SIDE) for x in range(3) for y in range(3) if (x, y) != (1, 1)]
    code = "990803002003"
    new = [NewArea("community", code, "回字社区", "990803002")]
    new += [NewArea("grid", f"{code}{n:03d}", f"{n}", code, geometry=_shifted(each)) for n, each in enumerate(ring, 1)]
    import_territory(by=BY, areas=new, valid_from=SINCE)
    queries.forget()

    [fault] = check_boundaries().faults
    assert (fault.kind, len(fault.areas)) == (FaultKind.GAP, 9)


def _shifted(polygon: dict[str, object]) -> dict[str, object]:
    rings = polygon["coordinates"]
    return {"type": "Polygon", "coordinates": [[[x + 1, y] for x, y in ring] for ring in rings]}  # type: ignore[attr-defined]


def test_boundaries_when_split_along_a_slanting_line_then_still_tile(areas: dict[str, Area]) -> None:
    [geometry] = queries.boundaries([areas[GRID].id]).values()
    parts = cut_along(geometry, (117.0031, 30.5), (117.0077, 30.5093))
    split_area(by=BY, area_id=areas[GRID].id, parts=[Part(f"{n}", p) for n, p in enumerate(parts)], on=TODAY)
    queries.forget()

    assert check_boundaries().faults == []
