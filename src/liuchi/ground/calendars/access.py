"""Who may publish a calendar."""

from liuchi.ground.kernel.actors import Actor

PUBLISH = "calendars.publish"


def may_publish(by: Actor) -> bool:
    """Return whether the actor may make a new version of a calendar; every deadline may move with it."""
    return by.allows(PUBLISH)
