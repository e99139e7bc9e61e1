"""The small world, for every test of this room."""

import pytest

from liuchi.engines.cases.testing import MORNING, World, give_role, small_world
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.journal.testing import committed
from liuchi.ground.kernel.clock import frozen_at

__all__ = ["committed"]


@pytest.fixture
def world(db: None) -> World:
    with frozen_at(MORNING):
        return small_world()


@pytest.fixture
def many_hats(world: World) -> Viewer:
    """Return somebody who sits at the desk, dispatches and checks, and handles for the water centre too."""
    with frozen_at(MORNING):
        for role in ("desk", "checker", "dispatcher"):
            give_role("many-hats", role, world.district)
        give_role("many-hats", "handler", world.district, world.water)
        return world.viewer("many-hats")
