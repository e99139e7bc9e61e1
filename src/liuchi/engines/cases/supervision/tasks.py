"""What the worker does for supervision, every ten minutes."""

from liuchi.engines.cases.supervision.actions.by_rule import (
    BATCH,
    TOLD_AT_ONCE,
    raise_unanswered,
    settle_supervisions,
    supervise_clock,
    tell_of_supervisions,
)
from liuchi.engines.cases.supervision.due import due_clocks, unanswered
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actors import System
from liuchi.ground.kernel.jobs import pause_if_stopping

SUPERVISOR = System("supervision")


def supervise() -> None:
    """Settle what lost its ground, urge what is overdue, raise what has no answer, and tell those concerned.

    Each act is a transaction of its own; killed anywhere, the next run finds what is left by how things stand.
    """
    while settle_supervisions(by=SUPERVISOR) == BATCH:
        pause_if_stopping()
    now = clock.now()
    for clock_id in list(due_clocks(now)):
        supervise_clock(by=SUPERVISOR, clock_id=clock_id)
        pause_if_stopping()
    for supervision_id in list(unanswered(now).values_list("id", flat=True)):
        raise_unanswered(by=SUPERVISOR, supervision_id=supervision_id)
        pause_if_stopping()
    while tell_of_supervisions(by=SUPERVISOR) == TOLD_AT_ONCE:
        pause_if_stopping()
