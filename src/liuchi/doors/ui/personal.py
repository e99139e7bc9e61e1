"""Sealed values that stand in no room's table: what was typed and not sent, in the session."""

from base64 import b64decode
from binascii import Error
from collections import Counter

from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from liuchi.doors.ui.kept import SEALED_NAMES
from liuchi.ground.kernel import clock
from liuchi.ground.records.declared import (
    Basis,
    Personal,
    PersonalField,
    RecordType,
    Retention,
    Sensitivity,
    Then,
    declare,
)
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
declare(
    RecordType(
        name="ui.session",
        model="sessions.Session",
        title=_("Sessions of browsers"),
        purpose=_("Know from one page to the next who is signed in; keep what was typed and not sent"),
        basis=Basis.CONTRACT,
        basis_text=_("PIPL art. 13 (2): what the person asked for cannot be done without"),
        sensitivity=Sensitivity.PERSONAL,
        retention=Retention(
            after=_("the session ran out (12 hours)"),
            days=0,
            then=Then.DELETE,
            since="expire_date",
            rule=_("deleted every hour"),
        ),
        fields=(PersonalField("session_data", Personal.ACCOUNT),),
    )
)
