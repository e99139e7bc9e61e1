"""What is urgent leaves the house at once: it joins the message that waits for its recipient, or begins a new one."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Min, Q

from liuchi.ground.kernel import clock
from liuchi.ground.kernel.jobs import defer
from liuchi.ground.notices.models import (
    Carried,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Notice,
    Preferences,
    Robot,
    Way,
)
from liuchi.ground.notices.timing import Habits, urgent_at
from liuchi.ground.notices.wishes import wishes_of
from liuchi.ground.records.restricting import restricted_people

SEND: Final = "notices.send"
#: So many urgent messages go to one recipient within `BURST_TIME` at once; further ones are gathered into the next.
BURST: Final = 3
BURST_TIME: Final = timedelta(minutes=10)
#: How often to look again for a waiting message that a sender took away meanwhile.
_ROUNDS: Final = 5


class Recipient(NamedTuple):
    """A person or a robot, by one way."""

    way: str
    person_id: UUID | None
    robot_id: UUID | None


def has_email() -> bool:
    """Tell whether this house can send e-mail."""
    return bool(settings.LIUCHI_MAIL)


def has_sms() -> bool:
    """Tell whether this house has a gateway for text messages."""
    return bool(settings.LIUCHI_SMS)


def habits_of(preferences: Preferences | None) -> Habits:
    """Return somebody's hours; the house's, where nothing was chosen."""
    if preferences is None:
        return Habits()
    return Habits(preferences.digest_hour, preferences.quiet_from, preferences.quiet_to, preferences.on_duty_until)


def ways_of(preferences: Preferences | None) -> list[Way]:
    """Return the ways by which somebody wishes to be told outside the inbox, as far as this house has them."""
    if preferences is None:
        return []
    by_email = preferences.by_email and preferences.is_email_confirmed and has_email()
    return [Way.EMAIL] * by_email + [Way.SMS] * (preferences.by_sms and has_sms())


def send_soon(notices: Sequence[Notice]) -> None:
    """Have urgent notices sent: each recipient gets one message with all that waits for them.

    Nothing leaves the house for people who had the use of their data restricted; the inbox keeps what they are told.
    """
    left_out = restricted_people()
    chosen = wishes_of(each.person_id for each in notices)
    wanted: dict[Recipient, list[Notice]] = {}
    for notice in (each for each in notices if each.person_id not in left_out):
        for way in ways_of(chosen.get(notice.person_id)):
            wanted.setdefault(Recipient(way, notice.person_id, None), []).append(notice)
    for robot in _robots(notices):
        heard = [
            each for each in notices if each.organisation_id == robot.organisation_id and each.topic in robot.topics
        ]
        if heard:
            wanted[Recipient(Way.ROBOT, None, robot.id)] = _one_each(heard)
    if not wanted:
        return
    moments = _moments(wanted, chosen)
    waiting = _waiting(moments)
    Carried.objects.bulk_create(
        [Carried(delivery=waiting[each], notice=notice) for each, told in wanted.items() for notice in told],
        ignore_conflicts=True,
    )
    if any(delivery.next_at is not None and delivery.next_at <= clock.now() for delivery in waiting.values()):
        defer(SEND)


def _robots(notices: Iterable[Notice]) -> list[Robot]:
    units = {notice.organisation_id for notice in notices if notice.organisation_id is not None}
    return list(Robot.objects.filter(organisation__in=units, is_active=True).order_by("id")) if units else []


def _one_each(notices: Iterable[Notice]) -> list[Notice]:
    """Return one notice for each matter: a group hears of it once, however many are told."""
    return list({(notice.source, notice.template): notice for notice in notices}.values())


def _moments(wanted: Iterable[Recipient], chosen: Mapping[UUID, Preferences]) -> dict[Recipient, datetime]:
    now = clock.now()
    busy = _busy_until(wanted, now)
    return {
        each: max(
            urgent_at(now, habits_of(chosen.get(each.person_id) if each.person_id else None)), busy.get(each, now)
        )
        for each in wanted
    }


def _busy_until(wanted: Iterable[Recipient], now: datetime) -> dict[Recipient, datetime]:
    """Return when those who had a burst of urgent messages may get the next one."""
    recent = (
        Delivery.objects.filter(_among(wanted), kind=DeliveryKind.URGENT, created_at__gt=now - BURST_TIME)
        .values_list("way", "person_id", "robot_id")
        .annotate(count=Count("id"), first=Min("created_at"))
        .order_by()
    )
    return {
        Recipient(way, person, robot): first + BURST_TIME
        for way, person, robot, count, first in recent
        if count >= BURST
    }


def _waiting(moments: Mapping[Recipient, datetime]) -> dict[Recipient, Delivery]:
    """Return for each recipient the urgent message that waits, locked; a new one where none does."""
    found: dict[Recipient, Delivery] = {}
    for _round in range(_ROUNDS):
        missing = [each for each in moments if each not in found]
        if not missing:
            break
        now = clock.now()
        new = [
            Delivery(
                way=each.way,
                kind=DeliveryKind.URGENT,
                person_id=each.person_id,
                robot_id=each.robot_id,
                next_at=moments[each],
                created_at=now,
                changed_at=now,
            )
            for each in missing
        ]
        Delivery.objects.bulk_create(new, ignore_conflicts=True)
        rows = Delivery.objects.select_for_update(of=("self",)).filter(
            _among(missing), kind=DeliveryKind.URGENT, state=DeliveryState.WAITING, attempts=0
        )
        found |= {Recipient(row.way, row.person_id, row.robot_id): row for row in rows.order_by("id")}
    return found


def _among(recipients: Iterable[Recipient]) -> Q:
    people = {each.person_id for each in recipients if each.person_id is not None}
    robots = {each.robot_id for each in recipients if each.robot_id is not None}
    return Q(person__in=people) | Q(robot__in=robots)
