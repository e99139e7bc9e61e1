"""Some weeks of fictitious cases, walked through the stages by the engine's own actions at plausible moments."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from liuchi.demo.district.stories import Story, stories, story_spot
from liuchi.engines.cases.actions.check import fail_check, pass_check, verify_case
from liuchi.engines.cases.actions.decide import uphold_decline
from liuchi.engines.cases.actions.desk import close_case, file_case, refuse_case, send_to_verify
from liuchi.engines.cases.actions.dispatch import dispatch_case
from liuchi.engines.cases.actions.handle import decline_case, hand_in_result
from liuchi.engines.cases.actions.intake import report_case
from liuchi.engines.cases.actions.reporter import rate_case, reopen_case
from liuchi.engines.cases.models import Case, Channel, FilingCondition, Report
from liuchi.engines.cases.queries import units_for
from liuchi.engines.cases.receipts import receipt_code, receipt_index
from liuchi.ground.access.models import Account
from liuchi.ground.access.viewers import PUBLIC, Viewer, viewer_of
from liuchi.ground.calendars.engine import WorkCalendar
from liuchi.ground.calendars.limits import Limit, Unit
from liuchi.ground.calendars.queries import current_version, work_calendar
from liuchi.ground.kernel import clock
from liuchi.ground.organisations.models import Organisation

CHINA = ZoneInfo("Asia/Shanghai")
#: Tokens of demo reports derive from this, so that loading twice reports nothing twice.
NAMESPACE = UUID("7d5f3a52-3c1e-4f0e-9a53-5c7b8a0f3f10")
DAYS = 21
#: Among cases reported within this time, some wait at one of the stages.
WAITING_SINCE = timedelta(days=7)
#: After how many moves they wait: to be filed, dispatched, handled, checked, closed.
WAITING_AFTER = (0, 1, 1, 2, 2, 3, 4, 4)
CHANNELS = (Channel.WEB,) * 5 + (Channel.PHONE,) * 3 + (Channel.GRID,) * 2
DECLINED_BECAUSE = "经现场查看，该处不在我单位管养范围内，建议由属地处置。"
REWORK_BECAUSE = "现场仍有遗留，请补齐后再反馈。"


#: Within what a unit says "not ours" here: less than the table of moves allows.
SAY_NOT_OURS = timedelta(hours=20)


class _NotYet(Exception):
    """The next moment lies in the future: the case stays where it is."""


@dataclass
class _Walk:
    """One case on its way; `at` is the moment of the last move."""

    case_id: UUID
    at: datetime
    calendar: WorkCalendar
    chance: Random
    until: datetime
    steps: int = 99

    def later(self, low: float, high: float, within: timedelta = timedelta(days=365)) -> datetime:
        """Move the clock on by some hours of office time, but `within` a span of any time, and return the moment.

        Raises:
            _NotYet: when that is in the future, or the case is one of those that wait for somebody.
        """
        self.steps -= 1
        hours = Decimal(str(round(self.chance.uniform(low, high), 3)))
        latest = self.at + within
        self.at = self.calendar.due(self.at, Limit(hours, Unit.WORK_HOUR)).at + timedelta(
            seconds=self.chance.randrange(60)
        )
        self.at = min(self.at, latest)
        if self.at > self.until or self.steps < 0:
            raise _NotYet
        return self.at


def load_cases(*, today: date, say: Callable[[str], None]) -> None:
    """Report the demo's stories that nobody reported yet over the last weeks; walk each as far as time allows."""
    told = stories()
    tokens = [uuid5(NAMESPACE, f"{number}|{story.text}") for number, story in enumerate(told)]
    indexes = [receipt_index(receipt_code(token)) for token in tokens]
    known = {
        bytes(row) for row in Report.objects.filter(receipt_index__in=indexes).values_list("receipt_index", flat=True)
    }
    if len(known) == len(tokens):
        return
    people = {
        role: viewer_of(Account.objects.get(username=f"demo-{role}"))
        for role in ("resident", "desk", "dispatcher", "checker")
    }
    until = min(clock.now(), datetime.combine(today, time(23, 59), CHINA).astimezone(UTC))
    calendar = work_calendar(current_version())
    chance = Random("cases")
    reported = sorted((_moment(until, chance), number) for number in range(len(told)))
    for at, number in reported:
        if indexes[number] in known:
            continue  # an earlier run was interrupted; what it told stands where it stood
        _tell(told[number], tokens[number], at, number, people, calendar, until)
    say(f"cases: {len(told)}")


def _moment(until: datetime, chance: Random) -> datetime:
    """Return a moment of the last weeks by day, the last days somewhat busier."""
    days = DAYS * chance.random() ** 1.4
    at = until - timedelta(days=days)
    if not 7 <= at.astimezone(CHINA).hour <= 21:
        at -= timedelta(hours=9)
    return at.replace(microsecond=0)


