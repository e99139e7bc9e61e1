from collections.abc import Iterator

import pytest

from liuchi.doors.ui.testing_keys import key_for
from liuchi.engines.cases.testing import MORNING, World, give_role, small_world
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.territory import queries


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with frozen_at(MORNING):
        yield small_world()
    queries.forget()


@pytest.fixture
def secret(world: World) -> str:
    """Return the key of an app that reports for people, and may do nothing else."""
    give_role("other-city", "desk", world.district)
    return key_for(world, "other-city", ["cases.report"])
