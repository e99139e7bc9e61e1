"""The small world, for every test of this room."""

import pytest

from liuchi.engines.cases.testing import MORNING, World, small_world
from liuchi.ground.kernel.clock import frozen_at


@pytest.fixture
def world(db: None) -> World:
    with frozen_at(MORNING):
        return small_world()
