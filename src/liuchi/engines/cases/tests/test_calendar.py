"""Deadlines follow the calendar: provisional beyond the published years, firm once the year's holidays are imported."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from liuchi.engines.cases import reactions
from liuchi.engines.cases.actions.check import fail_check, pass_check
from liuchi.engines.cases.actions.desk import close_case, file_case
from liuchi.engines.cases.actions.dispatch import dispatch_case
from liuchi.engines.cases.actions.handle import hand_in_result
from liuchi.engines.cases.actions.standards import import_catalogue, recompute_deadlines
from liuchi.engines.cases.catalogue import Row
from liuchi.engines.cases.models import Case, CaseClock, ClockKind
from liuchi.engines.cases.testing import SETUP, World, case_of, report, small_world
from liuchi.ground.calendars.actions import PUBLISHED, import_holidays
from liuchi.ground.calendars.engine import DayKind
from liuchi.ground.calendars.holidays_file import NamedDay
from liuchi.ground.calendars.queries import current_version
from liuchi.ground.journal.models import DeadLetter, Line
from liuchi.ground.journal.reactions import Reaction, run_reactions
from liuchi.ground.journal.sealing import seal_once
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.territory.queries import forget

CALENDAR = Reaction("cases.calendar", frozenset({PUBLISHED.name}), reactions.follow_calendar)
#: A Thursday morning in a year nobody has published yet; its October brings the usual week off.
THURSDAY = datetime(2028, 9, 28, 2, 0, tzinfo=UTC)
HOLIDAYS = [NamedDay(date(2028, 10, day), "国庆节", DayKind.OFF) for day in range(1, 8)]
HOLIDAYS += [NamedDay(date(2028, 9, 30), "国庆节", DayKind.WORK), NamedDay(date(2028, 1, 1), "元旦", DayKind.OFF)]


@pytest.fixture
def house(committed: None) -> Iterator[World]:
    with frozen_at(THURSDAY):
        world = small_world()
        import_catalogue(
            by=SETUP,
            code="test",
            document="测试标准",
            city="测试市",
            rows=[
                Row(
                    "component",
                    "01",
                    "公用设施",
                    "0101",
                    "上水井盖",
                    "破损",
                    "修复",
                    "5天",
                    Decimal(5),
                    "work_day",
                    "",
                    "",
                ),
                Row(
                    "component",
                    "01",
                    "公用设施",
                    "0101",
                    "上水井盖",
                    "缺失",
                    "修复",
                    "",
                    Decimal(72),
                    "urgent_hour",
                    "",
                    "",
                ),
            ],
            content_hash="1" * 64,
            valid_from=date(2024, 1, 1),
        )
        yield world
    forget()


def _filed(world: World, number: int = 1) -> Case:
    receipt = report(world)
    conditions = world.conditions[0].case_class.__class__.objects.get(catalogue__valid_to=None).conditions
    file_case(by=world.viewer("desk"), case_id=receipt.case_id, condition_id=conditions.get(number=number).id)
    return case_of(receipt.case_id)


def _dispatched(world: World) -> Case:
    case = _filed(world)
    dispatch_case(by=world.viewer("dispatcher"), case_id=case.id, unit_id=world.water.id)
    return case_of(case.id)


def _handed_in(world: World) -> Case:
    case = _dispatched(world)
    hand_in_result(by=world.viewer("water"), case_id=case.id, text="已处理")
    return case_of(case.id)


def _publish() -> None:
    import_holidays(by=SETUP, source="test", days=HOLIDAYS, years=[2028])
    seal_once()
    run_reactions([CALENDAR])
    assert DeadLetter.objects.count() == 0


def _at(day: int, hour: int, month: int = 10) -> datetime:
    return datetime(2028, month, day, hour - 8, tzinfo=UTC)


def test_running_clocks_when_the_years_holidays_come_then_case_and_clocks_get_firm_new_dates(house: World) -> None:
    case = _dispatched(house)
    provisional = (case.due_at, case.is_provisional, case.step_due_at, case.step_warn_at)

    _publish()

    case = case_of(case.id)
    assert provisional == (_at(5, 10), True, _at(5, 10), _at(3, 18))
    assert (case.due_at, case.is_provisional, case.step_due_at) == (_at(11, 10), False, _at(11, 10))
    assert case.step_warn_at == _at(9, 18)
    clocks = {clock.kind: clock for clock in case.clocks.filter(stopped_at=None)}
    assert {clock.due_at for clock in clocks.values()} == {_at(11, 10)}
    assert {clock.calendar_version_id for clock in clocks.values()} == {current_version().id}
    assert Line.objects.get(kind="case.deadlines_recomputed").data["clocks"] == 2


def test_clocks_of_all_hours_when_holidays_come_then_keep_their_dates(house: World) -> None:
    case = _filed(house, 2)

    _publish()

    assert (case_of(case.id).due_at, case_of(case.id).is_provisional) == (THURSDAY + timedelta(hours=72), False)


def test_stopped_clocks_when_holidays_come_then_stay_as_they_were_judged(house: World) -> None:
    case = _handed_in(house)
    pass_check(by=house.viewer("checker"), case_id=case.id)
    close_case(by=house.viewer("desk"), case_id=case.id)
    before = list(case.clocks.order_by("id").values())

    _publish()

    assert list(case.clocks.order_by("id").values()) == before
    assert (case_of(case.id).due_at, case_of(case.id).is_provisional) == (_at(5, 10), True)


def test_paused_clock_when_holidays_come_then_promises_the_new_date_and_goes_on_with_it(house: World) -> None:
    case = _handed_in(house)

    _publish()
    paused = case_of(case.id)
    with frozen_at(THURSDAY + timedelta(hours=2)):
        fail_check(by=house.viewer("checker"), case_id=case.id, reason="not_done", text="没有处理")

    assert (paused.due_at, paused.is_provisional) == (_at(11, 10), False)
    assert case.clocks.get(kind=ClockKind.CASE).consumed == 0
    resumed = case_of(case.id)
    assert (resumed.due_at, resumed.step_due_at) == (_at(11, 12), _at(11, 12))


def test_paused_clock_when_it_was_late_already_then_stays_late_on_the_new_calendar(house: World) -> None:
    case = _dispatched(house)
    with frozen_at(_at(6, 10)):
        hand_in_result(by=house.viewer("water"), case_id=case.id, text="已处理")
    late_before = case.clocks.get(kind=ClockKind.CASE)

    _publish()

    late = case.clocks.get(kind=ClockKind.CASE)
    assert late_before.paused_at is not None
    assert late_before.paused_at > late_before.due_at
    assert late.paused_at is not None
    assert late.paused_at > late.due_at
    assert late.consumed == late_before.consumed


def test_firm_deadline_when_a_named_day_changes_then_moves_too(house: World) -> None:
    _publish()
    case = _dispatched(house)
    firm = (case.due_at, case.is_provisional)

    import_holidays(by=SETUP, source="test", days=[NamedDay(date(2028, 10, 10), "抗洪", DayKind.OFF)], years=[])
    seal_once()
    run_reactions([CALENDAR])

    moved = case_of(case.id)
    assert firm == (_at(11, 10), False)
    assert (moved.due_at, moved.step_due_at, moved.is_provisional) == (_at(12, 10), _at(12, 10), False)


def test_recomputing_when_nothing_is_behind_then_writes_nothing(house: World) -> None:
    _dispatched(house)
    before = Line.objects.count()

    assert recompute_deadlines(by=SETUP, calendar="cn", number=current_version().number) == 0
    assert Line.objects.count() == before


def test_recomputing_when_done_twice_then_the_second_changes_nothing(house: World) -> None:
    case = _dispatched(house)
    _publish()
    before = (list(CaseClock.objects.order_by("id").values()), case_of(case.id).due_at, Line.objects.count())

    assert recompute_deadlines(by=SETUP, calendar="cn", number=current_version().number) == 0
    assert (list(CaseClock.objects.order_by("id").values()), case_of(case.id).due_at, Line.objects.count()) == before
