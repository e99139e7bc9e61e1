"""The deletion job: what a run has found due is put away in small steps, and the run is closed."""

from collections.abc import Callable
from uuid import UUID

from liuchi.ground.kernel.actors import Actor
from liuchi.ground.records.actions.retention import finish_run, put_rows_away
from liuchi.ground.records.due import ending_types
from liuchi.ground.records.models import RetentionRun, RunKind


def put_away(*, by: Actor, run_id: UUID, pause: Callable[[], None] = lambda: None) -> None:
    """Put away everything that a run has found due; begun again after a kill, it goes on where it was.

    Does nothing for a run that is finished. `pause` is called between steps.
    """
    if not RetentionRun.objects.filter(id=run_id, kind=RunKind.REAL, finished_at=None).exists():
        return
    for record_type in ending_types():
        after = None
        while True:
            pause()
            after = put_rows_away(by=by, run_id=run_id, type_name=record_type.name, after=after).last
            if after is None:
                break
    finish_run(by=by, run_id=run_id)
