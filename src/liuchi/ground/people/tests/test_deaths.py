"""What a death ends: membership, offices, posts, work; what taking it back restores. What a consent taken back ends."""

from datetime import date

import pytest

from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.organisations.actions import NewOrganisation, import_organisations
from liuchi.ground.organisations.actions.posts import open_post
from liuchi.ground.organisations.models import Organisation
from liuchi.ground.people import reactions
from liuchi.ground.people.actions import (
    CareRefused,
    ConsentRefused,
    begin_care,
    extend_care,
    give_consent,
    publish_consent_text,
    register_death,
    set_care_categories,
    take_back_death,
    withdraw_consent,
)
from liuchi.ground.people.actions.care import retire_care_category
from liuchi.ground.people.actions.dying import vacate_post
from liuchi.ground.people.actions.heads import Office, elect_head
from liuchi.ground.people.actions.household_heads import name_household_head
from liuchi.ground.people.actions.households import open_household
from liuchi.ground.people.actions.posts import take_post
from liuchi.ground.people.actions.secondments import second_person
from liuchi.ground.people.actions.staff import employ_person
from liuchi.ground.people.caring import SHIPPED, NewCategory, is_label, is_special_population
from liuchi.ground.people.consenting import texts_in_force
from liuchi.ground.people.households import household_of, members_of, without_head
from liuchi.ground.people.living import HomePlace
from liuchi.ground.people.models import (
    CareStatus,
    Employment,
    Household,
    HouseholdMember,
    Person,
    PostHolding,
    Secondment,
    UnitHead,
)
from liuchi.ground.people.staffing import Meant
from liuchi.ground.people.testing import SETUP, SINCE, TODAY, Place, resident

SPRING, DIED, AFTER = date(2024, 3, 1), date(2024, 9, 1), date(2024, 9, 2)
MEALS = NewCategory("own-1", "助餐对象", "Meals", "助餐服务办法", "送餐上门", "none", consent_purpose="meals")


@pytest.fixture
def couple(place: Place) -> tuple[Person, Person, Household]:
    one, other = (resident(name, f"1990000000{n}", place.grids[0]) for n, name in enumerate(("张大", "李女")))
    home = HomePlace(area_id=place.grids[0].id, address="某路1号")
    return one, other, open_household(by=SETUP, home=home, members=[(one.id, "head"), (other.id, "spouse")], on=SPRING)


def _follow() -> None:
    with guard.scope("reaction", "tests"):
        reactions.follow_death(Line.objects.filter(kind="people.death_registered").latest("seq"))


def test_death_when_of_a_head_then_the_household_goes_on_and_asks_for_another(
    place: Place, couple: tuple[Person, Person, Household]
) -> None:
    one, other, home = couple
    viewer = place.clerk("see", at=place.district)
    assert not without_head(viewer).exists()

    register_death(by=SETUP, person_id=one.id, died_on=DIED)

    assert [row.person_id for row in members_of(viewer, home.id)] == [other.id]
    assert [row.person_id for row in members_of(viewer, home.id, DIED)] == [one.id, other.id]
    assert [stay.household_id for stay in without_head(viewer)] == [home.id]


def test_death_when_of_the_last_member_then_the_household_ends_and_taken_back_goes_on(
    place: Place, couple: tuple[Person, Person, Household]
) -> None:
    one, other, home = couple
    viewer = place.clerk("see", at=place.district)
    for person in (other, one):
        register_death(by=SETUP, person_id=person.id, died_on=DIED)
    assert Household.objects.get().valid_to == AFTER

    take_back_death(by=SETUP, person_id=one.id, reason="登记有误")

    membership = household_of(viewer, one.id)
    assert Household.objects.get().valid_to is None
    assert membership is not None
    assert (membership.household_id, membership.relation) == (home.id, "head")


def test_death_when_taken_back_after_another_became_head_then_the_relation_is_asked_anew(
    place: Place, couple: tuple[Person, Person, Household]
) -> None:
    one, other, home = couple
    register_death(by=SETUP, person_id=one.id, died_on=DIED)
    name_household_head(by=SETUP, household_id=home.id, person_id=other.id, relations={}, on=AFTER)

    take_back_death(by=SETUP, person_id=one.id, reason="登记有误")

    now = HouseholdMember.objects.filter(household=home, valid_to=None)
    assert dict(now.values_list("person_id", "relation")) == {other.id: "head", one.id: "unstated"}


def test_death_when_they_headed_a_unit_then_the_office_ends_and_taken_back_goes_on(place: Place) -> None:
    person = resident(home=place.grids[0])
    office = Office("unit", place.grids[0].id, "2单元")
    head = elect_head(by=SETUP, person=Meant(person.id), office=office, elected_how="residents", on=SPRING)

    register_death(by=SETUP, person_id=person.id, died_on=DIED)
    head.refresh_from_db()
    assert (head.ended_on, head.ended_why) == (AFTER, "died")
    take_back_death(by=SETUP, person_id=person.id, reason="")

    assert UnitHead.objects.get().ended_on is None


