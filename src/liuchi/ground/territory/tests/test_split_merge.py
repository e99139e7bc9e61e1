"""Splitting, merging, redrawing: who follows whom, which day shows what, and what is refused."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.actors import Visitor
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed
from liuchi.ground.territory import queries, tasks
from liuchi.ground.territory.actions import (
    NewArea,
    Part,
    import_territory,
    merge_areas,
    redraw_boundary,
    rename_area,
    split_area,
)
from liuchi.ground.territory.changing import ChangeRefused
from liuchi.ground.territory.codes import CodeRefused
from liuchi.ground.territory.cutting import ShapeRefused, cut_along
from liuchi.ground.territory.following import areas_changed
from liuchi.ground.territory.models import Area, AreaVersion, Succession
from liuchi.ground.territory.testing import BY, SIDE, SINCE, box, noon, small_territory, square

TODAY = date(2024, 9, 12)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
COMMUNITY, GRID, NEIGHBOUR = "990803001001", "990803001001001", "990803001001002"
WESTERN, EASTERN = (117.002, 30.505), (117.008, 30.505)


@pytest.fixture
def areas(db: None) -> Iterator[dict[str, Area]]:
    with frozen_at(noon(TODAY)):
        yield small_territory()
    queries.forget()


def halves() -> list[Part]:
    return [Part("甲网格", box(117.0, 30.5, 0.005)), Part("乙网格", box(117.005, 30.5, 0.005))]


def split(areas: dict[str, Area], on: date = TODAY, **values: Any) -> list[Area]:
    made = split_area(by=BY, area_id=areas[GRID].id, parts=halves(), on=on, **values)
    queries.forget()
    return made


def located(point: tuple[float, float], on: date | None = None) -> str | None:
    found = queries.locate(*point, on)
    return None if found is None else found.name


def test_grid_when_split_then_its_parts_take_over_on_the_day(areas: dict[str, Area]) -> None:
    west, east = split(areas)

    assert (west.code, east.code) == ("990803001001003", "990803001001004")
    assert (located(WESTERN), located(EASTERN)) == ("甲网格", "乙网格")
    assert (located(WESTERN, YESTERDAY), located(EASTERN, YESTERDAY)) == ("001网格", "001网格")
    assert queries.territory().ancestor(west.id, "community") == areas[COMMUNITY]
    assert Area.objects.get(id=areas[GRID].id).valid_to == TODAY
    assert areas[GRID].id not in queries.territory().areas
    assert areas[GRID].id in queries.territory(YESTERDAY).areas


def test_split_when_written_then_it_is_told_what_became_of_what(areas: dict[str, Area]) -> None:
    west, east = split(areas, document="大网格〔2024〕3号")

    assert [(each.kind, each.to_area) for each in queries.became_of(areas[GRID].id)] == [
        ("split", west),
        ("split", east),
    ]
    assert [(each.from_area, each.document) for each in queries.came_from(west.id)] == [
        (areas[GRID], "大网格〔2024〕3号")
    ]
    assert queries.successors(areas[GRID].id) == [west, east]
    line = Line.objects.get(kind="territory.split")
    assert line.data == {
        "on": "2024-09-12",
        "changed": [str(areas[GRID].id)],
        "into": [str(west.id), str(east.id)],
        "edition": 2,
    }
    assert areas_changed(line) == [areas[GRID].id]


def test_ended_area_when_asked_for_then_stays_within_reach_of_what_it_stood_under(areas: dict[str, Area]) -> None:
    split(areas)

    known, ended = queries.territory(), areas[GRID].id
    assert known.with_ancestors(ended) == {ended} | known.with_ancestors(areas[COMMUNITY].id)
    assert ended in known.with_descendants(areas[COMMUNITY].id)
    assert known.holder(ended) == areas[COMMUNITY]
    assert known.ancestor(ended, "town") == areas["990803001"]


def test_heir_when_a_grid_was_split_then_by_the_point_else_the_community(areas: dict[str, Area]) -> None:
    west, east = split(areas)

    assert queries.heir(areas[GRID].id, *WESTERN) == west.id
    assert queries.heir(areas[GRID].id, *EASTERN) == east.id
    assert queries.heir(areas[GRID].id) == areas[COMMUNITY].id
    assert queries.heir(areas[GRID].id, 100.0, 20.0) == areas[COMMUNITY].id
    assert queries.heir(areas[NEIGHBOUR].id) == areas[NEIGHBOUR].id


def test_split_of_tomorrow_when_the_day_comes_then_it_takes_effect_by_itself(areas: dict[str, Area]) -> None:
    west, _ = split(areas, on=TOMORROW)

    assert located(WESTERN) == "001网格"
    assert areas_changed(Line.objects.get(kind="territory.split")) == []
    assert queries.heir(areas[GRID].id, *WESTERN) == areas[GRID].id
    tasks.bring_into_force()
    assert not Line.objects.filter(kind="territory.took_effect").exists()

    with frozen_at(noon(TOMORROW)):
        assert located(WESTERN) == "甲网格"
        tasks.bring_into_force()
        line = Line.objects.get(kind="territory.took_effect")
        assert areas_changed(line) == [areas[GRID].id]
        assert queries.heir(areas[GRID].id, *WESTERN) == west.id
        tasks.bring_into_force()
    assert Line.objects.filter(kind="territory.took_effect").count() == 1
    assert not Succession.objects.filter(took_effect_at=None).exists()


def test_rename_of_tomorrow_when_the_day_comes_then_the_copy_for_joins_is_brought_forward(
    areas: dict[str, Area],
) -> None:
    rename_area(by=BY, area_id=areas[GRID].id, name="新网格", on=TOMORROW)

    with frozen_at(noon(TOMORROW)):
        tasks.bring_into_force()

    assert Area.objects.get(id=areas[GRID].id).name == "新网格"
    assert areas_changed(Line.objects.get(kind="territory.took_effect")) == []


def test_change_of_a_day_to_come_when_written_then_the_worker_is_asked_for_its_midnight(areas: dict[str, Area]) -> None:
    split(areas, on=TOMORROW)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT scheduled_at AT TIME ZONE 'Asia/Shanghai' FROM procrastinate_jobs"
            " WHERE task_name = 'territory.bring_into_force'"
        )
        moments = [str(moment) for (moment,) in cursor.fetchall()]
    assert moments == ["2024-09-13 00:00:00"]


def test_grids_when_merged_then_one_takes_over(areas: dict[str, Area]) -> None:
    made = merge_areas(by=BY, area_ids=[areas[GRID].id, areas[NEIGHBOUR].id], name="大网格", on=TODAY)
    queries.forget()

    assert made.code == "990803001001003"
    assert (located(WESTERN), located((117.015, 30.505))) == ("大网格", "大网格")
    assert located((117.015, 30.505), YESTERDAY) == "002网格"
    assert queries.successors(areas[GRID].id) == [made]
    assert queries.heir(areas[NEIGHBOUR].id) == made.id
    assert queries.territory().with_descendants(made.id) == {made.id, areas[GRID].id, areas[NEIGHBOUR].id}
    assert {each.from_area_id for each in queries.came_from(made.id)} == {areas[GRID].id, areas[NEIGHBOUR].id}
    line = Line.objects.get(kind="territory.merged")
    assert areas_changed(line) == [areas[GRID].id, areas[NEIGHBOUR].id]


def test_communities_when_merged_then_code_from_601_and_their_grids_move_along(areas: dict[str, Area]) -> None:
    other = "990803001002"
    made = merge_areas(by=BY, area_ids=[areas[COMMUNITY].id, areas[other].id], name="大社区", on=TODAY)
    queries.forget()

    known = queries.territory()
    assert made.code == "990803001601"
    assert [grid.code for grid in known.children[made.id]] == [
        GRID,
        NEIGHBOUR,
        "990803001002001",
        "990803001002002",
    ]
    assert {each.kind for each in queries.became_of(areas[GRID].id)} == {"moved"}
    assert queries.territory(YESTERDAY).ancestor(areas[GRID].id, "community") == areas[COMMUNITY]
    assert known.with_ancestors(areas[COMMUNITY].id) == {areas[COMMUNITY].id} | known.with_ancestors(made.id)


def test_community_when_split_then_each_grid_goes_to_the_part_that_holds_it(areas: dict[str, Area]) -> None:
    parts = [Part("西社区", box(117.0, 30.5)), Part("东社区", box(117.01, 30.5), official_name="东社区居民委员会")]
    west, east = split_area(by=BY, area_id=areas[COMMUNITY].id, parts=parts, on=TODAY)
    queries.forget()

    known = queries.territory()
    assert (west.code, east.code, east.official_name) == ("990803001003", "990803001004", "东社区居民委员会")
    assert known.ancestor(areas[GRID].id, "community") == west
    assert known.ancestor(areas[NEIGHBOUR].id, "community") == east
    assert known.ancestor(areas[COMMUNITY].id, "community") is None


def test_area_when_one_below_fits_no_part_then_refused_with_its_name_unless_it_is_said(areas: dict[str, Area]) -> None:
    cut = [box(117.0, 30.5, 0.015), box(117.015, 30.5, 0.005)]

    with pytest.raises(ChangeRefused, match="002网格"):
        split_area(by=BY, area_id=areas[COMMUNITY].id, parts=[Part("西", cut[0]), Part("东", cut[1])], on=TODAY)
    parts = [Part("西", cut[0], children=frozenset({areas[NEIGHBOUR].id})), Part("东", cut[1])]
    west, _ = split_area(by=BY, area_id=areas[COMMUNITY].id, parts=parts, on=TODAY)
    queries.forget()

    assert queries.territory().ancestor(areas[NEIGHBOUR].id, "community") == west


def test_area_when_split_twice_then_every_day_shows_its_own_and_the_first_leads_to_the_last(
    areas: dict[str, Area],
) -> None:
    west, east = split(areas, on=date(2024, 3, 1))
    south, north = split_area(
        by=BY,
        area_id=west.id,
        parts=[Part("甲南", box(117.0, 30.5, 0.005, 0.005)), Part("甲北", box(117.0, 30.505, 0.005, 0.005))],
        on=date(2024, 6, 1),
    )
    merged = merge_areas(by=BY, area_ids=[north.id, east.id], name="合", on=date(2024, 8, 1))
    queries.forget()

    point = (117.002, 30.507)
    told = [located(point, day) for day in (date(2024, 2, 29), date(2024, 3, 1), date(2024, 6, 1), TODAY)]
    assert told == ["001网格", "甲网格", "甲北", "合"]
    assert (south.code, north.code) == ("990803001001006", "990803001001005")
    assert queries.successors(areas[GRID].id) == [south, merged]
    assert queries.successors(areas[GRID].id, date(2024, 4, 1)) == [west, east]


def test_boundary_when_redrawn_between_neighbours_then_points_change_hands_on_the_day(areas: dict[str, Area]) -> None:
    shapes = {areas[GRID].id: box(117.0, 30.5, 0.006), areas[NEIGHBOUR].id: box(117.006, 30.5, 0.014)}
    redraw_boundary(by=BY, shapes=shapes, on=TODAY, document="d")
    queries.forget()

    assert (located(EASTERN), located(EASTERN, YESTERDAY)) == ("002网格", "001网格")
    assert queries.heir(areas[GRID].id, *EASTERN) == areas[NEIGHBOUR].id
    assert [each.kind for each in queries.became_of(areas[GRID].id)] == ["redrawn"]
    assert queries.boundaries([areas[GRID].id], YESTERDAY) == {areas[GRID].id: square(GRID)}
    assert areas_changed(Line.objects.get(kind="territory.redrawn")) == [areas[GRID].id, areas[NEIGHBOUR].id]
    redraw_boundary(by=BY, shapes={areas[GRID].id: square(GRID), areas[NEIGHBOUR].id: square(NEIGHBOUR)}, on=TODAY)
    queries.forget()
    assert located(EASTERN) == "001网格"


def test_boundary_when_redrawn_open_or_not_at_all_then_refused(areas: dict[str, Area]) -> None:
    open_ring = {"type": "Polygon", "coordinates": [[[117, 30], [118, 30], [118, 31]]]}
    with pytest.raises(ShapeRefused):
        redraw_boundary(by=BY, shapes={areas[GRID].id: open_ring}, on=TODAY)
    with pytest.raises(ChangeRefused):
        redraw_boundary(by=BY, shapes={}, on=TODAY)


def test_split_when_it_does_not_tile_or_is_none_then_nothing_is_written(areas: dict[str, Area]) -> None:
    grid = areas[GRID].id
    with pytest.raises(ShapeRefused, match="gap"):
        split_area(by=BY, area_id=grid, parts=[Part("甲", box(117, 30.5, 0.004)), halves()[1]], on=TODAY)
    with pytest.raises(ShapeRefused, match="overlap"):
        split_area(by=BY, area_id=grid, parts=[Part("甲", box(117, 30.5, 0.006)), halves()[1]], on=TODAY)
    with pytest.raises(ShapeRefused, match="polygon"):
        split_area(by=BY, area_id=grid, parts=[Part("甲"), halves()[1]], on=TODAY)
    with pytest.raises(ChangeRefused, match="two parts"):
        split_area(by=BY, area_id=grid, parts=[Part("甲", square(GRID))], on=TODAY)
    with pytest.raises(ChangeRefused, match="Give a name"):
        split_area(by=BY, area_id=grid, parts=[Part(" ", halves()[0].geometry), halves()[1]], on=TODAY)

    assert Line.objects.filter(kind="territory.split").count() == 0
    assert Area.objects.count() == len(areas)


def test_codes_of_parts_when_given_then_kept_and_checked(areas: dict[str, Area]) -> None:
    west, east = halves()
    with pytest.raises(CodeRefused, match="same code"):
        split_area(
            by=BY,
            area_id=areas[GRID].id,
            parts=[
                Part("甲", west.geometry, code="990803001001077"),
                Part("乙", east.geometry, code="990803001001077"),
            ],
            on=TODAY,
        )
    with pytest.raises(ChangeRefused, match="belongs to"):
        split_area(by=BY, area_id=areas[GRID].id, parts=[Part("甲", west.geometry, code=NEIGHBOUR), east], on=TODAY)

    made = split_area(
        by=BY, area_id=areas[GRID].id, parts=[Part("甲", west.geometry, code="990803001001077"), east], on=TODAY
    )
    assert [area.code for area in made] == ["990803001001077", "990803001001003"]


def test_merger_when_it_makes_no_sense_then_refused(areas: dict[str, Area]) -> None:
    def merge(*codes: str, **values: Any) -> None:
        merge_areas(by=BY, area_ids=[areas[code].id for code in codes], name="合", on=TODAY, **values)

    with pytest.raises(ChangeRefused, match="at least two"):
        merge(GRID, GRID)
    with pytest.raises(ChangeRefused, match="one kind"):
        merge(GRID, COMMUNITY)
    with pytest.raises(ChangeRefused, match="same area"):
        merge(GRID, "990803001002001")
    with pytest.raises(CodeRefused, match="begin with"):
        merge(GRID, NEIGHBOUR, code="990803001002009")
    far = NewArea("grid", COMMUNITY + "009", "远网格", COMMUNITY, geometry=box(118, 30))
    import_territory(by=BY, areas=[far], valid_from=SINCE)
    areas |= {area.code: area for area in Area.objects.all()}
    with pytest.raises(ChangeRefused, match="touch"):
        merge(GRID, COMMUNITY + "009")
    assert Line.objects.filter(kind="territory.merged").count() == 0


def test_areas_without_boundaries_when_split_or_merged_then_by_what_stands_below(areas: dict[str, Area]) -> None:
    town, (one, two) = areas["990803001"], (areas[COMMUNITY], areas["990803001002"])
    with pytest.raises(ChangeRefused, match="none of the parts"):
        split_area(by=BY, area_id=town.id, parts=[Part("甲街道"), Part("乙街道")], on=TODAY)
    west, _ = split_area(
        by=BY,
        area_id=town.id,
        parts=[Part("甲街道", children=frozenset({one.id})), Part("乙街道", children=frozenset({two.id}))],
        on=TODAY,
    )
    queries.forget()

    assert queries.territory().ancestor(areas[GRID].id, "town") == west
    assert (west.code, west.name) == ("990803003", "甲街道")


def test_change_of_the_ground_when_nobody_may_then_refused(areas: dict[str, Area]) -> None:
    public = Visitor(frozenset())
    with pytest.raises(NotAllowed):
        split_area(by=public, area_id=areas[GRID].id, parts=halves(), on=TODAY)
    with pytest.raises(NotAllowed):
        merge_areas(by=public, area_ids=[areas[GRID].id, areas[NEIGHBOUR].id], name="x", on=TODAY)
    with pytest.raises(NotAllowed):
        redraw_boundary(by=public, shapes={areas[GRID].id: square(GRID)}, on=TODAY)


def test_area_that_is_to_end_when_changed_before_or_after_then_refused(areas: dict[str, Area]) -> None:
    split(areas, on=TOMORROW)

    with pytest.raises(ChangeRefused, match="settled"):
        rename_area(by=BY, area_id=areas[GRID].id, name="x", on=TODAY)
    with pytest.raises(ChangeRefused, match="ended on"):
        rename_area(by=BY, area_id=areas[GRID].id, name="x", on=TOMORROW)


CORNER = st.floats(0.0001, 0.0099)
LINES = st.lists(st.tuples(CORNER, CORNER, CORNER, CORNER), min_size=1, max_size=3)
POINTS = st.lists(st.tuples(st.floats(0.0, 4 * SIDE), st.floats(0.0, 2 * SIDE)), min_size=5, max_size=25)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12, deadline=None)
@given(lines=LINES, points=POINTS)
def test_territory_when_grids_are_split_at_random_then_every_point_is_in_one_grid_before_and_after(
    areas: dict[str, Area], lines: list[tuple[float, float, float, float]], points: list[tuple[float, float]]
) -> None:
    """Each line splits the grid that holds its first point, one day after another; then all days are asked again."""
    queries.forget()
    before_all = transaction.savepoint()
    try:
        days = [SINCE]
        for number, line in enumerate(lines, start=1):
            days += _split_along(line, SINCE + timedelta(days=number))
        for dx, dy in points:
            point = (117 + dx, 30.5 + dy)
            before = queries.locate(*point, SINCE)
            assert before is not None
            on_a_border = _is_on_a_line(point[0], 117) or _is_on_a_line(point[1], 30.5)
            for day in days:
                found = queries.locate(*point, day)
                assert found is not None
                assert on_a_border or before.id in _ancestry(found.id)
    finally:
        transaction.savepoint_rollback(before_all)
        queries.forget()


def _split_along(line: tuple[float, float, float, float], day: date) -> list[date]:
    """Split the grid at the beginning of a line along it; return the day, or nothing where the line is refused."""
    start, end = (117 + line[0], 30.5 + line[1]), (117 + line[2], 30.5 + line[3])
    grid = queries.locate(*start, day)
    assert grid is not None
    [geometry] = queries.boundaries([grid.id], day).values()
    try:
        parts = [Part(f"{number}", part) for number, part in enumerate(cut_along(geometry, start, end))]
        split_area(by=BY, area_id=grid.id, parts=parts, on=day)
    except ShapeRefused:
        return []
    finally:
        queries.forget()
    return [day]


def _is_on_a_line(degrees: float, begin: float) -> bool:
    """Tell whether a coordinate lies on a line of the board of squares, where the smallest code decides."""
    steps = (degrees - begin) / SIDE
    return abs(steps - round(steps)) < 1e-6


def _ancestry(area_id: object) -> set[object]:
    """Return an area and every area that it was made of, however long ago."""
    found, waiting = {area_id}, {area_id}
    while waiting:
        rows = Succession.objects.filter(to_area_id__in=waiting, kind__in=("split", "merged")).order_by("id")
        waiting = set(rows.values_list("from_area_id", flat=True))
        found |= waiting
    return found


def test_versions_when_much_happened_then_the_database_holds_no_code_twice_on_any_day(areas: dict[str, Area]) -> None:
    split(areas, on=date(2024, 3, 1))
    merge_areas(by=BY, area_ids=[areas["990803002001001"].id, areas["990803002001002"].id], name="合", on=TOMORROW)

    connection.check_constraints()
    assert AreaVersion.objects.filter(valid_to=None).count() == Area.objects.filter(valid_to=None).count()
