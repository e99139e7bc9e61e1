from datetime import timedelta
from uuid import UUID

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction

from liuchi.ground.access.testing import MORNING
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.notices import addresses, tasks
from liuchi.ground.notices.actions import AddressRefused, HoursRefused, Wishes, confirm_email, set_preferences
from liuchi.ground.notices.addresses import mask_address
from liuchi.ground.notices.models import Delivery, Preferences
from liuchi.ground.notices.queries import masked_address, own_address, preferences_of
from liuchi.ground.notices.testing import reader, tell, wish
from liuchi.ground.notices.timing import Habits

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]
People = tuple[UUID, UUID]


def _set(username: str = "resident", **more: object) -> Preferences:
    given = {"language": "en", "habits": Habits(), **more}
    return set_preferences(by=reader(username), wishes=Wishes(**given))  # type: ignore[arg-type]


def _token() -> str:
    tasks.send()
    return mail.outbox[-1].body.rsplit("token=", 1)[1]


def test_wishes_when_never_chosen_then_the_inbox_only(people: People) -> None:
    found = preferences_of(reader("resident"))

    assert (found.by_email, found.by_sms, found.digest_hour, found.quiet_from, found.quiet_to) == (
        False,
        False,
        9,
        21,
        8,
    )
    assert Preferences.objects.count() == 0


def test_address_when_new_then_one_letter_asks_to_confirm_it_and_nothing_else_goes_there(people: People) -> None:
    _set(by_email=True, email="z@example.cn")
    tell([people[0]], urgent=True)

    token = _token()

    assert [letter.subject for letter in mail.outbox] == ["Liuchi: please confirm your e-mail address"]
    assert "z@example.cn" not in token
    confirm_email(by=reader("resident"), token=token)
    tell([people[0]], urgent=True)
    tasks.send()
    assert len(mail.outbox) == 2


def test_address_when_kept_then_sealed_and_shown_masked(people: People) -> None:
    _set(by_email=True, email="zhang.san@example.cn")

    viewer = reader("resident")
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(p)::text FROM notices_preferences p")
        (stored,) = cursor.fetchone() or ("",)
    assert "zhang" not in stored
    assert own_address(viewer, preferences_of(viewer)) == "zhang.san@example.cn"
    assert masked_address(viewer, preferences_of(viewer)) == "z***@example.cn"
    assert mask_address("") == ""


def test_confirmation_when_of_somebody_else_or_of_an_earlier_address_or_too_old_then_refused(people: People) -> None:
    _set(by_email=True, email="z@example.cn")
    token = _token()

    with pytest.raises(AddressRefused):
        confirm_email(by=reader("other"), token=token)
    with pytest.raises(AddressRefused):
        confirm_email(by=reader("resident"), token=token + "x")
    _set(by_email=True, email="new@example.cn")
    with pytest.raises(AddressRefused):
        confirm_email(by=reader("resident"), token=token)
    assert not preferences_of(reader("resident")).is_email_confirmed


