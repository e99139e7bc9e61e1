"""The small world, with somebody who supervises."""

import pytest

from liuchi.engines.cases.testing import MORNING, World, give_role, small_world
from liuchi.engines.cases.tests.conftest import many_hats
from liuchi.ground.journal.testing import committed
from liuchi.ground.kernel.clock import frozen_at

__all__ = ["committed", "many_hats"]


@pytest.fixture
def world(db: None) -> World:
    with frozen_at(MORNING):
        made = small_world()
        give_role("supervisor", "supervisor", made.district)
        return made
