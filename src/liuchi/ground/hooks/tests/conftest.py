from collections.abc import Iterator

import pytest
from pytest_django import Settings

from liuchi.ground.access.testing import MORNING, Ground, give, small_ground
from liuchi.ground.hooks.testing import HIDDEN, Receiver, receiving
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.territory import queries


@pytest.fixture
def ground(db: None) -> Iterator[Ground]:
    """A small district with a desk account that may have systems told of events."""
    ground = small_ground()
    with frozen_at(MORNING):
        give("desk", "desk", ground.district)
        yield ground
    queries.forget()
    HIDDEN.clear()


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    """A system elsewhere; its address is allowed."""
    with receiving() as there:
        settings.LIUCHI_OUTGOING_ALLOWED = there.origin
        yield there


@pytest.fixture(autouse=True)
def _samples(settings: Settings) -> None:
    settings.LIUCHI_EVENTS = "liuchi.ground.hooks.testing.EVENTS"
    settings.LIUCHI_ADDRESS = "https://liuchi.example"
