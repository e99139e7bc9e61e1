"""What the case engine does when something happened elsewhere."""

from liuchi.engines.cases.actions.standards import erase_reporter, recompute_deadlines
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.actors import System
from liuchi.ground.people.queries import erased_in

FOLLOWER = System("cases")


def follow_calendar(line: Line) -> None:
    """Recompute running deadlines when a calendar gets a new version (`calendar.published`)."""
    recompute_deadlines(by=FOLLOWER, calendar=line.data["calendar"], number=line.data["version"])


def follow_erasure(line: Line) -> None:
    """Erase a person's traces in reports when the person is erased, joined records too (`people.person_erased`)."""
    for person_id in erased_in(line):
        erase_reporter(by=FOLLOWER, person_id=person_id)
