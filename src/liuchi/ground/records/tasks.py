"""What the worker does for this room."""

from uuid import UUID

from liuchi.ground.kernel.actors import System
from liuchi.ground.kernel.jobs import pause_if_stopping
from liuchi.ground.records.actions.retention import make_trial
from liuchi.ground.records.retention import put_away
from liuchi.ground.records.rotation import is_settled, seal_everything_anew

WORKER = System("records")


def seal_anew() -> None:
    """Bring sealed values under the current keys, unless all are."""
    if not is_settled():
        seal_everything_anew(by=WORKER, pause=pause_if_stopping)


def try_retention() -> None:
    """Count what is due to be put away, for whoever decides about it."""
    make_trial(by=WORKER)


def put_away_rows(run_id: str) -> None:
    """Put away what a run has found due."""
    put_away(by=WORKER, run_id=UUID(run_id), pause=pause_if_stopping)
