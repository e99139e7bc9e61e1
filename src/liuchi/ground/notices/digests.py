"""Digests: everything new of a day in one message. Called inside the action that prepares them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from liuchi.ground.calendars.engine import CHINA
from liuchi.ground.calendars.queries import current_version, work_calendar
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.notices.models import (
    Carried,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Notice,
    Preferences,
    Robot,
    Urgency,
    Way,
)
from liuchi.ground.notices.outgoing import habits_of, has_email
from liuchi.ground.notices.timing import Habits, is_digest_due
from liuchi.ground.notices.wishes import wishes_of
from liuchi.ground.people.queries import joined_records
from liuchi.ground.records.restricting import restricted_people

#: How far back a digest looks: further than the longest holidays.
HORIZON: Final = timedelta(days=14)
#: Recipients looked after with one set of statements.
BATCH: Final = 500


@dataclass(frozen=True)
class Gathered:
    """What was gathered: recipients looked at, messages made, notices in them."""

    looked_at: int = 0
    deliveries: int = 0
    notices: int = 0

    def __add__(self, other: "Gathered") -> "Gathered":
        return Gathered(
            self.looked_at + other.looked_at, self.deliveries + other.deliveries, self.notices + other.notices
        )


def gather_for_people(now: datetime) -> Gathered:
    """Make today's digest for everybody who wants one by e-mail and whose hour has come."""
    if not has_email():
        return Gathered()
    today, calendar = now.astimezone(CHINA), work_calendar(current_version())
    waiting = (
        Preferences.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(by_email=True, is_email_confirmed=True, digest_hour__lte=today.hour)
        .exclude(digested_on=today.date())
        .exclude(person_id__in=restricted_people())
        .order_by("person_id")
    )
    due = [each for each in waiting if is_digest_due(now, habits_of(each), calendar)] if waiting.exists() else []
    gathered = Gathered()
    for batch in _batches(due):
        made = [(_delivery(Way.EMAIL, now, person_id=person), notices) for person, notices in _told(batch, now).items()]
        Preferences.objects.filter(person__in=[each.person_id for each in batch]).update(digested_on=today.date())
        gathered += _written(len(batch), made)
    return gathered


def gather_for_robots(now: datetime) -> Gathered:
    """Make today's digest for every robot: what is new in its unit, whoever of them has looked at it already."""
    today = now.astimezone(CHINA)
    if not is_digest_due(now, Habits(), work_calendar(current_version())):
        return Gathered()
    robots = list(
        Robot.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(is_active=True)
        .exclude(digested_on=today.date())
        .order_by("id")
    )
    made = []
    for robot in robots:
        matters = {(source, template): notice_id for notice_id, source, template in _news_of_unit(robot, now)}
        if matters:
            made.append((_delivery(Way.ROBOT, now, robot_id=robot.id), list(matters.values())))
    Robot.objects.filter(id__in=[each.id for each in robots]).update(digested_on=today.date())
    return _written(len(robots), made)


def _told(batch: Sequence[Preferences], now: datetime) -> dict[UUID, list[UUID]]:
    """Return the news for each of those whose wishes count, of all their joined records together."""
    records = joined_records([each.person_id for each in batch])
    counting = wishes_of(records)
    owners = {
        record: wishes
        for wishes in batch
        if counting[wishes.person_id].person_id == wishes.person_id
        for record in records[wishes.person_id]
    }
    told: dict[UUID, list[UUID]] = {}
    for notice_id, person_id, topic in _news_of_people(owners, now):
        if topic not in owners[person_id].muted:
            told.setdefault(owners[person_id].person_id, []).append(notice_id)
    return told


def _news_of_people(people: Iterable[UUID], now: datetime) -> QuerySet[Notice, tuple[UUID, UUID, str]]:
    told = Carried.objects.filter(notice=OuterRef("id"), delivery__way=Way.EMAIL)
    news = Notice.objects.filter(
        person__in=people, is_seen=False, urgency=Urgency.ORDINARY, created_at__gt=now - HORIZON
    )
    return news.exclude(Exists(told)).order_by("person_id", "id").values_list("id", "person_id", "topic")


def _news_of_unit(robot: Robot, now: datetime) -> QuerySet[Notice, tuple[UUID, UUID, str]]:
    told = Carried.objects.filter(
        notice__source=OuterRef("source"), notice__template=OuterRef("template"), delivery__robot=robot
    )
    news = Notice.objects.filter(
        organisation=robot.organisation_id,
        topic__in=robot.topics,
        urgency=Urgency.ORDINARY,
        created_at__gt=max(now - HORIZON, robot.created_at),
    )
    return news.exclude(Exists(told)).order_by("id").values_list("id", "source", "template")


def _delivery(way: Way, now: datetime, *, person_id: UUID | None = None, robot_id: UUID | None = None) -> Delivery:
    day: date = now.astimezone(CHINA).date()
    return Delivery(
        id=new_id(),
        way=way,
        kind=DeliveryKind.DIGEST,
        person_id=person_id,
        robot_id=robot_id,
        state=DeliveryState.WAITING,
        day=day,
        next_at=now,
        created_at=now,
        changed_at=now,
    )


def _written(looked_at: int, made: Sequence[tuple[Delivery, Sequence[UUID]]]) -> Gathered:
    Delivery.objects.bulk_create([delivery for delivery, _ in made])
    carried = [Carried(delivery=delivery, notice_id=notice) for delivery, notices in made for notice in notices]
    Carried.objects.bulk_create(carried, batch_size=2000)
    return Gathered(looked_at, len(made), len(carried))


def _batches(due: Sequence[Preferences]) -> Iterable[Sequence[Preferences]]:
    return (due[start : start + BATCH] for start in range(0, len(due), BATCH))
