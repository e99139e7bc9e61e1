from collections.abc import Iterator

import pytest

from liuchi.engines.cases.testing import MORNING, World, small_world
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.territory import queries


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with frozen_at(MORNING):
        yield small_world()
    queries.forget()
