"""What every operation may answer beside its own: problem documents for whatever goes wrong."""

from typing import Any

from liuchi.doors.api.shapes import Problem

#: Statuses by which any operation may refuse.
REFUSALS = (400, 401, 403, 404, 405, 408, 409, 411, 412, 413, 415, 422, 428, 429)


def ok(shape: Any, status: int = 200) -> dict[int, Any]:
    """Return the answers of an operation: `shape` with `status`, problem documents with the others."""
    return {status: shape, **dict.fromkeys(REFUSALS, Problem)}
