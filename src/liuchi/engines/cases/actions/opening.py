"""Noting that a unit has opened what it was given: from then on nobody takes it back from under its hands."""

from uuid import UUID

from liuchi.engines.cases.kinds import CASE_OPENED
from liuchi.engines.cases.models import Assignment, Case
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor


@action
def note_opening(*, by: Actor, case_id: UUID) -> bool:
    """Note that somebody of a unit with a part in the case has opened it for the first time; tell whether it was.

    Somebody without a part there changes nothing and leaves no line.
    """
    mine = by.organisations("cases.handle") if isinstance(by, Viewer) else frozenset()
    # The case first, as every move does: who takes the dispatch back and who opens it wait for each other.
    case = Case.objects.select_for_update(of=("self",)).filter(id=case_id).first()
    parts = Assignment.objects.filter(case=case, unit_id__in=mine, ended_at=None, opened_at=None).order_by("id")
    part = parts.first() if case is not None else None
    if case is None or part is None:
        return False
    part.opened_at = clock.now()
    part.save(update_fields=["opened_at"])
    record(
        kind=CASE_OPENED,
        by=by,
        subject_type="cases.case",
        subject_id=case.id,
        place_id=case.place_id,
        data={"unit": part.unit_id},
    )
    return True
