from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.actors import System
from liuchi.ground.organisations.actions import (
    NewDuty,
    NewOrganisation,
    OrganisationsRefused,
    import_duties,
    import_organisations,
)
from liuchi.ground.organisations.models import Duty, Organisation, Post
from liuchi.ground.organisations.queries import duty_holders, organisations
from liuchi.ground.territory import queries
from liuchi.ground.territory.actions import NewArea, import_territory
from liuchi.ground.territory.models import Area

BY, SINCE = System("tests"), date(2024, 1, 1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def district(db: None) -> Area:
    queries.forget()
    import_territory(
        by=BY,
        areas=[
            NewArea("district", "990803", "测试区", None),
            NewArea("town", "990803001", "一街道", "990803"),
            NewArea("town", "990803002", "二街道", "990803"),
            NewArea("community", "990803001001", "一社区", "990803001"),
        ],
        valid_from=SINCE,
    )
    queries.forget()
    return Area.objects.get(code="990803")


def _area(code: str) -> Area:
    return Area.objects.get(code=code)


def _import() -> int:
    return import_organisations(
        by=BY,
        organisations=[
            NewOrganisation("urban", "城管局", "城管", "department", _area("990803"), posts=("局长", "队长")),
            NewOrganisation("squad", "城管中队", "中队", "squad", _area("990803001"), parent_code="urban"),
            NewOrganisation("town-1", "一街道办", "一街道", "town", _area("990803001")),
            NewOrganisation("community-1", "一社区居委会", "一社区", "community", _area("990803001001")),
        ],
        valid_from=SINCE,
    )


DUTIES = [
    NewDuty("@town", "component-0101", "assist"),
    NewDuty("@community", "component-0101", "assist", "协助劝导"),
    NewDuty("urban", "component-0101", "lead"),
    NewDuty("squad", "component-0109", "lead"),
]


def _duties(*duties: NewDuty) -> int:
    return import_duties(by=BY, duties=duties or DUTIES, document="清单", valid_from=SINCE)


def test_organisations_when_imported_then_stand_with_posts_and_parents_and_only_once() -> None:
    assert (_import(), _import()) == (4, 0)

    assert [body.code for body in organisations()] == ["community-1", "squad", "town-1", "urban"]
    squad = Organisation.objects.get(code="squad")
    assert squad.management_parent is not None
    assert squad.management_parent.code == "urban"
    assert list(Post.objects.order_by("title").values_list("title", flat=True)) == ["局长", "队长"]
    assert Line.objects.get(kind="organisations.imported").data == {"organisations": 4, "posts": 2}


@pytest.mark.parametrize(
    ("kind", "parent", "told"), [("circus", None, "circus"), ("squad", "nobody", "nobody"), ("squad", "later", "later")]
)
def test_organisations_when_one_is_wrong_then_none_is_taken(
    district: Area, kind: str, parent: str | None, told: str
) -> None:
    wanted = [
        NewOrganisation("first", "甲", "甲", "squad", district),
        NewOrganisation("wrong", "乙", "乙", kind, district, parent_code=parent),
        NewOrganisation("later", "丙", "丙", "squad", district),
    ]

    with pytest.raises(OrganisationsRefused, match=told):
        import_organisations(by=BY, organisations=wanted, valid_from=SINCE)

    assert Organisation.objects.count() == 0


def test_duty_holders_when_asked_for_a_place_then_leads_come_first_and_offices_are_the_places_own() -> None:
    _import()
    assert (_duties(), _duties()) == (4, 0)

    here = duty_holders("component-0101", _area("990803001001").id)
    there = duty_holders("component-0101", _area("990803002").id)

    assert [(each.organisation.code, each.role, each.document) for each in here] == [
        ("urban", "lead", "清单"),
        ("community-1", "assist", "清单"),
        ("town-1", "assist", "清单"),
    ]
    assert [each.note for each in here] == ["", "协助劝导", ""]
    assert [each.organisation.code for each in there] == ["urban"]
    assert duty_holders("component-9999", _area("990803001").id) == []


def test_duty_holders_when_asked_then_two_queries_whatever_the_number_of_duties() -> None:
    _import()
    _duties()
    place = _area("990803001001").id
    queries.territory()

    with CaptureQueriesContext(connection) as asked:
        duty_holders("component-0101", place)

    assert len(asked) == 2


@pytest.mark.parametrize(
    ("duty", "told"),
    [
        (NewDuty("nobody", "component-0101", "lead"), "nobody"),
        (NewDuty("urban", "component-0101", "watch"), "watch"),
        (NewDuty("urban", "component-0101", "taken_back"), "taken_back"),
        (NewDuty("@moon", "component-0101", "lead"), "@moon"),
    ],
)
def test_duties_when_one_is_wrong_then_none_is_taken(duty: NewDuty, told: str) -> None:
    _import()

    with pytest.raises(OrganisationsRefused, match=told):
        _duties(*DUTIES, duty)

    assert Duty.objects.count() == 0


def test_rows_when_printed_then_name_themselves() -> None:
    _import()
    _duties()

    assert str(Organisation.objects.get(code="urban")) == "城管"
    assert str(Post.objects.get(title="局长")) == "局长"
    duty = Duty.objects.get(role="lead", item__matters=["component-0101"])
    assert str(duty) == f"{duty.item_id} lead"
    assert str(duty.item.duty_list) == "清单"