def _tell(
    story: Story,
    token: UUID,
    at: datetime,
    number: int,
    people: dict[str, Viewer],
    calendar: WorkCalendar,
    until: datetime,
) -> None:
    chance = Random(f"case {number}")
    spot = story_spot(story, "demo")
    is_resident = number % 6 == 0
    receipt = report_case(
        by=people["resident"] if is_resident else PUBLIC,
        token=token,
        text=story.text,
        channel=Channel.WEB if is_resident else chance.choice(CHANNELS),
        longitude=spot.lon,
        latitude=spot.lat,
        at=at,
    )
    waits = until - at < WAITING_SINCE and chance.random() < 0.6
    walk = _Walk(receipt.case_id, at, calendar, chance, until, steps=chance.choice(WAITING_AFTER) if waits else 99)
    try:
        _walk(walk, story, people, receipt_code(token))
    except _NotYet:
        return


def _walk(walk: _Walk, story: Story, people: dict[str, Viewer], receipt: str) -> None:
    chance, case = walk.chance, walk.case_id
    desk, dispatcher, checker = people["desk"], people["dispatcher"], people["checker"]
    if chance.random() < 0.2:
        send_to_verify(by=desk, case_id=case, at=walk.later(0.05, 0.2))
        verify_case(by=checker, case_id=case, found=True, text="现场核实属实。", at=walk.later(0.2, 0.6))
    if story.refusal:
        refuse_case(by=desk, case_id=case, reason=story.refusal, text=story.go_to, at=walk.later(0.05, 0.3))
        return
    condition = FilingCondition.objects.get(
        case_class__catalogue__valid_to=None,
        case_class__kind=story.matter.split("-")[0],
        case_class__code=story.matter.split("-")[1],
        number=story.condition,
    )
    file_case(by=desk, case_id=case, condition_id=condition.id, at=walk.later(0.05, 0.3))
    units = units_for(Case.objects.select_related("condition__case_class").get(id=case))
    first = units[-1].organisation if chance.random() < 0.08 else units[0].organisation
    _dispatch(walk, dispatcher, first, units[0].document)
    if first != units[0].organisation:
        at = walk.later(0.3, 2, within=SAY_NOT_OURS)
        decline_case(by=_handler(first), case_id=case, reason="not_our_duty", text=DECLINED_BECAUSE, at=at)
        uphold_decline(by=desk, case_id=case, at=walk.later(0.2, 1.5))
        _dispatch(walk, dispatcher, units[0].organisation, units[0].document)
    _handle(walk, story, condition, _handler(units[0].organisation), checker)
    close_case(by=desk, case_id=case, at=walk.later(0.05, 0.3))
    _answer(walk, receipt)


def _dispatch(walk: _Walk, dispatcher: Viewer, unit: Organisation, document: str) -> None:
    dispatch_case(by=dispatcher, case_id=walk.case_id, unit_id=unit.id, reason=document, at=walk.later(0.05, 0.3))


def _handle(walk: _Walk, story: Story, condition: FilingCondition, handler: Viewer, checker: Viewer) -> None:
    """Hand in a result, sometimes late, sometimes only at the second attempt."""
    chance = walk.chance
    hours = float(condition.limit_value) * (8 if condition.limit_unit.endswith("day") else 1)
    share = chance.uniform(1.1, 1.6) if chance.random() < 0.12 else chance.uniform(0.2, 0.9)
    result = chance.choice(story.results)
    hand_in_result(by=handler, case_id=walk.case_id, text=result, at=walk.later(hours * share * 0.9, hours * share))
    if chance.random() < 0.1:
        fail_check(by=checker, case_id=walk.case_id, reason="partly_done", text=REWORK_BECAUSE, at=walk.later(0.1, 0.5))
        hand_in_result(by=handler, case_id=walk.case_id, text=result, at=walk.later(0.5, 3))
    pass_check(by=checker, case_id=walk.case_id, at=walk.later(0.1, 0.5))


def _answer(walk: _Walk, receipt: str) -> None:
    """Let some reporters rate, and a few say that it came back."""
    if walk.chance.random() < 0.6:
        rating = walk.chance.choice((5, 5, 5, 4, 4, 3, 2))
        rate_case(by=PUBLIC, case_id=walk.case_id, rating=rating, receipt=receipt, at=walk.later(0.5, 16))
        if rating == 2:
            reopen_case(by=PUBLIC, case_id=walk.case_id, text="没几天又坏了。", receipt=receipt, at=walk.later(0.1, 4))


def _handler(unit: Organisation) -> Viewer:
    """Return the first handler of a unit."""
    return viewer_of(
        Account.objects.filter(grants__organisation=unit, grants__role__code="handler").order_by("username")[0]
    )
