"""The transaction in which rows of a file and how far the import got are committed together."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from liuchi.ground.kernel import guard


@contextmanager
def committed_together() -> Iterator[None]:
    """Let the actions of a room and the import's own book-keeping stand or fall together.

    As with the journal's reactions: each action leaves its line, the checkpoint beside it leaves none.
    """
    with transaction.atomic(), guard.scope("maintenance", "exchange.import"):
        yield
