"""Making one move with many cases: each its own transaction and line, for a while at a time, until all are done.

Nothing is lost when the connection breaks: what became of each case is written with its move, and who comes back goes
on with the rest. A case that changed since it was chosen, or that the table does not let go, says why and is left.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from liuchi.engines.cases.actions.bulk import note_bulk
from liuchi.engines.cases.actions.desk import close_case, refuse_case, send_to_verify
from liuchi.engines.cases.actions.dispatch import dispatch_case, return_to_desk, take_back_dispatch
from liuchi.engines.cases.beside import written_beside
from liuchi.engines.cases.models import BulkOutcome, BulkRun, Case
from liuchi.engines.cases.queries import units_for
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.errors import RuleBroken

#: For so long one request works; then it shows how far it is. A page that says nothing for longer looks broken.
SECONDS: Final = 0.8


@dataclass(frozen=True)
class Progress:
    """How far a run is: moves made, refused, and still to make."""

    done: int
    refused: int
    left: int


def go_on(*, by: Viewer, run: BulkRun, seconds: float = SECONDS) -> Progress:
    """Make the next moves of a run for about so many seconds, one at least, and return how far it is."""
    until, refused = time.monotonic() + seconds, dict[UUID, RuleBroken]()

    def outcome(case: Case, line_id: UUID) -> BulkOutcome:
        return BulkOutcome(run=run, case=case, line_id=line_id)

    for case_id, version in left_of(run):
        try:
            with written_beside(outcome):
                ACTS[run.move](by, case_id, version, run.given)
        except RuleBroken as error:
            refused[case_id] = error
        if time.monotonic() > until:
            break
    return Progress(
        *note_bulk(by=by, run_id=run.id, refused={key: (each.code, str(each)) for key, each in refused.items()})
    )


def left_of(run: BulkRun) -> Sequence[tuple[UUID, int]]:
    """Return cases and versions of a run that nothing has become of yet, in the order chosen."""
    settled = set(run.outcomes.order_by().values_list("case_id", flat=True))
    asked = [(UUID(case_id), int(version)) for case_id, version in run.cases]
    return [each for each in asked if each[0] not in settled]


def _dispatch(by: Viewer, case_id: UUID, version: int, given: Mapping[str, str]) -> object:
    """Dispatch to the unit chosen; the list of duties says why, where it names the unit for this case."""
    unit_id, reason = UUID(given["unit"]), given.get("reason", "")
    if not reason and (case := Case.objects.select_related("condition__case_class").filter(id=case_id).first()):
        duty = next((each for each in units_for(case) if each.organisation.id == unit_id), None)
        reason = f"{duty.document} {duty.note}".strip() if duty is not None else ""
    return dispatch_case(
        by=by, case_id=case_id, version=version, unit_id=unit_id, reason=reason, text=given.get("text", "")
    )


def _with_text(act: Callable[..., object]) -> Callable[[Viewer, UUID, int, Mapping[str, str]], object]:
    def make(by: Viewer, case_id: UUID, version: int, given: Mapping[str, str]) -> object:
        return act(by=by, case_id=case_id, version=version, text=given.get("text", ""))

    return make


def _with_reason(act: Callable[..., object]) -> Callable[[Viewer, UUID, int, Mapping[str, str]], object]:
    def make(by: Viewer, case_id: UUID, version: int, given: Mapping[str, str]) -> object:
        text, reason = given.get("text", ""), given.get("reason", "")
        return act(by=by, case_id=case_id, version=version, reason=reason, text=text)

    return make


#: How each move that the table allows with many cases is made with one.
ACTS: Final[Mapping[str, Callable[[Viewer, UUID, int, Mapping[str, Any]], object]]] = {
    "send_to_verify": _with_text(send_to_verify),
    "refuse": _with_reason(refuse_case),
    "dispatch": _dispatch,
    "take_back": _with_text(take_back_dispatch),
    "return_to_desk": _with_reason(return_to_desk),
    "close": _with_text(close_case),
}
