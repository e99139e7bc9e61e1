"""What the case page shows of other cases and of the people behind this one: likely the same, merged, split, joined."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from liuchi.doors.office.likely import ShownLikely, shown_duplicates
from liuchi.engines.cases.actions.changing import EDITED
from liuchi.engines.cases.gathered import parts_of, people_among, taken_in, versions_of
from liuchi.engines.cases.models import Case, CaseMove, Report, ReportVersion, State
from liuchi.engines.cases.workflow import MERGEABLE, OPEN_STATES
from liuchi.ground.access.viewers import Viewer

#: Of those who only said "me too" nobody is listed; of the others so many.
MOST_LISTED: Final = 50


@dataclass(frozen=True)
class Gathered:
    """Everything the page shows of it. `may_merge`, `may_split` and `may_undo`: what this viewer may do now."""

    people: int
    duplicates: Sequence[ShownLikely]
    taken_in: Sequence[Case]
    parts: Sequence[Case]
    versions: dict[UUID, list[ReportVersion]]
    may_merge: bool
    may_split: bool
    may_undo: bool


def gathered(viewer: Viewer, case: Case, reports: Sequence[Report], past: Iterable[CaseMove]) -> Gathered:
    """Return what belongs to a case that was read with the viewer's eyes (one query, more where something does)."""
    is_desk = viewer.allows("cases.accept", case.place_id)
    was_edited = any(move.name == EDITED for move in past)
    return Gathered(
        people=people_among(reports),
        duplicates=shown_duplicates(viewer, case),
        taken_in=list(taken_in(case)) if any(each.came_with_id for each in reports) else [],
        parts=list(parts_of(case)),
        versions=versions_of(reports) if was_edited else {},
        may_merge=is_desk and case.state in MERGEABLE & OPEN_STATES,
        may_split=is_desk and case.state == State.RECEIVED,
        may_undo=is_desk and case.state == State.MERGED,
    )


def listed(reports: Iterable[Report]) -> list[Report]:
    """Return the reports worth reading one by one: with words or a way to reach somebody."""
    return [each for each in reports if not each.is_joined or each.text or each.phone_sealed][:MOST_LISTED]
