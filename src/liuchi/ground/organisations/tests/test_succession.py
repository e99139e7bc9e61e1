"""Merging, splitting and ending: the work goes on elsewhere, and what was stays known."""

from datetime import date
from uuid import uuid4

import pytest

from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.actors import Visitor
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.organisations.actions import NewDuty, import_duties
from liuchi.ground.organisations.actions.standing import rename_organisation
from liuchi.ground.organisations.actions.succession import end_organisation, merge_organisations, split_organisation
from liuchi.ground.organisations.changing import ChangeRefused
from liuchi.ground.organisations.handing_down import Successor
from liuchi.ground.organisations.models import Organisation, Post, Succession, Venue
from liuchi.ground.organisations.queries import as_of, duty_holders, organisations, posts_of, served_by, successions_of
from liuchi.ground.organisations.testing import SETUP, SINCE, area, body

MARCH, APRIL, TODAY = date(2025, 3, 1), date(2025, 4, 1), date(2025, 9, 10)
NEW = Successor("测试区城市管理和园林局", "城管园林局", "urban-new")

pytestmark = pytest.mark.usefixtures("small")


def _merge(**values: object) -> Organisation:
    given: dict[str, object] = {
        "organisation_ids": [body("urban").id, body("greening").id], "new": NEW, "on": MARCH,
        "document": "区编〔2025〕1号",
        **values,
    }  # fmt: skip
    return merge_organisations(by=SETUP, **given)  # type: ignore[arg-type]


def test_departments_when_merged_then_the_old_ones_stand_until_that_day_and_the_new_one_from_it() -> None:
    heir = _merge()

    assert {each.code for each in organisations(date(2025, 2, 28))} >= {"urban", "greening"}
    assert "urban-new" not in {each.code for each in organisations(date(2025, 2, 28))}
    now = {each.code for each in organisations()}
    assert "urban-new" in now
    assert not now & {"urban", "greening"}
    before = as_of(body("urban").id, date(2024, 6, 1))
    assert before is not None
    assert before.name == "测试区城市管理局"
    assert as_of(body("urban").id, MARCH) is None
    assert body("urban").ended_by == "区编〔2025〕1号"
    assert {row.predecessor.code for row in successions_of(heir.id)} == {"urban", "greening"}
    line = Line.objects.get(kind="organisations.succeeded")
    assert line.data["successors"] == [str(heir.id)]
    assert line.data["heir"] == str(heir.id)
    assert len(line.data["ended"]) == 2


def test_departments_when_merged_then_posts_of_one_title_become_one_and_bodies_below_follow() -> None:
    heir = _merge()

    assert [(post.title, post.seats, post.is_head) for post in posts_of(heir.id)] == [
        ("局长", 1, True),
        ("科员", 2, False),
    ]
    old = Post.objects.filter(organisation__code__in=["urban", "greening"]).order_by("title")
    assert {post.valid_to for post in old} == {MARCH}
    assert {post.succeeded_by.organisation_id for post in old if post.succeeded_by} == {heir.id}
    assert [post.title for post in posts_of(body("urban").id, date(2025, 1, 1))] == ["局长", "科员"]
    assert list(posts_of(body("urban").id)) == []
    squad = body("squad")
    assert squad.management_parent_id == heir.id
    then = as_of(squad.id, date(2025, 1, 1))
    assert then is not None
    assert then.management_parent_id == body("urban").id


def test_dispatch_when_a_body_of_the_list_was_merged_then_its_successor_is_offered_and_before_it_the_old_one() -> None:
    import_duties(by=SETUP, duties=[NewDuty("urban", "event-0110", "lead")], document="清单", valid_from=SINCE)
    heir = _merge()

    now = duty_holders("event-0110", area("990803001").id)
    then = duty_holders("event-0110", area("990803001").id, date(2025, 2, 28))
    assert [(each.organisation.id, each.role) for each in now] == [(heir.id, "lead")]
    assert [each.organisation.code for each in then] == ["urban"]


def test_dispatch_when_the_successor_was_split_again_then_all_that_follow_are_offered() -> None:
    import_duties(by=SETUP, duties=[NewDuty("urban", "event-0110", "lead")], document="清单", valid_from=SINCE)
    heir = _merge()
    made = split_organisation(by=SETUP, organisation_id=heir.id, into=[Successor("甲局"), Successor("乙局")], on=APRIL)

    found = duty_holders("event-0110", area("990803001").id)
    assert {each.organisation.id for each in found} == {each.id for each in made}


def test_department_when_merged_into_another_then_that_one_keeps_its_name_and_has_the_rest() -> None:
    urban, greening, company = body("urban"), body("greening"), body("property")

    _merge(organisation_ids=[greening.id, company.id], into_id=urban.id, new=None)

    assert body("urban").valid_to is None
    assert [row.area.code for row in served_by(urban.id)] == ["990803001001001"]
    assert [row.area.code for row in served_by(company.id, date(2025, 2, 1))] == ["990803001001001"]
    assert list(served_by(company.id)) == []


def test_department_when_merged_into_one_that_stood_below_it_then_that_takes_its_place() -> None:
    urban, squad = body("urban"), body("squad")

    _merge(organisation_ids=[urban.id], into_id=squad.id, new=None)

    assert body("squad").management_parent_id is None
    then = as_of(squad.id, date(2025, 1, 1))
    assert then is not None
    assert then.management_parent_id == urban.id


