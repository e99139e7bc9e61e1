"""Buildings follow when the ground under them is named anew."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed
from liuchi.ground.territory import queries
from liuchi.ground.territory.actions import Part, merge_areas, redraw_boundary, split_area
from liuchi.ground.territory.actions.dwellings import NewBuilding, NewDwelling, NewEstate, import_estates
from liuchi.ground.territory.actions.standing import follow_buildings
from liuchi.ground.territory.dwellings import EstateFilters, buildings_in, estate_page
from liuchi.ground.territory.models import Area, Building, Estate
from liuchi.ground.territory.reactions import follow_territory
from liuchi.ground.territory.testing import BY, SINCE, Clerk, box, noon, small_territory

TODAY = date(2024, 9, 12)
COMMUNITY, GRID, NEIGHBOUR = "990803001001", "990803001001001", "990803001001002"
SEE = frozenset({"dwellings.see"})


@pytest.fixture
def areas(db: None) -> Iterator[dict[str, Area]]:
    with frozen_at(noon(TODAY)):
        made = small_territory()
        rooms = (NewDwelling("101", 1),)
        buildings = (
            NewBuilding("1", longitude=117.002, latitude=30.505, dwellings=rooms),
            NewBuilding("2", longitude=117.008, latitude=30.505, dwellings=rooms),
            NewBuilding("3", area_id=made[GRID].id),
        )
        estate = NewEstate("X", "某小区", made[COMMUNITY].id, buildings=buildings)
        import_estates(by=BY, estates=[estate], valid_from=SINCE)
        yield made
    queries.forget()


def _follow(kind: str) -> None:
    """Do what the worker does; twice, for it may be killed and begin again."""
    queries.forget()
    for _ in range(2):
        follow_territory(Line.objects.get(kind=kind))


def _stand() -> dict[str, str]:
    return dict(Building.objects.order_by("number").values_list("number", "area__name"))


def _split(areas: dict[str, Area], on: date = TODAY) -> list[Area]:
    parts = [Part("甲网格", box(117.0, 30.5, 0.005)), Part("乙网格", box(117.005, 30.5, 0.005))]
    return split_area(by=BY, area_id=areas[GRID].id, parts=parts, on=on)


def test_buildings_when_their_grid_is_split_then_each_stands_in_the_part_that_holds_its_point(
    areas: dict[str, Area],
) -> None:
    west, _east = _split(areas)
    _follow("territory.split")

    assert _stand() == {"1栋": "甲网格", "2栋": "乙网格", "3栋": "001001社区"}
    line = Line.objects.get(kind="territory.buildings_followed")
    assert line.data == {"areas": [str(areas[GRID].id)], "buildings": 3, "estates": 0}
    assert [each.number for each in buildings_in(Clerk(SEE, west.id), Estate.objects.get().id)] == ["1栋"]


def test_buildings_when_the_split_lies_ahead_then_they_stay_until_the_day(areas: dict[str, Area]) -> None:
    _split(areas, TODAY + timedelta(days=1))
    _follow("territory.split")

    assert set(_stand().values()) == {"001网格"}
    assert not Line.objects.filter(kind="territory.buildings_followed").exists()


def test_buildings_when_grids_are_merged_then_all_stand_in_the_one(areas: dict[str, Area]) -> None:
    merge_areas(by=BY, area_ids=[areas[GRID].id, areas[NEIGHBOUR].id], name="合并网格", on=TODAY)
    _follow("territory.merged")

    assert set(_stand().values()) == {"合并网格"}


def test_building_when_a_boundary_moves_over_it_then_it_stands_on_the_other_side(areas: dict[str, Area]) -> None:
    shapes = {
        areas[GRID].id: box(117.0, 30.5, 0.005),
        areas[NEIGHBOUR].id: box(117.005, 30.5, 0.015),
    }
    redraw_boundary(by=BY, shapes=shapes, on=TODAY)
    _follow("territory.redrawn")

    assert _stand() == {"1栋": "001网格", "2栋": "002网格", "3栋": "001网格"}


def test_estate_when_its_community_is_merged_then_it_belongs_to_the_new_one(areas: dict[str, Area]) -> None:
    merged = merge_areas(by=BY, area_ids=[areas[COMMUNITY].id, areas["990803001002"].id], name="合并社区", on=TODAY)
    _follow("territory.merged")

    assert Estate.objects.get().community == merged
    assert len(estate_page(Clerk(SEE, merged.id), EstateFilters()).rows) == 1
    assert Line.objects.get(kind="territory.buildings_followed").data["estates"] == 1


def test_buildings_when_somebody_else_lets_them_follow_then_refused(areas: dict[str, Area]) -> None:
    with pytest.raises(NotAllowed):
        follow_buildings(by=Clerk(SEE, areas["990803"].id), area_ids=[areas[GRID].id])
