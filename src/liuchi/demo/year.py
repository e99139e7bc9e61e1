"""A year of a district's cases as scripts: what was said where and when, and every move that followed.

Everything follows from the seed, the number of the case and the moment at which the year ends; nothing is read or
written here. How many of what is drawn: no source names a mix. The shape of the answer times is that of 1,398 answers
on a city's message board (half within 12.0 days, nine tenths within 35.3), scaled so that a tenth misses its limit.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from itertools import accumulate
from random import Random
from typing import Any, Final
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from liuchi.demo.district.stories import Spot, Story, stories, story_spot
from liuchi.engines.cases.models import Channel
from liuchi.engines.cases.replay.script import Script, Step
from liuchi.ground.calendars.engine import WorkCalendar
from liuchi.ground.calendars.limits import Limit, Unit

CHINA: Final = ZoneInfo("Asia/Shanghai")
NAMESPACE: Final = UUID("5a8f2a1c-95a4-4c0e-9c8a-4b1d3f1a7e77")
DAYS: Final = 365
#: Share of a working day's messages that come on a day off, and by month and hour; no source names these.
DAY_OFF: Final = 0.55
MONTHS: Final = (0.9, 0.8, 1.0, 1.0, 1.05, 1.15, 1.25, 1.2, 1.0, 0.95, 0.95, 0.95)
HOURS: Final = (1, 1, 0, 0, 0, 1, 3, 6, 10, 12, 11, 9, 6, 6, 9, 10, 10, 9, 8, 7, 6, 5, 3, 2)
CHANNELS: Final = {
    Channel.PHONE: 44, Channel.WEB: 33, Channel.GRID: 17, Channel.WINDOW: 4, Channel.API: 2,
}  # fmt: skip
_CHANNELS: Final = tuple(CHANNELS)
_CHANNELS_UP_TO: Final = tuple(accumulate(CHANNELS.values()))
#: When some matters are said more often: months, and how much.
SEASONS: Final[Mapping[str, tuple[frozenset[int], float]]] = {
    "event-0506": (frozenset({6, 7, 8}), 4.0),
    "event-0503": (frozenset({6, 7, 8}), 2.0),
    "event-0129": (frozenset({5, 6, 7, 8, 9}), 3.0),
    "event-0128": (frozenset({5, 6, 7, 8, 9}), 1.6),
    "event-0120": (frozenset({10, 11}), 3.0),
    "event-0304": (frozenset({3, 4, 5}), 1.8),
    "component-0402": (frozenset({7, 8, 9}), 2.0),
    "component-0137": (frozenset({11, 12, 1, 2}), 1.6),
}
#: Days to the answer on the message board at these shares of all answers.
_SHARES: Final = (0.0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 1.0)
_ANSWERED: Final = (
    0.02, 0.19, 0.98, 1.82, 4.03, 5.92, 8.43, 12.03, 15.02, 19.57, 25.85, 35.32, 48.68, 75.93, 94.68, 160.0,
)  # fmt: skip
#: How many days on the message board are one limit here: then, with rework, a tenth is late. No source names a share.
_LIMIT: Final = 42.0
SAY_NOT_OURS: Final = timedelta(hours=20)
#: The key of the house itself, which wakes what has rested.
HOUSE: Final = "house"
#: Shares of what is dispatched: that rests, and that a second unit helps with; and of time-outs: that are appealed.
#: No source names any of them.
RESTS: Final = 0.02
HELPED: Final = 0.03
APPEALED: Final = 0.15
#: How many of the messages that say once more what was said before wait unseen, of those of the last days: somebody
#: who opens the page of likely duplicates finds some. No source names a share.
AGAIN_WAITS: Final = 0.5
AGAIN_LATELY: Final = timedelta(days=4)
OPENINGS: Final = ("", "", "您好，", "请问", "反映一下，", "麻烦看看，", "又来反映了，", "我是附近居民，")
ENDINGS: Final = (
    "",
    "",
    "请尽快处理。",
    "已经好几天了。",
    "希望有人来看看。",
    "谢谢。",
    "老人小孩都不方便。",
    "盼回复。",
)
#: What units say when a case has to rest, and against a time-out: the reason's code and the words.
RESTING: Final = (
    ("material", "配件已于当日向厂家订购，预计按期到货后安装。"),
    ("weather", "气象台发布持续降雨预报，雨停后方可施工。"),
    ("planned", "已列入本季度道路整治计划，按计划日期开工。"),
    ("others", "需待管线单位先行迁改，对方已书面答复时间。"),
)
APPEALS: Final = (
    ("given_late", "先派往其他单位，转到我单位时已所剩无几。"),
    ("no_access", "三次上门均无人应门，有现场照片。"),
    ("weather", "连续暴雨无法施工，有预警记录。"),
)
RATINGS: Final = (5, 5, 5, 5, 4, 4, 4, 3, 2, 1)
SAME: Final = "同一诉求已在办理中，请以先前的编号查询进展。"
REWORK: Final = "现场仍有遗留，请补齐后再反馈。"
_SPOTS: Final = 40
_HUNDREDTH: Final = Decimal("0.01")
_LIMITS_KEPT: Final = 20_000


@dataclass(frozen=True)
class Year:
    """Which year: its seed, the moment it ends, how many messages."""

    seed: str
    until: datetime
    messages: int


@dataclass(frozen=True)
class Known:
    """What a script needs of the house: its calendar, conditions by matter and number, units by matter and grid.

    A unit is its id, its code and the document its duty follows from; the first leads, others have a part in it.
    """

    calendar: WorkCalendar
    conditions: Mapping[tuple[str, int], tuple[UUID, Limit]]
    units: Callable[[str, str], Sequence[tuple[UUID, str, str]]]
    desks: int
    dispatchers: int


class _NotYet(Exception):
    """The next moment lies beyond the year, or somebody lets the case lie."""


def moments(year: Year, calendar: WorkCalendar) -> list[datetime]:
    """Return when each message of the year comes in, oldest first; the last day goes up to the moment it ends."""
    chance = Random(f"{year.seed}|days")
    last = year.until.astimezone(CHINA).date()
    days = [last - timedelta(days=DAYS - 1 - number) for number in range(DAYS)]
    weights = [_weight(day, calendar, chance) for day in days]
    found = []
    for day in chance.choices(days, weights, k=year.messages):
        hour = chance.choices(range(24), HOURS)[0]
        at = datetime.combine(day, time(hour), CHINA) + timedelta(seconds=chance.randrange(3600))
        found.append(at.astimezone(UTC))
    return sorted(at for at in found if at < year.until)


def script_of(year: Year, number: int, at: datetime, known: Known) -> Script:
    """Return all moves of the message `number` of a year, which came in at `at`, up to the year's end."""
    chance = Random(f"{year.seed}|{number}")
    story, spot, is_again = _subject(year.seed, number, at.astimezone(CHINA).month, chance)
    walk = _Walk(year, at, chance, known, spot)
    try:
        for _ in walk.moves(story, is_again=is_again):
            pass
    except _NotYet:
        pass
    return Script(token_of(year, number), tuple(walk.steps))


