"""For tests of the whole house: let the worker do what follows from what happened."""

from liuchi.config.wiring import REACTIONS
from liuchi.ground.journal.models import DeadLetter
from liuchi.ground.journal.reactions import run_reactions
from liuchi.ground.journal.sealing import seal_once
from liuchi.ground.journal.verify import verify
from liuchi.ground.territory.queries import forget


def follow() -> None:
    """Run every reaction that is wired until nothing more follows; more often, for a worker may be killed."""
    forget()
    for _ in range(4):
        seal_once()
        run_reactions(REACTIONS)
    assert not DeadLetter.objects.exists()


def intact() -> int:
    """Return how many lines the journal holds, all of them sealed and sound."""
    seal_once()
    report = verify()
    assert report.is_green, report.problems
    assert report.pending == 0
    return report.lines
