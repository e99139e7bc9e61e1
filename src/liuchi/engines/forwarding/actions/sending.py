"""Taking what is to be sent, one case at a time, and noting how it went."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.engines.cases.models import Case
from liuchi.engines.forwarding.actions.endpoints import POWER
from liuchi.engines.forwarding.kinds import RETRIED, SETTLED, TAKEN
from liuchi.engines.forwarding.models import Endpoint, Forwarded, ForwardState
from liuchi.engines.forwarding.reactions import SEND
from liuchi.engines.forwarding.speaking import Given, NotTaken, Spoken
from liuchi.engines.forwarding.telling import form_for, mark_of, route_for, spoken_to
from liuchi.ground.hooks.timing import probe_after
from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken
from liuchi.ground.kernel.jobs import defer

#: After so long a sender that took something is thought to be gone.
GONE_AFTER: Final = timedelta(minutes=5)
#: A clock elsewhere may go slow: looked up from so long before the first attempt.
_EARLIER: Final = timedelta(hours=1)
_SUBJECT: Final = "forwarding.forwarded"


class NotToRetry(RuleBroken):
    """This is with the other city already, or on its way."""

    code = "not_to_retry"


@dataclass(frozen=True)
class Errand:
    """One case to be sent: to whom, what, and whether a request of ours may be there already."""

    forwarded_id: UUID
    to: Spoken
    service: str
    form: tuple[tuple[str, str], ...]
    mark: str
    since: datetime
    is_unsure: bool
    is_repeatable: bool


@action
def take_forwarding(*, by: Actor) -> Errand | None:
    """Take one case whose time has come and note the attempt before it is made; None when none waits.

    One whose sender vanished may be there: it is looked up first. A case that went another way meanwhile, became
    secret, or whose sharing ended is refused here and never sent.
    """
    now = clock.now()
    unsent = [ForwardState.WAITING, ForwardState.SENDING, ForwardState.UNSURE]
    row = (
        Forwarded.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(state__in=unsent, next_at__lte=now, endpoint__is_active=True)
        .select_related("endpoint__sharing", "case__condition__case_class", "case__place")
        .order_by("next_at", "id")
        .first()
    )
    if row is None:
        return None
    route = route_for(row.endpoint, row.case)
    is_unsure = row.state != ForwardState.WAITING
    errand = None
    if (route is None or not _may_go(row.endpoint, row.case)) and not is_unsure:
        _set(row, ForwardState.REFUSED, None, "not_to_go")
    else:
        row.attempts = min(row.attempts + 1, 10_000)
        row.sent_from = row.sent_from or now
        _set(row, ForwardState.SENDING, now + GONE_AFTER, "")
        form = tuple(form_for(row, route)) if route is not None else ()
        since, mark = row.sent_from - _EARLIER, mark_of(row)
        repeatable = row.endpoint.is_repeatable and bool(form) and _may_go(row.endpoint, row.case)
        errand = Errand(row.id, spoken_to(row.endpoint), row.service, form, mark, since, is_unsure, repeatable)
    row.save(update_fields=["state", "next_at", "error", "attempts", "sent_from", "changed_at"])
    facts = {"endpoint": row.endpoint_id, "cases": [row.case_id]}
    record(kind=TAKEN, by=by, subject_type=_SUBJECT, subject_id=row.id, place_id=row.case.place_id, data=facts)
    return errand


@action
def settle_forwarding(*, by: Actor, forwarded_id: UUID, outcome: Given | NotTaken) -> Forwarded | None:
    """Note how an attempt went; None when somebody else noted it before.

    What may be there already is never sent again, unless the endpoint promises to see that it is the same: it is looked
    up, ever less often, until somebody of ours decides.
    """
    row = (
        Forwarded.objects.select_for_update(of=("self",))
        .select_related("endpoint", "case")
        .filter(id=forwarded_id, state=ForwardState.SENDING)
        .first()
    )
    if row is None:
        return None
    if isinstance(outcome, Given):
        row.request_id, row.token = outcome.request_id[:100], outcome.token[:100]
        _set(row, ForwardState.SENT if row.request_id else ForwardState.TOKEN, None, "")
    elif outcome.is_final:
        _set(row, ForwardState.REFUSED, None, outcome.code)
    else:
        state = ForwardState.UNSURE if outcome.is_unsure else ForwardState.WAITING
        _set(row, state, clock.now() + probe_after(row.attempts), outcome.code)
    row.save(update_fields=["request_id", "token", "state", "next_at", "error", "changed_at"])
    _record(by, SETTLED, row, state=row.state, attempts=row.attempts)
    return row


@action
def retry_forwarding(*, by: Actor, forwarded_id: UUID) -> Forwarded:
    """Send what was refused, or what nobody can tell whether it arrived: somebody has looked that it is not there.

    Raises:
        NotAllowed: without the power at the case's place.
        NotFound: there is no such thing.
        NotToRetry: it is there, or on its way.
    """
    row = Forwarded.objects.select_for_update(of=("self",)).select_related("endpoint", "case").filter(id=forwarded_id)
    found = row.first()
    if found is None:
        raise NotFound(_("There is no such case given to another city."))
    if not by.allows(POWER) and not by.allows("cases.dispatch", found.case.place_id):
        raise NotAllowed(_("Sending again is for the dispatch of the place and for whoever looks after endpoints."))
    if found.state not in {ForwardState.UNSURE, ForwardState.REFUSED, ForwardState.WAITING}:
        raise NotToRetry(_("This is with the other city already, or on its way."))
    _set(found, ForwardState.WAITING, clock.now(), "")
    found.save(update_fields=["state", "next_at", "error", "changed_at"])
    _record(by, RETRIED, found)
    defer(SEND)
    return found


def _may_go(endpoint: Endpoint, case: Case) -> bool:
    return not case.is_secret and case.unit_id == endpoint.unit_id and endpoint.sharing.ended_on is None


def _record(by: Actor, kind: object, row: Forwarded, **more: object) -> None:
    facts = {"endpoint": row.endpoint_id, "case": row.case_id, **more}
    record(kind=kind, by=by, subject_type=_SUBJECT, subject_id=row.id, place_id=row.case.place_id, data=facts)  # type: ignore[arg-type]


def _set(row: Forwarded, state: ForwardState, next_at: datetime | None, error: str) -> None:
    row.state, row.next_at, row.error, row.changed_at = state, next_at, error[:40], clock.now()
