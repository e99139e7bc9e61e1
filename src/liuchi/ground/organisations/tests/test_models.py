"""What must always be true of organisations, posts, lists and venues: the database refuses anything else."""

from collections.abc import Callable
from datetime import date, time

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from liuchi.ground.kernel import guard
from liuchi.ground.organisations.models import (
    Duty,
    DutyItem,
    DutyList,
    OpeningHours,
    Organisation,
    PastState,
    Post,
    ServedArea,
    Succession,
    Venue,
)
from liuchi.ground.territory.models import Area

SINCE, LATER = date(2024, 1, 1), date(2024, 7, 1)
#: Models of the room that other files describe and test.
ELSEWHERE = {"Asset", "AssetClass", "AssetLook"}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rows(db: None) -> None:
    """Make one of everything."""
    with guard.scope("maintenance", "test"):
        area = Area.objects.create(kind="district", code="990803", name="测试区", valid_from=SINCE)
        body = Organisation.objects.create(
            code="a", name="甲", short_name="甲", kind="firm", area=area, credit_code="X", valid_from=SINCE
        )
        other = Organisation.objects.create(
            code="b", name="乙", short_name="乙", kind="party_household", area=area, valid_from=SINCE
        )
        PastState.objects.create(
            organisation=body, name="旧", short_name="旧", area=area, change="renamed", valid_from=SINCE, valid_to=LATER
        )
        Succession.objects.create(predecessor=body, successor=other, kind="merged", is_heir=True, on=LATER)
        ServedArea.objects.create(organisation=body, area=area, valid_from=SINCE)
        Post.objects.create(organisation=body, title="主任", area=area, valid_from=SINCE)
        listed = DutyList.objects.create(kind="town", title="清单", issued_on=SINCE, valid_from=SINCE)
        item = DutyItem.objects.create(duty_list=listed, kind="basic", number=1, name="一")
        Duty.objects.create(item=item, by_place="town", role="lead")
        venue = Venue.objects.create(organisation=body, area=area, kind="canteen", name="食堂", valid_from=SINCE)
        OpeningHours.objects.create(venue=venue, day="work_day", opens_at=time(9), closes_at=time(17))


def _body() -> Organisation:
    return Organisation.objects.get(code="a")


def _copy(model: type[models.Model], **changes: object) -> Callable[[], object]:
    """Return what inserts the first row of a model once more, with `changes`."""

    def insert() -> object:
        row = model._default_manager.first()
        assert row is not None
        values = {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields}
        values.pop("id")
        return model._default_manager.create(**{**values, **changes})

    return insert


def _set(model: type[models.Model], **changes: object) -> Callable[[], object]:
    return lambda: model._default_manager.update(**changes)


BROKEN: dict[str, Callable[[], object]] = {
    "organisation_code_in_force_once": _set(Organisation, code="same"),
    "organisation_credit_code_once": _set(Organisation, credit_code="Y"),
    "organisation_ends_after_it_begins": _set(Organisation, valid_to=SINCE),
    "organisation_stands_since_its_beginning": _set(Organisation, stands_since=date(2023, 1, 1)),
    "organisation_kind_known": _set(Organisation, kind="circus"),
    "organisation_has_a_whole_position": _set(Organisation, longitude=117.0),
    "organisation_home_stays_private": lambda: Organisation.objects.filter(code="b").update(address="3栋201"),
    "past_state_ends_not_before_it_begins": _set(PastState, valid_to=date(2023, 1, 1)),
    "past_state_change_known": _set(PastState, change="x"),
    "succession_once": _copy(Succession, is_heir=False),
    "succession_has_one_heir": lambda: Succession.objects.create(
        predecessor=_body(),
        successor=Organisation.objects.create(
            code="c", name="丙", short_name="丙", kind="firm", area=_body().area, valid_from=SINCE
        ),
        kind="split",
        is_heir=True,
        on=LATER,
    ),
    "succession_is_to_another": lambda: Succession.objects.update(successor=_body()),
    "organisation_succession_kind_known": _set(Succession, kind="x"),
    "served_area_once_at_a_time": _copy(ServedArea),
    "served_area_ends_after_it_begins": _set(ServedArea, valid_to=SINCE),
    "post_exists_once": _copy(Post),
    "post_ends_not_before_it_begins": _set(Post, valid_to=date(2023, 1, 1)),
    "post_has_a_seat": _set(Post, seats=0),
    "post_succeeded_has_ended": lambda: Post.objects.update(succeeded_by=Post.objects.get()),
    "duty_list_issued_once": _copy(DutyList),
    "duty_list_kind_known": _set(DutyList, kind="x"),
    "duty_list_ends_after_it_begins": _set(DutyList, valid_to=SINCE),
    "duty_list_supersedes_another": lambda: DutyList.objects.update(supersedes=DutyList.objects.get()),
    "duty_item_numbered_once": _copy(DutyItem),
    "duty_item_kind_known": _set(DutyItem, kind="x"),
    "duty_item_method_says_how_it_was_taken_back": _set(DutyItem, method="由区局直接办理"),
    "duty_names_a_body_or_a_place": _set(Duty, unit="省厅"),
    "duty_listed_once": _copy(Duty),
    "duty_role_known": _set(Duty, role="x"),
    "venue_named_once": _copy(Venue),
    "venue_kind_known": _set(Venue, kind="x"),
    "venue_has_a_whole_position": _set(Venue, latitude=30.5),
    "venue_ends_after_it_begins": _set(Venue, valid_to=SINCE),
    "venue_bookable_has_a_capacity": _set(Venue, is_bookable=True),
    "opening_hours_once": _copy(OpeningHours, closes_at=time(18)),
    "opening_day_known": _set(OpeningHours, day="x"),
    "opening_hours_end_after_they_begin": _set(OpeningHours, closes_at=time(8)),
}


@pytest.mark.parametrize("name", BROKEN)
def test_row_when_it_breaks_a_rule_then_the_database_refuses_it(name: str) -> None:
    with guard.scope("maintenance", "test"), pytest.raises(IntegrityError, match=f'"{name}"'), transaction.atomic():
        BROKEN[name]()


def test_rules_of_the_models_when_listed_then_each_has_a_test_that_breaks_it() -> None:
    ours = [model for model in apps.get_app_config("organisations").get_models() if model.__name__ not in ELSEWHERE]
    declared = {rule.name for model in ours for rule in model._meta.constraints}

    assert declared == BROKEN.keys()


def test_rows_when_printed_then_say_what_they_are() -> None:
    body, other = _body(), Organisation.objects.get(code="b")

    assert str(PastState.objects.get()) == f"{body.id} 2024-01-01"
    assert str(Succession.objects.get()) == f"{body.id} merged {other.id}"
    assert str(ServedArea.objects.get()) == f"{body.id} {body.area_id}"
    assert (str(DutyList.objects.get()), str(DutyItem.objects.get())) == ("清单", "一")
    assert (str(Venue.objects.get()), str(OpeningHours.objects.get())) == ("食堂", "work_day 09:00:00-17:00:00")
