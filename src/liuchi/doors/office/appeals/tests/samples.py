"""A time-out here of the water centre, and one there of the lights squad, for the access matrix."""

from datetime import timedelta

from liuchi.doors.ui.samples import Canary, Sample, Samples
from liuchi.engines.cases.actions.appeal import appeal_timeout
from liuchi.engines.cases.actions.check import pass_check
from liuchi.engines.cases.actions.desk import close_case
from liuchi.engines.cases.actions.dispatch import dispatch_case
from liuchi.engines.cases.actions.handle import hand_in_result
from liuchi.engines.cases.models import CaseClock
from liuchi.engines.cases.testing import World, filed
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.clock import frozen_at

HERE, THERE = "金丝雀申诉在此处", "金丝雀申诉在彼处"


def _overdue(world: World, grid: int, handler: str, checker: str, words: str) -> CaseClock:
    case, start = filed(world, grid=grid), clock.now()
    unit = {"water": world.water, "lights": world.lights}[handler]
    dispatch_case(by=world.viewer("dispatcher"), case_id=case.id, unit_id=unit.id, reason="权责清单")
    with frozen_at(start + timedelta(days=10)):
        hand_in_result(by=world.viewer(handler), case_id=case.id, text="已处理")
        pass_check(by=world.viewer(checker), case_id=case.id)
        close_case(by=world.viewer("desk"), case_id=case.id)
        late = case.clocks.select_related("case").get(step="handling")
        appeal_timeout(by=world.viewer(handler), clock_id=late.id, reason="weather", text=words)
    return late


def samples(world: World) -> Samples:
    """Return a time-out here and one there, each appealed."""
    here = _overdue(world, 0, "water", "checker", HERE)
    there = _overdue(world, 7, "lights", "other-checker", THERE)
    one = {"number": here.case.number, "clock": here.id}
    other = {"number": there.case.number, "clock": there.id}
    return Samples(
        pages=(Sample("appeal", one, other),),
        canaries=(
            Canary(HERE, lambda viewer: _may_read(viewer, here)),
            Canary(THERE, lambda viewer: _may_read(viewer, there)),
        ),
    )


def _may_read(viewer: Viewer, late: CaseClock) -> bool:
    unit_id = late.case.unit_id or late.case.assignments.get().unit_id
    return viewer.allows("cases.see", late.case.place_id) or viewer.allows_in("cases.handle", unit_id)
