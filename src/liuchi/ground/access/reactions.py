"""What access does when something happened elsewhere."""

from uuid import UUID

from liuchi.ground.access.actions import close_accounts, follow_areas, hand_over_grants
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


def follow_post(line: Line) -> None:
    """Let the grants that come with a post pass from whoever left it to the successor (`people.post_handed_over`)."""
    named = {name: UUID(line.data[name]) if line.data[name] else None for name in ("from_person", "to_person")}
    hand_over_grants(by=FOLLOWER, post_id=UUID(line.data["post"]), **named)
