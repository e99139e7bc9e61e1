"""Letting cases follow when grids are redrawn, split or merged."""

from uuid import UUID

from liuchi.engines.cases.kinds import CASE_RELOCATED
from liuchi.engines.cases.models import Case, CaseMove
from liuchi.ground.journal.actions import draft, write
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed
from liuchi.ground.territory.queries import heir

#: The name under which a case's history tells that its grid changed; it is no move of the workflow.
RELOCATED = "relocate"


@action
def relocate_case(*, by: Actor, case_id: UUID) -> bool:
    """Let an open case belong to the grid that holds its point today, or to what its place became; tell if it moved.

    A closed case stays where it was. What happened stands in the case's history; state, unit and clocks are untouched.

    Raises:
        NotAllowed: only the house itself does this, after a change of the territory.
    """
    if by.kind != "system":
        raise NotAllowed("cases follow the territory by themselves")
    case = Case.objects.select_for_update(of=("self",)).filter(id=case_id, ended_at=None).first()
    place = None if case is None else heir(case.place_id, case.longitude, case.latitude)
    if case is None or place is None or place == case.place_id:
        return False
    line = draft(
        kind=CASE_RELOCATED,
        by=by,
        subject_type="cases.case",
        subject_id=case.id,
        place_id=place,
        data={"from_place": case.place_id, "to_place": place},
    )
    case.place_id, case.version = place, case.version + 1
    case.save(update_fields=["place", "version"])
    move = CaseMove(
        case=case,
        line_id=line.id,
        name=RELOCATED,
        from_state=case.state,
        to_state=case.state,
        actor_kind=by.kind,
        actor_id=by.id,
        happened_at=line.happened_at,
        recorded_at=line.recorded_at,
    )
    write(line, move)
    return True
