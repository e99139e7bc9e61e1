"""What the worker does for this room."""

from liuchi.ground.kernel.actors import System
from liuchi.ground.kernel.jobs import pause_if_stopping
from liuchi.ground.records.rotation import is_settled, seal_everything_anew

WORKER = System("records")


def seal_anew() -> None:
    """Bring sealed values under the current keys, unless all are."""
    if not is_settled():
        seal_everything_anew(by=WORKER, pause=pause_if_stopping)
