"""Estates, buildings and rooms from a file: twice with one result, and taken back."""

from datetime import date

import pytest

from liuchi.ground.exchange.models import Import, State
from liuchi.ground.exchange.testing import as_csv, counts, problems, run
from liuchi.ground.exchange.undoing import CannotTakeBack, undo_import
from liuchi.ground.territory.models import Building, Dwelling, Estate
from liuchi.ground.territory.testing import BY, small_territory

pytestmark = pytest.mark.django_db
HEADINGS = ("所属社区", "小区名称", "楼栋", "单元", "楼层", "房号", "用途", "建筑面积")


@pytest.fixture
def community() -> str:
    areas = small_territory()
    return next(code for code, area in areas.items() if area.kind == "community")


def rows(community: str) -> list[list[str]]:
    return [
        [community, "工农小区", "3", "2单元", "", "301室", "住宅", "89.5"],
        [community, "工农小区", "3栋", "2", "3", "302", "", ""],
        [community, "工农小区", "4号楼", "", "-1", "储1", "储藏", ""],
        [community, "工农小区", "5", "", "", "", "", ""],
        [community, "向阳院", "", "", "", "", "", ""],
    ]


def bring(content: list[list[str]]) -> Import:
    return run(as_csv(content, HEADINGS), "房屋.csv", "dwellings", by=BY, once={"since": "2024-06-01"})


def stand() -> list[tuple[object, ...]]:
    """Return every estate, building and room as it stands."""
    return [
        *Estate.objects.order_by("code").values_list("id", "code", "name", "valid_from"),
        *Building.objects.order_by("id").values_list("id", "estate__name", "number"),
        *Dwelling.objects.order_by("id").values_list("id", "building__number", "unit", "floor", "room", "use"),
    ]


def test_dwellings_when_brought_in_then_estates_buildings_and_rooms_stand(community: str) -> None:
    one = bring(rows(community))

    assert (one.state, counts(one)) == (State.DONE, (5, 0, 0, 0))
    assert list(Estate.objects.order_by("code").values_list("code", "name", "valid_from")) == [
        (f"{community}-001", "工农小区", date(2024, 6, 1)),
        (f"{community}-002", "向阳院", date(2024, 6, 1)),
    ]
    assert sorted(Building.objects.values_list("number", flat=True)) == ["3栋", "4号楼", "5栋"]
    assert sorted(Dwelling.objects.values_list("unit", "floor", "room", "use")) == [
        ("", -1, "储1", "store"),
        ("2", 3, "301", "home"),
        ("2", 3, "302", "home"),
    ]


def test_dwellings_when_the_same_file_comes_again_then_nothing_changes(community: str) -> None:
    bring(rows(community))
    before = stand()

    again = bring(rows(community))

    assert counts(again) == (0, 0, 5, 0)
    assert stand() == before


def test_dwellings_when_rows_cannot_be_then_each_says_why_and_the_others_come_in(community: str) -> None:
    wrong = [
        ["没有的社区", "工农小区", "3", "", "", "301", "", ""],
        [community, "工农小区", "", "", "", "301", "", ""],
        [community, "工农小区", "3", "", "", "门面", "", ""],
        [community, "工农小区", "3栋", "2单元", "3", "301", "", ""],
    ]

    one = bring([*rows(community), *wrong])

    assert counts(one) == (5, 0, 0, 4)
    assert problems(BY, one)[7] == [("community", "community")]
    assert problems(BY, one)[8] == [("building", "building")]
    assert problems(BY, one)[9] == [("floor", "floor")]
    assert problems(BY, one)[10] == [("", "twice")]


def test_dwellings_when_taken_back_then_only_what_was_new_goes(community: str) -> None:
    bring(rows(community)[:1])
    before = stand()
    one = bring(rows(community))
    assert counts(one) == (4, 0, 1, 0)

    undo_import(by=BY, import_id=one.id)

    assert stand() == before


def test_dwellings_when_rooms_were_added_since_then_the_import_cannot_be_taken_back(community: str) -> None:
    one = bring(rows(community)[:1])
    bring(rows(community))

    with pytest.raises(CannotTakeBack):
        undo_import(by=BY, import_id=one.id)

    assert Dwelling.objects.count() == 3
