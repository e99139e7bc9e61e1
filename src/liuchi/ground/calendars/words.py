"""Spans of time and limits in words, as somebody would say them."""

from datetime import timedelta
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liuchi.ground.calendars.limits import Unit

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