def test_party_branch_when_a_body_between_would_stand_above_the_heir_then_refused_and_nothing_changed() -> None:
    works, branch = body("works-1"), body("branch-1")

    with pytest.raises(ChangeRefused):
        _merge(organisation_ids=[works.id], into_id=branch.id, new=None)

    assert body("works-1").valid_to is None
    assert Succession.objects.count() == 0


@pytest.mark.parametrize("which", ["both", "neither", "itself", "alone", "nobody"])
def test_merger_when_it_makes_no_sense_then_refused(which: str) -> None:
    urban, greening = body("urban"), body("greening")
    values: dict[str, dict[str, object]] = {
        "both": {"into_id": greening.id, "organisation_ids": [urban.id]},
        "neither": {"new": None},
        "itself": {"new": None, "into_id": urban.id},
        "alone": {"organisation_ids": [urban.id, urban.id]},
        "nobody": {"organisation_ids": []},
    }

    with pytest.raises(ChangeRefused):
        _merge(**values[which])


def test_merger_when_a_day_is_ahead_or_before_a_change_or_the_beginning_then_refused() -> None:
    rename_organisation(by=SETUP, organisation_id=body("urban").id, name="新名", on=APRIL)

    for on in (MARCH, date(2026, 1, 1), SINCE):
        with pytest.raises(ChangeRefused) as refused:
            _merge(on=on)
        assert refused.value.field == "on"


def test_merger_when_both_have_a_venue_of_one_name_then_told_and_otherwise_venues_go_along() -> None:
    with guard.scope("maintenance", "test"):
        for code in ("urban", "greening"):
            Venue.objects.create(
                organisation=body(code), area=area("990803"), kind="canteen", name="食堂", valid_from=SINCE
            )
    with pytest.raises(ChangeRefused, match="食堂"):
        _merge()
    with guard.scope("maintenance", "test"):
        Venue.objects.filter(organisation__code="greening").update(name="东食堂")

    heir = _merge()

    assert {venue.name for venue in Venue.objects.filter(organisation=heir)} == {"食堂", "东食堂"}


def test_department_when_split_then_the_first_has_what_stood_below_and_the_day_divides_them() -> None:
    urban = body("urban")

    first, second = split_organisation(
        by=SETUP, organisation_id=urban.id, into=[Successor("市容局"), Successor("执法局")], on=MARCH, document="方案"
    )

    assert body("urban").valid_to == MARCH
    assert body("squad").management_parent_id == first.id
    assert [post.title for post in posts_of(first.id)] == ["局长", "科员"]
    assert list(posts_of(second.id)) == []
    assert {(row.successor.name, row.is_heir) for row in successions_of(urban.id)} == {
        ("市容局", True),
        ("执法局", False),
    }


def test_department_when_one_is_split_off_then_it_goes_on_with_everything() -> None:
    urban = body("urban")

    (made,) = split_organisation(
        by=SETUP, organisation_id=urban.id, into=[Successor("执法局", code="law")], on=MARCH, continues=True
    )

    assert body("urban").valid_to is None
    assert body("squad").management_parent_id == urban.id
    assert (made.code, made.kind, made.valid_from) == ("law", "department", MARCH)
    assert Line.objects.get(kind="organisations.succeeded").data["ended"] == []


@pytest.mark.parametrize(
    ("into", "continues"),
    [
        ([], True),
        ([Successor("甲")], False),
        ([Successor("甲"), Successor("甲")], False),
        ([Successor("测试区城市管理局")], True),
    ],
)
def test_split_when_the_new_bodies_are_too_few_or_not_different_then_refused(
    into: list[Successor], continues: bool
) -> None:
    with pytest.raises(ChangeRefused) as refused:
        split_organisation(by=SETUP, organisation_id=body("urban").id, into=into, on=MARCH, continues=continues)

    assert refused.value.field == "into"


def test_successor_when_its_code_is_in_use_then_refused() -> None:
    with pytest.raises(ChangeRefused) as refused:
        _merge(new=Successor("新局", code="squad"))

    assert refused.value.field == "code"


def test_organisation_when_it_ends_then_with_posts_and_areas_but_not_while_others_stand_below() -> None:
    company, urban = body("property"), body("urban")

    with pytest.raises(ChangeRefused, match="1 organisations stand below"):
        end_organisation(by=SETUP, organisation_id=urban.id, on=MARCH)
    end_organisation(by=SETUP, organisation_id=company.id, on=MARCH, document="注销")
    end_organisation(by=SETUP, organisation_id=body("greening").id, on=MARCH)

    assert body("property").valid_to == MARCH
    assert list(served_by(company.id)) == []
    assert Post.objects.get(organisation__code="greening").valid_to == MARCH
    with pytest.raises(NotFound):
        end_organisation(by=SETUP, organisation_id=company.id, on=APRIL)
    with pytest.raises(NotFound):
        end_organisation(by=SETUP, organisation_id=uuid4(), on=APRIL)


def test_succession_when_the_actor_may_not_then_refused() -> None:
    nobody = Visitor(frozenset())

    with pytest.raises(NotAllowed):
        merge_organisations(by=nobody, organisation_ids=[body("urban").id, body("greening").id], new=NEW, on=MARCH)
    with pytest.raises(NotAllowed):
        split_organisation(by=nobody, organisation_id=body("urban").id, into=[NEW, Successor("乙")], on=MARCH)
    with pytest.raises(NotAllowed):
        end_organisation(by=nobody, organisation_id=body("property").id, on=MARCH)
