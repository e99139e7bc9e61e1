"""Telling a move that it is one of many: its outcome is then written in the same statement as the move."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from liuchi.engines.cases.models import BulkOutcome, Case

_run: ContextVar[UUID | None] = ContextVar("bulk_run", default=None)


@contextmanager
def within_run(run_id: UUID) -> Iterator[None]:
    """Let every move made in the block be noted as done in the run."""
    mark = _run.set(run_id)
    try:
        yield
    finally:
        _run.reset(mark)


def beside(case: Case, line_id: UUID) -> list[BulkOutcome]:
    """Return the rows that a move of `case` leaves beside its own: its outcome, where it is one of many."""
    run_id = _run.get()
    return [BulkOutcome(run_id=run_id, case=case, line_id=line_id)] if run_id is not None else []
