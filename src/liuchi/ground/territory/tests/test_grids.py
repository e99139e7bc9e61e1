"""Tiers of grids, special grids, norms of size: opened and closed, warned of and never refused."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.actors import ActorKind, Visitor
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed
from liuchi.ground.territory import queries
from liuchi.ground.territory.actions import close_area, open_area, set_norm
from liuchi.ground.territory.changing import ChangeRefused
from liuchi.ground.territory.codes import CodeRefused
from liuchi.ground.territory.cutting import ShapeRefused
from liuchi.ground.territory.following import areas_changed
from liuchi.ground.territory.models import Area, Building, Dwelling, Estate, GridNorm
from liuchi.ground.territory.sizing import homes_by_area, norm_history, norms_on, size_warnings
from liuchi.ground.territory.testing import BY, SINCE, box, noon, small_territory, square

TODAY = date(2024, 9, 12)
COMMUNITY, GRID, NEIGHBOUR = "990803001001", "990803001001001", "990803001001002"


@dataclass(frozen=True)
class Surveyor:
    """Somebody who manages some areas and sees nothing else."""

    mine: frozenset[UUID]
    id: UUID | None = None
    kind: ActorKind = "person"
    on_behalf_of: UUID | None = None

    def allows(self, power: str, area: UUID | None = None) -> bool:
        return power == "territory.manage" and (area is None or area in self.mine)

    def areas(self, power: str) -> frozenset[UUID]:
        return self.mine if power == "territory.manage" else frozenset()


@pytest.fixture
def areas(db: None) -> Iterator[dict[str, Area]]:
    with frozen_at(noon(TODAY)):
        yield small_territory()
    queries.forget()


def opened(areas: dict[str, Area], kind: str, parent: str | Area, **values: Any) -> Area:
    parent_id = areas[parent].id if isinstance(parent, str) else parent.id
    area = open_area(by=BY, kind=kind, parent_id=parent_id, on=TODAY, **{"name": "某", **values})
    queries.forget()
    return area


def test_tiers_when_they_lie_over_one_ground_then_each_is_found_by_its_number(areas: dict[str, Area]) -> None:
    micro = opened(areas, "micro", GRID, name="东微单元", geometry=box(117.005, 30.5, 0.005))
    group = opened(areas, "group", micro, name="一组", geometry=box(117.005, 30.5, 0.005, 0.005))
    special = opened(areas, "special", COMMUNITY, name="商场", geometry=box(117.008, 30.5, 0.004, 0.002))

    known, point = queries.territory(), (117.009, 30.501)
    assert (micro.code, group.code, special.code) == (f"{GRID}01", f"{GRID}0101", f"{COMMUNITY}999")
    assert [known.locate(*point, tier=tier) for tier in (1, 2, 3)] == [areas[GRID], micro, group]
    assert known.special_at(*point) == special
    assert known.locate(117.001, 30.501, tier=2) is None
    assert known.special_at(117.001, 30.501) is None
    assert queries.locate(*point, tier=3) == group
    assert known.path(group.id)[-3:] == [areas[GRID], micro, group]
    assert [area.code for area in known.of_kind("grid")] == [code for code in sorted(areas) if len(code) == 15]


def test_area_when_opened_then_one_line_and_the_day_before_does_not_know_it(areas: dict[str, Area]) -> None:
    grid = opened(areas, "grid", COMMUNITY, name="新网格", label_kind="网格")

    assert (grid.code, grid.label_kind) == (f"{COMMUNITY}003", "网格")
    assert grid.id not in queries.territory(TODAY - timedelta(days=1)).areas
    line = Line.objects.get(kind="territory.opened")
    assert (line.subject_id, line.place_id, line.data["on"]) == (grid.id, areas[COMMUNITY].id, "2024-09-12")


@pytest.mark.parametrize("parent", ["990803001", "990803", GRID])
def test_grid_when_opened_under_anything_but_a_community_then_refused(areas: dict[str, Area], parent: str) -> None:
    with pytest.raises(ChangeRefused, match="community"):
        opened(areas, "grid", parent)


def test_area_when_opened_wrongly_then_refused(areas: dict[str, Area]) -> None:
    with pytest.raises(ChangeRefused, match="what kind"):
        opened(areas, "planet", COMMUNITY)
    with pytest.raises(CodeRefused):
        opened(areas, "grid", COMMUNITY, code="12")
    with pytest.raises(ChangeRefused, match="belongs to"):
        opened(areas, "grid", COMMUNITY, code=GRID)
    with pytest.raises(ChangeRefused, match="not in force"):
        open_area(by=BY, kind="grid", parent_id=UUID(int=7), name="x", on=TODAY)
    with pytest.raises(ShapeRefused):
        opened(areas, "grid", COMMUNITY, geometry={"type": "Point", "coordinates": [117, 30]})
    with pytest.raises(NotAllowed):
        open_area(by=Visitor(frozenset()), kind="grid", parent_id=areas[COMMUNITY].id, name="x", on=TODAY)


def test_area_when_closed_then_what_stood_in_it_is_left_to_the_area_above(areas: dict[str, Area]) -> None:
    special = opened(areas, "special", COMMUNITY, geometry=box(117.008, 30.5, 0.004, 0.002))
    tomorrow = TODAY + timedelta(days=1)
    with frozen_at(noon(tomorrow)):
        close_area(by=BY, area_id=special.id, on=tomorrow, document="文")
        queries.forget()

        assert queries.territory().special_at(117.009, 30.501) is None
        assert queries.heir(special.id) == areas[COMMUNITY].id
        assert queries.successors(special.id) == []
        [became] = queries.became_of(special.id)
        assert (became.kind, became.to_area, became.document) == ("closed", areas[COMMUNITY], "文")
        assert areas_changed(Line.objects.get(kind="territory.closed")) == [special.id]


def test_area_when_something_stands_in_it_then_it_cannot_be_closed(areas: dict[str, Area]) -> None:
    with pytest.raises(ChangeRefused, match="2 areas"):
        close_area(by=BY, area_id=areas[COMMUNITY].id, on=TODAY)
    with pytest.raises(ChangeRefused, match="Merge it"):
        close_area(by=BY, area_id=areas[GRID].id, on=TODAY)
    with pytest.raises(NotAllowed):
        close_area(by=Visitor(frozenset()), area_id=areas[GRID].id, on=TODAY)
    assert not Line.objects.filter(kind="territory.closed").exists()


def _homes(areas: dict[str, Area], grid: str, count: int, point: tuple[float, float] | None = None) -> None:
    with guard.scope("maintenance", "tests"):
        estate, _ = Estate.objects.get_or_create(code="e1", name="某小区", community=areas[COMMUNITY], valid_from=SINCE)
        building = Building.objects.create(
            estate=estate,
            number=f"{grid}-{count}",
            area=areas[grid],
            longitude=point[0] if point else None,
            latitude=point[1] if point else None,
            sort_key=f"{grid}{count}",
            valid_from=SINCE,
        )
        for floor in range(1, count + 1):
            Dwelling.objects.create(building=building, floor=floor, room="1", sort_key=f"{floor:04d}", valid_from=SINCE)


def test_homes_when_counted_then_by_grid_by_what_stands_above_and_by_lower_tiers(areas: dict[str, Area]) -> None:
    micro = opened(areas, "micro", GRID, geometry=box(117.005, 30.5, 0.005))
    _homes(areas, GRID, 3, (117.002, 30.505))
    _homes(areas, GRID, 4, (117.007, 30.505))
    _homes(areas, NEIGHBOUR, 5)

    counts = homes_by_area()

    assert (counts[areas[GRID].id], counts[areas[NEIGHBOUR].id], counts[micro.id]) == (7, 5, 4)
    assert (counts[areas[COMMUNITY].id], counts[areas["990803"].id]) == (12, 12)


def test_grids_when_too_small_or_too_large_then_warned_of_for_whoever_manages_them(areas: dict[str, Area]) -> None:
    mine = Surveyor(queries.territory().with_descendants(areas["990803001"].id))
    _homes(areas, GRID, 7)
    _homes(areas, NEIGHBOUR, 12)
    set_norm(by=BY, kind="grid", least=8, most=10, document="大网格〔2024〕1号", on=TODAY)

    found = [(each.area.code, each.homes, each.is_small, each.norm.document) for each in size_warnings(mine)]

    assert found == [(GRID, 7, True, "大网格〔2024〕1号"), (NEIGHBOUR, 12, False, "大网格〔2024〕1号")]
    assert size_warnings(Surveyor(queries.territory().with_descendants(areas["990803002"].id))) == []


def test_norm_when_set_then_holds_from_its_day_and_the_first_ones_are_those_of_practice(areas: dict[str, Area]) -> None:
    first = norms_on()
    assert [(first[kind].least, first[kind].most) for kind in ("grid", "micro", "group")] == [
        (300, 500),
        (50, 100),
        (10, 15),
    ]

    set_norm(by=BY, kind="group", least=12, most=20, document="文", on=TODAY)
    assert set_norm(by=BY, kind="group", least=12, most=20, document="文", on=TODAY) is None
    later = TODAY + timedelta(days=30)
    set_norm(by=BY, kind="group", least=12, most=22, document="文2", on=later)

    assert [norms_on(day)["group"].most for day in (TODAY - timedelta(days=1), TODAY, later)] == [15, 20, 22]
    assert [norm.most for norm in norm_history()] == [20, 22]
    assert Line.objects.filter(kind="territory.norm_set").count() == 2


@pytest.mark.parametrize(
    ("kind", "least", "most", "on"),
    [("town", 1, 2, TODAY), ("grid", 3, 2, TODAY), ("grid", -1, 2, TODAY), ("micro", 1, 2, TODAY)],
)
def test_norm_when_it_makes_no_sense_then_refused(
    areas: dict[str, Area], kind: str, least: int, most: int, on: date
) -> None:
    set_norm(by=BY, kind="micro", least=40, most=90, document="文", on=TODAY)

    with pytest.raises(ChangeRefused):
        set_norm(by=BY, kind=kind, least=least, most=most, document="文", on=on)
    with pytest.raises(NotAllowed):
        set_norm(by=Visitor(frozenset()), kind="grid", least=1, most=2, document="文", on=on)


NORM_RULES: dict[str, dict[str, Any]] = {
    "norm_is_for_grids": {"kind": "town"},
    "norm_most_is_not_below_least": {"least": 101},
    "norm_ends_after_it_begins": {"valid_to": TODAY},
}


@pytest.mark.parametrize("name", [*NORM_RULES, "norm_in_force_once"])
def test_norm_when_it_breaks_a_rule_then_the_database_refuses_it(areas: dict[str, Area], name: str) -> None:
    row: dict[str, Any] = {"kind": "micro", "least": 50, "most": 100, "document": "文", "valid_from": TODAY}
    with guard.scope("maintenance", "test"):
        norm = GridNorm.objects.create(**row)
        with pytest.raises(IntegrityError, match=f'"{name}"'), transaction.atomic():
            GridNorm.objects.update(**NORM_RULES[name]) if name in NORM_RULES else GridNorm.objects.create(**row)

    assert {rule.name for rule in GridNorm._meta.constraints} == {*NORM_RULES, "norm_in_force_once"}
    assert str(norm) == "micro 50-100"


def test_boundary_of_a_grid_when_asked_for_its_square_then_as_drawn(areas: dict[str, Area]) -> None:
    assert queries.boundaries([areas[GRID].id]) == {areas[GRID].id: square(GRID)}
