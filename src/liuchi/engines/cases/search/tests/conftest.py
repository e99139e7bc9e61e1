"""The small world, and the index brought up to what happened in it."""

from collections.abc import Callable

import pytest

from liuchi.engines.cases.models import Case
from liuchi.engines.cases.search.indexing import index_cases
from liuchi.engines.cases.testing import MORNING, World, small_world
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.clock import frozen_at


@pytest.fixture
def world(db: None) -> World:
    with frozen_at(MORNING):
        return small_world()


@pytest.fixture
def index(world: World) -> Callable[[], None]:
    del world

    def everything() -> None:
        with guard.scope("reaction", "cases.search"):
            index_cases(list(Case.objects.values_list("id", flat=True)))

    return everything
