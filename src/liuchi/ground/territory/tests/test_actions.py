import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.actors import System
from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.territory import queries
from liuchi.ground.territory.actions import NewArea, NewFeature, TerritoryRefused, import_territory
from liuchi.ground.territory.divisions import read_divisions, short_name
from liuchi.ground.territory.models import Area, AreaVersion, Boundary, Edition, Feature, Succession

BY, SINCE = System("tests"), date(2024, 1, 1)
SQUARE = {"type": "Polygon", "coordinates": [[[117, 30], [118, 30], [118, 31], [117, 31], [117, 30]]]}
AREAS = [
    NewArea("grid", "990803001001001", "一网格", "990803001001", geometry=SQUARE),
    NewArea("community", "990803001001", "一社区", "990803001"),
    NewArea("town", "990803001", "一街道", "990803"),
    NewArea("district", "990803", "测试区", "9908"),
    NewArea("city", "9908", "测试市", "99", is_managed=False),
    NewArea("province", "99", "测试省", None, is_managed=False),
]
RIVER = NewFeature("river", "皖河", {"type": "LineString", "coordinates": [[117, 30], [118, 31]]})


@pytest.fixture(autouse=True)
def _fresh(db: None) -> None:
    queries.forget()


def _import(areas: list[NewArea] | None = None) -> int:
    return import_territory(by=BY, areas=areas or AREAS, features=[RIVER], valid_from=SINCE)


def test_territory_when_imported_then_stands_as_a_tree_and_a_point_falls_into_its_grid() -> None:
    assert _import() == 6
    queries.forget()

    known = queries.territory()
    grid = known.locate(117.5, 30.5)
    assert grid is not None
    assert (grid.code, known.root().code) == ("990803001001001", "990803")
    assert {known.areas[each].code for each in known.with_ancestors(grid.id)} == {area.code for area in AREAS}
    assert {known.areas[each].code for each in known.with_descendants(known.root().id)} == {
        "990803",
        "990803001",
        "990803001001",
        "990803001001001",
    }
    town = known.ancestor(grid.id, "town")
    assert town is not None
    assert town.name == "一街道"
    assert known.locate(119.0, 30.5) is None
    assert queries.boundaries([grid.id]) == {grid.id: SQUARE}
    assert [feature.name for feature in queries.features()] == ["皖河"]


def test_territory_when_imported_again_then_nothing_changes() -> None:
    _import()
    before = (Line.objects.count(), Area.objects.count(), Feature.objects.count(), Edition.objects.get().number)

    assert _import() == 0
    assert (Line.objects.count(), Area.objects.count(), Feature.objects.count(), Edition.objects.get().number) == before


def test_territory_when_it_grows_then_the_edition_rises_and_one_line_says_so() -> None:
    _import()
    assert _import([*AREAS, NewArea("town", "990803002", "二街道", "990803")]) == 1

    assert Edition.objects.get().number == 2
    line = Line.objects.filter(kind="territory.imported").last()
    assert line is not None
    assert line.data == {"areas": 1, "boundaries": 0, "edition": 2}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (replace(AREAS[0], kind="planet"), "planet"),
        (replace(AREAS[1], parent_code="990899"), "990899"),
        (replace(AREAS[1], managed_by="990898"), "990898"),
        (AREAS[2], "twice"),
        (replace(AREAS[0], code="99080300100100a"), "digits"),
    ],
)
def test_territory_when_one_area_is_wrong_then_nothing_is_taken(wrong: NewArea, told: str) -> None:
    rest = [area for area in AREAS if area.code != wrong.code] if told != "twice" else AREAS

    with pytest.raises(TerritoryRefused) as refused:
        _import([*rest, wrong])

    assert told in str(refused.value)
    assert (Area.objects.count(), Line.objects.count(), Edition.objects.count()) == (0, 0, 0)


def test_area_when_managed_by_another_than_its_statistical_parent_then_both_are_kept() -> None:
    _import([*AREAS, NewArea("community", "990803001002", "二社区", "990803001", managed_by="990803")])

    area = Area.objects.get(code="990803001002")
    assert area.statistical_parent is not None
    assert area.management_parent is not None
    assert (area.statistical_parent.code, area.management_parent.code) == ("990803001", "990803")


def test_root_when_nothing_was_imported_then_says_what_to_do() -> None:
    with pytest.raises(NotFound, match="liuchi import"):
        queries.territory().root()


def test_snapshot_of_a_past_day_when_the_territory_changed_then_is_read_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "STALE_AFTER", 0.2)
    day = date(2024, 6, 1)
    _import()
    queries.forget()
    before = len(queries.territory(day).areas)
    _import([*AREAS, NewArea("town", "990803002", "二街道", "990803")])

    time.sleep(0.25)
    queries.territory()

    assert len(queries.territory(day).areas) == before + 1


def test_snapshots_when_many_days_are_asked_for_then_only_some_are_kept() -> None:
    _import()
    for day in range(1, 29):
        queries.territory(date(2024, 2, day))

    assert len(queries._known) <= queries.SNAPSHOTS_KEPT


