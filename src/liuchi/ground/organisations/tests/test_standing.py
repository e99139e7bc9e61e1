"""Adding, renaming, moving and describing organisations: what stood before stays known."""

from datetime import date
from uuid import uuid4

import pytest

from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.actors import Visitor
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.organisations.actions.standing import (
    Description,
    Parents,
    add_organisation,
    describe_organisation,
    move_organisation,
    rename_organisation,
    serve_areas,
)
from liuchi.ground.organisations.changing import ChangeRefused
from liuchi.ground.organisations.credit_codes import fictitious_credit_code
from liuchi.ground.organisations.models import Organisation, PastState
from liuchi.ground.organisations.queries import as_of, changes_of, names_on, organisation, organisations, served_by
from liuchi.ground.organisations.testing import SETUP, SINCE, Somebody, area, body

MARCH, APRIL, TODAY = date(2025, 3, 1), date(2025, 4, 1), date(2025, 9, 10)

pytestmark = pytest.mark.usefixtures("small")


def test_organisation_when_renamed_then_before_and_after_have_the_name_of_then() -> None:
    urban = body("urban")

    rename_organisation(
        by=SETUP,
        organisation_id=urban.id,
        name="测试区城市管理和综合执法局",
        short_name="城管执法局",
        on=MARCH,
        document="区编〔2025〕3号",
    )

    before, after = as_of(urban.id, date(2025, 2, 28)), as_of(urban.id, MARCH)
    assert before is not None
    assert after is not None
    assert (before.name, before.short_name) == ("测试区城市管理局", "城管局")
    assert (after.name, after.short_name) == ("测试区城市管理和综合执法局", "城管执法局")
    assert body("urban").name == after.name
    assert names_on([(urban.id, date(2024, 5, 1)), (urban.id, TODAY), (uuid4(), TODAY)]) == {
        (urban.id, date(2024, 5, 1)): "城管局"
    }
    (past,) = changes_of(urban.id)
    assert (past.document, past.valid_from, past.valid_to) == ("区编〔2025〕3号", SINCE, MARCH)
    line = Line.objects.get(kind="organisations.renamed")
    assert (line.subject_id, line.data, line.place_id) == (urban.id, {"on": "2025-03-01"}, urban.area_id)


def test_organisation_when_renamed_twice_then_each_name_has_its_time_and_one_of_no_day_has_none() -> None:
    urban = body("urban")
    for name, on in (("二名", MARCH), ("三名", APRIL), ("四名", APRIL)):
        rename_organisation(by=SETUP, organisation_id=urban.id, name=name, on=on)

    names = [found.name for day in (date(2025, 2, 1), MARCH, APRIL) if (found := as_of(urban.id, day))]
    assert names == ["测试区城市管理局", "二名", "四名"]
    assert PastState.objects.filter(organisation=urban).count() == 3


def test_organisation_when_it_did_not_exist_on_a_day_then_none() -> None:
    assert as_of(body("urban").id, date(2023, 12, 31)) is None
    assert as_of(uuid4(), TODAY) is None


@pytest.mark.parametrize(
    ("name", "on", "field"),
    [
        (" ", MARCH, "name"),
        ("测试区城市管理局", MARCH, "name"),
        ("长" * 61, MARCH, "name"),
        ("新名", date(2025, 9, 11), "on"),
        ("新名", date(2023, 12, 31), "on"),
    ],
)
def test_organisation_when_it_cannot_be_renamed_like_this_then_told_where(name: str, on: date, field: str) -> None:
    with pytest.raises(ChangeRefused) as refused:
        rename_organisation(by=SETUP, organisation_id=body("urban").id, name=name, short_name="城管局", on=on)

    assert refused.value.field == field
    assert not PastState.objects.exists()


def test_organisation_when_it_changed_later_already_then_an_earlier_day_is_refused() -> None:
    urban = body("urban")
    rename_organisation(by=SETUP, organisation_id=urban.id, name="新名", on=APRIL)

    with pytest.raises(ChangeRefused, match="2025-04-01"):
        rename_organisation(by=SETUP, organisation_id=urban.id, name="更新名", on=MARCH)


def test_organisation_when_the_actor_may_not_there_then_refused_and_there_it_is_allowed() -> None:
    squad, town = body("squad"), body("town-2")
    clerk = Somebody(uuid4(), frozenset({"organisations.manage"}), frozenset({squad.area_id}))

    rename_organisation(by=clerk, organisation_id=squad.id, name="执法一中队", on=MARCH)
    for actor in (clerk, Visitor(frozenset())):
        with pytest.raises(NotAllowed):
            rename_organisation(by=actor, organisation_id=town.id, name="改名", on=MARCH)
    with pytest.raises(NotAllowed):
        move_organisation(by=clerk, organisation_id=squad.id, parents=Parents(), area_id=town.area_id, on=APRIL)
    with pytest.raises(NotFound):
        rename_organisation(by=clerk, organisation_id=uuid4(), name="改名", on=MARCH)


def test_organisation_when_moved_then_each_chain_and_area_is_known_as_of_before_and_after() -> None:
    squad, urban, town = body("squad"), body("urban"), body("town-1")

    move_organisation(
        by=SETUP,
        organisation_id=squad.id,
        parents=Parents(statistical=urban.id, management=town.id),
        area_id=area("990803").id,
        on=MARCH,
        document="街道体制改革方案",
    )

    before, after = as_of(squad.id, date(2025, 2, 1)), as_of(squad.id, TODAY)
    assert before is not None
    assert after is not None
    assert (before.management_parent_id, before.statistical_parent_id, before.area_id) == (
        urban.id,
        None,
        squad.area_id,
    )
    assert (after.management_parent_id, after.statistical_parent_id) == (town.id, urban.id)
    assert after.area_id == area("990803").id
    line = Line.objects.get(kind="organisations.moved")
    assert line.data["management_parent"] == str(town.id)
    assert line.data["party_parent"] is None


