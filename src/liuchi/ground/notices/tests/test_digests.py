"""One digest a day, on working days, in which everything new stands once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liuchi.ground.access.testing import Ground, give, small_ground
from liuchi.ground.journal.testing import committed
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.actors import System
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.notices import tasks
from liuchi.ground.notices.actions import mark_all_seen, prepare_digests
from liuchi.ground.notices.composing import MOST_LINES
from liuchi.ground.notices.models import Carried, Delivery
from liuchi.ground.notices.testing import in_china, reader, tell, wish

__all__ = ["committed"]
People = tuple[UUID, UUID]
BY = System("tests")
THURSDAY, FRIDAY, SATURDAY, MONDAY = "2024-09-12", "2024-09-13", "2024-09-14", "2024-09-18"


def _digest(at: str) -> int:
    with frozen_at(in_china(at)):
        made = prepare_digests(by=BY)
        tasks.send()
    return made


def _tell(people: list[UUID], at: str, count: int = 1) -> None:
    with frozen_at(in_china(at)):
        for number in range(count):
            tell(people, number=f"20240912-{number:06}")


@pytest.mark.django_db
def test_digest_when_the_hour_has_come_then_it_lists_what_is_new_once(people: People) -> None:
    wish(people[0], email="z@example.cn")
    _tell([people[0]], f"{THURSDAY}T07:00", 3)

    assert _digest(f"{THURSDAY}T08:50") == 0
    assert _digest(f"{THURSDAY}T09:00") == 1
    assert _digest(f"{THURSDAY}T09:10") == 0

    (letter,) = mail.outbox
    assert letter.to == ["z@example.cn"]
    assert letter.subject == "六尺：今天有 3 条新消息"
    assert letter.body.count("· 案件") == 3
    assert letter.body.endswith("https://liuchi.example/inbox/")


@pytest.mark.django_db
def test_digest_when_something_comes_later_in_the_day_then_it_waits_for_tomorrow(people: People) -> None:
    wish(people[0], email="z@example.cn")
    _tell([people[0]], f"{THURSDAY}T07:00")
    _digest(f"{THURSDAY}T09:00")
    _tell([people[0]], f"{THURSDAY}T14:00")

    assert _digest(f"{THURSDAY}T15:00") == 0
    assert _digest(f"{FRIDAY}T09:00") == 1

    assert mail.outbox[-1].subject == "六尺：今天有 1 条新消息"


@pytest.mark.django_db
def test_digest_when_there_is_nothing_new_then_none_and_not_later_that_day_either(people: People) -> None:
    wish(people[0], email="z@example.cn")
    assert _digest(f"{THURSDAY}T09:00") == 0
    _tell([people[0]], f"{THURSDAY}T10:00")

    assert _digest(f"{THURSDAY}T11:00") == 0


@pytest.mark.django_db
def test_digest_when_the_day_is_off_then_everything_waits_for_the_next_working_day(people: People) -> None:
    """The Mid-Autumn holidays of 2024: Saturday 14 is a working day, 15 to 17 are off."""
    wish(people[0], email="z@example.cn")
    _tell([people[0]], f"{SATURDAY}T10:00")
    _tell([people[0]], "2024-09-16T10:00")

    for day in ("2024-09-15", "2024-09-16", "2024-09-17"):
        for hour in range(24):
            assert _digest(f"{day}T{hour:02}:00") == 0
    assert _digest(f"{MONDAY}T09:00") == 1

    assert mail.outbox[0].subject == "六尺：今天有 2 条新消息"


@pytest.mark.django_db
def test_digest_when_the_worker_was_down_at_the_hour_then_it_comes_later_that_day_but_not_at_night(
    people: People,
) -> None:
    wish(people[0], email="z@example.cn")
    _tell([people[0]], f"{THURSDAY}T07:00")

    assert _digest(f"{THURSDAY}T21:30") == 0
    assert _digest(f"{FRIDAY}T11:00") == 1


@pytest.mark.django_db
def test_digest_when_seen_in_the_inbox_or_of_a_muted_topic_then_left_out(people: People) -> None:
    wish(people[0], email="z@example.cn")
    wish(people[1], email="y@example.cn", muted=["tests"])
    _tell(list(people), f"{THURSDAY}T07:00")
    mark_all_seen(by=reader("resident"))

    assert _digest(f"{THURSDAY}T09:00") == 0


@pytest.mark.django_db
def test_digest_when_very_much_is_new_then_it_stays_short_and_says_how_much_more(people: People) -> None:
    wish(people[0], email="z@example.cn")
    _tell([people[0]], f"{THURSDAY}T07:00", MOST_LINES + 5)

    _digest(f"{THURSDAY}T09:00")

    assert mail.outbox[0].body.count("· 案件") == MOST_LINES
    assert "还有 5 条" in mail.outbox[0].body


@pytest.mark.django_db
def test_digest_when_one_hour_is_chosen_then_it_comes_then(people: People) -> None:
    wish(people[0], email="z@example.cn", digest_hour=14)
    _tell([people[0]], f"{THURSDAY}T07:00")

    assert [_digest(f"{THURSDAY}T{hour:02}:00") for hour in (9, 13, 14, 15)] == [0, 0, 1, 0]


@pytest.mark.django_db
def test_digest_when_asked_for_statements_then_as_many_for_one_person_as_for_three(
    ground: Ground,
) -> None:
    people = [give(f"reader-{number}", "resident", ground.district).person_id for number in range(4)]
    for number, person in enumerate(people):
        wish(person, email=f"r{number}@example.cn", digest_hour=9 if number == 0 else 10)
    _tell(people, f"{THURSDAY}T07:00")
    assert _digest(f"{THURSDAY}T08:50") == 0
    counted = []
    for at, made in (("09:00", 1), ("10:00", 3)):
        with frozen_at(in_china(f"{THURSDAY}T{at}")), CaptureQueriesContext(connection) as queries:
            assert prepare_digests(by=BY) == made
        counted.append(len(queries))

    assert counted[0] == counted[1]


@pytest.fixture
def crowd(committed: None) -> list[UUID]:
    """Return thirty people who want a digest, with something new for each, really committed."""
    ground = small_ground()
    people = [give(f"reader-{number}", "resident", ground.district).person_id for number in range(30)]
    for number, person in enumerate(people):
        wish(person, email=f"r{number}@example.cn")
    with frozen_at(in_china(f"{THURSDAY}T07:00")):
        tell(people, source=new_id())
    return people


def test_digest_when_several_workers_prepare_and_send_at_once_then_each_reader_gets_one(crowd: list[UUID]) -> None:
    begin = Barrier(4)

    def work(_number: int) -> None:
        with frozen_at(in_china(f"{THURSDAY}T09:00")):
            begin.wait()
            prepare_digests(by=BY)
            tasks.send()
        connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    with frozen_at(in_china(f"{THURSDAY}T09:10")):
        prepare_digests(by=BY)
        tasks.send()

    assert Counter(letter.to[0] for letter in mail.outbox) == {f"r{number}@example.cn": 1 for number in range(30)}
    assert (Delivery.objects.filter(state="sent").count(), Carried.objects.count()) == (30, 30)
    assert guard.current_scope() is None
