"""What whoever calls a move wants written in the same statement as the move: both are there, or neither."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.db import models

from liuchi.engines.cases.models import Case

#: Makes the row, if any, not yet written, from the case as the move leaves it and the id of the move's line.
MakeRow = Callable[[Case, UUID], models.Model | None]

_make: ContextVar[MakeRow | None] = ContextVar("row_beside_a_move", default=None)


@contextmanager
def written_beside(make: MakeRow) -> Iterator[None]:
    """Let every move made in the block leave the row that `make` returns beside its own."""
    mark = _make.set(make)
    try:
        yield
    finally:
        _make.reset(mark)


def rows_beside(case: Case, line_id: UUID) -> list[models.Model]:
    """Return the rows that a move of `case` leaves beside its own."""
    make = _make.get()
    row = make(case, line_id) if make is not None else None
    return [row] if row is not None else []
