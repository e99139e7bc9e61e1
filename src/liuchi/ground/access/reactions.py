"""What access does when something happened elsewhere."""

from uuid import UUID

from liuchi.ground.access.actions import close_accounts
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.actors import System

FOLLOWER = System("access")


def follow_erasure(line: Line) -> None:
    """Close the accounts of a person who was erased (`people.person_erased`)."""
    close_accounts(by=FOLLOWER, person_id=UUID(line.data["person"]))
