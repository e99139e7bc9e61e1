from collections.abc import Iterator

import pytest
from pytest_django import Settings

from liuchi.engines.cases.testing import MORNING, World, small_world
from liuchi.engines.forwarding.testing import City, a_city
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.territory import queries


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with frozen_at(MORNING):
        yield small_world()
    queries.forget()


@pytest.fixture
def city(settings: Settings) -> Iterator[City]:
    with a_city() as there:
        settings.LIUCHI_OUTGOING_ALLOWED = there.origin
        yield there
