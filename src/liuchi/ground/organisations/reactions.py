"""What this room does when something happened to the territory, or to its own organisations."""

from uuid import UUID

from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.actors import System
from liuchi.ground.organisations.actions import area_following, asset_following
from liuchi.ground.territory.following import areas_changed

FOLLOWER = System("organisations")


def follow_territory(line: Line) -> None:
    """Let the assets of areas that were redrawn, split or merged stand in what holds them now."""
    areas = areas_changed(line)
    if areas:
        asset_following.follow_territory(by=FOLLOWER, area_ids=areas)


def follow_areas(line: Line) -> None:
    """Let bodies, posts, venues and served areas go on in what took over from areas that were split, merged, closed."""
    areas = areas_changed(line)
    if areas:
        area_following.follow_areas(by=FOLLOWER, area_ids=areas)


def follow_succession(line: Line) -> None:
    """Let the assets of organisations that ended belong to the one that took over (`organisations.succeeded`)."""
    if line.data["heir"]:
        ended = [UUID(each) for each in line.data["ended"]]
        asset_following.follow_succession(by=FOLLOWER, ended=ended, heir_id=UUID(line.data["heir"]))
