"""Editions of the statistical divisions: what is renamed, recoded, moved, added, closed, and that twice is once."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.actors import Visitor
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed
from liuchi.ground.territory import queries
from liuchi.ground.territory.actions import NewArea, TerritoryRefused, import_edition
from liuchi.ground.territory.divisions import (
    SHIPPED_DIVISIONS,
    Divisions,
    divisions_in,
    guessed_label,
    read_divisions_file,
)
from liuchi.ground.territory.editions import EditionPlan, plan_edition
from liuchi.ground.territory.following import areas_changed
from liuchi.ground.territory.models import Area, AreaVersion, Boundary, Succession
from liuchi.ground.territory.snapshot import Territory
from liuchi.ground.territory.testing import BY, DISTRICT, SINCE, noon, small_territory

TODAY = date(2024, 9, 12)
NEXT = date(2024, 10, 1)
TOWN, COMMUNITY, GRID = "990803001", "990803001001", "990803001001001"


@pytest.fixture
def areas(db: None) -> Iterator[dict[str, Area]]:
    with frozen_at(noon(TODAY)):
        yield small_territory()
    queries.forget()


def edition(areas: dict[str, Area], **changes: NewArea | None) -> list[NewArea]:
    """Return an edition that lists what is known, with some codes (after "c") told otherwise or left out (None)."""
    listed: dict[str, NewArea | None] = {
        code: NewArea(
            area.kind,
            code,
            area.name,
            area.statistical_parent.code if area.statistical_parent else None,
            official_name=area.official_name,
            label_kind=area.label_kind,
        )
        for code, area in areas.items()
        if area.kind != "grid"
    }
    listed |= {code[1:]: row for code, row in changes.items()}
    return [row for row in listed.values() if row is not None]


def take(rows: list[NewArea], on: date = NEXT) -> EditionPlan:
    plan = import_edition(by=BY, areas=rows, on=on)
    queries.forget()
    return plan


def community(code: str, name: str) -> NewArea:
    return NewArea("community", code, name, code[:9], official_name=f"{name}居民委员会", label_kind="社区")


def test_edition_when_it_says_what_is_known_then_nothing_changes(areas: dict[str, Area]) -> None:
    plan = take(edition(areas))

    assert (plan.is_empty, plan.unchanged, plan.undecided, plan.unnamed) == (True, 9, [], [])
    assert not Line.objects.filter(kind="territory.edition_imported").exists()


def test_edition_when_a_name_changed_then_the_area_goes_on_under_it(areas: dict[str, Area]) -> None:
    rows = edition(areas, **{f"c{COMMUNITY}": community(COMMUNITY, "江畔社区")})
    plan = take(rows)

    assert [(each.is_renamed, each.is_recoded, each.is_moved) for each in plan.changed] == [(True, False, False)]
    known = queries.territory(NEXT).area(areas[COMMUNITY].id)
    assert (known.name, known.official_name) == ("江畔社区", "江畔社区居民委员会")
    assert queries.territory(NEXT - timedelta(days=1)).area(areas[COMMUNITY].id).name == "001001社区"
    assert Line.objects.get(kind="territory.edition_imported").data == {
        "on": "2024-10-01",
        "changed": [],
        "into": [],
        "edition": 2,
        "added": 0,
        "renamed": 1,
        "recoded": 0,
        "moved": 0,
    }
    assert take(rows).is_empty
    assert Line.objects.filter(kind="territory.edition_imported").count() == 1


def test_edition_when_a_code_changed_then_grids_below_follow(areas: dict[str, Area]) -> None:
    rows = edition(areas, **{f"c{COMMUNITY}": community("990803001009", "001001社区")})
    plan = take(rows)

    assert [each.facts for each in plan.changed] == [{"code": "990803001009"}]
    known = queries.territory(NEXT)
    assert known.area(areas[COMMUNITY].id).code == "990803001009"
    assert known.area(areas[GRID].id).code == "990803001009001"
    assert take(rows).is_empty


def test_edition_when_a_town_has_another_code_then_everything_below_too(areas: dict[str, Area]) -> None:
    rows = [
        replace(
            row,
            code=row.code.replace(TOWN, "990803011"),
            parent_code=row.parent_code and row.parent_code.replace(TOWN, "990803011"),
        )
        for row in edition(areas)
    ]
    plan = take(rows)

    assert len(plan.changed) == 3
    assert not any(each.is_moved for each in plan.changed)
    assert queries.territory(NEXT).area(areas[GRID].id).code == "990803011001001"
    assert Succession.objects.filter(kind="recoded").count() == 7
    assert take(rows).is_empty


def test_edition_when_two_exchange_their_codes_then_each_keeps_its_id(areas: dict[str, Area]) -> None:
    other = "990803001002"
    rows = edition(
        areas, **{f"c{COMMUNITY}": community(COMMUNITY, "001002社区"), f"c{other}": community(other, "001001社区")}
    )
    plan = take(rows)

    known = queries.territory(NEXT)
    assert sorted(each.facts["code"] for each in plan.changed) == [COMMUNITY, other]
    assert known.area(areas[COMMUNITY].id).code == other
    assert known.area(areas[GRID].id).code == "990803001002001"
    assert known.area(areas["990803001002001"].id).code == GRID
    assert take(rows).is_empty


def test_edition_when_a_community_came_under_another_town_then_moved_and_recoded(areas: dict[str, Area]) -> None:
    moved = community("990803002003", "001001社区")
    rows = edition(areas, **{f"c{COMMUNITY}": moved})
    plan = take(rows)

    [change] = plan.changed
    assert (change.is_renamed, change.is_recoded, change.is_moved) == (False, True, True)
    known = queries.territory(NEXT)
    assert known.ancestor(areas[GRID].id, "town") == known.area(areas["990803002"].id)
    assert known.area(areas[GRID].id).code == "990803002003001"
    assert take(rows).is_empty


def test_edition_when_areas_are_new_then_added_below_what_is_known(areas: dict[str, Area]) -> None:
    rows = [
        *edition(areas),
        NewArea("town", "990803401", "高新开发区", DISTRICT),
        community("990803401001", "新社区"),
    ]
    plan = take(rows)

    assert [row.code for row in plan.added] == ["990803401", "990803401001"]
    known = queries.territory(NEXT)
    found = next(area for area in known.areas.values() if area.code == "990803401001")
    assert (found.is_managed, found.label_kind) == (True, "社区")
    town = known.ancestor(found.id, "town")
    assert town is not None
    assert (town.code, town.label_kind) == ("990803401", "开发区/其他")
    assert take(rows).is_empty


def test_edition_when_an_area_is_gone_then_closed_or_somebody_has_to_say_what_became_of_it(
    areas: dict[str, Area],
) -> None:
    take([*edition(areas), community("990803001003", "空社区")], on=TODAY)
    rows = edition(areas, **{f"c{COMMUNITY}": None})
    plan = take(rows)

    assert [area.code for area in plan.closed] == ["990803001003"]
    assert [area.code for area in plan.undecided] == [COMMUNITY]
    known = queries.territory(NEXT)
    assert (areas[COMMUNITY].id in known.areas, plan.closed[0].id in known.areas) == (True, False)
    with frozen_at(noon(NEXT)):
        line = Line.objects.filter(kind="territory.edition_imported").order_by("recorded_at").last()
        assert line is not None
        assert areas_changed(line) == []
    assert take(rows).is_empty
    assert plan_edition(queries.territory(TODAY), rows, is_complete=False).is_empty


def test_edition_when_nothing_is_known_yet_then_its_one_district_is_governed(db: None) -> None:
    with frozen_at(noon(TODAY)):
        read = read_divisions_file(SHIPPED_DIVISIONS)
        assert read.edition == date(2023, 7, 1)
        plan = import_edition(by=BY, areas=read.areas, on=read.edition)
        queries.forget()

        known = queries.territory()
        assert (len(plan.added), known.root().code) == (77, "340803")
        assert len(known.of_kind("community")) == 60
        assert AreaVersion.objects.count() == 77
        assert import_edition(by=BY, areas=read.areas, on=TODAY).is_empty
    queries.forget()


CSV = """﻿code,name,county,province,city
990801001,"东街街道",990801,99,9908
990803001,"第1街道",990803,99,9908
990803002,"第2街道",990803,99,9908
990803300,"西乡",990803,99,9908
"""


def test_csv_of_codes_when_taken_over_then_areas_it_presupposes_are_found_or_named_by_their_code(
    areas: dict[str, Area],
) -> None:
    read = divisions_in(CSV.encode(), "core.csv")
    plan = take(list(read.areas), on=TODAY)

    assert read.edition is None
    assert [(row.code, row.name) for row in plan.added] == [
        ("990801", "990801"),
        ("990801001", "东街街道"),
        ("990803300", "西乡"),
    ]
    assert (plan.unnamed, plan.unchanged, plan.changed, plan.closed) == (["990801"], 2, [], [])
    known = queries.territory()
    by_code = {area.code: area for area in known.areas.values()}
    assert (by_code["990801"].is_managed, by_code["990803300"].is_managed) == (False, True)
    assert by_code["990803300"].label_kind == "乡"
    assert known.root().code == DISTRICT
    assert take(list(read.areas), on=TODAY).is_empty


def test_district_when_it_is_to_be_governed_then_all_in_it_is(areas: dict[str, Area]) -> None:
    rows = list(divisions_in(CSV.encode(), "core.csv").areas)
    take(rows, on=TODAY)
    import_edition(by=BY, areas=rows, on=TODAY, managed=frozenset({"990801"}))
    queries.forget()

    managed = {area.code for area in queries.territory().areas.values() if area.is_managed}
    assert {"990801", "990801001"} <= managed
    assert import_edition(by=BY, areas=rows, on=TODAY, managed=frozenset({"990801"})).is_empty
    assert Line.objects.filter(kind="territory.edition_imported").count() == 2


def test_district_known_by_its_code_only_when_another_file_names_it_then_renamed(areas: dict[str, Area]) -> None:
    take(list(divisions_in(CSV.encode(), "core.csv").areas), on=TODAY)
    [*_, named] = [NewArea("district", "990801", "东区", "9908")]
    plan = take([NewArea("province", "99", "测试省", None), NewArea("city", "9908", "测试市", "99"), named])

    assert [(each.area.code, each.facts["name"]) for each in plan.changed] == [("990801", "东区")]
    assert plan.closed == []
    assert plan.undecided == []


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "no divisions"),
        (b"code,name\n", "no divisions"),
        (b"990803001\n", "row 1"),
        (b"99080300,x\n", "row 1"),
        (b"990803001,x\n990803001,y\n", "row 2"),
        (b"\xff\xfe\xff", "UTF-8"),
        (b'{"code": 1}', "JSON"),
    ],
)
def test_file_of_divisions_when_it_is_none_then_refused_with_the_row(content: bytes, told: str) -> None:
    with pytest.raises(TerritoryRefused, match=told):
        divisions_in(content, "x.csv")


def test_csv_when_in_the_encoding_of_old_spreadsheets_then_read(areas: dict[str, Area]) -> None:
    [row] = divisions_in("990803001007,红星村民委员会\n".encode("gb18030"), "x.csv").areas

    assert (row.name, row.official_name, row.kind) == ("红星社区", "红星村民委员会", "community")


def test_json_when_it_tells_its_edition_then_that_day() -> None:
    data = json.loads(SHIPPED_DIVISIONS.read_text(encoding="utf-8"))

    def day(**values: str) -> date | None:
        return divisions_in(json.dumps({**data, **values}).encode(), "x.json").edition

    assert (day(edition="2025-07-01"), day(source=""), day(edition="soon")) == (date(2025, 7, 1), None, None)


@pytest.mark.parametrize(
    ("code", "label"),
    [("001", "街道"), ("100", "镇"), ("201", "乡"), ("400", "开发区/其他"), ("500", "农场"), ("600", "")],
)
def test_label_of_a_town_when_only_its_code_is_known_then_by_its_last_part(code: str, label: str) -> None:
    assert guessed_label(NewArea("town", f"990803{code}", "x", "990803")) == label


def test_edition_when_nobody_may_then_refused(areas: dict[str, Area]) -> None:
    with pytest.raises(NotAllowed):
        import_edition(by=Visitor(frozenset()), areas=[community("990803001003", "新")], on=NEXT)
    with pytest.raises(NotAllowed):
        import_edition(
            by=Visitor(frozenset({"territory.manage"})), areas=[NewArea("province", "98", "x", None)], on=NEXT
        )


names = st.sampled_from(["甲社区", "乙社区", "丙社区", "丁社区", "戊社区", "己社区"])
serials = st.sampled_from([f"{number:03d}" for number in range(1, 8)])
EDITIONS = st.dictionaries(serials, names, min_size=1, max_size=6)


def _listed(told: dict[str, str]) -> list[NewArea]:
    town = NewArea("town", TOWN, "街道", DISTRICT)
    top = [NewArea("province", "99", "省", None), NewArea("city", "9908", "市", "99")]
    return [*top, NewArea("district", DISTRICT, "区", "9908"), town, *(community(TOWN + s, n) for s, n in told.items())]


@given(EDITIONS, EDITIONS)
def test_edition_when_any_follows_any_then_afterwards_the_codes_and_names_are_its_own(
    first: dict[str, str], second: dict[str, str]
) -> None:
    """The plan is applied here by hand to a territory in memory: what stands then is what the edition lists."""
    known = _applied(Territory(0, {}, SINCE), plan_edition(Territory(0, {}, SINCE), _listed(first)))
    plan = plan_edition(known, _listed(second))
    after = _applied(known, plan)

    told = sorted((area.code[-3:], area.name) for area in after.of_kind("community"))
    assert told == sorted(second.items())
    assert plan_edition(after, _listed(second)).is_empty
    assert plan.undecided == []


def _applied(known: Territory, plan: EditionPlan) -> Territory:
    areas = {area.id: area for area in known.areas.values() if area not in plan.closed}
    for each in plan.changed:
        was = each.area
        facts = {"code": was.code, "name": was.name, "official_name": was.official_name, **each.facts}
        facts.pop("statistical_parent", None)
        areas[was.id] = Area(
            id=was.id, kind=was.kind, statistical_parent_id=was.statistical_parent_id, label_kind="社区", **facts
        )
    by_code = {area.code: area for area in areas.values()}
    for row in plan.added:
        parent = by_code.get(row.parent_code or "")
        made = Area(
            kind=row.kind,
            code=row.code,
            name=row.name,
            official_name=row.official_name,
            label_kind=row.label_kind,
            statistical_parent_id=parent.id if parent else None,
        )
        areas[made.id] = by_code[row.code] = made
    return Territory(0, areas, SINCE)


def test_divisions_when_read_then_a_tuple_and_a_day(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(CSV, encoding="utf-8")

    read = read_divisions_file(tmp_path / "x.csv")

    assert isinstance(read, Divisions)
    assert (len(read.areas), Boundary.__name__) == (4, "Boundary")
