"""Each rule that the database holds about households, broken once."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, models, transaction

from liuchi.ground.kernel import guard
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.people.models import Household, HouseholdMember, HouseholdStay
from liuchi.ground.people.testing import SINCE, Place, resident
from liuchi.ground.territory.actions.dwellings import NewBuilding, NewDwelling, NewEstate, import_estates
from liuchi.ground.territory.models import Dwelling
from liuchi.ground.territory.testing import BY


@pytest.fixture
def _household(place: Place) -> None:
    head, other = resident(), resident("李四", "19900001235")
    rooms = NewBuilding("1", dwellings=(NewDwelling("101", 1),))
    import_estates(by=BY, estates=[NewEstate("X", "某小区", place.one.id, buildings=(rooms,))], valid_from=SINCE)
    with guard.scope("maintenance", "test"):
        home = Household.objects.create(number="1", valid_from=SINCE)
        dwelling = Dwelling.objects.get()
        HouseholdStay.objects.create(household=home, dwelling=dwelling, area=place.one, valid_from=SINCE)
        HouseholdMember.objects.create(household=home, person=head, relation="head", valid_from=SINCE)
        HouseholdMember.objects.create(household=home, person=other, relation="child", valid_from=SINCE)


def _again(row: models.Model, **values: object) -> None:
    row.pk = new_id()
    row._state.adding = True
    for name, value in values.items():
        setattr(row, name, value)
    row.save(force_insert=True)


def _head() -> HouseholdMember:
    return HouseholdMember.objects.get(relation="head")


BROKEN: dict[str, Callable[[], object]] = {
    "household_number_once": lambda: _again(Household.objects.get()),
    "household_has_a_number": lambda: Household.objects.update(number=""),
    "household_kind_known": lambda: Household.objects.update(kind="x"),
    "household_ends_after_it_begins": lambda: Household.objects.update(valid_to=SINCE),
    "household_stays_once": lambda: _again(HouseholdStay.objects.get()),
    "stay_has_a_dwelling_or_an_address": lambda: HouseholdStay.objects.update(address_sealed=b"x"),
    "stay_ends_after_it_begins": lambda: HouseholdStay.objects.update(valid_to=SINCE),
    "person_belongs_to_one_household": lambda: _again(_head(), relation="child"),
    "household_has_one_head": lambda: HouseholdMember.objects.update(relation="head"),
    "member_relation_known": lambda: HouseholdMember.objects.update(relation="x"),
    "member_ends_after_they_begin": lambda: HouseholdMember.objects.update(valid_to=SINCE),
}


@pytest.mark.usefixtures("_household")
@pytest.mark.parametrize("name", BROKEN)
def test_row_when_it_breaks_a_rule_then_the_database_refuses_it(name: str) -> None:
    with guard.scope("maintenance", "test"), pytest.raises(IntegrityError, match=f'"{name}"'), transaction.atomic():
        BROKEN[name]()


def test_rules_when_listed_then_each_has_a_test_that_breaks_it() -> None:
    rules = {rule.name for model in (Household, HouseholdStay, HouseholdMember) for rule in model._meta.constraints}

    assert rules == BROKEN.keys()


@pytest.mark.usefixtures("_household")
def test_rows_when_printed_then_tell_nobodys_name() -> None:
    rows = [row for model in (Household, HouseholdStay, HouseholdMember) for row in model._default_manager.all()]

    assert len(rows) == 4
    assert not any(name in str(row) for row in rows for name in ("张三", "李四"))