def token_of(year: Year, number: int) -> UUID:
    """Return the token of the message `number` of a year."""
    return uuid5(NAMESPACE, f"{year.seed}|{number}")


def answer_share(chance: Random) -> float:
    """Return how much of its limit an answer takes: as on the message board, a tenth takes more than all."""
    drawn = chance.random()
    place = max(1, bisect_left(_SHARES, drawn))
    low, high = _SHARES[place - 1], _SHARES[place]
    part = (drawn - low) / (high - low)
    return max(0.01, (_ANSWERED[place - 1] + part * (_ANSWERED[place] - _ANSWERED[place - 1])) / _LIMIT)


def _weight(day: date, calendar: WorkCalendar, chance: Random) -> float:
    return MONTHS[day.month - 1] * (1 if calendar.is_workday(day) else DAY_OFF) * chance.uniform(0.85, 1.15)


def _subject(seed: str, number: int, month: int, chance: Random) -> tuple[Story, Spot, bool]:
    """Return what a message is about and where; one in twenty-five says what somebody said a little before."""
    is_again = chance.random() < 0.04
    if is_again and number > 200:
        before = number - chance.randrange(1, 150)
        story, spot, _ = _subject(seed, before, month, Random(f"{seed}|{before}"))
        return story, spot, not story.refusal
    told, weights = _told(seed, month)
    story = chance.choices(told, cum_weights=weights)[0]
    spots = _spots(seed, story)
    return story, spots[int(len(spots) * chance.random() ** 1.8)], False


