"""What access does when something happened elsewhere."""

from liuchi.ground.access.actions import close_accounts, follow_areas
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.actors import System
from liuchi.ground.people.queries import erased_in
from liuchi.ground.territory.following import areas_changed

FOLLOWER = System("access")


def follow_erasure(line: Line) -> None:
    """Close the accounts of a person who was erased, those of joined records too (`people.person_erased`)."""
    for person_id in erased_in(line):
        close_accounts(by=FOLLOWER, person_id=person_id)


def follow_territory(line: Line) -> None:
    """Let the grants on areas that were split or merged go on in what took their place."""
    areas = areas_changed(line)
    if areas:
        follow_areas(by=FOLLOWER, area_ids=areas)
