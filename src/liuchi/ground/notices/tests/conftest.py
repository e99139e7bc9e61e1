"""A small district with people who have inboxes; nothing leaves the machine."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from pytest_django import Settings

from liuchi.ground.access.testing import MORNING, Ground, give, small_ground
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.notices.sms import gateway


@pytest.fixture(autouse=True)
def _outside(settings: Settings) -> None:
    """Give the house ways out that lead nowhere: letters stay in memory, text messages in the log."""
    settings.LIUCHI_MAIL = "smtp://127.0.0.1:1"
    settings.LIUCHI_SMS = "liuchi.ground.notices.sms.ConsoleGateway"
    settings.LIUCHI_ADDRESS = "https://liuchi.example"
    gateway.cache_clear()


@pytest.fixture
def ground(db: None) -> Ground:
    return small_ground()


@pytest.fixture
def people(ground: Ground) -> tuple[UUID, UUID]:
    """Return two people with accounts."""
    with frozen_at(MORNING):
        accounts = [give(name, "resident", ground.district) for name in ("resident", "other")]
    return accounts[0].person_id, accounts[1].person_id


@pytest.fixture
def morning() -> Iterator[None]:
    """Let it be a Thursday, nine o'clock in the morning."""
    with frozen_at(MORNING):
        yield