@cache
def _told(seed: str, month: int) -> tuple[tuple[Story, ...], tuple[float, ...]]:
    """Return all stories with how often they are told in a month, summed up."""
    base = Random(f"{seed}|stories")
    weights = []
    for story in stories():
        weight = base.paretovariate(1.3) if story.matter and not story.refusal else 1.1
        months, more = SEASONS.get(story.matter, (frozenset(), 1.0))
        weights.append(min(weight, 8) * (more if month in months else 1.0))
    return stories(), tuple(accumulate(weights))


@cache
def _spots(seed: str, story: Story) -> tuple[Spot, ...]:
    """Return where a story happens, the places where it happens most often first."""
    return tuple(story_spot(story, f"{seed}|{number}") for number in range(_SPOTS))


class _Walk:
    """One case on its way; `at` is the moment of its last move."""

    def __init__(self, year: Year, at: datetime, chance: Random, known: Known, spot: Spot) -> None:
        self.year, self.at, self.chance, self.known, self.spot = year, at, chance, known, spot
        self.steps: list[Step] = []
        self.desk, self.dispatcher = f"desk-{1 + chance.randrange(known.desks)}", "dispatcher-1"
        self.dispatcher = f"dispatcher-{1 + chance.randrange(known.dispatchers)}"
        self.checker = f"grid-{spot.grid_code}-1"
        # Some of what came in lately is let lie by somebody.
        lies = year.until - at < timedelta(days=45) and chance.random() < 0.03
        self.left = chance.randrange(1, 6) if lies else 99

    def make(self, move: str, by: str, low: float, high: float, **given: Any) -> None:
        """Make a move after some hours of office time.

        Raises:
            _NotYet: that lies beyond the year, or somebody lets the case lie.
        """
        self.make_at(move, by, self.later(low, high), **given)

    def later(self, low: float, high: float) -> datetime:
        """Return the moment some hours of office time on."""
        return self.known.calendar.due(self.at, _hours(max(0.01, round(self.chance.uniform(low, high), 2)))).at

    def make_at(self, move: str, by: str, at: datetime, **given: Any) -> None:
        """Make a move at a moment, or a second after the last one."""
        self.left -= 1
        at = max(at.astimezone(UTC), self.at) + timedelta(seconds=1 + self.chance.randrange(50))
        if at > self.year.until or self.left < 0:
            raise _NotYet
        self.at = at
        self.steps.append(Step(move, at, by, given))

    def moves(self, story: Story, *, is_again: bool) -> Iterator[None]:
        """Make all moves of a case."""
        chance = self.chance
        self._report(story)
        if chance.random() < 0.15:
            self.make("send_to_verify", self.desk, 0.05, 0.2)
            self.make("verify", self.checker, 0.2, 0.6, found=True, text="现场核实属实。")
        if is_again and self.year.until - self.at < AGAIN_LATELY and chance.random() < AGAIN_WAITS:
            return
        if story.refusal or is_again:
            said = (
                {"reason": "same_demand", "text": SAME} if is_again else {"reason": story.refusal, "text": story.go_to}
            )
            self.make("refuse", self.desk, 0.03, 0.3, **said)
            return
        condition_id, limit = self.known.conditions[story.matter, story.condition]
        self.make("file", self.desk, 0.03, 0.3, condition_id=condition_id)
        if chance.random() < 0.02:
            self.make("return_to_desk", self.dispatcher, 0.03, 0.2, reason="wrong_condition", text="请核对立案条件。")
            self.make("file", self.desk, 0.03, 0.3, condition_id=condition_id)
        units = self.known.units(story.matter, self.spot.grid_code)
        yield from self._until_closed(story, limit, units)
        if chance.random() < 0.38:
            rating = chance.choice(RATINGS)
            self.make("rate", "public", 0.5, 16, rating=rating)
            if rating < 3 and chance.random() < 0.4:
                self.make("reopen", "public", 0.1, 4, text="没几天又坏了。")
                yield from self._until_closed(story, limit, units)

    def _report(self, story: Story) -> None:
        chance = self.chance
        channel = chance.choices(_CHANNELS, cum_weights=_CHANNELS_UP_TO)[0]
        text = chance.choice(OPENINGS) + story.text + chance.choice(ENDINGS)
        given = {"text": text, "channel": channel.value, "longitude": self.spot.lon, "latitude": self.spot.lat}
        if channel == Channel.PHONE:
            given["phone"] = f"1990000{chance.randrange(10_000):04d}"
        self.steps.append(Step("report", self.at, "public", given))

    def _until_closed(self, story: Story, limit: Limit, units: Sequence[tuple[UUID, str, str]]) -> Iterator[None]:
        """Dispatch, handle, check and close."""
        chance, (unit, code, document) = self.chance, units[0]
        if len(units) > 1 and chance.random() < 0.05:
            self._not_theirs(units[-1], document)
        self.make("dispatch", self.dispatcher, 0.03, 0.25, unit_id=unit, reason=document)
        handler = f"handler-{code}-1"
        if chance.random() < 0.01:
            self._theirs_after_all(handler)
        helper = units[1] if len(units) > 1 and chance.random() < HELPED else None
        is_late = self._handle(story, limit, handler, helper)
        self.make("close", self.desk, 0.03, 0.3)
        if is_late and chance.random() < APPEALED:
            self._appeal(handler)
        yield

    def _appeal(self, handler: str) -> None:
        """Let the unit say that its time-out was not its doing, and somebody decide on it."""
        reason, text = self.chance.choice(APPEALS)
        self.make("appeal", handler, 0.5, 12, reason=reason, text=text)
        if self.chance.random() < 0.4:
            self.make("uphold_appeal", self.desk, 0.5, 8, text="情况属实，不计超时。")
        else:
            self.make("reject_appeal", self.desk, 0.5, 8, text="理由不足，超时照计。")

    def _not_theirs(self, unit: tuple[UUID, str, str], document: str) -> None:
        """Let a wrong unit have it first, which says so within its time."""
        self.make("dispatch", self.dispatcher, 0.03, 0.25, unit_id=unit[0], reason=document)
        self._decline(f"handler-{unit[1]}-1", "经现场查看，该处不在我单位管养范围内，建议由属地处置。")
        self.make("uphold_decline", self.desk, 0.2, 1.5)

    def _theirs_after_all(self, handler: str) -> None:
        self._decline(handler, "该处权属待核，建议改派。")
        self.make("reject_decline", self.desk, 0.2, 1.5, reason="on_the_list", text="清单载明由你单位负责。")

    def _decline(self, handler: str, text: str) -> None:
        at = min(self.later(0.3, 2), self.at + SAY_NOT_OURS)
        self.make_at("decline", handler, at, reason="not_our_duty", text=text)

    def _handle(self, story: Story, limit: Limit, handler: str, helper: tuple[UUID, str, str] | None) -> bool:
        """Hand in a result, sometimes late, sometimes with more time, sometimes only at the second attempt.

        Return whether the unit was late without having asked for anything.
        """
        chance, began, share = self.chance, self.steps[-1].at, answer_share(self.chance)
        is_plain, is_slow = self.steps[-1].move == "dispatch", limit.unit in {Unit.WORK_DAY, Unit.NATURAL_DAY}
        if helper is not None:
            self._bring_in(helper)
        if helper is None and is_slow and chance.random() < RESTS:
            self._rest(limit, handler, began)
        elif share > 0.8 and is_slow and chance.random() < 0.35:
            self._ask_for_time(limit, handler, began)
        is_plain = is_plain and self.steps[-1].move in {"dispatch", "answer_part"}
        if helper is not None:
            self.make("answer_part", f"handler-{helper[1]}-1", 0.5, 6, unit_id=helper[0], text="已到现场配合处置。")
        result = chance.choice(story.results)
        self.make_at("hand_in", handler, self._after(began, limit, share), text=result)
        is_late = is_plain and self.at > self.known.calendar.due(began, limit).at
        if chance.random() < 0.07:
            self.make(
                "fail_check", self.checker, 0.05, 0.45, reason="partly_done", text="现场仍有遗留，请补齐后再反馈。"
            )
            self.make("hand_in", handler, 0.5, 3, text=result)
            is_late = False  # which of its times was too long only the clock tells
        self.make("pass_check", self.checker, 0.05, 0.6)
        return is_late

    def _bring_in(self, helper: tuple[UUID, str, str]) -> None:
        """Let the dispatcher bring in the unit that the list of duties names next."""
        text = "请配合牵头单位处置，结果告知牵头单位。"
        days = self.chance.choice((2, 3, 5))
        self.make("bring_in", self.dispatcher, 0.03, 0.3, unit_id=helper[0], text=text, days=days)

    def _rest(self, limit: Limit, handler: str, began: datetime) -> None:
        """Let the case rest until a day, where work cannot go on before; mostly that is granted."""
        reason, text = self.chance.choice(RESTING)
        at = max(self._after(began, limit, self.chance.uniform(0.1, 0.6)), self.at)
        until = at.astimezone(CHINA).date() + timedelta(days=self.chance.randrange(7, 40))
        self.make_at("ask_pause", handler, at, reason=reason, text=text, until=until)
        if self.chance.random() < 0.15:
            self.make("refuse_pause", self.desk, 0.2, 1.5, text="现在就可以处置，不需挂账。")
            return
        self.make("grant_pause", self.desk, 0.2, 1.5, text="同意挂账，到期自动恢复计时。")
        if self.chance.random() < 0.2:
            self.make("resume", handler, 2, 12, text="条件已具备，提前恢复处置。")
            return
        opening = self.known.calendar.office_hours.intervals[0][0]
        self.make_at("wake", HOUSE, datetime.combine(until, opening, CHINA))

    def _ask_for_time(self, limit: Limit, handler: str, began: datetime) -> None:
        """Ask for more time before the limit ends; mostly it is granted."""
        at = max(self._after(began, limit, self.chance.uniform(0.4, 0.7)), self.at)
        if at + timedelta(hours=1) > self.known.calendar.due(began, limit).at:
            return  # what came between took the time in which to ask
        said = {
            "reason": self.chance.choice(("more_work", "others", "material", "weather")),
            "text": "需要更多时间，已完成前期工作。",
        }
        self.make_at("ask_extension", handler, at, **said)
        if self.chance.random() < 0.85:
            self.make("grant_extension", self.desk, 0.2, 1.5)
        else:
            self.make("refuse_extension", self.desk, 0.2, 1.5, text="时间足够，请按期完成。")

    def _after(self, began: datetime, limit: Limit, share: float) -> datetime:
        return self.known.calendar.due(began, _part_of(limit, round(share, 3))).at


@lru_cache(maxsize=_LIMITS_KEPT)
def _hours(hours: float) -> Limit:
    return Limit(Decimal(hours).quantize(_HUNDREDTH), Unit.WORK_HOUR)


@lru_cache(maxsize=_LIMITS_KEPT)
def _part_of(limit: Limit, share: float) -> Limit:
    return Limit(max(_HUNDREDTH, (limit.value * Decimal(str(share))).quantize(_HUNDREDTH)), limit.unit)