def test_confirmation_when_too_old_then_refused(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    _set(by_email=True, email="z@example.cn")
    token = _token()
    monkeypatch.setattr(addresses, "GOOD_FOR", -1)

    with pytest.raises(AddressRefused):
        confirm_email(by=reader("resident"), token=token)


def test_address_when_saved_again_unchanged_then_it_stays_confirmed_and_no_letter_goes(people: People) -> None:
    _set(by_email=True, email="z@example.cn")
    confirm_email(by=reader("resident"), token=_token())

    found = _set(by_email=True, email=" z@example.cn ", by_sms=True)

    assert found.is_email_confirmed
    assert len(mail.outbox) == 1


def test_address_when_taken_back_then_forgotten(people: People) -> None:
    _set(by_email=True, email="z@example.cn")

    found = _set()

    assert (found.email_sealed, found.by_email, found.is_email_confirmed) == (None, False, False)


@pytest.mark.parametrize(
    "address", ["z", "z@", "@example.cn", "a b@example.cn", "z@example.cn\nBcc: x@y.cn", "z" * 250]
)
def test_address_when_it_is_none_then_refused(people: People, address: str) -> None:
    with pytest.raises(AddressRefused) as caught:
        _set(by_email=True, email=address)

    assert caught.value.field == "email"


def test_email_when_wished_without_an_address_then_refused(people: People) -> None:
    with pytest.raises(AddressRefused):
        _set(by_email=True)


def test_addresses_when_very_many_are_tried_then_refused(people: People) -> None:
    for number in range(5):
        _set(by_email=True, email=f"z{number}@example.cn")
        tasks.send()

    with pytest.raises(AddressRefused):
        _set(by_email=True, email="z9@example.cn")
    assert len(mail.outbox) == 5


@pytest.mark.parametrize(
    ("habits", "field"),
    [
        (Habits(digest_hour=22), "digest_hour"),
        (Habits(digest_hour=7), "digest_hour"),
        (Habits(on_duty_until=MORNING + timedelta(days=4)), "on_duty_until"),
    ],
)
def test_hours_when_they_contradict_each_other_then_refused(people: People, habits: Habits, field: str) -> None:
    with pytest.raises(HoursRefused) as caught:
        _set(habits=habits)

    assert caught.value.field == field


def test_wishes_when_set_then_only_known_topics_are_muted(people: People) -> None:
    assert _set(muted=["tests", "nothing"]).muted == ["tests"]


_REST = "way, kind, state, attempts, is_doubtful, error, person_id, next_at, created_at, changed_at"
_COLUMNS = f"id, {_REST}"
_DIGESTS = _REST.replace("kind", "'digest'")
BROKEN = {
    "preferences_hours_of_a_day": "UPDATE notices_preferences SET quiet_from = 24, quiet_to = 24",
    "preferences_digest_outside_quiet": "UPDATE notices_preferences SET digest_hour = 22",
    "preferences_confirmed_has_address": "UPDATE notices_preferences SET email_sealed = NULL",
    "delivery_has_one_recipient": "UPDATE notices_delivery SET way = 'robot'",
    "delivery_way_known": "UPDATE notices_delivery SET way = 'pigeon'",
    "delivery_open_has_a_moment": "UPDATE notices_delivery SET next_at = NULL",
    "delivery_digest_has_a_day": "UPDATE notices_delivery SET kind = 'digest'",
    "delivery_waits_once": f"INSERT INTO notices_delivery ({_COLUMNS})"
    f" SELECT gen_random_uuid(), {_REST} FROM notices_delivery",
    "digest_once_a_day": f"INSERT INTO notices_delivery ({_COLUMNS}, day)"
    f" SELECT gen_random_uuid(), {_DIGESTS}, '2024-09-12' FROM notices_delivery, generate_series(1, 2)",
    "carried_once": "INSERT INTO notices_carried (id, delivery_id, notice_id)"
    " SELECT gen_random_uuid(), delivery_id, notice_id FROM notices_carried",
}


@pytest.mark.parametrize("constraint", BROKEN)
def test_rows_when_the_database_is_asked_to_break_a_rule_then_refused(people: People, constraint: str) -> None:
    wish(people[0], email="z@example.cn")
    tell([people[0]], urgent=True)
    assert Delivery.objects.count() == 1

    with (
        guard.scope("maintenance", "tests"),
        pytest.raises(IntegrityError, match=constraint),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(BROKEN[constraint])


def test_preferences_when_changed_then_the_line_holds_no_address(people: People) -> None:
    from liuchi.ground.journal.models import Line

    with frozen_at(MORNING):
        _set(by_email=True, email="z@example.cn")

    line = Line.objects.get(kind="notices.preferences_set")
    assert line.data == {"by_email": True, "by_sms": False, "is_address_new": True}
