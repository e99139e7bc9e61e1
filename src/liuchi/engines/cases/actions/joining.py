"""Saying "me too": joining an open case that somebody else reported."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.engines.cases.access import reports_by
from liuchi.engines.cases.kinds import CASE_JOINED
from liuchi.engines.cases.models import Case, Channel
from liuchi.engines.cases.opening import REPORT, Receipt, bearable_words, known_receipt, new_report, require_contact
from liuchi.engines.cases.receipts import receipt_code
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.attachments.belonging import NO_FILES, Files, claim
from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock as house_clock
from liuchi.ground.kernel.actions import action, again_on
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken


class JoinRefused(RuleBroken):
    """The case cannot be joined any more."""

    code = "join_refused"


@again_on("report_receipt_once")
@action
def join_case(
    *,
    by: Actor,
    case_id: UUID,
    token: UUID,
    text: str = "",
    channel: str = Channel.WEB,
    name: str = "",
    phone: str = "",
    receipt: str = "",
    files: Files = NO_FILES,
    at: datetime | None = None,
) -> Receipt:
    """Count somebody in on an open case; they are told of its progress and may rate it, and see nobody else's words.

    The same `token`, account, receipt or telephone again counts once: then `is_new` is False, and `code` is empty
    where the receipt given before is not known any more. Neither version nor clocks of the case change.

    Raises:
        NotAllowed: the actor may not report.
        NotFound: there is no such case, or it is secret.
        JoinRefused: it has ended.
        ReportRefused: a text, name or telephone too long to be kept whole.
    """
    if not by.allows("cases.report"):
        raise NotAllowed(_("You may not report here."))
    words = bearable_words(text)
    require_contact(name, phone)
    known = known_receipt(token)
    if known is not None:
        return known
    case = Case.objects.select_for_update(of=("self",)).filter(id=case_id).first()
    if case is None or case.is_secret:
        raise NotFound(_("There is no such case."))
    if case.ended_at is not None:
        raise JoinRefused(_("This case has ended. If you still meet the matter, please report it anew."))
    moment = at or house_clock.now()
    report = new_report(case, by, token, text=words, channel=channel, name=name, phone=phone, at=moment)
    report.is_joined = True
    same_phone = case.reports.filter(phone_index=report.phone_index, withdrawn_at=None)
    # A system speaks for many: what it brought before was somebody else's.
    is_counted = not _speaks_for_many(by) and reports_by(by, case, receipt).exists()
    if is_counted or (report.phone_index is not None and same_phone.exists()):
        return Receipt(case.id, case.number, receipt, is_new=False)
    record(
        kind=CASE_JOINED,
        by=by,
        subject_type="cases.case",
        subject_id=case.id,
        place_id=case.place_id,
        happened_at=moment,
        data={"report": report.id, "channel": channel},
        rows=[report],
    )
    claim(files, subject_type=REPORT, subject_id=report.id)
    return Receipt(case.id, case.number, receipt_code(token), is_new=True)


def _speaks_for_many(by: Actor) -> bool:
    return isinstance(by, Viewer) and by.key_id is not None
