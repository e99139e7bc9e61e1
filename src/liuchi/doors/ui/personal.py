"""Sealed values that stand in no room's table: what was typed and not sent, in the session."""

from base64 import b64decode
from binascii import Error
from collections import Counter

from django.contrib.sessions.models import Session

from liuchi.doors.ui.kept import SEALED_NAMES
from liuchi.ground.kernel import clock
from liuchi.ground.records.key_counts import declare_holder


def count_session_keys() -> Counter[str]:
    """Return under which keys values in sessions are sealed that have not run out, and how many."""
    found: Counter[str] = Counter()
    for session in Session.objects.filter(expire_date__gt=clock.now()).order_by("pk").iterator():
        kept = session.get_decoded()
        found.update(key for name in SEALED_NAMES if (key := _key_of(kept.get(name))))
    return found


def _key_of(value: object) -> str:
    if not isinstance(value, str):
        return ""
    try:
        blob = b64decode(value)
    except (Error, ValueError):
        return ""
    return blob[1 : 1 + blob[0]].decode(errors="replace") if blob else ""


declare_holder("sessions", count_session_keys)
