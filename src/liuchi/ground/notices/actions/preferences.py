"""How one wishes to be told oneself."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _

from liuchi.ground.access.viewers import Viewer
from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.errors import RuleBroken
from liuchi.ground.kernel.jobs import defer
from liuchi.ground.notices.addresses import is_address, is_token_for, open_address, seal_address
from liuchi.ground.notices.kinds import EMAIL_CONFIRMED, PREFERENCES_SET
from liuchi.ground.notices.models import Delivery, DeliveryKind, DeliveryState, Preferences, Way
from liuchi.ground.notices.outgoing import SEND
from liuchi.ground.notices.templates import topics
from liuchi.ground.notices.timing import Habits
from liuchi.ground.notices.wishes import own_wishes
from liuchi.ground.people.queries import record_in_force

#: A duty is told for a day or two at a time: nobody is on duty for ever by having forgotten a switch.
LONGEST_DUTY: Final = timedelta(hours=72)
#: How many messages that confirm an address one person may ask for within a day.
MOST_CONFIRMATIONS: Final = 5


class HoursRefused(RuleBroken):
    """The hours contradict each other."""

    code = "hours_refused"


class AddressRefused(RuleBroken):
    """The e-mail address cannot be used."""

    code = "address_refused"


@dataclass(frozen=True)
class Wishes:
    """What a person chose; hours 0 to 23. `email` is the address as typed, "" for none."""

    language: str
    habits: Habits
    by_email: bool = False
    email: str = ""
    by_sms: bool = False
    muted: Collection[str] = ()


@action
def set_preferences(*, by: Viewer, wishes: Wishes) -> Preferences:
    """Keep one's own wishes; an address gets a message whose link confirms it, and nothing else before that.

    Saved again unconfirmed, it gets another one.

    Raises:
        HoursRefused: the digest lies in quiet hours, or the duty is too long.
        AddressRefused: that is no address, none was given for e-mail, or too many were tried today.
    """
    _require_hours(wishes.habits)
    mine = own_wishes(by.person_id, for_update=True)
    is_first = mine is None
    mine = mine or Preferences(person_id=record_in_force(by.person_id))
    is_new = _set_address(mine, wishes)
    mine.language = wishes.language
    mine.digest_hour = wishes.habits.digest_hour
    mine.quiet_from, mine.quiet_to = wishes.habits.quiet_from, wishes.habits.quiet_to
    mine.on_duty_until = wishes.habits.on_duty_until
    mine.by_email, mine.by_sms = wishes.by_email, wishes.by_sms
    mine.muted = sorted(set(wishes.muted) & topics().keys())
    if is_first:
        mine.save(force_insert=True)
    else:
        mine.save(update_fields=_FIELDS)
    if mine.email_sealed is not None and not mine.is_email_confirmed:
        _ask_to_confirm(mine)
    facts = {"by_email": mine.by_email, "by_sms": mine.by_sms, "is_address_new": is_new}
    record(kind=PREFERENCES_SET, by=by, subject_type="people.person", subject_id=by.person_id, data=facts)
    return mine


@action
def confirm_email(*, by: Viewer, token: str) -> Preferences:
    """Confirm one's own address by what the link carried; from now on messages go there.

    Raises:
        AddressRefused: the link is too old, somebody else's, or of an address changed since.
    """
    mine = own_wishes(by.person_id, for_update=True)
    address = open_address(mine.email_sealed, mine.person_id) if mine else ""
    if mine is None or not address or not is_token_for(token, mine.person_id, address):
        raise AddressRefused(_("This link does not fit your present address. Save the address again for a new one."))
    if not mine.is_email_confirmed:
        mine.is_email_confirmed = True
        mine.save(update_fields=["is_email_confirmed"])
        record(kind=EMAIL_CONFIRMED, by=by, subject_type="people.person", subject_id=by.person_id)
    return mine


_FIELDS = [
    "language",
    "digest_hour",
    "quiet_from",
    "quiet_to",
    "on_duty_until",
    "by_email",
    "email_sealed",
    "is_email_confirmed",
    "by_sms",
    "muted",
]


def _require_hours(habits: Habits) -> None:
    if habits.is_quiet(habits.digest_hour):
        raise HoursRefused(_("The digest would come in your quiet hours. Choose another hour."), field="digest_hour")
    until = habits.on_duty_until
    if until is not None and until > clock.now() + LONGEST_DUTY:
        raise HoursRefused(_("Tell a duty for three days at most; it can be renewed."), field="on_duty_until")


def _set_address(mine: Preferences, wishes: Wishes) -> bool:
    """Take over the address and tell whether it is another one than before."""
    address = wishes.email.strip()
    if address and not is_address(address):
        raise AddressRefused(_("This is no e-mail address; it looks like name@example.cn."), field="email")
    if wishes.by_email and not address:
        raise AddressRefused(_("Give the address to which e-mail shall go."), field="email")
    if address == open_address(mine.email_sealed, mine.person_id):
        return False
    mine.email_sealed, mine.is_email_confirmed = seal_address(address, mine.person_id), False
    return True


def _ask_to_confirm(mine: Preferences) -> None:
    now = clock.now()
    confirming = Delivery.objects.filter(person_id=mine.person_id, kind=DeliveryKind.CONFIRM)
    if confirming.filter(created_at__gt=now - timedelta(days=1)).count() >= MOST_CONFIRMATIONS:
        raise AddressRefused(_("Too many addresses were tried today. Try again tomorrow."), field="email")
    if not confirming.filter(Q(state=DeliveryState.WAITING)).exists():
        Delivery.objects.create(
            way=Way.EMAIL,
            kind=DeliveryKind.CONFIRM,
            person_id=mine.person_id,
            next_at=now,
            created_at=now,
            changed_at=now,
        )
    defer(SEND)
