"""What the worker does for this room."""

from uuid import UUID

from liuchi.ground.exchange.advancing import advance


def advance_import(import_id: str) -> None:
    """Read, check or run a file, as far as it goes without a person."""
    advance(UUID(import_id))
