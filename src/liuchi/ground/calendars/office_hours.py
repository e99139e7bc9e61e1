"""One day's office hours, and the arithmetic between the time of day and the time worked since opening."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal

from liuchi.ground.calendars.limits import to_hours

Interval = tuple[time, time]


class OfficeHoursError(ValueError):
    """Office hours that overlap, run backwards or are missing."""


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """The intervals of a working day in which an office is open, in order; all numbers are microseconds.

    A place in the day is how long has been worked since opening: noon and the afternoon's opening are one place.
    Raises OfficeHoursError when the intervals are empty, overlap or run backwards.
    """

    intervals: tuple[Interval, ...]
    length: int = field(init=False, repr=False, compare=False)
    _openings: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _closings: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _worked_before: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        openings = tuple(microseconds_of(opening) for opening, _ in self.intervals)
        closings = tuple(microseconds_of(closing) for _, closing in self.intervals)
        moments = [moment for pair in zip(openings, closings, strict=True) for moment in pair]
        if not moments or sorted(moments) != moments or any(map(int.__eq__, openings, closings)):
            raise OfficeHoursError(f"Office hours are intervals in order, at least one, not {self}.")
        worked = [0]
        for opening, closing in zip(openings, closings, strict=True):
            worked.append(worked[-1] + closing - opening)
        object.__setattr__(self, "_openings", openings)
        object.__setattr__(self, "_closings", closings)
        object.__setattr__(self, "_worked_before", tuple(worked[:-1]))
        object.__setattr__(self, "length", worked[-1])

    @classmethod
    def parse(cls, written: Iterable[Sequence[str]]) -> "OfficeHours":
        """Return the hours written as pairs of times: [["08:00", "12:00"], ["14:00", "18:00"]].

        Raises OfficeHoursError when a pair is no pair of times.
        """
        pairs = list(written)
        try:
            return cls(tuple((time.fromisoformat(opening), time.fromisoformat(closing)) for opening, closing in pairs))
        except (TypeError, ValueError) as error:
            raise OfficeHoursError(f"Office hours are pairs of times such as 08:00-12:00: {error}") from error

    def __str__(self) -> str:
        return ", ".join(f"{opening:%H:%M}-{closing:%H:%M}" for opening, closing in self.intervals)

    @property
    def hours(self) -> Decimal:
        """How many hours one working day has."""
        return to_hours(self.length)

    def worked_by(self, moment: int) -> int:
        """Return how long has been worked by a time of day."""
        index = bisect_right(self._openings, moment) - 1
        if index < 0:
            return 0
        return self._worked_before[index] + min(moment, self._closings[index]) - self._openings[index]

    def earliest(self, worked: int) -> int:
        """Return the first time of day by which so much is worked (0 < worked <= length): a closing, if one fits."""
        index = bisect_left(self._worked_before, worked) - 1
        return self._openings[index] + worked - self._worked_before[index]

    def latest(self, worked: int) -> int:
        """Return the last time of day before more is worked (0 <= worked < length): an opening, if one fits."""
        index = bisect_right(self._worked_before, worked) - 1
        return self._openings[index] + worked - self._worked_before[index]

    def is_waiting(self, moment: int) -> bool:
        """Return whether a time of day stands before an opening, or at it: the office is still to open that day."""
        index = bisect_left(self._openings, moment)
        return index < len(self._openings) and (index == 0 or moment > self._closings[index - 1])


def microseconds_of(moment: time | datetime) -> int:
    """Return the time of day in microseconds since midnight."""
    seconds = (moment.hour * 60 + moment.minute) * 60 + moment.second
    return seconds * 1_000_000 + moment.microsecond
