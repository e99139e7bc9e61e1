"""Making several cases of one message that holds several demands (一件多诉)."""

from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.engines.cases import clocks
from liuchi.engines.cases.kinds import CASE_SPLIT_OFF
from liuchi.engines.cases.models import Accused, Case, ClockKind, Report, State
from liuchi.engines.cases.opening import first_noted, required_words
from liuchi.engines.cases.secrecy import is_kept_from
from liuchi.ground.journal.actions import Statement, write
from liuchi.ground.kernel import clock as house_clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken, Stale
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.records import protected


class SplitRefused(RuleBroken):
    """The case cannot be split now."""

    code = "split_refused"


@action
def split_off(*, by: Actor, case_id: UUID, token: UUID, text: str, version: int | None = None) -> Case:
    """Make one demand of a message that waits to be accepted a case of its own, with its own clock, and return that.

    `text` is the demand in the reporter's words; the whole message stays with the first case. The reporter's receipt
    opens all parts, and whoever may reach the reporter of the first may reach them in each. The same `token` again
    returns the case made first.

    Raises:
        NotAllowed: the actor does not decide at the desk of the place.
        NotFound: there is no such case, or nobody's message in it.
        Stale: the case changed since `version` was read.
        SplitRefused: the case has been filed, or has ended.
        ReportRefused: no text, or too long a one.
    """
    first = Case.objects.select_for_update(of=("self",)).filter(id=case_id).first()
    made = Case.objects.filter(reports__id=token).first()
    if made is not None:
        return made
    origin = first.reports.filter(is_joined=False, withdrawn_at=None).order_by("received_at").first() if first else None
    if first is None or origin is None or is_kept_from(by, first):
        raise NotFound(_("There is no such case."))
    if not by.allows("cases.accept", first.place_id):
        raise NotAllowed(_("You do not decide at the desk of that case's place."))
    if version is not None and first.version != version:
        raise Stale(_("Somebody else changed this case meanwhile. Look at what changed, then act again."))
    if first.state != State.RECEIVED:
        raise SplitRefused(_("Only a message that waits to be accepted can be split."))
    return _part(by, first, origin, token, required_words(text))


def _part(by: Actor, first: Case, origin: Report, token: UUID, text: str) -> Case:
    moment = house_clock.now()
    case = Case(
        id=new_id(),
        state=State.RECEIVED,
        channel=first.channel,
        place_id=first.place_id,
        longitude=first.longitude,
        latitude=first.latitude,
        address=first.address,
        reported_at=first.reported_at,
        split_from_id=first.split_from_id or first.id,
        is_secret=first.is_secret,
    )
    step = clocks.start_clock(case, ClockKind.STEP, State.RECEIVED, clocks.step_limit(case, State.RECEIVED), moment)
    clocks.facts(case, {ClockKind.STEP: step})
    report = _report_of(case, origin, token, text)
    facts = {"report": report.id, "origin": first.id, "channel": case.channel}
    said = Statement(CASE_SPLIT_OFF, by, "cases.case", case.id, case.place_id, facts, moment)
    line, move = first_noted(case, said, name="split").rows()
    units = first.accused.order_by("id").values_list("unit_id", flat=True)
    kept_from = [Accused(case=case, unit_id=unit, named_at=moment) for unit in units]
    write(line, case, report, step, move, *kept_from)
    return case


def _report_of(case: Case, origin: Report, token: UUID, text: str) -> Report:
    """Return the part of a report; what is sealed is bound to its row, and so sealed anew."""
    name = protected.unseal(origin.name_sealed, protected.NAME, origin.id)
    phone = protected.unseal(origin.phone_sealed, protected.PHONE, origin.id)
    return Report(
        id=token,
        case=case,
        receipt_index=origin.receipt_index,
        origin_id=origin.origin_id or origin.id,
        text=text,
        channel=origin.channel,
        reporter_id=origin.reporter_id,
        name_sealed=protected.seal(name, protected.NAME, token),
        name_index=origin.name_index,
        phone_sealed=protected.seal(phone, protected.PHONE, token),
        phone_index=origin.phone_index,
        received_at=origin.received_at,
    )
