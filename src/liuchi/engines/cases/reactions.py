"""What the case engine does when something happened elsewhere."""

from uuid import UUID

from liuchi.engines.cases.actions.calling import WITHIN, draw_call_back
from liuchi.engines.cases.actions.places import relocate_case
from liuchi.engines.cases.actions.standards import erase_reporter, recompute_deadlines
from liuchi.engines.cases.kinds import (
    CASE_JOINED,
    CASE_REPORTED,
    CASE_SPLIT_OFF,
    CASE_SUPPLEMENTED,
    MOVED,
    PROGRESS_TOLD,
    REPORT_EDITED,
    REPORT_WITHDRAWN,
)
from liuchi.engines.cases.models import Case, CaseMove
from liuchi.engines.cases.search.indexing import index_cases
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actors import System
from liuchi.ground.people.queries import erased_in
from liuchi.ground.territory.following import areas_changed

FOLLOWER = System("cases")
_TOLD_ANEW = {each.name for each in (CASE_REPORTED, CASE_JOINED, CASE_SPLIT_OFF, REPORT_EDITED, REPORT_WITHDRAWN)}
#: Every move may bring words by which a case is found.
TELLING = frozenset({*_TOLD_ANEW, CASE_SUPPLEMENTED.name, PROGRESS_TOLD.name, *(kind.name for kind in MOVED.values())})


def follow_calendar(line: Line) -> None:
    """Recompute running deadlines when a calendar gets a new version (`calendar.published`)."""
    recompute_deadlines(by=FOLLOWER, calendar=line.data["calendar"], number=line.data["version"])


def follow_erasure(line: Line) -> None:
    """Erase a person's traces in reports when the person is erased, joined records too (`people.person_erased`).

    Reports that left only a telephone are theirs when the telephone was nobody else's.
    """
    phones = [bytes.fromhex(each) for each in line.data.get("phones", ())]
    for number, person_id in enumerate(erased_in(line)):
        erase_reporter(by=FOLLOWER, person_id=person_id, phones=phones if number == 0 else ())


def follow_territory(line: Line) -> None:
    """Let the open cases of areas that were redrawn, split or merged belong where they stand now; one line for each."""
    rows = Case.objects.filter(place_id__in=areas_changed(line), ended_at=None).order_by("id")
    for case_id in rows.values_list("id", flat=True):
        relocate_case(by=FOLLOWER, case_id=case_id)


def index_line(line: Line) -> None:
    """Bring the index up to what the line's case says now. Begun anew at position 0, it rebuilds the whole index."""
    index_cases([line.subject_id, *(UUID(line.data["lead"]) for _ in range("lead" in line.data))])


def draw_closing(line: Line) -> None:
    """Draw a closing for a call-back (`case.closed`); history read anew draws what it drew, and nothing that is old."""
    if clock.now() - line.happened_at > WITHIN:
        return
    closing = CaseMove.objects.filter(line_id=line.id).values_list("id", flat=True).first()
    if closing is not None:
        draw_call_back(by=FOLLOWER, closing_id=closing)
