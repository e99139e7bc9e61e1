"""What this room does when something happened elsewhere."""

from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.actors import System
from liuchi.ground.people.actions.following import follow_areas
from liuchi.ground.territory.following import areas_changed

FOLLOWER = System("people")


def follow_territory(line: Line) -> None:
    """Let whoever lives in areas that were split or merged live in what took their place."""
    areas = areas_changed(line)
    if areas:
        follow_areas(by=FOLLOWER, area_ids=areas)
