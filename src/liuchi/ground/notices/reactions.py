"""What this room does when something happened elsewhere."""

from uuid import UUID

from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.actors import System
from liuchi.ground.notices.actions import forget_person

FOLLOWER = System("notices")


def follow_erasure(line: Line) -> None:
    """Forget a person who was erased (`people.person_erased`)."""
    forget_person(by=FOLLOWER, person_id=UUID(line.data["person"]))
