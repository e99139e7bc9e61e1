"""Reading the supporting parts of a case: who helps, until when, what was answered, and what a viewer may do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.engines.cases.access import may_move_part
from liuchi.engines.cases.models import Assignment, AssignmentRole, Case, CaseClock, CaseMove
from liuchi.engines.cases.parting import decline_until
from liuchi.engines.cases.supporting import PART_MOVES, STEP, WITH_LEAD
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.errors import NotFound


@dataclass(frozen=True)
class Helping:
    """A unit's part: what was asked, its own clock, how it stands, its answer, and what the viewer may do about it."""

    id: UUID
    unit_id: UUID
    unit_name: str
    asked: str
    assigned_at: datetime
    running: CaseClock | None
    ended_at: datetime | None
    outcome: str
    is_disputed: bool
    said: str
    answer_id: UUID | None
    answer: str
    moves: Sequence[str]
    decline_until: datetime | None


@dataclass(frozen=True)
class HelpingIn:
    """The parts of a case, and what the viewer may do to begin one."""

    parts: Sequence[Helping]
    moves: Sequence[str]


def part_in(case: Case, part_id: UUID) -> Assignment:
    """Return a supporting part of a case the caller holds already.

    Raises:
        NotFound: there is none of this id.
    """
    parts = Assignment.objects.select_related("unit").filter(case=case, role=AssignmentRole.SUPPORT, id=part_id)
    part = parts.first()
    if part is None:
        raise NotFound(_("There is no such part in this case."))
    return part


def helping_in(viewer: Viewer, case: Case) -> HelpingIn:
    """Return the supporting parts of a case that was read with the viewer's eyes, oldest first."""
    rows = list(
        Assignment.objects.filter(case=case, role=AssignmentRole.SUPPORT)
        .select_related("unit__calendar")
        .order_by("assigned_at", "id")
    )
    is_open = case.state in WITH_LEAD
    beginning = [
        each.name for each in PART_MOVES.values() if each.begins and is_open and may_move_part(viewer, each, case)
    ]
    if not rows:
        return HelpingIn((), beginning)
    answering = CaseClock.objects.filter(assignment__in=rows, step=STEP).order_by("id")
    clocks = {each.assignment_id: each for each in answering}
    said = list(case.moves.filter(name__in=("answer_part", "decline_part")).order_by("id"))
    return HelpingIn([_helping(viewer, case, row, clocks.get(row.id), said) for row in rows], beginning)


def due_of_parts(viewer: Viewer, case_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """Return when the viewer's own units have to answer in those of the cases in which they help (one query)."""
    units = viewer.organisations("cases.handle")
    if not units or not case_ids:
        return {}
    running = CaseClock.objects.filter(
        case_id__in=list(case_ids), assignment__unit_id__in=units, assignment__ended_at=None, stopped_at=None, step=STEP
    )
    return dict(
        running.filter(assignment__role=AssignmentRole.SUPPORT).order_by("-due_at").values_list("case_id", "due_at")
    )


def _helping(
    viewer: Viewer, case: Case, row: Assignment, running: CaseClock | None, said: Iterable[CaseMove]
) -> Helping:
    own = [move for move in said if move.unit_id == row.unit_id and move.happened_at >= row.assigned_at]
    ended = row.ended_at
    own = [move for move in own if ended is None or move.happened_at <= ended]
    answer = next((move for move in own if move.name == "answer_part"), None)
    declined = next((move for move in own if move.name == "decline_part"), None)
    until = decline_until(row) if ended is None else None
    moves = [] if ended is not None or case.state not in WITH_LEAD else _moves(viewer, case, row)
    has_declined = any(move.name == "decline_part" and move.unit_id == row.unit_id for move in said)
    if has_declined or (until is not None and clock.now() > until):
        moves = [name for name in moves if name != "decline_part"]
    return Helping(
        row.id,
        row.unit_id,
        row.unit.name,
        row.reason,
        row.assigned_at,
        running,
        ended,
        row.outcome,
        row.declined_at is not None,
        declined.internal_text if declined is not None else "",
        answer.id if answer is not None else None,
        answer.internal_text if answer is not None else "",
        moves,
        until,
    )


def _moves(viewer: Viewer, case: Case, part: Assignment) -> list[str]:
    fitting = [
        each for each in PART_MOVES.values() if not each.begins and each.on_declined == (part.declined_at is not None)
    ]
    return [each.name for each in fitting if may_move_part(viewer, each, case, part)]
