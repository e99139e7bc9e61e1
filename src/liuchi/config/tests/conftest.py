from liuchi.ground.journal.testing import committed

__all__ = ["committed"]