def test_territory_when_asked_again_then_the_database_is_not() -> None:
    _import()
    queries.forget()
    queries.territory().locate(117.5, 30.5)

    with CaptureQueriesContext(connection) as asked:
        queries.territory().locate(117.5, 30.5)

    assert len(asked) == 0


def test_territory_when_asked_for_a_day_before_it_began_then_is_empty() -> None:
    _import()

    assert queries.territory(date(2023, 12, 31)).areas == {}
    assert queries.locate(117.5, 30.5, date(2023, 12, 31)) is None


def _area(code: str) -> Area:
    return Area.objects.get(code=code)


def _other_area() -> Area:
    return Area.objects.create(kind="city", code="9909", name="x", valid_from=SINCE)


def _at_once(row: object) -> object:
    """Ask now for what the database would otherwise ask for at the end of the transaction."""
    connection.check_constraints()
    return row


BROKEN: dict[str, Callable[[], object]] = {
    "area_ends_after_it_begins": lambda: Area.objects.update(valid_to=SINCE),
    "area_kind_known": lambda: Area.objects.filter(code="9908").update(kind="planet"),
    "boundary_of_an_area_one_at_a_time": lambda: _at_once(
        Boundary.objects.create(area=Area.objects.get(kind="grid"), geometry=SQUARE, valid_from=date(2025, 1, 1))
    ),
    "version_code_is_digits": lambda: AreaVersion.objects.filter(code="9908").update(code="99o8"),
    "version_ends_after_it_begins": lambda: AreaVersion.objects.update(valid_to=SINCE),
    "version_code_names_one_area": lambda: _at_once(
        AreaVersion.objects.create(area=_other_area(), code="9908", name="x", valid_from=date(2025, 1, 1))
    ),
    "version_of_an_area_one_at_a_time": lambda: _at_once(
        AreaVersion.objects.create(area=_area("9908"), code="7", name="x", valid_from=date(2025, 1, 1))
    ),
    "area_succession_kind_known": lambda: Succession.objects.create(
        from_area=_area("9908"), to_area=_area("99"), kind="eaten", on=SINCE
    ),
    "area_succession_into_itself_or_another": lambda: Succession.objects.create(
        from_area=_area("9908"), to_area=_area("99"), kind="renamed", on=SINCE
    ),
    "boundary_ends_after_it_begins": lambda: Boundary.objects.update(valid_to=SINCE),
    "territory_has_one_edition": lambda: Edition.objects.create(id=False, number=1),
}


@pytest.mark.parametrize("name", BROKEN)
def test_row_when_it_breaks_a_rule_then_the_database_refuses_it(name: str) -> None:
    _import()

    with guard.scope("maintenance", "test"), pytest.raises(IntegrityError, match=f'"{name}"'), transaction.atomic():
        BROKEN[name]()


MODELS = (Area, AreaVersion, Boundary, Edition, Feature, Succession)


def test_rules_of_the_models_when_listed_then_each_has_a_test_that_breaks_it() -> None:
    declared = {rule.name for model in MODELS for rule in model._meta.constraints}

    assert declared == BROKEN.keys()


@pytest.mark.parametrize(
    ("official", "kind", "short"),
    [
        ("马山社区居民委员会", "社区", "马山社区"),
        ("红星村民委员会", "村", "红星村"),
        ("安原居委会", "社区", "安原社区"),
        ("某某管理区", "", "某某管理区"),
    ],
)
def test_short_name_when_official_then_as_people_say(official: str, kind: str, short: str) -> None:
    assert short_name(official, kind) == short


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"province": 1, "city": 2}'])
def test_divisions_when_the_file_has_another_shape_then_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "divisions.json").write_text(content, encoding="utf-8")

    with pytest.raises(TerritoryRefused, match=r"divisions\.json"):
        read_divisions(tmp_path / "divisions.json")


def test_divisions_when_some_towns_are_managed_then_the_others_stay_statistical(tmp_path: Path) -> None:
    (tmp_path / "divisions.json").write_text(
        """{"code": "990803", "name": "测试区", "province": {"code": "99", "name": "测试省"},
        "city": {"code": "9908", "name": "测试市"}, "streets": [
        {"code": "990803001", "name": "一街道", "kind": "街道",
         "villages": [{"code": "990803001001", "name": "马山社区居民委员会", "kind": "社区"}]},
        {"code": "990803101", "name": "二镇", "kind": "镇", "villages": []}]}""",
        encoding="utf-8",
    )

    areas = read_divisions(tmp_path / "divisions.json", managed=frozenset({"990803001"}))

    told = {area.code: (area.name, area.is_managed) for area in areas}
    assert told["990803001001"] == ("马山社区", True)
    assert (told["990803001"][1], told["990803101"][1], told["9908"][1]) == (True, False, False)


def test_rows_when_printed_then_name_themselves() -> None:
    _import()

    assert str(Area.objects.get(kind="town")) == "990803001 一街道"
    assert str(Feature.objects.get()) == "皖河"
    assert str(Edition.objects.get()) == "1"
    assert str(Boundary.objects.get()).endswith("2024-01-01")
