"""What one case must look like after what was done with it, told from the issue and the standards, not the engine.

Limits: 运城 15 minutes to accept and to dispatch, 30 to check; two working hours to decide on a wish; handling takes
the condition's own limit. An extension adds one original limit, a rest stops the clocks until its day, rework goes on
with what is left, and a unit whose "not ours" is upheld is spared what came after it spoke.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from liuchi.config.tests.day.hours import CHINA, DAY, HOUR, MINUTE, between, later

#: The small world's filing conditions: how they count, seconds.
CONDITIONS = (("work", 4 * HOUR), ("all", 2 * HOUR), ("day", DAY))
STEPS = {
    "received": 15 * MINUTE,
    "filed": 15 * MINUTE,
    "disputed": 2 * HOUR,
    "extending": 2 * HOUR,
    "pausing": 2 * HOUR,
    "checking": 30 * MINUTE,
    "checked": 15 * MINUTE,
}
#: While somebody decides on a wish, the unit's own clock runs on.
ASIDE = ("disputed", "extending", "pausing", "paused")
ENDED = ("closed", "refused", "withdrawn")
LEADS_TO = {
    "report": "received",
    "file": "filed",
    "refuse": "refused",
    "withdraw": "withdrawn",
    "return_to_desk": "received",
    "dispatch": "handling",
    "decline": "disputed",
    "uphold_decline": "filed",
    "reject_decline": "handling",
    "ask_extension": "extending",
    "grant_extension": "handling",
    "ask_pause": "pausing",
    "grant_pause": "paused",
    "wake": "handling",
    "hand_in": "checking",
    "fail_check": "handling",
    "pass_check": "checked",
    "close": "closed",
    "rate": "closed",
    "reopen": "filed",
}
KINDS = {
    "report": "reported",
    "file": "filed",
    "return_to_desk": "returned_to_desk",
    "dispatch": "dispatched",
    "decline": "declined",
    "uphold_decline": "decline_upheld",
    "reject_decline": "decline_rejected",
    "ask_extension": "extension_asked",
    "grant_extension": "extended",
    "ask_pause": "pause_asked",
    "grant_pause": "paused",
    "wake": "woken",
    "hand_in": "handed_in",
    "fail_check": "check_failed",
    "pass_check": "check_passed",
    "close": "closed",
    "rate": "rated",
    "reopen": "reopened",
    "refuse": "refused",
    "withdraw": "withdrawn",
    "join": "joined",
    "answer_part": "part_answered",
}


@dataclass(frozen=True)
class Done:
    """One thing that somebody did and the house agreed to."""

    at: datetime
    move: str
    who: str
    unit: str = ""
    condition: int = 0
    until: date | None = None
    support: tuple[str, ...] = ()
    rating: int = 3


@dataclass(eq=False)
class Clock:
    """A limit that runs, waits or has ended; everything that was ever used up of it in seconds of its own time."""

    kind: str
    step: str
    how: str
    limit: int
    started: datetime
    unit: str = ""
    extra: int = 0
    since: datetime | None = None
    used: int = 0
    paused: datetime | None = None
    rests: datetime | None = None
    rested: timedelta = timedelta(0)
    stopped: datetime | None = None
    late: bool | None = None
    due: datetime = datetime.min
    warn: datetime = datetime.min

    def __post_init__(self) -> None:
        self.since = self.started
        self.look()

    def look(self) -> None:
        """Work out when it warns (three quarters of it are used up) and when it is due."""
        since, whole = self.since or self.rests or self.paused, self.limit + self.extra
        assert since is not None
        self.due = later(since, whole - self.used, self.how, first=self.started)
        plain = "all" if self.how == "all" else "work"
        self.warn = min(later(since, whole * 3 // 4 - self.used, plain), self.due)

    def used_at(self, at: datetime) -> int:
        if self.since is None:
            return self.used
        if self.how == "all":
            return self.used + int((at - self.since).total_seconds())
        return self.used + between(self.since, at)

    def rest(self, at: datetime, until: datetime | None = None) -> None:
        self.used, self.since, self.paused, self.rests = self.used_at(at), None, at, until
        if until is not None:
            self.look()

    def go_on(self, at: datetime) -> None:
        assert self.paused is not None
        self.rested += at - self.paused
        self.since, self.paused, self.rests = at, None, None
        self.look()

    def extend(self) -> None:
        self.extra += self.limit
        self.look()

    def is_late(self, at: datetime) -> bool:
        return (self.rests or self.paused or at) > self.due if self.late is None else self.late

    def stop(self, at: datetime) -> None:
        self.late, self.used = self.is_late(at), self.used_at(at)
        if self.paused is not None:
            self.rested += at - self.paused
        self.stopped, self.since, self.paused, self.rests = at, None, None, None


@dataclass(eq=False)
class Expected:
    """One case as it must be, and everything that was done with it so far."""

    number: int
    grid: int
    id: UUID = field(default_factory=lambda: UUID(int=0))
    code: str = ""
    reporters: list[str] = field(default_factory=list)
    state: str = ""
    unit: str = ""
    condition: int = 0
    clocks: list[Clock] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)
    helping: list[str] = field(default_factory=list)
    rests_until: datetime | None = None
    promise: Clock | None = None
    ended: datetime | None = None
    closed_late: list[bool] = field(default_factory=list)

    @property
    def town(self) -> int:
        return 1 if self.grid < 4 else 2

    def live(self, step: str) -> Clock | None:
        """Return the clock of a step that has not stopped."""
        return next((each for each in self.clocks if each.step == step and each.stopped is None), None)

    def need(self, step: str) -> Clock:
        found = self.live(step)
        assert found is not None, (self.number, step)
        return found

    def take(self, done: Done) -> None:
        """Let it have happened."""
        self.done.append(done)
        if done.move == "join":
            self.reporters.append(done.who)
        elif done.move == "answer_part":
            clock = next(each for each in self.clocks if each.step == "support" and each.unit == done.unit)
            clock.stop(done.at)
            self.helping.remove(done.unit)
        elif done.move != "rate":
            self._move(done)

    def _move(self, done: Done) -> None:
        source, self.state = self.state, LEADS_TO[done.move]
        if source == "paused":
            self._go_on(done.at)
        self._promise(done)
        self._step(done, source)
        if done.move == "report":
            self.reporters.append(done.who)
        elif done.move == "dispatch":
            self._dispatch(done)
        elif done.move == "reopen":
            self.ended = None
        if done.move in {"uphold_decline", "reopen"}:
            self.unit = ""
        if self.state in ENDED:
            self.ended = done.at
        if self.state not in {"pausing", "paused"}:
            self.rests_until = None

    def _go_on(self, at: datetime) -> None:
        assert self.rests_until is not None
        for clock in (self.need("handling"), self.need("case")):
            clock.go_on(min(at, self.rests_until))

    def _promise(self, done: Done) -> None:
        if done.move in {"file", "reopen"}:
            self.condition = done.condition if done.move == "file" else self.condition
            self.clocks.append(Clock("case", "case", *CONDITIONS[self.condition], done.at))
        self.promise = clock = self.live("case")
        if done.move == "ask_pause":
            assert done.until is not None
            self.rests_until = datetime.combine(done.until, time(8), CHINA)
        if clock is None:
            return
        if done.move == "hand_in":
            clock.rest(done.at)
        elif done.move == "grant_pause":
            clock.rest(done.at, self.rests_until)
        elif done.move == "fail_check":
            clock.go_on(done.at)
        elif done.move == "grant_extension":
            clock.extend()
        elif done.move in {"close", "return_to_desk", "withdraw"}:
            clock.stop(done.at)
        if done.move == "close":
            self.closed_late.append(bool(clock.late))

    def _step(self, done: Done, source: str) -> None:
        before, handling = self.live(source) if source else None, self.live("handling")
        if before is not None and before is not handling:
            before.stop(done.at)
        if handling is not None and self.state not in {"handling", *ASIDE}:
            spoken = before.started if done.move == "uphold_decline" and before is not None else done.at
            handling.stop(spoken)
            handling = None
        if self.state == "paused":
            self.need("handling").rest(done.at, self.rests_until)
        elif self.state == "handling" and handling is None:
            self._handle(done)
        elif self.state in STEPS:
            self.clocks.append(Clock("step", self.state, "work", STEPS[self.state], done.at))
        elif done.move == "grant_extension":
            self.need("handling").extend()

    def _handle(self, done: Done) -> None:
        earlier = [each for each in self.clocks if each.step == "handling"]
        clock = Clock("step", "handling", *CONDITIONS[self.condition], done.at)
        if done.move == "fail_check":
            clock.used, clock.extra = earlier[-1].used, earlier[-1].extra
            clock.look()
        self.clocks.append(clock)

    def _dispatch(self, done: Done) -> None:
        self.unit = done.unit
        for unit in done.support:
            self.helping.append(unit)
            self.clocks.append(Clock("step", "support", *CONDITIONS[self.condition], done.at, unit=unit))

    @property
    def step_clock(self) -> Clock | None:
        """Return the clock of the step that the case is in and that somebody can take now."""
        return None if self.state == "paused" or self.ended is not None else self.live(self.state)

    def handled(self) -> list[tuple[str, Clock]]:
        """Return the limits of handling that count, with whose they were: ended, and not found to be another's."""
        whose: dict[datetime, str] = {}
        unit = ""
        for done in self.done:
            unit = done.unit if done.move == "dispatch" else unit
            whose[done.at] = unit
        spared = {each.at for each in self.done if each.move == "decline" and self._was_upheld(each)}
        found = [(whose[each.started], each) for each in self.clocks if each.step == "handling"]
        return [(unit, each) for unit, each in found if each.stopped is not None and each.stopped not in spared]

    def _was_upheld(self, decline: Done) -> bool:
        return self.done[self.done.index(decline) + 1].move == "uphold_decline"

    @property
    def lines(self) -> list[str]:
        """Return the kinds of its journal lines, in order."""
        return [f"case.{KINDS[each.move]}" for each in self.done]

    @property
    def moves(self) -> list[str]:
        """Return its history; who joins moves nothing."""
        return [each.move for each in self.done if each.move != "join"]
