"""What the worker does for this room."""

from liuchi.ground.kernel.actors import System
from liuchi.ground.territory.actions.days import bring_into_force as bring


def bring_into_force() -> None:
    """Bring changes of the territory into force whose day has come."""
    bring(by=System("territory"))
