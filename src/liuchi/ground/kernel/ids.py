"""Identifiers: time-ordered UUIDs (RFC 9562, version 7), so that indexes grow at one end and ids sort by age."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """Return a fresh time-ordered UUID; later calls in one process sort after earlier ones."""
    return uuid7()
