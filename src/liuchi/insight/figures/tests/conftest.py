"""The small world of cases, whose journal is counted here."""

from liuchi.engines.cases.tests.conftest import many_hats, world
from liuchi.ground.journal.testing import committed

__all__ = ["committed", "many_hats", "world"]
