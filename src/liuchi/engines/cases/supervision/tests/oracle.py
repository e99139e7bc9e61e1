"""The rules of supervision once more, written from the issue and the sources: slow, plain, obviously right."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from liuchi.engines.cases.tests.oracle import (
    ASIDE,
    CONDITIONS,
    Clock,
    Expected,
    is_before_an_opening,
    moment_of,
    worked,
)

HOUR, DAY = 3600, 8 * 3600
RANK = {"reminder": 0, "order": 1, "yellow": 2, "red": 3}
#: Level → how late the clock must be, and how long the level stands before a harder one; in seconds of its own time.
UNIT = {"reminder": (0, 4 * HOUR), "order": (DAY, DAY), "yellow": (3 * DAY, DAY), "red": (5 * DAY, DAY)}
URGENT = {
    "reminder": (0, HOUR),
    "order": (2 * HOUR, 2 * HOUR),
    "yellow": (12 * HOUR, 2 * HOUR),
    "red": (24 * HOUR, 2 * HOUR),
}
OFFICE = {
    "reminder": (0, HOUR),
    "order": (4 * HOUR, 2 * HOUR),
    "yellow": (DAY, 4 * HOUR),
    "red": (2 * DAY, 4 * HOUR),
}


def later(start: datetime, seconds: int, *, nights: bool) -> datetime:
    """Return the moment so much later; whole working days end at the event's time of day, others at once."""
    if nights:
        return start + timedelta(seconds=seconds)
    latest = seconds > 0 and seconds % DAY == 0 and is_before_an_opening(start)
    return moment_of(worked(start) + seconds, latest=latest)


@dataclass
class Act:
    """One reminder, order or card."""

    level: str
    unit: str | None
    step: str
    due: datetime
    clock: Clock | None = None
    follows: "Act | None" = None
    standing: str = "open"
    nights: bool = False

    @property
    def is_open(self) -> bool:
        return self.standing in {"open", "answered"}


@dataclass
class Supervised:
    """What one case's supervision should look like, beside what the case itself should."""

    case: Expected
    acts: list[Act] = field(default_factory=list)

    def due(self, now: datetime) -> list[Clock]:
        """Return the clocks for which the worker has an act to do now."""
        return [clock for clock in self._looked_at(now) if self._next(clock, now) is not None]

    def act(self, clock: Clock, now: datetime) -> None:
        """Do the act that is due for a clock."""
        level = self._next(clock, now)
        assert level is not None
        of_unit = clock is self.case.step and self.case.state == "handling"
        step = "case" if clock is self.case.promise else self.case.state
        for each in self.acts:
            if each.clock is clock and each.is_open:
                each.standing = "raised"
        patience = self._ladder(clock)[level][1]
        due = later(now, patience, nights=clock.how == "all")
        self.acts.append(Act(level, self.case.unit if of_unit else None, step, due, clock, nights=clock.how == "all"))

    def settle(self, now: datetime) -> None:
        """End what has lost its ground."""
        for each in self.acts:
            if each.is_open and not self._has_ground(each, now):
                each.standing = "settled"

    def raise_unanswered(self, now: datetime) -> None:
        """Follow up on what was ordered by hand and has no answer."""
        if not self._somebody_has_the_step():
            return
        for each in list(self.acts):
            waits = each.clock is None and each.standing == "open" and each.level in {"order", "yellow"}
            if waits and each.due < now and self._has_ground(each, now):
                level = "yellow" if each.level == "order" else "red"
                patience = (URGENT if each.nights else UNIT)[level][1]
                due = later(now, patience, nights=each.nights)
                each.standing = "raised"
                self.acts.append(Act(level, each.unit, each.step, due, follows=each, nights=each.nights))

    def may_be_ordered(self) -> bool:
        """Tell whether an order by hand may be given now: somebody acts, and no order to the same is open."""
        case = self.case
        runs = any(clock is not None and clock.since is not None for clock in (case.step, case.handling, case.promise))
        unit = case.unit if case.state == "handling" else None
        there = any(each.level == "order" and each.unit == unit and each.is_open for each in self.acts)
        return case.ended is None and runs and not there

    def order(self, now: datetime) -> None:
        """Give an order by hand, with the usual time for an answer."""
        case = self.case
        unit = case.unit if case.state == "handling" else None
        nights = case.condition is not None and CONDITIONS[case.condition][0] == "all"
        patience = (URGENT if nights else UNIT)["order"][1]
        self.acts.append(Act("order", unit, case.state, later(now, patience, nights=nights), nights=nights))

    def _looked_at(self, now: datetime) -> list[Clock]:
        """Return the running clocks that are late: of a step that somebody can take, else what was promised."""
        case = self.case
        if case.ended is not None or case.step is None:
            return []
        if case.step.ends() > now:
            promise = case.promise
            return [promise] if promise is not None and promise.since is not None and now > promise.ends() else []
        return [case.step] if case.step.since is not None and now > case.step.ends() else []

    def _next(self, clock: Clock, now: datetime) -> str | None:
        ladder = self._ladder(clock)
        mine = [each for each in self.acts if each.clock is clock]
        last = max(mine, key=lambda each: RANK[each.level], default=None)
        harder = [level for level in ladder if last is None or RANK[level] > RANK[last.level]]
        if not harder or (last is not None and now <= last.due):
            return None
        if last is not None and last.standing == "open" and last.level != "reminder":
            return harder[0]
        over = ladder[harder[0]][0]
        limit = later(clock.ends(), over, nights=clock.how == "all") if over else clock.ends()
        return harder[0] if now > limit else None

    def _ladder(self, clock: Clock) -> dict[str, tuple[int, int]]:
        nights = clock.how == "all"
        if clock is self.case.promise:
            whole = URGENT if nights else UNIT
            return {level: whole[level] for level in ("yellow", "red")}
        if self.case.state == "handling":
            return URGENT if nights else UNIT
        return OFFICE

    def _has_ground(self, act: Act, now: datetime) -> bool:
        case = self.case
        if case.ended is not None:
            return False
        if act.clock is not None:
            live = [case.step, case.promise]
            live += [case.handling] if case.state in {"handling", "paused", *ASIDE} else []
            return any(each is act.clock for each in live) and act.clock.ends() <= now
        return act.unit == case.unit if act.unit is not None else act.step == case.state

    def _somebody_has_the_step(self) -> bool:
        case = self.case
        return case.ended is None and case.step is not None and case.step.since is not None
