from collections.abc import Iterator

import pytest

from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.organisations.testing import NOW, small_district
from liuchi.ground.territory import queries


@pytest.fixture
def small(db: None) -> Iterator[None]:
    """Give the small district, on the day that tests take for today."""
    with frozen_at(NOW):
        small_district()
        yield
    queries.forget()
