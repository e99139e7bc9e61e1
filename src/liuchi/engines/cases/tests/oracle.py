"""The rules of a case once more, written from the issue and not from the engine: slow, plain, obviously right."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from liuchi.engines.cases.tests.oracle_appeals import Round
from liuchi.engines.cases.tests.oracle_gathering import Behind, is_in_place, note
from liuchi.engines.cases.tests.oracle_parts import Parts

CHINA = ZoneInfo("Asia/Shanghai")
FIRST, DAYS = date(2024, 9, 1), 150
HOLIDAYS = {date(2024, 9, day) for day in (15, 16, 17)} | {date(2024, 10, day) for day in range(1, 8)}
HOLIDAYS |= {date(2025, 1, 1)} | {date(2025, 1, day) for day in (28, 29, 30, 31)}
MAKE_UP = {date(2024, 9, 14), date(2024, 9, 29), date(2024, 10, 12), date(2025, 1, 26)}
LATEST = datetime(2024, 12, 20, tzinfo=CHINA)
OPENINGS = ((time(8), time(12)), (time(14), time(18)))

#: Limits of the small world's filing conditions, in the order of `World.conditions`.
CONDITIONS = (("work", 4 * 3600), ("all", 2 * 3600), ("day", 8 * 3600))
STEPS = {
    "received": 900,
    "verifying": 1800,
    "filed": 900,
    "disputed": 7200,
    "extending": 7200,
    "pausing": 7200,
    "ending": 7200,
    "proposed": 7200,
    "checking": 1800,
    "checked": 900,
}
CLOSED_DAYS, DECLINE_HOURS, RETURNS, EXTENSIONS, RESTS = 30, 24, 2, 2, 1
#: For how many days a rest is asked for, as the example draws.
REST_DAYS = (1, 5, 20)
TAKE_BACK_MINUTES = 15
#: While somebody decides on a wish of the unit, its own clock runs on.
ASIDE = {"disputed", "extending", "pausing", "ending"}

#: Move → states it may start in, state it leads to, whose move it is.
TABLE = {
    "send_to_verify": ({"received"}, "verifying", "desk"),
    "verify": ({"verifying"}, "received", "checker"),
    "file": ({"received"}, "filed", "desk"),
    "refuse": ({"received"}, "refused", "desk"),
    "dispatch": ({"filed"}, "handling", "dispatcher"),
    "take_back": ({"handling"}, "filed", "dispatcher"),
    "return_to_desk": ({"filed"}, "received", "dispatcher"),
    "decline": ({"handling"}, "disputed", "unit"),
    "uphold_decline": ({"disputed"}, "filed", "judge"),
    "reject_decline": ({"disputed"}, "handling", "judge"),
    "ask_extension": ({"handling"}, "extending", "unit"),
    "grant_extension": ({"extending"}, "handling", "other decider"),
    "refuse_extension": ({"extending"}, "handling", "other decider"),
    "ask_pause": ({"handling"}, "pausing", "unit"),
    "grant_pause": ({"pausing"}, "paused", "other decider"),
    "refuse_pause": ({"pausing"}, "handling", "other decider"),
    "resume": ({"paused"}, "handling", "unit"),
    "end_pause": ({"paused"}, "handling", "decider"),
    "wake": ({"paused"}, "handling", "nobody"),
    "hand_in": ({"handling", "extending", "pausing", "paused"}, "checking", "unit"),
    "pass_check": ({"checking"}, "checked", "other checker"),
    "fail_check": ({"checking"}, "handling", "other checker"),
    "close": ({"checked"}, "closed", "other desk"),
    "rate": ({"closed"}, "closed", "reporter"),
    "reopen": ({"closed"}, "filed", "reporter"),
    "merge": ({"received", "verifying", "filed", "handling"}, "merged", "desk"),
    "unmerge": ({"merged"}, "received", "desk"),
    "unmerge_filed": ({"merged"}, "filed", "desk"),
    "withdraw": ({"received", "verifying", "filed"}, "withdrawn", "reporter"),
    "ask_ending": ({"handling"}, "ending", "unit"),
    "propose_ending": ({"filed"}, "proposed", "desk"),
    "approve_ending": ({"ending", "proposed"}, "dismissed", "approver"),
    "reject_ending": ({"ending"}, "handling", "approver"),
    "reject_proposal": ({"proposed"}, "filed", "approver"),
    "reopen_on_call": ({"closed"}, "filed", "other desk"),
}


#: The moves after which the unit goes on with the clock it had.
GOING_ON = {"reject_decline", "grant_extension", "refuse_extension", "refuse_pause", "resume", "end_pause", "wake"}
GOING_ON |= {"reject_ending"}


@dataclass(frozen=True)
class Person:
    """Somebody under one hat: what they are, for which towns (None: everywhere), and in which units they handle.

    `account` is who that is, when the hat is not their only one; `elsewhere` are their units under other hats.
    """

    name: str
    offices: frozenset[str] = frozenset()
    towns: frozenset[int] | None = None
    units: frozenset[str] = frozenset()
    account: str = ""
    elsewhere: frozenset[str] = frozenset()

    @property
    def human(self) -> str:
        return self.account or self.name


PEOPLE = (
    Person("desk", frozenset({"desk", "decider"})),
    Person("dispatcher", frozenset({"dispatcher"})),
    Person("officer", frozenset({"decider", "approver"})),
    Person("checker", frozenset({"checker"}), frozenset({1})),
    Person("water", units=frozenset({"water"})),
    Person("lights", units=frozenset({"lights"})),
    Person("town", units=frozenset({"town"})),
    Person("resident"),
    Person("other-resident"),
    Person("other-desk", frozenset({"desk", "decider"}), frozenset({2})),
    Person("other-checker", frozenset({"checker"}), frozenset({2})),
    Person("many-hats", frozenset({"desk", "decider", "checker", "dispatcher"}), elsewhere=frozenset({"water"})),
    Person("many-hats at water", units=frozenset({"water"}), account="many-hats"),
    Person("visitor"),
    Person("receipt holder"),
)


def _open_intervals() -> list[tuple[datetime, datetime]]:
    found = []
    for number in range(DAYS):
        day = FIRST + timedelta(days=number)
        if day in MAKE_UP or (day not in HOLIDAYS and day.isoweekday() <= 5):
            found += [(datetime.combine(day, a, CHINA), datetime.combine(day, b, CHINA)) for a, b in OPENINGS]
    return found


INTERVALS = _open_intervals()


def worked(until: datetime) -> int:
    """Return the seconds of office time from the first day on."""
    return sum(int((min(until, end) - start).total_seconds()) for start, end in INTERVALS if start < until)


def moment_of(target: int, *, latest: bool) -> datetime:
    """Return the first (or the last) moment at which so many seconds have been worked."""
    done = 0
    for start, end in INTERVALS:
        length = int((end - start).total_seconds())
        if (done <= target < done + length) if latest else (done < target <= done + length):
            return start + timedelta(seconds=target - done)
        done += length
    raise AssertionError("the test's calendar is too short")


def opening(now: datetime, days: int) -> datetime:
    """Return eight in the morning so many days later, working day or not."""
    return datetime.combine(now.astimezone(CHINA).date() + timedelta(days=days), time(8), CHINA)


def is_before_an_opening(moment: datetime) -> bool:
    """Tell whether the office still opens that day, or opens just now."""
    local = moment.astimezone(CHINA)
    return any(
        start.date() == local.date() and local <= start and not any(a < local <= b for a, b in INTERVALS)
        for start, _ in INTERVALS
    )


@dataclass
class Clock:
    """A limit that runs, waits or has ended."""

    how: str
    limit: int
    started: datetime
    since: datetime | None
    used: int = 0
    paused: datetime | None = None
    rests: datetime | None = None
    late: bool = False
    asked: datetime | None = None

    def used_at(self, now: datetime) -> int:
        if self.since is None:
            return self.used
        if self.how == "all":
            return self.used + int((now - self.since).total_seconds())
        return self.used + worked(now) - worked(self.since)

    def ends(self, share: float = 1) -> datetime:
        since = self.since or self.rests or self.paused
        assert since is not None
        left = int(self.limit * share) - self.used
        if self.how == "all":
            return since + timedelta(seconds=left)
        latest = share == 1 and self.how == "day" and is_before_an_opening(self.started)
        return moment_of(worked(since) + left, latest=latest)

    def rest(self, now: datetime, until: datetime | None = None) -> None:
        self.used, self.since, self.paused, self.rests = self.used_at(now), None, now, until

    def go_on(self, now: datetime) -> None:
        self.since, self.paused, self.rests = now, None, None

    def warns(self) -> datetime:
        return min(self.ends(0.75), self.ends())


@dataclass
class Expected:
    """What one case should look like."""

    id: UUID
    town: int
    reporter: str
    receipt: str
    state: str = "received"
    condition: int | None = None
    unit: str | None = None
    step: Clock | None = None
    promise: Clock | None = None
    shown_due: datetime | None = None
    assigned: datetime | None = None
    ended: datetime | None = None
    reported: datetime = datetime.min
    behind: Behind = field(default_factory=Behind)
    among: list[Expected] = field(default_factory=list)
    merged_into: Expected | None = None
    merged_from: str = ""
    proposed_by: set[str] = field(default_factory=set)
    asked_by: set[str] = field(default_factory=set)
    was_late: bool = False
    had_a_part: set[str] = field(default_factory=set)
    handled_by: set[str] = field(default_factory=set)
    dispatched_by: set[str] = field(default_factory=set)
    declined_by: set[str] = field(default_factory=set)
    extended: int = 0
    rested: int = 0
    rests_until: datetime | None = None
    handling: Clock | None = None
    called: bool = False
    parts: Parts = field(default_factory=Parts)
    rounds: list[Round] = field(default_factory=list)
    moves: list[str] = field(default_factory=lambda: ["report"])
    happened: list[tuple[str, datetime, bool]] = field(default_factory=list)

    def may(self, person: Person, move: str, unit: str, now: datetime) -> bool:
        """Tell whether somebody may make a move now (into `unit`, where it is a dispatch)."""
        sources, _, whose = TABLE[move]
        if self.state not in sources:
            return False
        here = person.towns is None or self.town in person.towns
        match whose.split():
            case ["unit"]:
                right = self.unit in person.units
            case ["nobody"]:
                right = False
            case ["reporter"]:
                right = bool(self.behind.of(person, self.receipt))
            case ["judge"]:
                apart = self.is_apart(person) and person.human not in self.dispatched_by
                right = "decider" in person.offices and here and apart
            case ["approver"]:
                apart = self.is_apart(person) and person.human not in self.dispatched_by | self.proposed_by
                right = "approver" in person.offices and here and apart
            case ["other", office]:
                right = office in person.offices and here and self.is_apart(person)
            case [office]:
                right = office in person.offices and here
        return right and self._is_in_time(move, now) and is_in_place(self, person, move)

    @property
    def with_lead(self) -> set[str]:
        """Return the states in which a unit leads and has not handed in."""
        return {"handling", "paused", "ending", *ASIDE}

    def is_apart(self, person: Person) -> bool:
        """Tell whether somebody had no part in handling, under any hat."""
        mine = person.units | person.elsewhere
        return not (mine & (self.had_a_part | self.parts.had_one)) and person.human not in self.handled_by

    def _is_in_time(self, move: str, now: datetime) -> bool:
        if move == "ask_extension":
            assert self.handling is not None
            return now <= self.handling.ends() and self.extended < EXTENSIONS
        if move == "ask_pause":
            return self.rested < RESTS
        if move == "grant_pause":
            assert self.rests_until is not None
            return now < self.rests_until
        if move == "return_to_desk":
            return self.moves.count("return_to_desk") < RETURNS
        if move == "hand_in":
            return not self.parts.open  # the lead waits for whoever helps
        if move == "take_back":
            assert self.assigned is not None
            is_fresh = self.moves[-1] == "dispatch" and "take_back" not in self.moves
            return is_fresh and now - self.assigned <= timedelta(minutes=TAKE_BACK_MINUTES)
        if move == "decline":
            assert self.assigned is not None
            return now - self.assigned <= timedelta(hours=DECLINE_HOURS) and self.unit not in self.declined_by
        if move == "reopen_on_call" and not self.called:
            return False  # only on a call that was drawn, and not on one's own account
        if move in {"reopen", "reopen_on_call"}:
            assert self.ended is not None
            return now - self.ended <= timedelta(days=CLOSED_DAYS)
        return True

    def begin(self, now: datetime) -> None:
        self.step = Clock("work", STEPS["received"], now, now)

    def make(self, person: Person, move: str, now: datetime, *, unit: str, condition: int) -> None:
        """Do what the move does."""
        source, (_, target, _) = self.state, TABLE[move]
        self.merged_from = source if move == "merge" else self.merged_from
        self.state = target
        if target not in self.with_lead:
            self.parts.open.clear()  # who helped, helped a lead that is none any more
        self.moves.append(move)
        if move == "rate":
            self.behind.rated_by.add(self.behind.of(person, self.receipt)[0].receipt)
            self.happened.append((move, now, self.was_late))
            return
        if source == "paused":
            assert self.handling is not None
            assert self.promise is not None
            assert self.rests_until is not None
            resting = [each.clock for each in self.parts.open.values() if each.clock.rests]
            for clock in (self.handling, self.promise, *resting):  # at its date, whoever says so and when
                clock.go_on(min(now, self.rests_until))
        if source in {"handling", "paused", *ASIDE} and self.state not in {"handling", "paused", *ASIDE}:
            assert self.handling is not None
            assert self.step is not None
            spoken = self.step.started if move == "uphold_decline" else now
            self.rounds[-1].late, self.rounds[-1].spared = spoken > self.handling.ends(), move == "uphold_decline"
            self.handling.used, self.handling.since = self.handling.used_at(now), None
        self._note(person, move, now, unit, condition)
        if self.state not in {"pausing", "paused"}:
            self.rests_until = None
        self._turn_promise(move, now)
        self.step = self._next_step(move, now)
        late = self.promise is not None and self.promise.late
        self.was_late = self.was_late or (late and move in {"close", "return_to_desk"})
        self.happened.append((move, now, late))
        if move == "return_to_desk":
            self.promise = None

    def _note(self, person: Person, move: str, now: datetime, unit: str, condition: int) -> None:
        if move == "file":
            self.condition = condition
        elif move == "dispatch":
            self.unit, self.assigned = unit, now
            self.had_a_part.add(unit)
            self.dispatched_by.add(person.human)
        elif move == "decline":
            assert self.unit is not None
            self.declined_by.add(self.unit)
            self.handled_by.add(person.human)
        elif move in {"uphold_decline", "take_back"}:
            self.unit = None
        elif move == "ask_pause":
            self.handled_by.add(person.human)
            self.rests_until = opening(now, REST_DAYS[condition])
        elif move in {"hand_in", "ask_extension", "resume"}:
            self.handled_by.add(person.human)
        elif move in {"close", "refuse", "approve_ending"}:
            self.ended = now
        elif move in {"reopen", "reopen_on_call"}:
            self.called = False
            self.unit, self.ended = None, None
            self.behind.rated_by.clear()
        else:
            note(self, person, move, now)

    def _turn_promise(self, move: str, now: datetime) -> None:
        if move in {"file", "reopen", "reopen_on_call"}:
            assert self.condition is not None
            self.promise = Clock(*CONDITIONS[self.condition], now, now)
            self.extended = self.rested = 0
        clock = self.promise
        if clock is None:
            return
        if move == "hand_in":
            clock.rest(now)
        elif move == "grant_pause":
            self.rested += 1
            clock.rest(now, self.rests_until)
        elif move == "grant_extension":
            assert self.condition is not None
            self.extended += 1
            clock.limit += CONDITIONS[self.condition][1]
        elif move == "merge":
            clock.used, clock.since, clock.paused, due = clock.used_at(now), None, now, clock.ends()
            self.shown_due, clock.late = None, now > due
            return
        elif move == "unmerge_filed":
            clock.since, clock.paused = clock.paused, None
        elif move == "fail_check":
            clock.go_on(now)
        self.shown_due = clock.ends()
        clock.late = (clock.rests or clock.paused or now) > clock.ends()
        if move in {"return_to_desk", "withdraw", "approve_ending"}:
            self.shown_due = None

    def _next_step(self, move: str, now: datetime) -> Clock | None:
        if self.state in {"closed", "refused", "merged", "withdrawn", "dismissed"}:
            return None
        if self.state == "paused":
            assert self.handling is not None
            for clock in (self.handling, *(each.clock for each in self.parts.open.values())):
                clock.rest(now, self.rests_until)
            return self.handling
        if self.state != "handling":
            return Clock("work", STEPS[self.state], now, now)
        assert self.condition is not None
        how, limit = CONDITIONS[self.condition]
        if move in GOING_ON:
            assert self.handling is not None
            self.handling.limit += limit if move == "grant_extension" else 0
            return self.handling
        assert self.unit is not None
        self.rounds.append(Round(self.unit, now))
        before = self.handling if move == "fail_check" else None
        self.handling = Clock(how, before.limit if before else limit, now, now, before.used if before else 0)
        return self.handling
