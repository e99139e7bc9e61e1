"""What the case engine does when something happened elsewhere."""

from uuid import UUID

from liuchi.engines.cases.actions.standards import erase_reporter, recompute_deadlines
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.actors import System

FOLLOWER = System("cases")


def follow_calendar(line: Line) -> None:
    """Recompute running deadlines when a calendar gets a new version (`calendar.published`)."""
    recompute_deadlines(by=FOLLOWER, calendar=line.data["calendar"], number=line.data["version"])


def follow_erasure(line: Line) -> None:
    """Erase a person's traces in reports when the person is erased (`people.person_erased`)."""
    erase_reporter(by=FOLLOWER, person_id=UUID(line.data["person"]))
