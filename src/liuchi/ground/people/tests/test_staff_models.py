"""What must always be true of posts held, the staff roll and unit heads: the database refuses anything else."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, models, transaction

from liuchi.ground.kernel import guard
from liuchi.ground.organisations.models import Organisation, Post
from liuchi.ground.people.models import Employment, Income, PostHolding, Secondment, UnitHead
from liuchi.ground.people.testing import SINCE, resident, small_place

BEFORE = SINCE - timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rows(db: None) -> None:
    """Make one of everything."""
    place = small_place()
    person = resident()
    with guard.scope("maintenance", "test"):
        body = Organisation.objects.create(
            code="a", name="甲", short_name="甲", kind="community", area=place.one, valid_from=SINCE
        )
        post = Post.objects.create(organisation=body, title="主任", area=place.one)
        PostHolding.objects.create(person=person, post=post, valid_from=SINCE)
        employed = Employment.objects.create(person=person, organisation=body, employer="recruited", valid_from=SINCE)
        Income.objects.create(employment=employed, yearly=Decimal(40_000), as_of=SINCE)
        Secondment.objects.create(employment=employed, to_organisation=body, since=SINCE)
        UnitHead.objects.create(
            person=person, kind="unit", area=place.grids[0], place="2单元", elected_how="residents", term_from=SINCE
        )


def _copy(model: type[models.Model]) -> Callable[[], object]:
    def insert() -> object:
        row = model._default_manager.get()
        values = {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields}
        values.pop("id")
        return model._default_manager.create(**values)

    return insert


def _set(model: type[models.Model], **changes: object) -> Callable[[], object]:
    return lambda: model._default_manager.update(**changes)


BROKEN: dict[str, Callable[[], object]] = {
    "post_held_once_at_a_time": _copy(PostHolding),
    "holding_ends_after_it_begins": _set(PostHolding, valid_to=SINCE),
    "employment_once_at_a_time": _copy(Employment),
    "employment_ends_after_it_begins": _set(Employment, valid_to=SINCE),
    "employment_contract_ends_after_it_begins": _set(Employment, contract_until=BEFORE),
    "employment_employer_known": _set(Employment, employer="x"),
    "income_once_a_day": _copy(Income),
    "income_not_negative": _set(Income, yearly=Decimal("-0.01")),
    "secondment_one_at_a_time": _copy(Secondment),
    "secondment_planned_after_it_begins": _set(Secondment, until=BEFORE),
    "secondment_ends_after_it_begins": _set(Secondment, returned_on=BEFORE),
    "unit_head_one_at_a_time": _copy(UnitHead),
    "unit_head_kind_known": _set(UnitHead, kind="x"),
    "unit_head_elected_somehow": _set(UnitHead, elected_how=""),
    "unit_head_term_has_a_length": _set(UnitHead, term_until=SINCE),
    "unit_head_ends_after_election": _set(UnitHead, ended_on=BEFORE, ended_why="resigned"),
    "unit_head_ended_for_a_reason": _set(UnitHead, ended_on=date(2024, 2, 1)),
}


@pytest.mark.parametrize("name", BROKEN)
def test_row_when_it_breaks_a_rule_then_the_database_refuses_it(name: str) -> None:
    with guard.scope("maintenance", "test"), pytest.raises(IntegrityError, match=f'"{name}"'), transaction.atomic():
        BROKEN[name]()


def test_rules_of_the_models_when_listed_then_each_has_a_test_that_breaks_it() -> None:
    ours = (PostHolding, Employment, Income, Secondment, UnitHead)

    assert {rule.name for model in ours for rule in model._meta.constraints} == BROKEN.keys()


def test_rows_when_printed_then_tell_nobodys_name_and_no_amount() -> None:
    for model in (PostHolding, Employment, Income, Secondment, UnitHead):
        printed = str(model._default_manager.get())
        assert "张三" not in printed
        assert "40000" not in printed
