"""The rules of supervision as data: how late which clock must be for what, and how soon an answer is due.

Where the figures come from:
- A unit that let its limit pass without a word gets a written reminder the next day, its head is told, and if five
  working days after that one reminder nothing has come it is criticised in writing (a city bureau's rules for its
  12345 cases, part "following up").
- A case not done by its limit shows a card on the first working day after it and is then put under a supervision order
  (山东省省级政务服务投诉热线管理办法, 2017).
- A mayor's hotline orders in writing, with a time for the answer, once the limit has passed; whoever was shown a red
  card explains in writing to the leader above (西双版纳 2020, two cards: yellow in writing, red by letter).
- Limits that run through nights: danger to life 2 hours, water, power, gas and heat 24 hours (Beijing 12345, as
  reported); they serve as the marks of urgent clocks.
- Between those marks no source names a figure: a yellow card after three working days, one working day for an answer,
  and every mark of the desk's own quarters of an hour.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from liuchi.engines.cases.models import CaseClock, ClockKind, Level, State
from liuchi.engines.cases.supporting import STEP as PART
from liuchi.ground.calendars.limits import Limit, Unit

#: Levels, the gentlest first.
LEVELS: Final = (Level.REMINDER, Level.ORDER, Level.YELLOW, Level.RED)
CARDS: Final = frozenset({Level.YELLOW, Level.RED})


@dataclass(frozen=True)
class Rule:
    """One row: the level that comes once a clock is over by more than `over` (None: as soon as it is overdue).

    `patience` is the time for an answer; before it has passed no harder level comes, and without an answer one does.
    """

    level: Level
    over: Limit | None
    patience: Limit


@dataclass(frozen=True)
class Ladder:
    """The rows of one kind of clock, gentlest first."""

    rules: tuple[Rule, ...]

    def after(self, level: str | None) -> Rule | None:
        """Return the row that comes after a level (None: the first one), if there is any."""
        if level is None:
            return self.rules[0]
        rank = LEVELS.index(Level(level))
        return next((each for each in self.rules if LEVELS.index(each.level) > rank), None)


def _ladder(*rows: tuple[Level, str, str]) -> Ladder:
    return Ladder(
        tuple(Rule(level, Limit.parse(over) if over else None, Limit.parse(patience)) for level, over, patience in rows)
    )


_WORK = _ladder(
    (Level.REMINDER, "", "4 work_hour"),
    (Level.ORDER, "1 work_day", "1 work_day"),
    (Level.YELLOW, "3 work_day", "1 work_day"),
    (Level.RED, "5 work_day", "1 work_day"),
)
_URGENT = _ladder(
    (Level.REMINDER, "", "1 urgent_hour"),
    (Level.ORDER, "2 urgent_hour", "2 urgent_hour"),
    (Level.YELLOW, "12 urgent_hour", "2 urgent_hour"),
    (Level.RED, "24 urgent_hour", "2 urgent_hour"),
)
_OFFICE = _ladder(
    (Level.REMINDER, "", "1 work_hour"),
    (Level.ORDER, "4 work_hour", "2 work_hour"),
    (Level.YELLOW, "1 work_day", "4 work_hour"),
    (Level.RED, "2 work_day", "4 work_hour"),
)
#: What was promised to the reporter, where no step shows that it is late: only cards, for whoever coordinates.
_PROMISE = _ladder((Level.YELLOW, "3 work_day", "1 work_day"), (Level.RED, "5 work_day", "1 work_day"))
_URGENT_PROMISE = _ladder(
    (Level.YELLOW, "12 urgent_hour", "2 urgent_hour"), (Level.RED, "24 urgent_hour", "2 urgent_hour")
)

#: Ladders by what the clock measures, then by whether it runs through nights and holidays.
LADDERS: Final[Mapping[str, Mapping[bool, Ladder]]] = {
    "unit": {False: _WORK, True: _URGENT},
    "office": {False: _OFFICE, True: _URGENT},
    "promise": {False: _PROMISE, True: _URGENT_PROMISE},
}
#: What a reminder or order by hand gives as time for an answer, unless the issuer says otherwise; cards that follow it.
BY_HAND: Final[Mapping[bool, Ladder]] = {False: _WORK, True: _URGENT}
#: How often a reporter, or somebody of the office, may remind of one case in a day. No source names a figure.
REMINDERS_A_DAY: Final = 1


def measures(clock: CaseClock) -> str:
    """Return what a clock measures, as `LADDERS` names it."""
    if clock.kind == ClockKind.CASE:
        return "promise"
    return "unit" if clock.step in {State.HANDLING, PART} else "office"


def is_urgent(clock: CaseClock) -> bool:
    """Tell whether a clock runs through nights and holidays."""
    return Unit(clock.limit_unit) in {Unit.URGENT_HOUR, Unit.URGENT_DAY}


def ladder_of(clock: CaseClock) -> Ladder:
    """Return the rows by which a clock is supervised; natural days are counted in working days."""
    return LADDERS[measures(clock)][is_urgent(clock)]


__all__ = [
    "BY_HAND",
    "CARDS",
    "LADDERS",
    "LEVELS",
    "REMINDERS_A_DAY",
    "Ladder",
    "Rule",
    "is_urgent",
    "ladder_of",
    "measures",
]
