"""Updates as they go out (`servicerequestupdates`): what every state means to other systems, in words fixed here."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from liuchi.doors.open311.inputs import list_in, page_in, window_in
from liuchi.doors.ui.timeline import entries
from liuchi.engines.cases.models import CaseMove, State
from liuchi.engines.cases.queries_updates import UpdateFilters, open_history, open_updates

#: What is returned where no beginning is named: what a client that asks once a day has not seen.
USUAL: Final = timedelta(days=1)
#: The extension's word for each of our states.
WORDS: Final[Mapping[str, str]] = {
    State.RECEIVED: "open",
    State.VERIFYING: "investigating",
    State.FILED: "open",
    State.HANDLING: "in_progress",
    State.DISPUTED: "internal_referral",
    State.EXTENDING: "in_progress",
    State.ENDING: "in_progress",
    State.PROPOSED: "investigating",
    State.PAUSING: "in_progress",
    State.PAUSED: "planned",
    State.CHECKING: "in_progress",
    State.CHECKED: "in_progress",
    State.CLOSED: "fixed",
    State.REFUSED: "no_further_action",
    State.MERGED: "duplicate",
    State.WITHDRAWN: "cancelled",
    State.DISMISSED: "no_further_action",
}
#: Where what happened says more than where it led.
_OF_MOVES: Final = {"reopen": "reopen", "reopen_on_call": "reopen"}
#: Refused and ended for one reason: others are to do it.
_ELSEWHERE: Final = "outside_duty"


def asked(query: Mapping[str, str], area_id: UUID) -> UpdateFilters:
    """Return what a request for updates asks for.

    Raises:
        Refused: 400, a span of over 90 days, a date or number that cannot be read.
    """
    since, until = window_in(query, usual=USUAL)
    skip, limit = page_in(query)
    return UpdateFilters(
        area_id=area_id,
        since=since,
        until=until,
        numbers=list_in(query, "service_request_id"),
        skip=skip,
        limit=limit,
    )


def updates(filters: UpdateFilters) -> list[dict[str, Any]]:
    """Return the updates that fit, the oldest first."""
    moves = open_updates(filters)
    told = entries(moves, inside=False)
    return [_shown(move, entry.heading) for move, entry in zip(moves, told, strict=True)]


def notes(numbers: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """Return by number what became of requests, the oldest first."""
    found: dict[str, list[dict[str, Any]]] = {}
    moves = open_history(numbers)
    for move, entry in zip(moves, entries(moves, inside=False), strict=True):
        note = {"datetime": move.recorded_at, "description": entry.heading, "type": word_of(move)}
        found.setdefault(move.case.number, []).append(note)
    return found


def word_of(move: CaseMove) -> str:
    """Return the extension's word for what a move led to."""
    if move.reason_code == _ELSEWHERE and move.to_state in {State.REFUSED, State.DISMISSED}:
        return "not_councils_responsibility"
    return _OF_MOVES.get(move.name, WORDS[move.to_state])


def _shown(move: CaseMove, heading: str) -> dict[str, Any]:
    return {
        "update_id": str(move.id),
        "service_request_id": move.case.number,
        "status": word_of(move),
        "updated_datetime": move.recorded_at,
        "description": heading,
        "media_url": None,
        "external_status_code": move.to_state,
    }
