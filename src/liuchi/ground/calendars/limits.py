"""Time limits as standards write them: an amount and the clock that counts it."""

import re
from dataclasses import dataclass
from decimal import Context, Decimal
from difflib import get_close_matches
from enum import StrEnum

EXACT = Context(prec=34)
MICROSECONDS_PER_HOUR = 3_600_000_000
HOURS_IN_CONTINUOUS_DAY = 24
LONGEST = Decimal(36_525)
"""A hundred years of days; a longer limit is a typing error."""

_WRITTEN = re.compile(r"\s*(?P<value>[0-9]+(?:\.[0-9]+)?)\s*(?P<unit>[^\W\d][\w -]*?)\s*")


class LimitError(ValueError):
    """A limit that cannot be read or cannot be meant; the message says what is expected."""


class Unit(StrEnum):
    """The clock that counts a limit (紧急工作时, 紧急工作日, 工作时, 工作日, 自然日)."""

    WORK_HOUR = "work_hour"
    WORK_DAY = "work_day"
    URGENT_HOUR = "urgent_hour"
    URGENT_DAY = "urgent_day"
    NATURAL_DAY = "natural_day"

    @property
    def is_continuous(self) -> bool:
        """Whether nights and holidays count."""
        return self not in (Unit.WORK_HOUR, Unit.WORK_DAY)

    @property
    def is_day(self) -> bool:
        """Whether one unit is a day rather than an hour."""
        return self not in (Unit.WORK_HOUR, Unit.URGENT_HOUR)


@dataclass(frozen=True, slots=True)
class Limit:
    """An amount of time on one clock, such as 4 working hours; positive, at most a hundred years.

    Raises LimitError when the value is not a positive number, or too large or too small to be meant.
    """

    value: Decimal
    unit: Unit

    def __post_init__(self) -> None:
        if not isinstance(self.value, Decimal) or not self.value.is_finite():
            raise LimitError(f"The amount of a limit is a number, not {self.value!r}.")
        if not 0 < self.value <= LONGEST * (1 if self.unit.is_day else HOURS_IN_CONTINUOUS_DAY):
            raise LimitError(f"A limit is more than zero and at most a hundred years, not {self}.")
        if self.microseconds(hours_in_work_day=Decimal(HOURS_IN_CONTINUOUS_DAY)) == 0:
            raise LimitError(f"A limit is at least one microsecond, not {self}.")

    @classmethod
    def parse(cls, text: str) -> "Limit":
        """Return the limit written as an amount and a unit: "4 work_hour", "1.5 work_day", "72 urgent_hour".

        Raises LimitError with the nearest known unit when the text says something else.
        """
        match = _WRITTEN.fullmatch(text)
        if match is None:
            raise LimitError(f"{text!r} is no limit. Write an amount and a unit, such as {_EXAMPLE}. Units: {_UNITS}.")
        return cls(Decimal(match["value"]), _unit(match["unit"]))

    def __str__(self) -> str:
        return f"{self.value:f} {self.unit}"

    @property
    def is_whole(self) -> bool:
        """Whether the amount has no fraction."""
        return self.value == self.value.to_integral_value()

    def microseconds(self, *, hours_in_work_day: Decimal) -> int:
        """Return the length on the limit's own clock; a work_day lasts as many hours as the office is open."""
        hours = self.value
        if self.unit is Unit.WORK_DAY:
            hours = EXACT.multiply(hours, hours_in_work_day)
        elif self.unit.is_day:
            hours = EXACT.multiply(hours, Decimal(HOURS_IN_CONTINUOUS_DAY))
        return to_microseconds(hours)


def to_microseconds(hours: Decimal) -> int:
    """Return hours as whole microseconds, the nearest one."""
    return int(EXACT.to_integral_value(EXACT.multiply(hours, Decimal(MICROSECONDS_PER_HOUR))))


def to_hours(microseconds: int) -> Decimal:
    """Return microseconds as hours, precise enough for `to_microseconds` to give the same number back."""
    return EXACT.divide(Decimal(microseconds), Decimal(MICROSECONDS_PER_HOUR))


def _unit(text: str) -> Unit:
    wanted = re.sub(r"[\s-]+", "_", text.strip().lower())
    known = [str(unit) for unit in Unit]
    if wanted in known:
        return Unit(wanted)
    near = get_close_matches(wanted, known, n=1, cutoff=0.5)
    suggestion = f" Did you mean {near[0]}?" if near else ""
    raise LimitError(f"{text!r} is no unit of time.{suggestion} Units: {_UNITS}.")


_UNITS = ", ".join(Unit)
_EXAMPLE = '"4 work_hour"'
