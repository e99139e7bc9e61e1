"""What the worker does for this room."""

from contextlib import suppress
from typing import Final

from liuchi.engines.cases.actions.calling import lapse_call_backs
from liuchi.engines.cases.actions.waking import NotYet, wake_case
from liuchi.engines.cases.actions.warning import warn_of_deadlines, warn_of_parts
from liuchi.engines.cases.models import Case, State
from liuchi.engines.cases.notices import clocks_near_their_end
from liuchi.engines.cases.support_notices import part_clocks_near_their_end
from liuchi.engines.cases.workflow import MoveRefused
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actors import System
from liuchi.ground.kernel.jobs import pause_if_stopping

#: Clocks warned of with one action.
BATCH: Final = 200


def wake() -> None:
    """Let every case go on whose date has come, whenever that was; each once, for whoever moves it first wins."""
    due = Case.objects.filter(state=State.PAUSED, rests_until__lte=clock.now()).order_by("rests_until", "id")
    for case_id in list(due.values_list("id", flat=True)):
        with suppress(MoveRefused, NotYet):  # somebody let it go on meanwhile
            wake_case(by=System("cases"), case_id=case_id)
        pause_if_stopping()


def warn() -> None:
    """Warn of deadlines that come near."""
    clocks = list(clocks_near_their_end().values_list("id", flat=True))
    for start in range(0, len(clocks), BATCH):
        warn_of_deadlines(by=System("cases"), clock_ids=clocks[start : start + BATCH])
        pause_if_stopping()
    parts = list(part_clocks_near_their_end().values_list("id", flat=True))
    for start in range(0, len(parts), BATCH):
        warn_of_parts(by=System("cases"), clock_ids=parts[start : start + BATCH])
        pause_if_stopping()


def lapse_calls() -> None:
    """End call-backs that came too late or were overtaken."""
    lapse_call_backs(by=System("cases"))
