"""Each rule that the database holds, broken once."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from liuchi.ground.kernel import clock, guard
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.organisations.models import Organisation, Post
from liuchi.ground.people.actions import NewPerson, import_people
from liuchi.ground.people.models import (
    CareCategory,
    CareStatus,
    Consent,
    ConsentText,
    Merge,
    Person,
    PersonChange,
    Residence,
)
from liuchi.ground.people.testing import SETUP, SINCE, Place, number
from liuchi.ground.territory.models import Area

#: Models whose rules are broken elsewhere, beside what they are about.
ELSEWHERE = {
    *("Household", "HouseholdStay", "HouseholdMember"),
    *("PostHolding", "Employment", "Income", "Secondment", "UnitHead"),
}


@pytest.fixture
def people(place: Place) -> list[Person]:
    with guard.scope("maintenance", "test"):
        body = Organisation.objects.create(
            code="x", name="某局", short_name="局", kind="department", area=place.district, valid_from=SINCE
        )
        post = Post.objects.create(organisation=body, title="局长", area=place.district)
        entries = [
            NewPerson("张三", "19900000001", number(serial=1), home=place.grids[0], address="一号楼", post=post),
            NewPerson("李四", "19900000002", number(serial=2)),
        ]
    made = import_people(by=SETUP, people=entries, valid_from=SINCE)
    with guard.scope("maintenance", "test"):
        category = CareCategory.objects.create(
            code="x",
            name="某类",
            legal_basis="x",
            purpose="x",
            sensitivity="personal",
            longest_days=365,
            visit_tier="key",
        )
        CareStatus.objects.create(
            person=made[0],
            category=category,
            basis="x",
            valid_from=SINCE,
            valid_to=date(2024, 7, 1),
            visit_tier="key",
            created_at=clock.now(),
        )
        text = ConsentText.objects.create(
            purpose="x", version=1, language="zh-hans", title="x", text="x", text_hash="0", published_at=clock.now()
        )
        Consent.objects.create(person=made[0], text=text, way="paper", given_at=clock.now())
        PersonChange.objects.create(person=made[0], kind="correction", fields=[], line_id=new_id(), at=clock.now())
        Merge.objects.create(kept=made[0], absorbed=made[1], at=clock.now())
    return made


def _again(row: Consent | CareStatus | ConsentText | Merge, **changed: object) -> object:
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields} | changed
    return type(row).objects.create(**{**values, "id": new_id()})


BROKEN: dict[str, Callable[[Person], object]] = {
    "person_identity_once": lambda one: Person.objects.exclude(id=one.id).update(identity_index=one.identity_index),
    "person_erased_keeps_nothing": lambda one: Person.objects.filter(id=one.id).update(erased_at=clock.now()),
    "person_identity_is_whole": lambda one: Person.objects.filter(id=one.id).update(identity_kind=""),
    "person_sex_known": lambda one: Person.objects.filter(id=one.id).update(sex="9"),
    "person_dies_after_birth": lambda one: Person.objects.filter(id=one.id).update(death_on=date(1949, 1, 1)),
    "person_merged_into_another": lambda one: Person.objects.filter(id=one.id).update(merged_into=one.id),
    "residence_ends_after_it_begins": lambda one: Residence.objects.update(valid_to=SINCE),
    "person_lives_in_one_place": lambda one: Residence.objects.create(
        person=one, area=Area.objects.all()[0], valid_from=SINCE
    ),
    "person_change_kind_known": lambda one: PersonChange.objects.update(kind="x"),
    "person_absorbed_once": lambda one: _again(Merge.objects.get()),
    "merge_is_of_two": lambda one: Merge.objects.update(absorbed=one),
    "merge_undone_after_it_was_made": lambda one: Merge.objects.update(undone_at=clock.now() - timedelta(days=1)),
    "care_category_says_by_what_and_what_for": lambda one: CareCategory.objects.update(legal_basis=""),
    "care_category_expires": lambda one: CareCategory.objects.update(longest_days=0),
    "care_category_tier_known": lambda one: CareCategory.objects.update(visit_tier="x"),
    "care_category_sensitivity_known": lambda one: CareCategory.objects.update(sensitivity="red"),
    "care_ends_after_it_begins": lambda one: CareStatus.objects.update(valid_to=SINCE),
    "care_rests_on_a_document": lambda one: CareStatus.objects.update(basis=""),
    "care_tier_known": lambda one: CareStatus.objects.update(visit_tier="x"),
    "care_begun_once_a_day": lambda one: _again(CareStatus.objects.get()),
    "consent_text_once": lambda one: _again(ConsentText.objects.get()),
    "consent_text_says_something": lambda one: _again(ConsentText.objects.get(), version=2, text=""),
    "consent_in_force_once": lambda one: _again(Consent.objects.get()),
    "consent_way_known": lambda one: Consent.objects.update(way="x"),
    "consent_withdrawn_after_it_was_given": lambda one: Consent.objects.update(withdrawn_at=clock.now()),
}


@pytest.mark.parametrize("name", BROKEN)
def test_row_when_it_breaks_a_rule_then_the_database_refuses_it(people: list[Person], name: str) -> None:
    with guard.scope("maintenance", "test"), pytest.raises(IntegrityError, match=f'"{name}"'), transaction.atomic():
        BROKEN[name](people[0])


def test_rules_of_the_models_when_listed_then_each_has_a_test_that_breaks_it() -> None:
    models = [model for model in apps.get_app_config("people").get_models() if model.__name__ not in ELSEWHERE]

    assert {rule.name for model in models for rule in model._meta.constraints} == BROKEN.keys()


@pytest.mark.parametrize("way", ["update", "delete"])
def test_consent_text_when_it_would_change_then_the_database_refuses(people: list[Person], way: str) -> None:
    rows = ConsentText.objects.all()

    with guard.scope("maintenance", "test"), transaction.atomic():
        Consent.objects.all().delete()
        with pytest.raises(IntegrityError, match="never changes"):
            rows.update(text="else") if way == "update" else rows.delete()


def test_rows_when_printed_then_tell_nobodys_name(people: list[Person]) -> None:
    rows = [row for model in apps.get_app_config("people").get_models() for row in model._default_manager.all()]

    printed = " ".join(str(row) for row in rows)
    assert len(rows) > 8
    assert "张三" not in printed
    assert "李四" not in printed
