"""What access does when something happened elsewhere."""

from liuchi.ground.access.actions import close_accounts
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.actors import System
from liuchi.ground.people.queries import erased_in

FOLLOWER = System("access")


def follow_erasure(line: Line) -> None:
    """Close the accounts of a person who was erased, those of joined records too (`people.person_erased`)."""
    for person_id in erased_in(line):
        close_accounts(by=FOLLOWER, person_id=person_id)