def test_organisation_when_moved_below_itself_or_what_ended_then_refused() -> None:
    urban, squad = body("urban"), body("squad")

    for parents in (Parents(management=squad.id), Parents(management=urban.id), Parents(statistical=uuid4())):
        with pytest.raises(ChangeRefused) as refused:
            move_organisation(by=SETUP, organisation_id=urban.id, parents=parents, on=MARCH)
        assert refused.value.field in {"management_parent", "statistical_parent"}

    with pytest.raises(ChangeRefused, match="Nothing would change"):
        move_organisation(by=SETUP, organisation_id=urban.id, parents=Parents(), on=MARCH)


@pytest.mark.parametrize(
    ("child", "parent", "may"),
    [
        ("branch-1", "branch-1", False),
        ("branch-1", "works-1", True),
        ("branch-1", "urban", True),
        ("party-1", "branch-1", False),
        ("works-1", "party-1", False),
        ("branch-1", "town-1", False),
        ("community-1", "party-1", True),
    ],
)
def test_party_chain_when_somebody_is_put_into_it_then_only_below_what_stands_above(
    child: str, parent: str, may: bool
) -> None:
    moved, above = body(child), body(parent)
    if may:
        move_organisation(by=SETUP, organisation_id=moved.id, parents=Parents(party=above.id), on=MARCH)
        assert body(child).party_parent_id == above.id
    else:
        with pytest.raises(ChangeRefused) as refused:
            move_organisation(by=SETUP, organisation_id=moved.id, parents=Parents(party=above.id), on=MARCH)
        assert refused.value.field == "party_parent"


def test_organisation_when_added_then_it_stands_with_a_code_of_its_own() -> None:
    made = add_organisation(
        by=SETUP,
        kind="social_body",
        name="六尺社会工作服务中心",
        short_name="六尺社工",
        area_id=area("990803001").id,
        on=MARCH,
        parents=Parents(management=body("town-1").id),
        description=Description(credit_code=fictitious_credit_code("52", 7).lower(), founded_on=date(2020, 5, 4)),
    )

    stored = organisation(made.id)
    assert stored.code.startswith("social_body-")
    assert stored.credit_code == fictitious_credit_code("52", 7)
    assert stored.management_parent == body("town-1")
    assert made in organisations()
    assert made not in organisations(date(2025, 2, 28))
    assert Line.objects.get(kind="organisations.added").data == {"kind": "social_body", "on": "2025-03-01"}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "circus"}, "kind"),
        ({"name": ""}, "name"),
        ({"on": date(2026, 1, 1)}, "on"),
        ({"code": "urban"}, "code"),
        ({"area_id": uuid4()}, "area"),
        ({"description": Description(credit_code="123")}, "credit_code"),
        ({"description": Description(longitude=117.0)}, "longitude"),
        ({"kind": "party_household", "description": Description(address="3栋201")}, "address"),
    ],
)
def test_organisation_when_it_cannot_be_added_like_this_then_told_where(values: dict[str, object], field: str) -> None:
    before = Organisation.objects.count()
    given = {"kind": "firm", "name": "某公司", "area_id": area("990803").id, "on": MARCH, **values}

    with pytest.raises(ChangeRefused) as refused:
        add_organisation(by=SETUP, **given)  # type: ignore[arg-type]

    assert refused.value.field == field
    assert Organisation.objects.count() == before


def test_organisation_when_described_then_only_what_changed_is_told_and_a_code_belongs_to_one() -> None:
    code = fictitious_credit_code("11", 1)
    urban, greening = body("urban"), body("greening")
    wanted = Description(phone="0556-0000000", credit_code=code, longitude=117.04, latitude=30.52)

    describe_organisation(by=SETUP, organisation_id=urban.id, description=wanted)
    describe_organisation(by=SETUP, organisation_id=urban.id, description=wanted)

    assert body("urban").credit_code == code
    line = Line.objects.get(kind="organisations.described")
    assert line.data == {"fields": ["credit_code", "latitude", "longitude", "phone"]}
    with pytest.raises(ChangeRefused, match="测试区城市管理局"):
        describe_organisation(by=SETUP, organisation_id=greening.id, description=Description(credit_code=code))


def test_property_company_when_it_serves_other_estates_then_each_day_knows_which() -> None:
    company, grid, town = body("property"), area("990803001001001"), area("990803002")

    serve_areas(by=SETUP, organisation_id=company.id, area_ids=[town.id], on=MARCH)
    serve_areas(by=SETUP, organisation_id=company.id, area_ids=[town.id], on=APRIL)

    assert [row.area for row in served_by(company.id)] == [town]
    assert [row.area for row in served_by(company.id, date(2025, 2, 1))] == [grid]
    assert Line.objects.get(kind="organisations.areas_served").data == {
        "on": "2025-03-01", "added": [str(town.id)], "ended": [str(grid.id)]
    }  # fmt: skip
    serve_areas(by=SETUP, organisation_id=company.id, area_ids=[], on=MARCH)
    assert list(served_by(company.id)) == []
    for areas, on in (([uuid4()], APRIL), ([town.id], date(2023, 1, 1))):
        with pytest.raises(ChangeRefused):
            serve_areas(by=SETUP, organisation_id=company.id, area_ids=areas, on=on)
