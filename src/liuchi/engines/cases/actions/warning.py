"""Warning before a deadline."""

from collections.abc import Collection
from uuid import UUID

from liuchi.engines.cases.kinds import DEADLINES_WARNED, PARTS_WARNED
from liuchi.engines.cases.notices import clocks_near_their_end, warn_of
from liuchi.engines.cases.support_notices import part_clocks_near_their_end, warn_of_part_clocks
from liuchi.ground.journal.actions import record
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor


@action
def warn_of_deadlines(*, by: Actor, clock_ids: Collection[UUID]) -> int:
    """Tell units' staff once of each of these deadlines that is near; return how many people were told.

    A unit in which nobody can sign in is told nothing, and looked at again.
    """
    clocks = list(clocks_near_their_end(clock_ids).select_related("case__condition"))
    if not clocks:
        return 0
    people = warn_of(clocks)
    if not people:
        return 0
    facts = {"clocks": len(clocks), "people": people}
    record(kind=DEADLINES_WARNED, by=by, subject_type="cases.clock", subject_id=UUID(int=0), data=facts)
    return people


@action
def warn_of_parts(*, by: Actor, clock_ids: Collection[UUID]) -> int:
    """Tell staff of units that help once of each of these deadlines that is near; return how many were told."""
    clocks = list(part_clocks_near_their_end(clock_ids).select_related("case__condition", "assignment"))
    if not clocks:
        return 0
    people = warn_of_part_clocks(clocks)
    if not people:
        return 0
    facts = {"clocks": len(clocks), "people": people}
    record(kind=PARTS_WARNED, by=by, subject_type="cases.clock", subject_id=UUID(int=0), data=facts)
    return people
