"""Renaming, recoding, moving: the id stays, every day tells its own names."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.actors import Visitor
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.territory import queries
from liuchi.ground.territory.actions import move_area, recode_area, rename_area
from liuchi.ground.territory.changing import ChangeRefused
from liuchi.ground.territory.codes import CodeRefused
from liuchi.ground.territory.models import Area, Succession
from liuchi.ground.territory.testing import BY, SINCE, noon, small_territory

TODAY = date(2024, 9, 12)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
COMMUNITY, GRID = "990803001001", "990803001001001"


@pytest.fixture
def areas(db: None) -> Iterator[dict[str, Area]]:
    with frozen_at(noon(TODAY)):
        yield small_territory()
    queries.forget()


def _name(area: Area, on: date | None = None) -> str:
    queries.forget()
    return queries.territory(on).area(area.id).name


def test_area_when_renamed_then_keeps_its_id_and_every_day_tells_its_own_name(areas: dict[str, Area]) -> None:
    community = areas[COMMUNITY]
    rename_area(by=BY, area_id=community.id, name="江畔社区", on=TODAY, document="大政〔2024〕7号")

    assert (_name(community, YESTERDAY), _name(community), _name(community, TOMORROW)) == (
        "001001社区",
        "江畔社区",
        "江畔社区",
    )
    assert Area.objects.get(id=community.id).name == "江畔社区"
    assert [(each.name, each.valid_from, each.valid_to) for each in queries.versions_of(community.id)] == [
        ("001001社区", SINCE, TODAY),
        ("江畔社区", TODAY, None),
    ]
    [change] = queries.became_of(community.id)
    assert (change.kind, change.to_area_id, change.document) == ("renamed", community.id, "大政〔2024〕7号")
    assert change.took_effect_at is not None


def test_change_when_written_then_one_line_tells_it_without_a_name(areas: dict[str, Area]) -> None:
    rename_area(by=BY, area_id=areas[COMMUNITY].id, name="江畔社区", on=TODAY, document="大政〔2024〕7号")

    line = Line.objects.get(kind="territory.renamed")
    assert (line.subject_id, line.place_id) == (areas[COMMUNITY].id, areas[COMMUNITY].id)
    assert line.data == {"on": "2024-09-12", "areas": 1, "edition": 2}


def test_change_of_tomorrow_when_the_day_comes_then_shows_by_itself(areas: dict[str, Area]) -> None:
    community = areas[COMMUNITY]
    rename_area(by=BY, area_id=community.id, name="江畔社区", on=TOMORROW)

    assert _name(community) == "001001社区"
    assert Area.objects.get(id=community.id).name == "001001社区"
    assert [change.took_effect_at for change in queries.became_of(community.id)] == [None]
    with frozen_at(noon(TOMORROW)):
        assert queries.territory().area(community.id).name == "江畔社区"


def test_change_of_the_past_when_written_then_the_days_since_tell_it(areas: dict[str, Area]) -> None:
    rename_area(by=BY, area_id=areas[COMMUNITY].id, name="江畔社区", on=date(2024, 3, 1))

    assert _name(areas[COMMUNITY], date(2024, 2, 29)) == "001001社区"
    assert _name(areas[COMMUNITY], date(2024, 3, 1)) == "江畔社区"


def test_two_changes_when_of_the_same_day_then_the_second_amends_the_first(areas: dict[str, Area]) -> None:
    rename_area(by=BY, area_id=areas[COMMUNITY].id, name="江畔社区", on=TODAY)
    recode_area(by=BY, area_id=areas[COMMUNITY].id, code="990803001009", on=TODAY, below=False)

    versions = queries.versions_of(areas[COMMUNITY].id)
    assert [(each.name, each.code) for each in versions] == [("001001社区", COMMUNITY), ("江畔社区", "990803001009")]
    assert [change.kind for change in queries.became_of(areas[COMMUNITY].id)] == ["renamed", "recoded"]


def test_area_when_recoded_then_what_stands_below_follows(areas: dict[str, Area]) -> None:
    town = areas["990803001"]
    recode_area(by=BY, area_id=town.id, code="990803011", on=TODAY)
    queries.forget()

    known = queries.territory()
    below = {known.areas[each].code for each in known.with_descendants(town.id)}
    assert all(code.startswith("990803011") for code in below)
    assert known.area(areas[GRID].id).code == "990803011001001"
    assert queries.territory(YESTERDAY).area(areas[GRID].id).code == GRID
    assert Succession.objects.filter(kind="recoded").count() == 7
    assert Line.objects.get(kind="territory.recoded").data["areas"] == 7


def test_codes_when_two_areas_exchange_them_in_turn_then_each_day_knows_whose_they_were(areas: dict[str, Area]) -> None:
    one, two = areas[GRID], areas["990803001001002"]
    recode_area(by=BY, area_id=one.id, code="990803001001009", on=TODAY)
    recode_area(by=BY, area_id=two.id, code=GRID, on=TOMORROW)

    assert queries.territory(YESTERDAY).area(one.id).code == GRID
    assert queries.territory(TOMORROW).area(two.id).code == GRID


def test_code_when_another_area_bears_it_then_refused_with_its_name(areas: dict[str, Area]) -> None:
    with pytest.raises(ChangeRefused, match="002网格") as refused:
        recode_area(by=BY, area_id=areas[GRID].id, code="990803001001002", on=TODAY)

    assert refused.value.field == "code"
    assert Line.objects.filter(kind="territory.recoded").count() == 0


@pytest.mark.parametrize(
    "code", ["", "99080300100100x", "9908030010010", "990803002001001", "990803001001000", "090803001001001"]
)
def test_code_when_it_is_none_for_a_grid_here_then_refused(areas: dict[str, Area], code: str) -> None:
    with pytest.raises(CodeRefused):
        recode_area(by=BY, area_id=areas[GRID].id, code=code, on=TODAY)


def test_old_code_when_the_district_still_bears_them_then_accepted(areas: dict[str, Area], settings: object) -> None:
    with pytest.raises(CodeRefused, match="15"):
        recode_area(by=BY, area_id=areas[GRID].id, code="99080300100107", on=TODAY)

    settings.LIUCHI_OLD_GRID_CODES = True  # type: ignore[attr-defined]
    recode_area(by=BY, area_id=areas[GRID].id, code="99080300100107", on=TODAY)

    assert Area.objects.get(id=areas[GRID].id).code == "99080300100107"


def test_area_when_put_under_another_manager_then_its_statistical_parent_stays(areas: dict[str, Area]) -> None:
    community, other = areas[COMMUNITY], areas["990803002"]
    move_area(by=BY, area_id=community.id, manager_id=other.id, on=TODAY)
    queries.forget()

    known = queries.territory()
    assert known.ancestor(areas[GRID].id, "town") == known.area(other.id)
    assert known.area(community.id).statistical_parent_id == areas["990803001"].id
    before = queries.territory(YESTERDAY).ancestor(areas[GRID].id, "town")
    assert before is not None
    assert before.id == areas["990803001"].id


@pytest.mark.parametrize("manager", ["990803001", "990803001001001", "990803"])
def test_grid_when_put_under_anything_but_a_community_then_refused(areas: dict[str, Area], manager: str) -> None:
    with pytest.raises(ChangeRefused, match="community") as refused:
        move_area(by=BY, area_id=areas["990803001001002"].id, manager_id=areas[manager].id, on=TODAY)

    assert refused.value.field == "manager"


def test_move_when_it_stands_there_already_or_under_nothing_known_then_refused(areas: dict[str, Area]) -> None:
    with pytest.raises(ChangeRefused, match="already"):
        move_area(by=BY, area_id=areas[GRID].id, manager_id=areas[COMMUNITY].id, on=TODAY)
    with pytest.raises(ChangeRefused, match="not in force"):
        move_area(by=BY, area_id=areas[GRID].id, manager_id=uuid4(), on=TODAY)


@pytest.mark.parametrize(
    ("on", "told"),
    [(SINCE, "exists since"), (SINCE - timedelta(days=9), "exists since"), (date(2024, 4, 30), "changes on")],
)
def test_change_when_before_what_is_known_already_then_refused(areas: dict[str, Area], on: date, told: str) -> None:
    rename_area(by=BY, area_id=areas[GRID].id, name="甲网格", on=date(2024, 5, 1))

    with pytest.raises(ChangeRefused, match=told) as refused:
        rename_area(by=BY, area_id=areas[GRID].id, name="乙网格", on=on)

    assert refused.value.field == "on"


@pytest.mark.parametrize("name", ["", "  ", "网" * 41, "001网格"])
def test_name_when_empty_too_long_or_the_same_then_refused(areas: dict[str, Area], name: str) -> None:
    with pytest.raises(ChangeRefused) as refused:
        rename_area(by=BY, area_id=areas[GRID].id, name=name, on=TODAY)

    assert refused.value.field == "name"


def test_village_when_it_becomes_a_community_then_keeps_its_id(areas: dict[str, Area]) -> None:
    rename_area(
        by=BY, area_id=areas[COMMUNITY].id, name="江畔村", official_name="江畔村民委员会", label_kind="村", on=TODAY
    )

    stored = Area.objects.get(id=areas[COMMUNITY].id)
    assert (stored.name, stored.official_name, stored.label_kind) == ("江畔村", "江畔村民委员会", "村")


def test_change_when_the_document_is_too_long_then_refused(areas: dict[str, Area]) -> None:
    with pytest.raises(ChangeRefused) as refused:
        rename_area(by=BY, area_id=areas[GRID].id, name="甲", on=TODAY, document="文" * 121)

    assert refused.value.field == "document"


def test_change_when_nobody_may_or_nothing_is_known_then_refused(areas: dict[str, Area]) -> None:
    public = Visitor(frozenset())
    with pytest.raises(NotAllowed):
        rename_area(by=public, area_id=areas[GRID].id, name="甲", on=TODAY)
    with pytest.raises(NotAllowed):
        recode_area(by=public, area_id=areas[GRID].id, code="990803001001009", on=TODAY)
    with pytest.raises(NotAllowed):
        move_area(by=public, area_id=areas[GRID].id, manager_id=areas["990803001002"].id, on=TODAY)
    with pytest.raises(NotFound):
        rename_area(by=BY, area_id=UUID(int=7), name="甲", on=TODAY)
