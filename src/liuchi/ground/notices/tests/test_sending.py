"""What leaves the house, up to servers on loopback that stand for the outside."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.core import mail
from pytest_django import Settings

from liuchi.ground.access.testing import MORNING
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import guard, jobs
from liuchi.ground.kernel.actors import System
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.kernel.testing import waiting_jobs
from liuchi.ground.notices import tasks
from liuchi.ground.notices.actions import (
    NotDead,
    drop_delivery,
    mark_all_seen,
    retry_delivery,
    settle_deliveries,
    take_deliveries,
)
from liuchi.ground.notices.actions.sending import PAUSES
from liuchi.ground.notices.failures import Failed
from liuchi.ground.notices.models import Delivery
from liuchi.ground.notices.outcomes import Outcome, Result
from liuchi.ground.notices.sms import gateway
from liuchi.ground.notices.testing import FakePost, fake_post, in_china, reader, tell, wish

pytestmark = [pytest.mark.django_db]
People = tuple[UUID, UUID]
BY = System("tests")


class Refusing:
    """A gateway that refuses every number for good."""

    def send(self, *_: object) -> None:
        raise Failed("sms-number", is_final=True)


@pytest.fixture
def post(settings: Settings) -> Iterator[FakePost]:
    """Send e-mail through a real connection to a fake server."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with fake_post() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


def _urgent(person: UUID, at: datetime = MORNING, **more: str) -> Delivery:
    with frozen_at(at):
        tell([person], urgent=True, **more)  # type: ignore[arg-type]
    return Delivery.objects.get()


def _send(at: datetime = MORNING) -> None:
    with frozen_at(at):
        tasks.send()


def _state() -> tuple[str, int, str]:
    found = Delivery.objects.get()
    return found.state, found.attempts, found.error


def test_letter_when_sent_then_it_reaches_the_server_once_with_a_link_and_an_id_of_its_own(
    people: People, post: FakePost
) -> None:
    wish(people[0], email="z@example.cn")
    delivery = _urgent(people[0])

    _send()
    _send()

    ((recipient, letter),) = post.letters
    assert recipient == "z@example.cn"
    assert f"Message-ID: <{delivery.id}@liuchi>" in letter
    assert _state() == ("sent", 1, "")


def test_letter_when_written_then_in_the_readers_language_without_words_meant_for_the_inbox(people: People) -> None:
    wish(people[0], email="z@example.cn", language="en")
    _urgent(people[0], words="王师傅明天上午来")

    _send()

    (letter,) = mail.outbox
    assert letter.subject == "Case 20240912-000001"
    assert letter.body == "Case 20240912-000001 went on, have a look.\nhttps://liuchi.example/"


def test_letter_when_several_urgent_matters_wait_then_its_subject_counts_them(people: People) -> None:
    wish(people[0], email="z@example.cn")
    with frozen_at(MORNING):
        for number in ("20240912-000001", "20240912-000002"):
            tell([people[0]], urgent=True, number=number)

    _send()

    (letter,) = mail.outbox
    assert letter.subject == "六尺：2 件急事"
    assert "20240912-000001" in letter.body
    assert "20240912-000002" in letter.body


