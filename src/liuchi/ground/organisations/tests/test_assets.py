"""The public asset book: registering, looking, correcting, removing, and finding what stands near."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from itertools import pairwise
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.organisations.actions import NewOrganisation, import_organisations
from liuchi.ground.organisations.actions.asset_classes import add_asset_class, set_asset_classes
from liuchi.ground.organisations.actions.asset_following import follow_succession, follow_territory
from liuchi.ground.organisations.actions.assets import change_asset, record_condition, register_assets, retire_asset
from liuchi.ground.organisations.actions.succession import merge_organisations
from liuchi.ground.organisations.asset_book import AssetsRefused, NewAsset
from liuchi.ground.organisations.assets import (
    ANY,
    AssetFilters,
    asset_for,
    asset_page,
    assets_near,
    classes,
    counts_by_state,
    estates_with_assets,
    every_asset,
    looks_at,
)
from liuchi.ground.organisations.handing_down import Successor
from liuchi.ground.organisations.models import Asset, AssetClass, AssetLook, Organisation
from liuchi.ground.organisations.reactions import follow_succession as react_to_succession
from liuchi.ground.organisations.reactions import follow_territory as react_to_territory
from liuchi.ground.territory import queries
from liuchi.ground.territory.actions import Part, split_area
from liuchi.ground.territory.actions.dwellings import NewEstate, import_estates
from liuchi.ground.territory.coordinates import metres_between
from liuchi.ground.territory.models import Area, Estate
from liuchi.ground.territory.testing import BY, SINCE, Clerk, box, noon, small_territory

TODAY = date(2024, 9, 12)
ALL = frozenset({"assets.see", "assets.manage", "assets.inspect"})
COVERS = [("0101", "上水井盖", "公用设施"), ("0109", "路灯", "公用设施"), ("0501", "其他", "其他部件")]
LAMP = NewAsset(
    "0109",
    "路灯",
    longitude=117.002,
    latitude=30.505,
    estate_code="X",
    position="北门西侧",
    competent="city",
    owner="city",
    maintainer="lights",
    accuracy="A",
    recorded_on=SINCE,
)


@pytest.fixture
def areas(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Area]]:
    monkeypatch.setattr(queries, "STALE_AFTER", 3600.0)
    with frozen_at(noon(TODAY)):
        made = small_territory()
        district = made["990803"]
        bodies = [
            NewOrganisation("city", "城市管理局", "城管局", "department", district),
            NewOrganisation("lights", "路灯管理所", "路灯所", "squad", district),
        ]
        import_organisations(by=BY, organisations=bodies, valid_from=SINCE)
        import_estates(by=BY, estates=[NewEstate("X", "某小区", made["990803001001"].id)], valid_from=SINCE)
        set_asset_classes(by=BY, classes=COVERS, document="某市标准")
        yield made
    queries.forget()


def _clerk(areas: dict[str, Area], code: str = "990803", powers: frozenset[str] = ALL) -> Clerk:
    return Clerk(powers, areas[code].id)


def _lamp(areas: dict[str, Area], **values: object) -> Asset:
    (made,) = register_assets(by=BY, assets=[replace(LAMP, **values)])  # type: ignore[arg-type]
    return made


def test_asset_when_registered_then_it_stands_in_its_grid_with_its_bodies_and_the_next_code(
    areas: dict[str, Area],
) -> None:
    made = register_assets(by=BY, assets=[LAMP, replace(LAMP, longitude=117.012), replace(LAMP, class_code="0101")])

    assert [each.code for each in made] == ["9908030109000001", "9908030109000002", "9908030101000001"]
    viewer = _clerk(areas)
    first = asset_for(viewer, "9908030109000001")
    assert (first.asset_class.name, first.area.code, first.state, first.accuracy) == (
        "路灯",
        "990803001001001",
        "intact",
        "A",
    )
    assert [str(body) for body in (first.competent, first.owner, first.maintainer)] == ["城管局", "城管局", "路灯所"]
    assert first.estate is not None
    assert (first.estate.name, first.position, first.recorded_on, first.changed_on) == (
        "某小区",
        "北门西侧",
        SINCE,
        SINCE,
    )
    assert [(look.on, look.state, look.actor_id) for look in looks_at(first)] == [(SINCE, "intact", None)]
    assert Line.objects.get(kind="organisations.assets_registered").data == {"assets": 3}
    assert [(each.code, number) for each, number in classes(viewer)] == [("0101", 1), ("0109", 2), ("0501", 0)]
    assert estates_with_assets(viewer) == [Estate.objects.get()]


def test_assets_when_registered_again_by_their_code_then_nothing_changes(areas: dict[str, Area]) -> None:
    coded = replace(LAMP, code="9908030109000007")
    assert len(register_assets(by=BY, assets=[coded, replace(coded, code=" 9908030109000007 ")])) == 1
    lines = Line.objects.count()

    assert register_assets(by=BY, assets=[coded]) == []
    assert (Asset.objects.count(), Line.objects.count()) == (1, lines)
    assert _lamp(areas).code == "9908030109000008"


REFUSED: dict[str, tuple[dict[str, object], str]] = {
    "class": ({"class_code": "0777"}, "there is no 0777"),
    "body": ({"owner": "nobody"}, "there is no nobody"),
    "estate": ({"estate_code": "Y"}, "there is no Y"),
    "code of another county": ({"code": "3408030109000001"}, "this county is 990803"),
    "code of another class": ({"code": "9908030101000001"}, "belongs to class 0101"),
    "no name": ({"name": " "}, "fill this in"),
    "long name": ({"name": "灯" * 41}, "At most 40"),
    "long note": ({"note": "灯" * 201}, "At most 200"),
    "state": ({"state": "removed"}, "removed is not one of"),
    "source": ({"data_source": "x"}, "x is not one of"),
    "accuracy": ({"accuracy": "D"}, "D is not one of"),
    "half a position": ({"latitude": None}, "a longitude and a latitude"),
    "no degrees": ({"longitude": 30.5, "latitude": 117.0}, "not degrees"),
    "elsewhere": ({"longitude": 100.0}, "outside the district"),
    "nowhere": ({"longitude": None, "latitude": None}, "Give a position"),
    "tomorrow": ({"recorded_on": TODAY + timedelta(days=1)}, "lies ahead"),
}


@pytest.mark.parametrize(("values", "why"), REFUSED.values(), ids=REFUSED)
def test_assets_when_one_cannot_be_then_none_is_registered(
    areas: dict[str, Area], values: dict[str, object], why: str
) -> None:
    with pytest.raises(AssetsRefused, match=why):
        register_assets(by=BY, assets=[LAMP, replace(LAMP, **values)])  # type: ignore[arg-type]

    assert Asset.objects.count() == 0


def test_condition_when_recorded_then_the_latest_look_counts_and_all_stay(areas: dict[str, Area]) -> None:
    lamp, worker = _lamp(areas), _clerk(areas, "990803001001001", frozenset({"assets.see", "assets.inspect"}))

    record_condition(by=worker, asset_id=lamp.id, state="damaged", on=date(2024, 8, 1), note="灯罩破裂")
    record_condition(by=worker, asset_id=lamp.id, state="intact", on=date(2024, 7, 1))
    record_condition(by=worker, asset_id=lamp.id, state="damaged", on=date(2024, 9, 1))

    lamp = asset_for(worker, lamp.code)
    assert (lamp.state, lamp.seen_on, lamp.changed_on) == ("damaged", date(2024, 9, 1), date(2024, 8, 1))
    looks = [(look.on, look.state, look.actor_id) for look in looks_at(lamp)]
    assert looks[:3] == [
        (date(2024, 9, 1), "damaged", worker.id),
        (date(2024, 8, 1), "damaged", worker.id),
        (date(2024, 7, 1), "intact", worker.id),
    ]
    line = Line.objects.filter(kind="organisations.asset_looked_at").first()
    assert line is not None
    assert (line.data, line.subject_id, line.place_id) == (
        {"on": "2024-08-01", "state": "damaged"},
        lamp.id,
        lamp.area_id,
    )
    for state, on, why in (
        ("removed", TODAY, "not one of"),
        ("x", TODAY, "not one of"),
        ("intact", TODAY + timedelta(days=1), "lies ahead"),
        ("intact", SINCE - timedelta(days=1), "before the asset"),
    ):
        with pytest.raises(AssetsRefused, match=why):
            record_condition(by=worker, asset_id=lamp.id, state=state, on=on)


def test_asset_when_removed_then_it_leaves_lists_and_changes_no_more_but_can_be_read(areas: dict[str, Area]) -> None:
    lamp, viewer = _lamp(areas), _clerk(areas)

    retire_asset(by=viewer, asset_id=lamp.id, on=TODAY, note="道路改造")

    assert asset_page(viewer, AssetFilters()).rows == []
    assert assets_near(viewer, 117.002, 30.505, 50) == []
    assert [row.state for row in asset_page(viewer, AssetFilters(state="removed")).rows] == ["removed"]
    assert counts_by_state(viewer, AssetFilters()) == {"removed": 1}
    assert asset_for(viewer, lamp.code).changed_on == TODAY
    again: list[Callable[[], object]] = [
        partial(retire_asset, by=viewer, asset_id=lamp.id, on=TODAY),
        partial(record_condition, by=viewer, asset_id=lamp.id, state="intact", on=TODAY),
        partial(change_asset, by=viewer, asset_id=lamp.id, facts=LAMP),
        partial(retire_asset, by=viewer, asset_id=uuid4(), on=TODAY),
    ]
    for attempt in again:
        with pytest.raises(NotFound):
            attempt()
    assert _lamp(areas).code == "9908030109000002"


def test_asset_when_corrected_then_only_what_differs_is_told(areas: dict[str, Area]) -> None:
    lamp = _lamp(areas)

    change_asset(by=BY, asset_id=lamp.id, facts=LAMP)
    assert not Line.objects.filter(kind="organisations.asset_changed").exists()
    change_asset(by=BY, asset_id=lamp.id, facts=replace(LAMP, maintainer="city", longitude=117.012, estate_code=""))

    line = Line.objects.get(kind="organisations.asset_changed")
    assert line.data == {"fields": ["maintainer", "estate", "area", "longitude"]}
    lamp.refresh_from_db()
    assert (lamp.area.code, lamp.changed_on, lamp.state) == ("990803001001002", TODAY, "intact")


def test_book_when_somebody_else_looks_or_writes_then_hidden_and_refused(areas: dict[str, Area]) -> None:
    lamp, stranger = _lamp(areas), _clerk(areas, "990803002")
    seer = _clerk(areas, powers=frozenset({"assets.see"}))

    assert [row.code for row in asset_page(seer, AssetFilters()).rows] == [lamp.code]
    assert len(assets_near(seer, 117.002, 30.505, 5)) == 1
    assert asset_page(stranger, AssetFilters()).rows == []
    assert assets_near(stranger, 117.002, 30.505, 500) == []
    assert counts_by_state(stranger, AssetFilters()) == {}
    assert estates_with_assets(stranger) == []
    with pytest.raises(NotFound):
        asset_for(stranger, lamp.code)
    inspector = _clerk(areas, powers=frozenset({"assets.inspect"}))
    tries: list[Callable[[], object]] = [
        partial(record_condition, by=by, asset_id=lamp.id, state="lost", on=TODAY) for by in (seer, stranger)
    ]
    for by in (seer, stranger, inspector):
        tries += [
            partial(register_assets, by=by, assets=[LAMP]),
            partial(change_asset, by=by, asset_id=lamp.id, facts=LAMP),
            partial(retire_asset, by=by, asset_id=lamp.id, on=TODAY),
            partial(set_asset_classes, by=by, classes=COVERS, document="x"),
            partial(add_asset_class, by=by, major="05", name="x"),
            partial(follow_territory, by=by, area_ids=[lamp.area_id]),
            partial(follow_succession, by=by, ended=[], heir_id=uuid4()),
        ]
    for attempt in tries:
        with pytest.raises(NotAllowed):
            attempt()


def test_classes_when_the_city_adds_its_own_then_they_count_down_and_the_standards_come_once(
    areas: dict[str, Area],
) -> None:
    assert set_asset_classes(by=BY, classes=COVERS, document="某市标准") == 0
    first, second = (add_asset_class(by=BY, major="05", name=name) for name in ("健身器材", "休闲座椅"))

    assert [(each.code, each.major_name, each.is_extension) for each in (first, second)] == [
        ("0599", "其他部件", True),
        ("0598", "其他部件", True),
    ]
    with pytest.raises(AssetsRefused, match="no such major"):
        add_asset_class(by=BY, major="77", name="x")
    with pytest.raises(AssetsRefused, match="fill this in"):
        add_asset_class(by=BY, major="05", name=" ")
    with pytest.raises(AssetsRefused, match="101"):
        set_asset_classes(by=BY, classes=[("101", "x", "y")], document="x")
    made = _lamp(areas, class_code="0599", name="漫步机")
    assert made.code == "9908030599000001"


def test_list_when_narrowed_and_paged_then_each_asset_stands_on_one_page(areas: dict[str, Area]) -> None:
    far = areas["990803002001001"].id
    register_assets(
        by=BY,
        assets=[
            *(replace(LAMP, name=f"路灯{n}") for n in range(5)),
            NewAsset("0101", "井盖", area_id=far, position="路口", state="damaged", recorded_on=SINCE),
        ],
    )
    viewer = _clerk(areas)
    record_condition(by=viewer, asset_id=Asset.objects.get(name="路灯0").id, state="intact", on=TODAY)

    def found(**values: object) -> list[str]:
        return [row.name for row in every_asset(viewer, AssetFilters(**values))]  # type: ignore[arg-type]

    first = asset_page(viewer, AssetFilters(), 4)
    second = asset_page(viewer, AssetFilters(after=first.next_key), 4)
    assert [row.name for row in (*first.rows, *second.rows)] == ["井盖", *(f"路灯{n}" for n in range(5))]
    assert second.next_key == ""
    assert found(class_code="0101") == found(state="damaged") == found(area_id=far) == found(words="路口") == ["井盖"]
    assert found(words="路灯3") == found(words="9908030109000004") == ["路灯3"]
    assert len(found(estate_id=Estate.objects.get().id)) == 5
    assert found(unseen_since=TODAY)[0] == "井盖"
    assert len(found(unseen_since=TODAY)) == 5
    assert found(state=ANY) == found()
    assert counts_by_state(viewer, AssetFilters(class_code="0101")) == {"damaged": 1}


@pytest.mark.parametrize("number", [1, 3])
def test_list_when_it_has_one_or_three_rows_then_it_asks_as_often(
    areas: dict[str, Area], django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    register_assets(by=BY, assets=[LAMP] * number)
    viewer = _clerk(areas)

    with django_assert_num_queries(1):
        for row in asset_page(viewer, AssetFilters()).rows:
            _shown = (row.asset_class.name, row.area.name, row.estate, row.maintainer)
    with django_assert_num_queries(1):
        assets_near(viewer, 117.002, 30.505, 20)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    points=st.lists(st.tuples(st.floats(117.0005, 117.0195), st.floats(30.5005, 30.5095)), min_size=1, max_size=8),
    at=st.tuples(st.floats(117.0, 117.02), st.floats(30.5, 30.51)),
    metres=st.floats(1, 500),
)
def test_near_when_asked_anywhere_then_exactly_those_within_reach_come_nearest_first(
    areas: dict[str, Area], points: list[tuple[float, float]], at: tuple[float, float], metres: float
) -> None:
    with transaction.atomic():
        register_assets_within(points)
        near = assets_near(_clerk(areas), *at, metres)
        expected = sorted(each for point in points if (each := metres_between(at, point)) <= metres)
        transaction.set_rollback(True)

    assert [each.metres for each in near] == pytest.approx(expected)
    assert all(one.metres <= other.metres for one, other in pairwise(near))


def register_assets_within(points: list[tuple[float, float]]) -> None:
    with guard.scope("maintenance", "test"):
        kind, area = AssetClass.objects.get(code="0109"), Area.objects.get(code="990803001001001")
        Asset.objects.bulk_create(
            Asset(
                code=f"9908030109{number:06}",
                name="路灯",
                asset_class=kind,
                area=area,
                longitude=lon,
                latitude=lat,
                recorded_on=SINCE,
                changed_on=SINCE,
            )
            for number, (lon, lat) in enumerate(points, start=1)
        )


def test_assets_when_their_grid_is_split_then_each_stands_in_the_part_that_holds_it(areas: dict[str, Area]) -> None:
    grid = areas["990803001001001"]
    west, east = _lamp(areas), _lamp(areas, longitude=117.008)
    placed = _lamp(areas, longitude=None, latitude=None, area_id=grid.id)
    parts = [Part("甲网格", box(117.0, 30.5, 0.005)), Part("乙网格", box(117.005, 30.5, 0.005))]
    split_area(by=BY, area_id=grid.id, parts=parts, on=TODAY)
    queries.forget()
    for _ in range(2):
        react_to_territory(Line.objects.get(kind="territory.split"))

    stand = [Asset.objects.get(id=each.id).area.name for each in (west, east, placed)]
    assert stand == ["甲网格", "乙网格", "001001社区"]
    assert Line.objects.get(kind="organisations.assets_followed").data == {"assets": 3}


def test_assets_when_their_organisation_is_merged_then_they_belong_to_its_heir(areas: dict[str, Area]) -> None:
    lamp = _lamp(areas)
    bodies = [Organisation.objects.get(code=code).id for code in ("city", "lights")]
    merge_organisations(by=BY, organisation_ids=bodies, new=Successor("城市运行局", "城运局"), on=TODAY, document="x")
    for _ in range(2):
        react_to_succession(Line.objects.get(kind="organisations.succeeded"))

    lamp = asset_for(_clerk(areas), lamp.code)
    assert {str(body) for body in (lamp.competent, lamp.owner, lamp.maintainer)} == {"城运局"}
    assert Line.objects.filter(kind="organisations.assets_followed").count() == 1


def _broken() -> dict[str, Callable[[], object]]:
    return {
        "asset_class_code_once": lambda: AssetClass.objects.create(code="0101", name="x", major_name="x"),
        "asset_class_code_is_digits": lambda: AssetClass.objects.update(code="x"),
        "asset_class_has_a_name": lambda: AssetClass.objects.update(name=""),
        "asset_code_once": lambda: Asset.objects.update(code="9908030109000001"),
        "asset_code_has_16_digits": lambda: Asset.objects.update(code="1"),
        "asset_has_a_name": lambda: Asset.objects.update(name=""),
        "asset_state_known": lambda: Asset.objects.update(state="x"),
        "asset_data_source_known": lambda: Asset.objects.update(data_source="x"),
        "asset_accuracy_known": lambda: Asset.objects.update(accuracy="x"),
        "asset_position_whole": lambda: Asset.objects.update(latitude=None),
        "asset_changes_after_it_was_recorded": lambda: Asset.objects.update(changed_on=SINCE - timedelta(days=1)),
        "look_state_known": lambda: AssetLook.objects.update(state="x"),
    }


def test_constraints_when_broken_then_the_database_refuses_each(areas: dict[str, Area]) -> None:
    register_assets(by=BY, assets=[LAMP, LAMP])
    named = {each.name for model in (AssetClass, Asset, AssetLook) for each in model._meta.constraints}

    assert _broken().keys() == named
    for name, attempt in _broken().items():
        with guard.scope("maintenance", "test"), pytest.raises(IntegrityError, match=name), transaction.atomic():
            attempt()
