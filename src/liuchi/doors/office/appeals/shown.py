"""What the case page says of appeals, beside its clocks."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from liuchi.engines.cases.appeals import appealable, appeals_of
from liuchi.engines.cases.models import Case, CaseClock, State
from liuchi.ground.access.viewers import Viewer


def appeals_shown(viewer: Viewer, case: Case, clocks: Iterable[CaseClock]) -> Mapping[str, Collection[UUID]]:
    """Return the clocks that the viewer may appeal (`open`), that were appealed (`said`), that wait (`waiting`)."""
    if not any(clock.is_overdue and clock.step == State.HANDLING for clock in clocks):
        return {"open": (), "said": (), "waiting": ()}
    said = appeals_of(case)
    return {
        "open": appealable(viewer, case),
        "said": said.keys(),
        "waiting": [clock for clock, appeal in said.items() if appeal.decided_id is None],
    }
