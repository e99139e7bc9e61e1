"""What other systems tell about a case beside its moves: the app that brought the report, or the unit's own system."""

from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.engines.cases.access import reports_by
from liuchi.engines.cases.beside import rows_beside
from liuchi.engines.cases.kinds import CASE_SUPPLEMENTED, PROGRESS_TOLD
from liuchi.engines.cases.models import Case, CaseMove, Report
from liuchi.engines.cases.moving import MOVE, Incomplete, kept_words, require_text
from liuchi.engines.cases.reasons import TOLD_BY_OTHERS
from liuchi.engines.cases.secrecy import is_kept_from
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.attachments.belonging import NO_FILES, Files, claim
from liuchi.ground.journal.actions import draft, write
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor, Historian
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.kernel.writes import build

#: The names under which a case's history tells it; they are no moves of the workflow.
SUPPLEMENT, PROGRESS = "supplement", "progress"


@action
def supplement_case(
    *, by: Actor, case_id: UUID, text: str, word: str = "", receipt: str = "", files: Files = NO_FILES
) -> CaseMove:
    """Add words and files to what one reported (补充), at any time; state, clocks and version stay as they are.

    `word` is what the other system calls it ("fixed": they say it is solved); whoever handles the case decides.

    Raises:
        NotAllowed: the report is somebody else's.
        Incomplete: no text, too long a one, or a word that is none.
    """
    case = _held(case_id)
    own = reports_by(by, case, receipt).first() if by.allows("cases.report") else None
    if own is None:
        raise NotAllowed(_("Only the person who reported it can do this. Open the case with your receipt code."))
    require_text(text)
    line = draft(
        kind=CASE_SUPPLEMENTED,
        by=by,
        subject_type="cases.case",
        subject_id=case.id,
        place_id=case.place_id,
        data={"report": own.id, "word": _known(word) or None, "files": len(files.ids)},
    )
    return _told(case, line, by, SUPPLEMENT, text, word, files, own)


@action
def tell_progress(*, by: Actor, case_id: UUID, text: str, word: str = "", files: Files = NO_FILES) -> CaseMove:
    """Tell how far the unit that leads is, from its own system; state, clocks and version stay as they are.

    Raises:
        NotFound: there is no such case, or secrecy keeps it from the actor.
        NotAllowed: the actor does not handle for the unit that leads.
        Incomplete: no text, too long a one, or a word that is none.
    """
    case = _held(case_id)
    if is_kept_from(by, case):
        raise NotFound(_("There is no such case."))
    if not (isinstance(by, Viewer | Historian) and by.allows_in("cases.handle", case.unit_id)):
        raise NotAllowed(_("Only the unit that leads tells how far it is."))
    require_text(text)
    line = draft(
        kind=PROGRESS_TOLD,
        by=by,
        subject_type="cases.case",
        subject_id=case.id,
        place_id=case.place_id,
        data={"unit": case.unit_id, "word": _known(word) or None, "files": len(files.ids)},
    )
    return _told(case, line, by, PROGRESS, text, word, files)


def _held(case_id: UUID) -> Case:
    case = Case.objects.select_for_update(of=("self",)).filter(id=case_id).first()
    if case is None:
        raise NotFound(_("There is no such case."))
    return case


def _known(word: str) -> str:
    if word and word not in TOLD_BY_OTHERS:
        raise Incomplete(_("There is no such word for how far it is."), field="word")
    return word


def _told(
    case: Case, line: Line, by: Actor, name: str, text: str, word: str, files: Files, report: Report | None = None
) -> CaseMove:
    row = build(
        CaseMove,
        case_id=case.id,
        line_id=line.id,
        name=name,
        from_state=case.state,
        to_state=case.state,
        actor_kind=by.kind,
        actor_id=by.id,
        unit_id=None if report else case.unit_id,
        report_id=report.id if report else None,
        reason_code=word,
        internal_text=kept_words(text),
        happened_at=line.happened_at,
        recorded_at=line.recorded_at,
    )
    write(line, *rows_beside(case, line.id), row)
    claim(files, subject_type=MOVE, subject_id=row.id)
    return row
