from uuid import UUID

import pytest
from django.db import connection

from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.actors import System
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.notices import personal, reactions
from liuchi.ground.notices.actions import forget_person, mark_all_seen, mark_seen
from liuchi.ground.notices.models import Carried, Delivery, Notice, Preferences
from liuchi.ground.notices.queries import PAGE, Filters, dead_deliveries, deliveries, inbox, unseen_count
from liuchi.ground.notices.testing import reader, tell, wish
from liuchi.ground.people.actions import erase_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]
People = tuple[UUID, UUID]
BY = System("tests")


def test_inbox_when_read_then_ones_own_new_first_with_words_for_oneself(people: People) -> None:
    for number in (1, 2, 3):
        tell([people[0]], number=f"20240912-00000{number}", words="王师傅明天上午来")
    tell([people[1]], number="20240912-000009")
    second = Notice.objects.get(parameters__number="20240912-000002")
    mark_seen(by=reader("resident"), notice_id=second.id)

    page = inbox(reader("resident"), Filters())

    assert [(each.title, each.is_seen) for each in page.entries] == [
        ("Case 20240912-000003", False),
        ("Case 20240912-000001", False),
        ("Case 20240912-000002", True),
    ]
    assert page.entries[0].words == "王师傅明天上午来"
    assert page.next_key is None


def test_inbox_when_long_then_it_is_paged_without_gap_or_double(people: People) -> None:
    for number in range(2 * PAGE + 5):
        tell([people[0]], number=f"20240912-{number:06}")
    viewer = reader("resident")
    for notice in Notice.objects.order_by("id")[:PAGE]:
        mark_seen(by=viewer, notice_id=notice.id)

    seen, after, pages = [], None, 0
    while pages == 0 or after is not None:
        page = inbox(viewer, Filters(after=after))
        seen += [each.id for each in page.entries]
        after, pages = page.next_key, pages + 1

    expected = list(Notice.objects.order_by("is_seen", "-id").values_list("id", flat=True))
    assert (seen, pages) == (expected, 3)


def test_inbox_when_narrowed_then_only_that(people: People) -> None:
    tell([people[0]])
    viewer = reader("resident")

    assert len(inbox(viewer, Filters(topic="tests")).entries) == 1
    assert inbox(viewer, Filters(topic="messages")).entries == []
    mark_all_seen(by=viewer)
    assert inbox(viewer, Filters(is_new=True)).entries == []


@pytest.mark.parametrize("count", [1, 3])
def test_inbox_when_read_then_one_query_whatever_the_number(
    people: People, django_assert_num_queries: object, count: int
) -> None:
    for _ in range(count):
        tell([people[0]])
    viewer = reader("resident")

    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len(inbox(viewer, Filters()).entries) == count
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert unseen_count(viewer) == count


def test_notice_when_opened_then_seen_and_no_line_says_who_read_what(people: People) -> None:
    tell(list(people))
    notice = Notice.objects.get(person=people[0])

    mark_seen(by=reader("resident"), notice_id=notice.id)
    mark_seen(by=reader("resident"), notice_id=notice.id)
    mark_all_seen(by=reader("other"))

    lines = list(Line.objects.filter(kind="notices.inbox_tidied"))
    assert len(lines) == 2
    for line in lines:
        assert (line.actor_kind, line.actor_id, line.data) == ("system", None, {})
        assert line.subject_id not in {notice.id, *people}
    assert (unseen_count(reader("resident")), unseen_count(reader("other"))) == (0, 0)
    assert mark_all_seen(by=reader("other")) == 0


def test_columns_when_looked_through_then_none_says_when_somebody_read() -> None:
    """BURDEN.md 4.3: no read receipts, no counting of who read; tables for them do not exist."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name LIKE 'notices\\_%'")
        columns = {name for (name,) in cursor.fetchall()}

    assert "is_seen" in columns
    assert {name for name in columns if "seen" in name or "read" in name or "open" in name} == {"is_seen"}


def test_notice_when_somebody_elses_then_there_is_none(people: People) -> None:
    tell([people[1]])

    with pytest.raises(NotFound):
        mark_seen(by=reader("resident"), notice_id=Notice.objects.get().id)
    assert not Notice.objects.get().is_seen


def test_log_when_read_without_the_power_then_refused(people: People) -> None:
    for query in (deliveries, dead_deliveries):
        with pytest.raises(NotAllowed):
            query(reader("resident"))


def test_person_when_erased_then_inbox_wishes_and_waiting_messages_are_gone(people: People) -> None:
    wish(people[0], email="z@example.cn")
    wish(people[1], email="y@example.cn")
    tell(list(people), urgent=True, words="王师傅明天上午来")
    erase_person(by=BY, person_id=people[0])
    line = Line.objects.get(kind="people.person_erased")

    reactions.follow_erasure(line)

    assert list(Notice.objects.values_list("person_id", flat=True)) == [people[1]]
    assert list(Preferences.objects.values_list("person_id", flat=True)) == [people[1]]
    assert dict(Delivery.objects.values_list("person_id", "state")) == {people[0]: "dropped", people[1]: "waiting"}
    assert forget_person(by=BY, person_id=people[0]) == 0


def test_old_messages_when_their_time_is_over_then_they_go_with_what_carried_them(people: People) -> None:
    wish(people[0], email="z@example.cn")
    tell([people[0]], urgent=True)
    notices = list(Notice.objects.values_list("id", flat=True))
    messages = list(Delivery.objects.values_list("id", flat=True))

    from liuchi.ground.kernel import guard

    with guard.scope("maintenance", "tests"):
        dispose = personal.NOTICE.retention.dispose
        assert dispose is not None
        assert dispose(notices) == 1
        assert Carried.objects.count() == 0
        dispose = personal.DELIVERY.retention.dispose
        assert dispose is not None
        assert dispose(messages) == 1
