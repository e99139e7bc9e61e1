"""What the tests of this room share."""

from collections.abc import Iterator

import pytest

from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.people.testing import NOW, Place, small_place
from liuchi.ground.territory import queries


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch, db: None) -> Iterator[Place]:
    """Give a district with two communities, at a fixed moment; the territory is read once."""
    monkeypatch.setattr(queries, "STALE_AFTER", 3600.0)
    with frozen_at(NOW):
        yield small_place()
    queries.forget()