def test_message_when_the_server_is_away_then_tried_again_ever_later_and_given_up_at_last(
    people: People, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    wish(people[0], email="z@example.cn", quiet_from=0, quiet_to=0)
    _urgent(people[0])
    at = MORNING
    for number, minutes in enumerate(PAUSES, start=1):
        _send(at)
        assert _state() == ("waiting", number, "unreachable")
        _send(at + timedelta(minutes=minutes, seconds=-1))
        assert _state() == ("waiting", number, "unreachable")
        at += timedelta(minutes=minutes)

    _send(at)

    assert _state() == ("dead", len(PAUSES) + 1, "unreachable")


def test_message_when_the_server_refuses_the_recipient_for_good_then_given_up_at_once(
    people: People, post: FakePost
) -> None:
    wish(people[0], email="z@example.cn")
    post.refused["z@example.cn"] = 550
    _urgent(people[0])

    _send()

    assert _state() == ("dead", 1, "smtp-550")


def test_message_when_the_server_is_busy_then_tried_again(people: People, post: FakePost) -> None:
    wish(people[0], email="z@example.cn")
    post.refused["z@example.cn"] = 450
    _urgent(people[0])
    _send()
    assert _state() == ("waiting", 1, "smtp-450")
    post.refused.clear()

    _send(MORNING + timedelta(minutes=1))

    assert _state() == ("sent", 2, "")


def test_message_when_its_second_attempt_falls_into_the_night_then_it_waits_for_the_morning(
    people: People, post: FakePost
) -> None:
    wish(people[0], email="z@example.cn")
    post.refused["z@example.cn"] = 450
    evening = in_china("2024-09-12T20:59")
    _urgent(people[0], at=evening)
    _send(evening)

    _send(evening + timedelta(minutes=2))

    assert Delivery.objects.get().next_at == in_china("2024-09-13T08:00")
    assert _state()[:2] == ("waiting", 1)


def test_message_when_its_sender_was_killed_then_taken_once_more_and_then_given_up(people: People) -> None:
    """Between an attempt and its note a kill may let a message arrive twice; it never arrives a third time."""
    wish(people[0], email="z@example.cn")
    _urgent(people[0])
    with frozen_at(MORNING):
        assert len(take_deliveries(by=BY)) == 1
        assert take_deliveries(by=BY) == []

    with frozen_at(MORNING + timedelta(minutes=6)):
        (again,) = take_deliveries(by=BY)
        assert again.is_doubtful

    with frozen_at(MORNING + timedelta(minutes=12)):
        assert take_deliveries(by=BY) == []
    assert _state() == ("dead", 2, "cut_off_twice")


def test_message_when_its_outcome_comes_after_another_took_it_over_then_nothing_breaks(people: People) -> None:
    wish(people[0], email="z@example.cn")
    delivery = _urgent(people[0])
    _send()

    assert settle_deliveries(by=BY, outcomes=[Outcome(delivery.id, Result.FAILED, "late")]) == 0
    assert _state() == ("sent", 1, "")


def test_message_when_the_worker_stops_before_it_then_put_back(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    stop = threading.Event()
    stop.set()
    monkeypatch.setattr(jobs, "stopping", stop)
    wish(people[0], email="z@example.cn")
    _urgent(people[0])

    with pytest.raises(jobs.Stopped):
        _send()

    assert _state()[0] == "waiting"
    assert mail.outbox == []


def test_message_when_everything_in_it_was_seen_meanwhile_then_dropped(people: People) -> None:
    wish(people[0], email="z@example.cn")
    _urgent(people[0])
    mark_all_seen(by=reader("resident"))

    _send()

    assert (_state()[0], mail.outbox) == ("dropped", [])


def test_message_when_the_reader_no_longer_wants_it_then_dropped(people: People) -> None:
    wish(people[0], email="z@example.cn")
    _urgent(people[0])
    wish(people[0])

    _send()

    assert (_state()[0], mail.outbox) == ("dropped", [])


def test_text_message_when_sent_then_the_console_shows_it_with_the_number_masked(
    people: People, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    wish(people[0], by_sms=True)
    _urgent(people[0])

    _send()

    said = capsys.readouterr().out + caplog.text
    assert "案件 20240912-000001 有进展" in said
    assert "****" in said
    assert "1990000" not in said
    assert _state() == ("sent", 1, "")


def test_text_message_when_the_gateway_refuses_for_good_then_given_up(people: People, settings: Settings) -> None:
    settings.LIUCHI_SMS = f"{__name__}.Refusing"
    gateway.cache_clear()
    wish(people[0], by_sms=True)
    _urgent(people[0])

    _send()

    assert _state() == ("dead", 1, "sms-number")


def test_message_given_up_when_retried_then_it_is_sent_and_when_dropped_it_rests(people: People) -> None:
    wish(people[0], email="z@example.cn")
    delivery = _urgent(people[0])
    _die(delivery)
    with frozen_at(MORNING):
        retry_delivery(by=BY, delivery_id=delivery.id)
    assert ("notices.send", {}) in waiting_jobs()
    _send()
    assert _state()[0] == "sent"
    with pytest.raises(NotDead):
        drop_delivery(by=BY, delivery_id=delivery.id)
    _die(delivery)

    drop_delivery(by=BY, delivery_id=delivery.id)

    assert _state()[0] == "dropped"
    with pytest.raises(NotFound):
        retry_delivery(by=BY, delivery_id=new_id())


def test_message_given_up_when_somebody_without_the_power_touches_it_then_refused(people: People) -> None:
    wish(people[0], email="z@example.cn")
    delivery = _urgent(people[0])
    _die(delivery)

    for act in (retry_delivery, drop_delivery):
        with pytest.raises(NotAllowed):
            act(by=reader("resident"), delivery_id=delivery.id)


def test_journal_when_messages_go_out_then_it_holds_counts_and_no_recipient(people: People) -> None:
    wish(people[0], email="z@example.cn")
    _urgent(people[0])
    Line.objects.all()

    _send()

    lines = list(Line.objects.filter(kind__startswith="notices.").order_by("seq"))
    assert [(line.kind, line.data) for line in lines] == [
        ("notices.deliveries_taken", {"taken": 1, "postponed": 0, "given_up": 0}),
        ("notices.deliveries_settled", {"sent": 1, "failed": 0, "given_up": 0, "put_back": 0}),
    ]
    assert not any(str(people[0]) in str(line.data) + str(line.subject_id) for line in lines)


def test_fake_post_when_spoken_to_then_keeps_letters_and_refuses_whom_it_was_told_to() -> None:
    import smtplib

    with fake_post() as server, smtplib.SMTP("127.0.0.1", server.port) as line:
        server.refused["no@example.cn"] = 550
        line.sendmail("a@example.cn", ["yes@example.cn"], "Subject: x\r\n\r\nbody")
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            line.sendmail("a@example.cn", ["no@example.cn"], "x")

    assert [recipient for recipient, _ in server.letters] == ["yes@example.cn"]
    assert "body" in server.letters[0][1]


def _die(delivery: Delivery) -> None:
    with guard.scope("maintenance", "tests"):
        Delivery.objects.filter(id=delivery.id).update(state="dead", attempts=6, error="unreachable", next_at=None)
