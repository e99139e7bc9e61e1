"""What the worker must have urged and warned of at each of its bells, told from the rules and their sources.

A unit that is late is reminded, ordered after one working day more, shown a yellow card after three, a red one after
five; where limits run through nights after 2, 12 and 24 hours; the desk's own quarters of an hour by hours and days.
One level at a time, and none before the one that stands had its time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from liuchi.config.tests.day.hours import DAY, HOUR, later
from liuchi.config.tests.day.oracle import ASIDE, Clock, Expected

#: Level → how late the clock must be, how long the level stands, and how both are counted.
UNIT = (("reminder", 0, 4 * HOUR), ("order", DAY, DAY), ("yellow", 3 * DAY, DAY), ("red", 5 * DAY, DAY))
URGENT = (
    ("reminder", 0, HOUR),
    ("order", 2 * HOUR, 2 * HOUR),
    ("yellow", 12 * HOUR, 2 * HOUR),
    ("red", 24 * HOUR, 2 * HOUR),
)
OFFICE = (
    ("reminder", 0, HOUR),
    ("order", 4 * HOUR, 2 * HOUR),
    ("yellow", DAY, 4 * HOUR),
    ("red", 2 * DAY, 4 * HOUR),
)
LEVELS = ("reminder", "order", "yellow", "red")
#: What lies longer back is told to nobody.
STALE = timedelta(days=2)


@dataclass(eq=False)
class Act:
    """One reminder, order or card."""

    case: Expected
    clock: Clock
    level: str
    unit: str
    step: str
    at: datetime
    answer_due: datetime
    standing: str = "open"
    ended: datetime | None = None


@dataclass
class Urged:
    """All acts, all warnings and the lines that the worker left of them, bell by bell."""

    acts: list[Act] = field(default_factory=list)
    warned: set[tuple[Clock, datetime]] = field(default_factory=set)
    warnings: list[tuple[Expected, Clock, str]] = field(default_factory=list)
    lines: Counter[str] = field(default_factory=Counter)

    def bell(self, cases: Iterable[Expected], now: datetime) -> None:
        """Let the worker look once."""
        known = list(cases)
        self._settle(now)
        fresh = [act for case in known for clock in case.clocks if (act := self._act(case, clock, now))]
        self.acts += fresh
        self.lines["case.supervised"] += len(fresh)
        self.lines["case.supervisions_told"] += bool(fresh)
        self._warn(known, now)

    def _settle(self, now: datetime) -> None:
        gone = [
            act
            for act in self.acts
            if act.standing == "open"
            and (act.case.ended is not None or act.clock.stopped is not None or act.clock.due > now)
        ]
        for act in gone:
            act.standing, act.ended = "settled", now
        self.lines["case.supervisions_settled"] += bool(gone)

    def _act(self, case: Expected, clock: Clock, now: datetime) -> Act | None:
        if not is_takeable(case, clock, now) or clock.due >= now:
            return None
        mine = [act for act in self.acts if act.clock is clock]
        last = max(mine, key=lambda act: LEVELS.index(act.level), default=None)
        rank = LEVELS.index(last.level) if last is not None else -1
        harder = [rule for rule in ladder(clock) if LEVELS.index(rule[0]) > rank]
        if not harder or (last is not None and now <= last.answer_due):
            return None
        level, over, patience = harder[0]
        unanswered = last is not None and last.standing == "open" and last.level != "reminder"
        if not unanswered and now <= later(clock.due, over, counting(clock, over)):
            return None
        for act in mine:
            if act.standing == "open":
                act.standing, act.ended = "raised", now
        whose = (clock.unit or case.unit) if clock.step in {"handling", "support"} else ""
        return Act(case, clock, level, whose, clock.step, now, later(now, patience, counting(clock, patience)))

    def _warn(self, cases: Iterable[Expected], now: datetime) -> None:
        """Warn whoever handles, once of each deadline that comes near."""
        found = {"handling": 0, "support": 0}
        for case in cases:
            for clock in case.clocks:
                is_near = clock.since is not None and clock.warn <= now and clock.due > now - STALE
                theirs = clock.step in found and case.state in {"handling", *ASIDE}
                if is_near and theirs and case.ended is None and (clock, clock.due) not in self.warned:
                    self.warned.add((clock, clock.due))
                    self.warnings.append((case, clock, clock.unit or case.unit))
                    found[clock.step] += 1
        self.lines["case.deadlines_warned"] += bool(found["handling"])
        self.lines["case.parts_warned"] += bool(found["support"])


def is_takeable(case: Expected, clock: Clock, now: datetime) -> bool:
    """Tell whether somebody can act on a clock: it is of the step, of a part, or promised while no step is late."""
    if clock.since is None or case.ended is not None:
        return False
    if clock.kind == "case":
        step = case.step_clock
        return step is not None and step.due > now
    return clock.step in {"support", case.state}


def counting(clock: Clock, seconds: int) -> str:
    """Return how a rule's figure is counted on a clock."""
    return "all" if clock.how == "all" else "day" if seconds and seconds % DAY == 0 else "work"


def ladder(clock: Clock) -> tuple[tuple[str, int, int], ...]:
    """Return the rows by which a clock is urged; a promise has cards only."""
    nights = clock.how == "all"
    if clock.kind == "case":
        return (URGENT if nights else UNIT)[2:]
    if clock.step in {"handling", "support"}:
        return URGENT if nights else UNIT
    return OFFICE
