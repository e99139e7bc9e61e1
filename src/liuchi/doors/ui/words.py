"""How long is left, in words."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from liuchi.ground.calendars.words import limit_words, span_words
from liuchi.ground.kernel import clock

__all__ = ["limit_words", "span_words", "time_left_words"]


def time_left_words(due: datetime, now: datetime | None = None) -> str:
    """Return how long is left until `due`, or by how much it has passed."""
    rest = due - (now or clock.now())
    if rest < timedelta(0):
        return _("overdue by %(span)s") % {"span": span_words(rest)}
    return _("%(span)s left") % {"span": span_words(rest)}
