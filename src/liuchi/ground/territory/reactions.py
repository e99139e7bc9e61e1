"""What this room does when its own areas changed."""

from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.actors import System
from liuchi.ground.territory.actions.standing import follow_buildings
from liuchi.ground.territory.following import areas_changed

FOLLOWER = System("territory")


def follow_territory(line: Line) -> None:
    """Let the buildings of areas that were redrawn, split or merged stand in what holds them now."""
    areas = areas_changed(line)
    if areas:
        follow_buildings(by=FOLLOWER, area_ids=areas)
