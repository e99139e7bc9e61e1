from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from liuchi.ground.access.testing import Ground, give
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.kernel.testing import waiting_jobs
from liuchi.ground.notices.audience import holders_anywhere, holders_at, holders_in, with_accounts
from liuchi.ground.notices.models import Carried, Delivery, Notice
from liuchi.ground.notices.outgoing import BURST
from liuchi.ground.notices.testing import in_china, tell, wish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]
People = tuple[UUID, UUID]


def test_people_when_told_then_each_has_it_once_however_often_the_line_comes(people: People) -> None:
    source = new_id()

    assert tell(list(people), source=source) == 2
    assert tell([*people, *people], source=source) == 0
    assert Notice.objects.count() == 2


def test_notice_when_kept_then_words_for_the_reader_are_sealed(people: People) -> None:
    tell([people[0]], words="王师傅明天上午来")

    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(n)::text FROM notices_notice n")
        (stored,) = cursor.fetchone() or ("",)
    assert "20240912-000001" in stored
    assert "王师傅" not in stored


def test_ordinary_notice_when_posted_then_nothing_leaves_the_house_by_itself(people: People) -> None:
    wish(people[0], email="z@example.cn")

    tell([people[0]])

    assert (Delivery.objects.count(), waiting_jobs()) == (0, [])


def test_urgent_notice_when_posted_then_it_goes_by_the_ways_each_has_chosen(people: People) -> None:
    wish(people[0], email="z@example.cn", by_sms=True)

    tell(list(people), urgent=True)

    assert sorted(Delivery.objects.values_list("way", "person_id", "state")) == [
        ("email", people[0], "waiting"),
        ("sms", people[0], "waiting"),
    ]
    assert waiting_jobs() == [("notices.send", {})]


@pytest.mark.parametrize("missing", ["LIUCHI_MAIL", "LIUCHI_SMS"])
def test_urgent_notice_when_the_house_has_no_such_way_then_it_is_not_tried(
    people: People, settings: object, missing: str
) -> None:
    setattr(settings, missing, "")
    wish(people[0], email="z@example.cn", by_sms=True)

    tell([people[0]], urgent=True)

    assert [each.way for each in Delivery.objects.all()] == [{"LIUCHI_MAIL": "sms", "LIUCHI_SMS": "email"}[missing]]


def test_urgent_notice_when_the_address_is_not_confirmed_then_it_is_not_sent_there(people: People) -> None:
    wish(people[0], email="z@example.cn", is_confirmed=False)

    tell([people[0]], urgent=True)

    assert Delivery.objects.count() == 0


def test_urgent_notices_when_several_wait_then_one_message_carries_all(people: People) -> None:
    wish(people[0], email="z@example.cn")

    for _ in range(4):
        tell([people[0]], urgent=True)

    assert (Delivery.objects.count(), Carried.objects.count()) == (1, 4)


def test_urgent_notices_when_they_come_in_a_burst_then_later_ones_are_gathered(people: People) -> None:
    wish(people[0], email="z@example.cn")
    for minute in range(BURST):
        with frozen_at(in_china(f"2024-09-12T10:0{minute}")):
            tell([people[0]], urgent=True)
            with guard.scope("maintenance", "tests"):
                Delivery.objects.update(state="sent", next_at=None)

    with frozen_at(in_china("2024-09-12T10:05")):
        tell([people[0]], urgent=True)

    assert Delivery.objects.get(state="waiting").next_at == in_china("2024-09-12T10:10")


def test_urgent_notice_when_it_is_night_then_it_waits_for_the_morning_but_for_who_is_on_duty(people: People) -> None:
    night = in_china("2024-09-12T23:00")
    wish(people[0], email="z@example.cn")
    wish(people[1], email="y@example.cn", on_duty_until=in_china("2024-09-13T06:00"))

    with frozen_at(night):
        tell(list(people), urgent=True)

    moments = dict(Delivery.objects.values_list("person_id", "next_at"))
    assert moments == {people[0]: in_china("2024-09-13T08:00"), people[1]: night}


def test_holders_when_asked_for_then_by_place_unit_and_power(ground: Ground) -> None:
    desk = give("desk", "desk", ground.towns[0]).person_id
    other = give("other-desk", "desk", ground.towns[1]).person_id
    water = give("water", "handler", ground.district, ground.water).person_id
    give("lights", "handler", ground.district, ground.lights)

    assert holders_at("cases.accept", ground.grids[0].id) == [desk]
    assert holders_at("cases.handle", ground.grids[0].id) == []
    assert holders_in("cases.handle", ground.water.id) == [water]
    assert holders_anywhere("cases.accept", "nothing.at_all") == sorted([desk, other])


def test_people_when_they_cannot_sign_in_then_they_are_not_told(people: People) -> None:
    assert with_accounts([people[0], None, new_id()]) == [people[0]]
    assert with_accounts([None]) == []


BROKEN = {
    "notice_once": "INSERT INTO notices_notice SELECT gen_random_uuid(), topic, urgency, template, parameters,"
    " words_sealed, link, source, created_at, is_seen, organisation_id, person_id FROM notices_notice",
    "notice_urgency_known": "UPDATE notices_notice SET urgency = 'loud'",
}


@pytest.mark.parametrize("constraint", BROKEN)
def test_notice_when_the_database_is_asked_to_break_a_rule_then_refused(people: People, constraint: str) -> None:
    tell([people[0]])

    with (
        guard.scope("maintenance", "tests"),
        pytest.raises(IntegrityError, match=constraint),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(BROKEN[constraint])
