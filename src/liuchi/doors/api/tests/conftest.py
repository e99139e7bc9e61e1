from collections.abc import Iterator

import pytest
import schemathesis

from liuchi.engines.cases.testing import MORNING, World, small_world
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.territory import queries

# Pieces of files are bytes under a name of their own, which the library does not know.
schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with frozen_at(MORNING):
        yield small_world()
    queries.forget()
