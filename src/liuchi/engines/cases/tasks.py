"""What the worker does for this room."""

from typing import Final

from liuchi.engines.cases.actions.warning import warn_of_deadlines
from liuchi.engines.cases.notices import clocks_near_their_end
from liuchi.ground.kernel.actors import System
from liuchi.ground.kernel.jobs import pause_if_stopping

#: Clocks warned of with one action.
BATCH: Final = 200


def warn() -> None:
    """Warn of deadlines that come near."""
    clocks = list(clocks_near_their_end().values_list("id", flat=True))
    for start in range(0, len(clocks), BATCH):
        warn_of_deadlines(by=System("cases"), clock_ids=clocks[start : start + BATCH])
        pause_if_stopping()
