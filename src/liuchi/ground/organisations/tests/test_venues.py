from datetime import date, datetime, time
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuchi.ground.calendars.engine import DayKind, WorkCalendar
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.actors import Visitor
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.organisations.actions.venues import change_venue, close_venue, open_venue
from liuchi.ground.organisations.changing import ChangeRefused
from liuchi.ground.organisations.models import OpenDay, Venue
from liuchi.ground.organisations.queries import venue, venues
from liuchi.ground.organisations.testing import SETUP, area, body
from liuchi.ground.organisations.venues import Hours, VenueFacts, facts_of, is_open_at, sort_of

MARCH, APRIL = date(2025, 3, 1), date(2025, 4, 1)
WORK = Hours("work_day", time(8, 30), time(12)), Hours("work_day", time(14), time(17, 30))
CANTEEN = VenueFacts(
    name="社区老年食堂", kind="canteen", capacity=40, is_bookable=True, facilities=("ramp", "toilet"), hours=WORK
)
CHINA = ZoneInfo("Asia/Shanghai")
#: The National Day holiday of 2024, with its make-up Saturday.
AUTUMN = WorkCalendar("autumn", {date(2024, 10, 1): DayKind.OFF, date(2024, 10, 12): DayKind.WORK}, frozenset({2024}))

db = pytest.mark.usefixtures("small")


def _open(facts: VenueFacts = CANTEEN, on: date = MARCH) -> Venue:
    return open_venue(by=SETUP, organisation_id=body("community-1").id, facts=facts, on=on)


@db
def test_venue_when_opened_changed_and_closed_then_it_is_known_with_its_hours() -> None:
    made = _open()
    assert facts_of(made) == VenueFacts(**{**vars(CANTEEN), "area_id": body("community-1").area_id})

    wanted = VenueFacts(name="老年食堂", kind="canteen", hours=(Hours("rest_day", time(10), time(13)),))
    change_venue(by=SETUP, venue_id=made.id, facts=wanted)
    change_venue(by=SETUP, venue_id=made.id, facts=facts_of(venue(made.id)))

    (found,) = venues(body("community-1").id)
    assert (found.name, found.capacity, [each.day for each in found.hours.all()]) == ("老年食堂", None, ["rest_day"])
    close_venue(by=SETUP, venue_id=made.id, on=APRIL)
    assert list(venues(body("community-1").id)) == []
    assert [each.id for each in venues(body("community-1").id, on=MARCH)] == [made.id]
    kinds = [line.kind for line in Line.objects.filter(subject_id=made.id).order_by("seq")]
    assert kinds == ["organisations.venue_opened", "organisations.venue_changed", "organisations.venue_closed"]


@db
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "长" * 61}, "name"),
        ({"phone": "1" * 21}, "phone"),
        ({"kind": "moon"}, "kind"),
        ({"facilities": ("pool",)}, "facilities"),
        ({"longitude": 117.0}, "longitude"),
        ({"capacity": None}, "capacity"),
        ({"area_id": uuid4()}, "area"),
        ({"hours": (Hours("work_day", time(9), time(9)),)}, "hours"),
        ({"hours": (Hours("moonday", time(9), time(10)),)}, "hours"),
        ({"hours": (Hours("work_day", time(9), time(12)), Hours("work_day", time(11), time(13)))}, "hours"),
    ],
)
def test_venue_when_its_facts_make_no_sense_then_told_where(changes: dict[str, object], field: str) -> None:
    with pytest.raises(ChangeRefused) as refused:
        _open(VenueFacts(**{**vars(CANTEEN), **changes}))

    assert refused.value.field == field


@db
def test_venue_when_named_twice_or_opened_ahead_or_closed_too_early_then_refused() -> None:
    made = _open()

    with pytest.raises(ChangeRefused, match="of this name"):
        _open()
    with pytest.raises(ChangeRefused):
        _open(VenueFacts("会议室", "meeting_room"), date(2026, 1, 1))
    with pytest.raises(ChangeRefused):
        close_venue(by=SETUP, venue_id=made.id, on=MARCH)


@db
def test_venue_when_unknown_or_not_the_actors_then_refused() -> None:
    made = _open()

    with pytest.raises(NotFound):
        venue(uuid4())
    with pytest.raises(NotFound):
        close_venue(by=SETUP, venue_id=uuid4(), on=APRIL)
    with pytest.raises(NotAllowed):
        close_venue(by=Visitor(frozenset()), venue_id=made.id, on=APRIL)


@db
def test_venues_when_asked_for_an_area_then_those_below_it_too() -> None:
    made = _open()

    assert [each.id for each in venues(area_id=area("990803001").id)] == [made.id]
    assert list(venues(area_id=area("990803002").id)) == []


@pytest.mark.parametrize(
    ("day", "sort"),
    [
        (date(2024, 9, 30), OpenDay.WORK_DAY),
        (date(2024, 10, 1), OpenDay.HOLIDAY),
        (date(2024, 10, 12), OpenDay.WORK_DAY),
        (date(2024, 10, 13), OpenDay.REST_DAY),
    ],
)
def test_day_when_the_government_moves_days_off_then_venues_follow(day: date, sort: OpenDay) -> None:
    assert sort_of(day, AUTUMN) == sort


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (datetime(2024, 10, 12, 8, 30, tzinfo=CHINA), True),
        (datetime(2024, 10, 12, 12, 0, tzinfo=CHINA), False),
        (datetime(2024, 10, 12, 16, 0, tzinfo=CHINA), True),
        (datetime(2024, 10, 1, 9, 0, tzinfo=CHINA), False),
        (datetime(2024, 10, 12, 1, 0, tzinfo=ZoneInfo("UTC")), True),
    ],
)
def test_venue_when_asked_whether_it_is_open_then_by_the_working_calendar(moment: datetime, is_open: bool) -> None:
    assert is_open_at(WORK, moment, AUTUMN) is is_open


@given(st.datetimes(datetime(2024, 1, 1), datetime(2025, 12, 31)))
def test_venue_when_open_then_it_is_a_day_with_hours(moment: datetime) -> None:
    moment = moment.replace(tzinfo=CHINA)

    assert is_open_at(WORK, moment, AUTUMN) <= AUTUMN.is_workday(moment.date())
