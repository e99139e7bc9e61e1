"""What the stories share: a small district, the worker with everything that is wired, and a journal that is intact."""

from collections.abc import Iterator

import pytest

from liuchi.engines.cases.testing import MORNING, World, small_world
from liuchi.ground.journal.testing import committed as committed
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.territory.queries import forget


@pytest.fixture
def world(committed: None) -> Iterator[World]:
    """Give the small world on its morning, really committed."""
    with frozen_at(MORNING):
        yield small_world()
    forget()
