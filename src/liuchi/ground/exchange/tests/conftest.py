from collections.abc import Iterator

import pytest
from pytest_django import Settings

from liuchi.ground.exchange import registers
from liuchi.ground.exchange.testing import wire_toys


@pytest.fixture(autouse=True)
def _toys(settings: Settings) -> Iterator[None]:
    wire_toys(settings)
    registers.registers.cache_clear()
    yield
    registers.registers.cache_clear()
