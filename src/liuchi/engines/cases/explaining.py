"""Why a deadline is what it is: the facts, and one sentence, for every clock of a case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from liuchi.engines.cases.models import CaseClock, ClockKind, FilingCondition, State
from liuchi.ground.calendars.limits import Limit, Unit, to_hours
from liuchi.ground.calendars.words import limit_words, span_words

_HUNDREDTH = Decimal("0.01")
#: A shorter rest moves no date that anybody reads.
_WORTH_SAYING = timedelta(minutes=1)


@dataclass(frozen=True)
class Explanation:
    """What a deadline follows from.

    `limit` is the original one, `source` the class under which it is written (empty for a step's, which is practice)
    and `wording` its condition; `extended`
    what was granted beside, in the limit's unit; `used_before` the hours, on the limit's clock, that an earlier round
    had used; `rested` how long it rested by now, with the rest it is in; `years` those that the calendar had to know.
    """

    due_at: datetime
    started_at: datetime
    limit: Limit
    source: str
    wording: str
    extended: Decimal
    used_before: Decimal
    rested: timedelta
    rests_since: datetime | None
    rests_until: datetime | None
    calendar: str
    version: int
    years: Sequence[int]
    is_provisional: bool
    is_excused: bool

    @property
    def because(self) -> str:
        """Return the reasons in words, in the reader's language; the class is named, its condition not spelt out."""
        source = _(" (%(source)s)") % {"source": self.source} if self.source else ""
        return " · ".join(each for each in (self.start + source, self.course) if each)

    @property
    def start(self) -> str:
        """Return how long from when, in words."""
        return _("%(limit)s from %(start)s") % {
            "limit": limit_words(self.limit.value, self.limit.unit),
            "start": _moment(self.started_at),
        }

    @property
    def course(self) -> str:
        """Return what moved the date since, and by which calendar it is counted; empty where nothing did."""
        said = []
        if self.extended:
            said.append(_("extended by %(limit)s") % {"limit": limit_words(self.extended, self.limit.unit)})
        if self.used_before:
            said.append(_("%(span)s of it used up before") % {"span": self._used()})
        if self.rested >= _WORTH_SAYING:
            said.append(_("rested for %(span)s") % {"span": span_words(self.rested)})
        if self.rests_until is not None:
            said.append(_("rests until %(until)s") % {"until": _moment(self.rests_until)})
        elif self.rests_since is not None:
            said.append(_("rests since %(start)s") % {"start": _moment(self.rests_since)})
        if not self.limit.unit.is_continuous:
            years = "–".join(str(year) for year in sorted({self.years[0], self.years[-1]}))
            said.append(
                _("calendar %(name)s %(years)s, version %(number)d")
                % {"name": self.calendar, "years": years, "number": self.version}
            )
        if self.is_provisional:
            said.append(_("provisional until that year's holidays are published"))
        if self.is_excused:
            said.append(_("the time-out was excused"))
        return " · ".join(said)

    @property
    def sentence(self) -> str:
        """Return one sentence: when it is due, and why."""
        return _("Due %(due)s because: %(because)s.") % {"due": _moment(self.due_at), "because": self.because}

    def _used(self) -> str:
        """Return what was used up on the limit's own clock: office hours are not days and nights."""
        if self.limit.unit.is_continuous:
            return span_words(timedelta(hours=float(self.used_before)))
        return limit_words(self.used_before.quantize(_HUNDREDTH), Unit.WORK_HOUR)


def explain_deadline(clock: CaseClock, now: datetime) -> Explanation:
    """Return why a clock is due when it is, as it stands at `now`. It is read with its case and calendar version."""
    version, condition = clock.calendar_version, _condition(clock)
    first, last = sorted(timezone.localtime(each).year for each in (clock.started_at, clock.due_at))
    resting = max(now - clock.paused_at, timedelta(0)) if clock.paused_at is not None else timedelta(0)
    # What was used up before its first start comes from an earlier round: a clock that goes on says so only then.
    inherited = clock.consumed if clock.running_since == clock.started_at else 0
    return Explanation(
        due_at=clock.due_at,
        started_at=clock.started_at,
        limit=Limit(clock.limit_value, Unit(clock.limit_unit)),
        source=condition.case_class.name if condition is not None else "",
        wording=condition.condition if condition is not None else "",
        extended=clock.extension_value,
        used_before=to_hours(inherited),
        rested=timedelta(microseconds=clock.rested) + resting,
        rests_since=clock.paused_at,
        rests_until=clock.rests_until,
        calendar=version.calendar.name,
        version=version.number,
        years=range(first, last + 1),
        is_provisional=clock.is_provisional,
        is_excused=clock.excused,
    )


def _condition(clock: CaseClock) -> FilingCondition | None:
    """Return the filing condition whose limit a clock measures; None for a step, or where the case has another."""
    condition = clock.case.condition
    is_the_cases = clock.kind == ClockKind.CASE or clock.step == State.HANDLING
    if condition is None or not is_the_cases:
        return None
    if (condition.limit_value, condition.limit_unit) != (clock.limit_value, clock.limit_unit):
        return None
    return condition


def _moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
