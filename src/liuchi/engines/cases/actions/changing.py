"""What a reporter may still change: words, place and photos until the desk has filed it; and taking it back."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.engines.cases.access import reports_by
from liuchi.engines.cases.kinds import REPORT_EDITED, REPORT_WITHDRAWN
from liuchi.engines.cases.models import Case, CaseMove, Report, ReportVersion
from liuchi.engines.cases.moving import begin, finish
from liuchi.engines.cases.opening import REPORT, place_of, required_words
from liuchi.engines.cases.own_reports import ends_with_it, holds_place, may_edit
from liuchi.ground.attachments.belonging import NO_FILES, Files, claim
from liuchi.ground.journal.actions import draft, record, write
from liuchi.ground.kernel import clock as house_clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken, Stale
from liuchi.ground.kernel.texts import plain_line

#: The name under which a case's history tells that its reporter changed the report; it is no move of the workflow.
EDITED = "edit"


class EditRefused(RuleBroken):
    """The report cannot be changed any more."""

    code = "edit_refused"


class WithdrawRefused(RuleBroken):
    """There is nothing to take back."""

    code = "withdraw_refused"


@action
def edit_report(
    *,
    by: Actor,
    case_id: UUID,
    text: str,
    receipt: str = "",
    address: str | None = None,
    longitude: float | None = None,
    latitude: float | None = None,
    area_id: UUID | None = None,
    files: Files = NO_FILES,
    version: int | None = None,
) -> Report:
    """Change what one reported, until the desk has filed it; what stood there before is kept.

    Left out, the place stays. Only who reported it first may change the place; who joined may change their own words.

    Raises:
        NotAllowed: the report is somebody else's.
        Stale: the case changed since `version` was read.
        EditRefused: it has been filed, or has ended.
        ReportRefused: no text, too long a one, or coordinates that are none.
    """
    case, own = _own(by, case_id, receipt, version)
    if not may_edit(case):
        raise EditRefused(_("The desk has filed it already; what you report now is read as a new report."))
    report, before = own[0], _before(case, own[0])
    words = text.strip() if report.is_joined and not text.strip() else required_words(text)
    is_elsewhere = _move_case(by, case, report, address, longitude, latitude, area_id)
    is_reworded, report.text = words != report.text, words
    if not (is_elsewhere or is_reworded or files.ids):
        return report
    line = draft(
        kind=REPORT_EDITED,
        by=by,
        subject_type="cases.case",
        subject_id=case.id,
        place_id=case.place_id,
        data={"report": report.id, "words": is_reworded, "place": is_elsewhere, "files": len(files.ids)},
    )
    case.version += 1
    case.save(update_fields=["version", "address", "longitude", "latitude", "place"])
    report.save(update_fields=["text"])
    write(line, *([before] if is_elsewhere or is_reworded else []), _note(case, line.id, by, report, line.happened_at))
    claim(files, subject_type=REPORT, subject_id=report.id)
    return report


@action
def withdraw_report(*, by: Actor, case_id: UUID, receipt: str = "", text: str = "", version: int | None = None) -> bool:
    """Take back what one reported; tell whether the case ended with it.

    It ends where nobody else stands behind it and no unit has it yet. Otherwise the matter goes on: only who took it
    back is counted and told no more.

    Raises:
        NotAllowed: the report is somebody else's.
        WithdrawRefused: the case has ended.
    """
    case, own = _own(by, case_id, receipt, version)
    if case.ended_at is not None:
        raise WithdrawRefused(_("This case has ended; there is nothing to take back."))
    ends = ends_with_it(case, own)
    now = house_clock.now()
    if ends:
        turn = begin(by=by, case_id=case_id, name="withdraw", version=version, receipt=receipt)
        turn.set(ended_at=turn.at)
        finish(turn, internal_text=text, report=own[0])
    else:
        record(
            kind=REPORT_WITHDRAWN,
            by=by,
            subject_type="cases.case",
            subject_id=case.id,
            place_id=case.place_id,
            data={"report": own[0].id},
        )
    case.reports.filter(id__in=[report.id for report in own]).update(withdrawn_at=now)
    return ends


def _own(by: Actor, case_id: UUID, receipt: str, version: int | None) -> tuple[Case, list[Report]]:
    case = Case.objects.select_for_update(of=("self",)).filter(id=case_id).first()
    if case is None:
        raise NotFound(_("There is no such case."))
    own = list(reports_by(by, case, receipt)) if by.allows("cases.report") else []
    if not own:
        raise NotAllowed(_("Only the person who reported it can do this. Open the case with your receipt code."))
    if version is not None and case.version != version:
        raise Stale(_("Somebody else changed this case meanwhile. Look at what changed, then act again."))
    return case, own


def _before(case: Case, report: Report) -> ReportVersion:
    """Return what the report says now, before it is changed; the place only of who may change it."""
    is_place_theirs = holds_place(report)
    return ReportVersion(
        report=report,
        text=report.text,
        address=case.address if is_place_theirs else "",
        place_id=case.place_id,
        longitude=case.longitude if is_place_theirs else None,
        latitude=case.latitude if is_place_theirs else None,
        replaced_at=house_clock.now(),
    )


def _move_case(
    by: Actor,
    case: Case,
    report: Report,
    address: str | None,
    longitude: float | None,
    latitude: float | None,
    area_id: UUID | None,
) -> bool:
    """Set the case's place as its reporter says now; tell whether it changed."""
    if not holds_place(report):
        return False
    before = (case.address, case.place_id, case.longitude, case.latitude)
    if address is not None:
        case.address = plain_line(address)[:200]
    if longitude is not None or area_id is not None:
        place, is_located = place_of(by, longitude, latitude, area_id)
        case.place_id = place.id
        case.longitude, case.latitude = (longitude, latitude) if is_located else (None, None)
    return before != (case.address, case.place_id, case.longitude, case.latitude)


def _note(case: Case, line_id: UUID, by: Actor, report: Report, at: datetime) -> CaseMove:
    return CaseMove(
        case=case,
        line_id=line_id,
        name=EDITED,
        from_state=case.state,
        to_state=case.state,
        actor_kind=by.kind,
        actor_id=by.id,
        report=report,
        happened_at=at,
        recorded_at=at,
    )
