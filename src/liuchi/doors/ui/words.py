"""Spans of time and limits in words, as somebody would say them."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liuchi.engines.cases.models import CaseClock
from liuchi.ground.calendars.limits import Unit, to_hours
from liuchi.ground.kernel import clock

MINUTE, HOUR, DAY = 60, 3600, 86400


def span_words(span: timedelta) -> str:
    """Return a span by its two largest units: "1 day 2 hours", "3 hours", "less than a minute"."""
    seconds = int(abs(span).total_seconds())
    if seconds < MINUTE:
        return _("less than a minute")
    days, hours, minutes = seconds // DAY, seconds % DAY // HOUR, seconds % HOUR // MINUTE
    parts = [
        (days, ngettext("%(n)d day", "%(n)d days", days) % {"n": days}),
        (hours, ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}),
        (minutes, ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}),
    ]
    first = next(place for place, (count, words) in enumerate(parts) if count)
    return " ".join(words for count, words in parts[first : first + 2] if count)


def time_left_words(due: datetime, now: datetime | None = None) -> str:
    """Return how long is left until `due`, or by how much it has passed."""
    rest = due - (now or clock.now())
    if rest < timedelta(0):
        return _("overdue by %(span)s") % {"span": span_words(rest)}
    return _("%(span)s left") % {"span": span_words(rest)}


def limit_words(value: Decimal, unit: str) -> str:
    """Return a limit with the clock that counts it, e.g. "4 working hours"."""
    amount = format(value.normalize(), "f")
    words = {
        Unit.WORK_HOUR: _("%(n)s working hours"),
        Unit.WORK_DAY: _("%(n)s working days"),
        Unit.URGENT_HOUR: _("%(n)s hours round the clock"),
        Unit.URGENT_DAY: _("%(n)s days round the clock"),
        Unit.NATURAL_DAY: _("%(n)s calendar days"),
    }
    if unit == Unit.WORK_HOUR and value < 1:
        minutes = format((value * 60).normalize(), "f")
        return _("%(n)s working minutes") % {"n": minutes}
    return words[Unit(unit)] % {"n": amount}


def because_words(measured: CaseClock) -> str:
    """Return why a clock is due when it is: its limit and start, extensions, rests, and the calendar that counted."""
    start = _moment_words(measured.started_at)
    said = [
        _("%(limit)s from %(start)s")
        % {"limit": limit_words(measured.limit_value, measured.limit_unit), "start": start}
    ]
    if measured.extension_value:
        more = limit_words(measured.extension_value, measured.limit_unit)
        said.append(_("extended by %(limit)s") % {"limit": more})
    if measured.consumed and measured.running_since == measured.started_at:
        said.append(_("%(span)s of it used up before") % {"span": _used_words(measured)})
    if measured.rested:
        said.append(_("rested for %(span)s") % {"span": span_words(timedelta(microseconds=measured.rested))})
    if measured.paused_at is not None:
        said.append(_("rests since %(start)s") % {"start": _moment_words(measured.paused_at)})
    if not Unit(measured.limit_unit).is_continuous:
        version = measured.calendar_version
        said.append(_("calendar %(code)s %(number)d") % {"code": version.calendar.code, "number": version.number})
    return " · ".join(said)


def _used_words(measured: CaseClock) -> str:
    """Return what a clock used up before its last start, on its own clock: office hours are not days and nights."""
    if Unit(measured.limit_unit).is_continuous:
        return span_words(timedelta(microseconds=measured.consumed))
    return limit_words(to_hours(measured.consumed).quantize(Decimal("0.01")), Unit.WORK_HOUR)


def _moment_words(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
