"""Posts change hands: who held them when, and what upper rooms are told."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID, uuid4

import pytest

from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.organisations.actions.posts import close_post
from liuchi.ground.organisations.actions.succession import end_organisation, merge_organisations
from liuchi.ground.organisations.models import Post
from liuchi.ground.organisations.testing import NOW, SETUP, SINCE, Somebody, body, everywhere, small_district
from liuchi.ground.people import reactions
from liuchi.ground.people.actions.carrying import carry_over_posts, carry_over_staff
from liuchi.ground.people.actions.posts import hand_over_post, leave_post, take_post
from liuchi.ground.people.entries import NewPerson
from liuchi.ground.people.models import Employment, Income, Person, PostHolding, Secondment
from liuchi.ground.people.staff import holders_of
from liuchi.ground.people.staffing import Meant, StaffRefused
from liuchi.ground.people.testing import number, resident
from liuchi.ground.territory import queries

MARCH, APRIL, TODAY = date(2025, 3, 1), date(2025, 4, 1), date(2025, 9, 10)


@pytest.fixture(autouse=True)
def small(db: None) -> Iterator[None]:
    with frozen_at(NOW):
        small_district()
        yield
    queries.forget()


@pytest.fixture
def chief() -> Post:
    return Post.objects.get(organisation__code="urban", title="局长")


@pytest.fixture
def old() -> Person:
    return resident("王一", "19900000001")


def _take(post: Post, person: Person, on: date = SINCE) -> PostHolding:
    return take_post(by=SETUP, post_id=post.id, person=Meant(person.id), on=on)


def _names(post: Post, on: date | None = None) -> list[str]:
    return [each.name for each in holders_of(everywhere(), [post.organisation_id], on) if each.post_id == post.id]


def test_post_when_handed_over_then_before_and_after_are_known_and_upper_rooms_are_told(
    chief: Post, old: Person
) -> None:
    _take(chief, old)
    new = resident("李二", "19900000002")

    hand_over_post(
        by=SETUP, post_id=chief.id, from_person_id=old.id, to=Meant(new.id), on=MARCH, by_document="组任〔2025〕8号"
    )

    assert _names(chief, date(2025, 2, 28)) == ["王一"]
    assert _names(chief, MARCH) == ["李二"]
    assert _names(chief) == ["李二"]
    first, second = PostHolding.objects.order_by("valid_from")
    assert (first.valid_to, first.ended_by, second.document) == (MARCH, "组任〔2025〕8号", "组任〔2025〕8号")
    line = Line.objects.filter(kind="people.post_handed_over").order_by("-seq")[0]
    assert line.data == {
        "post": str(chief.id),
        "organisation": str(chief.organisation_id),
        "from_person": str(old.id),
        "to_person": str(new.id),
        "on": "2025-03-01",
    }


def test_post_when_handed_to_somebody_not_known_yet_then_they_are_registered(chief: Post, old: Person) -> None:
    _take(chief, old)

    hand_over_post(
        by=SETUP,
        post_id=chief.id,
        from_person_id=old.id,
        to=Meant(entry=NewPerson("赵新", "19900000003", number())),
        on=MARCH,
    )

    assert _names(chief) == ["赵新"]
    again = Meant(entry=NewPerson("赵新", identity=number()))
    with pytest.raises(StaffRefused, match="holds the post already"):
        hand_over_post(
            by=SETUP, post_id=chief.id, from_person_id=Person.objects.get(name="赵新").id, to=again, on=APRIL
        )
    assert Person.objects.filter(name="赵新").count() == 1


def test_post_when_left_then_its_seat_is_free_and_taken_again(chief: Post, old: Person) -> None:
    _take(chief, old)
    other = resident("李二", "19900000002")
    with pytest.raises(StaffRefused) as refused:
        _take(chief, other, MARCH)
    assert refused.value.field == "post"

    leave_post(by=SETUP, post_id=chief.id, person_id=old.id, on=MARCH, by_document="退休")
    _take(chief, other, APRIL)

    assert _names(chief, date(2025, 3, 15)) == []
    assert _names(chief) == ["李二"]
    facts = [
        (line.data["from_person"], line.data["to_person"])
        for line in Line.objects.filter(kind="people.post_handed_over").order_by("seq")
    ]
    assert facts == [(None, str(old.id)), (str(old.id), None), (None, str(other.id))]


@pytest.mark.parametrize("on", [SINCE, date(2023, 5, 1), date(2026, 1, 1)])
def test_hand_over_when_the_day_cannot_be_then_refused_and_nothing_changed(chief: Post, old: Person, on: date) -> None:
    _take(chief, old)
    new = resident("李二", "19900000002")

    with pytest.raises(StaffRefused) as refused:
        hand_over_post(by=SETUP, post_id=chief.id, from_person_id=old.id, to=Meant(new.id), on=on)

    assert refused.value.field == "on"
    assert _names(chief) == ["王一"]


def test_hand_over_when_somebody_or_something_is_missing_then_refused(chief: Post, old: Person) -> None:
    _take(chief, old)
    dead = resident("钱三", "19900000003")
    with guard.scope("maintenance", "test"):
        Person.objects.filter(id=dead.id).update(death_on=MARCH)

    def hand(post: UUID = chief.id, who: UUID = old.id, to: Meant | None = None) -> None:
        hand_over_post(by=SETUP, post_id=post, from_person_id=who, to=to or Meant(old.id), on=MARCH)

    with pytest.raises(NotFound):
        hand(post=uuid4())
    with pytest.raises(NotFound):
        hand(who=dead.id)
    with pytest.raises(NotFound):
        hand(to=Meant(uuid4()))
    for to in (Meant(), Meant(old.id), Meant(dead.id)):
        with pytest.raises(StaffRefused) as refused:
            hand(to=to)
        assert refused.value.field == "person"


def test_hand_over_when_an_entry_fits_several_then_told_to_add_the_number(chief: Post, old: Person) -> None:
    _take(chief, old)
    grid = queries.territory().of_kind("grid")[0]
    for phone in ("19900000011", "19900000012"):
        resident("孙四", phone, grid, birth_on=date(1980, 1, 1), identity=number(date(1980, 1, 1), int(phone[-1])))

    with pytest.raises(StaffRefused) as refused:
        hand_over_post(
            by=SETUP,
            post_id=chief.id,
            from_person_id=old.id,
            to=Meant(entry=NewPerson("孙四", home=grid, birth_on=date(1980, 1, 1))),
            on=MARCH,
        )

    assert refused.value.field == "identity"


def test_post_when_the_record_of_its_holder_was_joined_with_another_then_still_hands_over(
    chief: Post, old: Person
) -> None:
    _take(chief, old)
    kept = resident("王一", "19900000009")
    with guard.scope("maintenance", "test"):
        Person.objects.filter(id=old.id).update(merged_into=kept)

    with pytest.raises(StaffRefused):
        hand_over_post(by=SETUP, post_id=chief.id, from_person_id=kept.id, to=Meant(old.id), on=MARCH)
    hand_over_post(
        by=SETUP, post_id=chief.id, from_person_id=kept.id, to=Meant(resident("李二", "19900000002").id), on=MARCH
    )

    assert _names(chief) == ["李二"]


def test_staff_when_the_actor_may_not_there_then_refused(chief: Post, old: Person) -> None:
    squad = body("squad")
    clerk = Somebody(uuid4(), frozenset({"staff.manage"}), frozenset({squad.area_id}))
    with pytest.raises(NotAllowed):
        take_post(by=clerk, post_id=chief.id, person=Meant(old.id), on=MARCH)
    with guard.scope("maintenance", "test"):
        post = Post.objects.create(organisation=squad, title="队员", area=squad.area)

    take_post(by=clerk, post_id=post.id, person=Meant(old.id), on=MARCH)

    with pytest.raises(NotAllowed):
        carry_over_posts(by=clerk, post_ids=[chief.id], on=MARCH)
    with pytest.raises(NotAllowed):
        carry_over_staff(by=clerk, organisation_ids=[squad.id], heir_id=None, on=MARCH)


def test_holders_when_the_viewer_sees_staff_elsewhere_only_then_none(chief: Post, old: Person) -> None:
    _take(chief, old)
    there = Somebody(uuid4(), frozenset({"staff.see"}), frozenset({chief.organisation.area_id}))
    elsewhere = Somebody(uuid4(), frozenset({"staff.see"}), frozenset({body("squad").area_id}))

    assert [each.name for each in holders_of(there, [chief.organisation_id])] == ["王一"]
    assert list(holders_of(elsewhere, [chief.organisation_id])) == []


def _follow(kind: str) -> None:
    line = Line.objects.filter(kind=kind).order_by("-seq")[0]
    run = reactions.follow_closed_post if kind.endswith("post_closed") else reactions.follow_organisations
    with guard.scope("reaction", "test"):
        run(line)


def test_department_when_merged_then_its_staff_hold_their_posts_in_the_new_one_from_that_day(
    chief: Post, old: Person
) -> None:
    _take(chief, old)
    clerks = [Post.objects.get(organisation__code=code, title="科员") for code in ("urban", "greening")]
    for post in clerks:
        _take(post, old, date(2024, 5, 1))
    with guard.scope("maintenance", "test"):
        employed = Employment.objects.create(
            person=old, organisation=body("urban"), employer="recruited", valid_from=SINCE
        )
        Income.objects.create(employment=employed, yearly=45_000, as_of=SINCE)
        Secondment.objects.create(employment=employed, to_organisation=body("town-1"), since=MARCH)
    from liuchi.ground.organisations.handing_down import Successor  # beside the only test that makes one

    heir = merge_organisations(
        by=SETUP,
        organisation_ids=[body("urban").id, body("greening").id],
        new=Successor("城管园林局"),
        on=APRIL,
    )
    _follow("organisations.succeeded")

    now = {(each.post.organisation_id, each.post.title) for each in PostHolding.objects.filter(valid_to=None)}
    assert now == {(heir.id, "局长"), (heir.id, "科员")}
    assert _names(chief, MARCH) == ["王一"]
    works = Employment.objects.get(valid_to=None)
    assert (works.organisation_id, works.valid_from) == (heir.id, APRIL)
    assert Income.objects.get(employment=works).yearly == 45_000
    assert Secondment.objects.get().employment == works
    line = Line.objects.get(kind="people.posts_carried_over")
    assert (line.data["holdings"], len(line.data["posts"])) == (3, 3)


def test_organisation_when_it_ends_without_an_heir_then_nobody_holds_its_posts_any_more(old: Person) -> None:
    post = Post.objects.get(organisation__code="greening", title="科员")
    _take(post, old)
    with guard.scope("maintenance", "test"):
        Employment.objects.create(person=old, organisation=body("greening"), employer="recruited", valid_from=SINCE)

    end_organisation(by=SETUP, organisation_id=body("greening").id, on=MARCH)
    _follow("organisations.ended")

    assert PostHolding.objects.get().valid_to == MARCH
    assert Employment.objects.get().valid_to == MARCH


def test_post_when_closed_then_its_holder_holds_it_no_more(chief: Post, old: Person) -> None:
    _take(chief, old)

    close_post(by=SETUP, post_id=chief.id, on=MARCH)
    _follow("organisations.post_closed")
    _follow("organisations.post_closed")

    assert PostHolding.objects.get().valid_to == MARCH
    assert Line.objects.filter(kind="people.posts_carried_over").count() == 1