def test_death_when_they_worked_then_posts_and_the_place_on_the_roll_end_and_rooms_above_are_told(place: Place) -> None:
    new = NewOrganisation("urban", "城管局", "城管局", "department", place.district)
    other = NewOrganisation("water", "供水中心", "供水中心", "centre", place.district)
    import_organisations(by=SETUP, organisations=[new, other], valid_from=SINCE)
    body, water = (Organisation.objects.get(code=code) for code in ("urban", "water"))
    person = resident(home=place.grids[0])
    row = employ_person(by=SETUP, organisation_id=body.id, person=Meant(person.id), employer="recruited", on=SPRING)
    second_person(by=SETUP, employment_id=row.id, to_organisation_id=water.id, since=SPRING)
    post = open_post(by=SETUP, organisation_id=body.id, title="局长", on=SPRING)
    holding = take_post(by=SETUP, post_id=post.id, person=Meant(person.id), on=SPRING)
    register_death(by=SETUP, person_id=person.id, died_on=DIED)

    _follow()
    _follow()

    assert PostHolding.objects.get().valid_to == AFTER
    assert Employment.objects.get().valid_to == AFTER
    assert Secondment.objects.get().returned_on == AFTER
    told = Line.objects.filter(kind="people.post_handed_over").latest("seq")
    assert (told.data["from_person"], told.data["to_person"]) == (str(person.id), None)
    assert Line.objects.filter(kind="people.employment_ended").count() == 1
    with pytest.raises(NotAllowed):
        vacate_post(by=place.clerk("manage"), holding_id=holding.id, on=TODAY)


def test_death_when_taken_back_before_it_was_followed_then_posts_stay(place: Place) -> None:
    import_organisations(
        by=SETUP,
        organisations=[NewOrganisation("urban", "城管局", "城管局", "department", place.district)],
        valid_from=SINCE,
    )
    post = open_post(by=SETUP, organisation_id=Organisation.objects.get().id, title="局长", on=SPRING)
    person = resident(home=place.grids[0])
    take_post(by=SETUP, post_id=post.id, person=Meant(person.id), on=SPRING)
    register_death(by=SETUP, person_id=person.id, died_on=DIED)
    take_back_death(by=SETUP, person_id=person.id, reason="")

    _follow()

    assert PostHolding.objects.get().valid_to is None


def test_consent_when_taken_back_then_the_care_that_rested_on_it_ends_and_its_time_of_keeping_begins(
    place: Place,
) -> None:
    set_care_categories(by=SETUP, categories=[*SHIPPED, MEALS])
    person = resident(home=place.grids[0])
    text = publish_consent_text(by=SETUP, purpose="meals", title="助餐", text="同意为送餐登记。")
    given = {"by": SETUP, "person_id": person.id, "basis": "申请表", "valid_from": SPRING, "valid_to": date(2025, 2, 1)}
    with pytest.raises(CareRefused, match="rests on consent"):
        begin_care(category="own-1", **given)  # type: ignore[arg-type]
    give_consent(by=SETUP, person_id=person.id, text_id=text.id, way="paper")
    resting = begin_care(category="own-1", **given)  # type: ignore[arg-type]
    other = begin_care(category="living-alone", **given)  # type: ignore[arg-type]

    withdraw_consent(by=SETUP, person_id=person.id, purpose="meals", way="phone")

    ended, goes_on = (CareStatus.objects.get(id=each) for each in (resting, other))
    assert (ended.valid_to, ended.end_reason) == (TODAY, "withdrawn")
    assert (goes_on.valid_to, goes_on.end_reason) == (date(2025, 2, 1), "")
    assert Line.objects.filter(kind="people.consent_withdrawn").latest("seq").data["care"] == 1


def test_text_when_it_is_in_force_later_then_the_one_before_is_asked_until_then(place: Place) -> None:
    person = resident(home=place.grids[0])
    first = publish_consent_text(by=SETUP, purpose="meals", title="助餐", text="一")
    later = publish_consent_text(by=SETUP, purpose="meals", title="助餐", text="二", valid_from=date(2024, 10, 1))

    assert [each.id for each in texts_in_force()] == [first.id]
    give_consent(by=SETUP, person_id=person.id, text_id=first.id, way="paper")
    with pytest.raises(ConsentRefused, match="not in force yet"):
        give_consent(by=SETUP, person_id=person.id, text_id=later.id, way="paper")
    with pytest.raises(ConsentRefused, match="from today at the earliest"):
        publish_consent_text(by=SETUP, purpose="meals", title="助餐", text="三", valid_from=SPRING)


@pytest.mark.parametrize(
    "name", ["红码人员", "黄标家庭", "三色管理对象", "刑满释放人员", "上访人员", "重点人员", "社区矫正对象"]
)
def test_category_when_it_labels_people_then_refused(place: Place, name: str) -> None:
    category = NewCategory("own-2", name, "", "某办法", "关心", "none")

    with pytest.raises(CareRefused):
        set_care_categories(by=SETUP, categories=[category])


def test_category_when_it_names_care_then_no_label() -> None:
    for each in SHIPPED:
        said = (each.name, each.english_name, each.purpose)
        assert (is_label(*said), is_special_population(*said)) == (False, False)
    assert not is_label("白内障康复", "红十字救助对象", "relatives of the bereaved")


def test_category_when_retired_then_nobody_enters_and_entries_end_on_their_day(place: Place) -> None:
    set_care_categories(by=SETUP)
    person = resident(home=place.grids[0])
    given = {"by": SETUP, "person_id": person.id, "basis": "文件", "valid_from": SPRING, "valid_to": date(2025, 2, 1)}
    care = begin_care(category="orphan", **given)  # type: ignore[arg-type]

    retire_care_category(by=SETUP, code="orphan", on=TODAY)

    with pytest.raises(CareRefused):
        begin_care(category="orphan", **given)  # type: ignore[arg-type]
    with pytest.raises(CareRefused, match="no longer used"):
        extend_care(by=SETUP, care_id=care, basis="文件", valid_to=date(2025, 12, 1))
    with pytest.raises(NotFound):
        retire_care_category(by=SETUP, code="orphan", on=TODAY)
    with pytest.raises(NotAllowed):
        retire_care_category(by=place.clerk("care"), code="low-income", on=TODAY)
    assert CareStatus.objects.get().valid_to == date(2025, 2, 1)
