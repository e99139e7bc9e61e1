"""The small world, for every test of this room."""

import pytest

from liuchi.engines.cases.testing import MORNING, World, give_role, small_world
from liuchi.engines.cases.tests.oracle import Person
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.journal.testing import committed
from liuchi.ground.kernel.clock import frozen_at

__all__ = ["committed", "under_hat"]


@pytest.fixture
def world(db: None) -> World:
    with frozen_at(MORNING):
        return small_world()


@pytest.fixture
def many_hats(world: World) -> Viewer:
    """Return one who sits at the desk, dispatches and checks, and handles for the water centre under another hat.

    An officer is on duty beside; the first town's office has somebody too.
    """
    with frozen_at(MORNING):
        give_role("officer", "duty_officer", world.district)
        for role in ("desk", "checker", "dispatcher"):
            give_role("many-hats", role, world.district)
        give_role("many-hats", "handler", world.district, world.water)
        give_role("town", "handler", world.district, world.town)
        return world.viewer("many-hats")


def under_hat(world: World, person: Person) -> Viewer:
    """Return the viewer of somebody of the oracle, wearing that hat."""
    unit = next(iter(person.units), "")
    return world.viewer(person.human, f"unit-{getattr(world, unit).id}" if unit else "own")
