"""One move with many cases: each its own transaction and line; the same request again goes on with the rest."""

from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from liuchi.doors.api.answers import answer
from liuchi.doors.api.cases import Key
from liuchi.doors.api.moves import plain
from liuchi.doors.api.problems import used_before
from liuchi.doors.api.responses import ok
from liuchi.doors.api.shapes import BulkIn, BulkOut
from liuchi.doors.ui.middleware import viewer_in
from liuchi.engines.cases.actions.bulk import begin_bulk
from liuchi.engines.cases.bulk import Progress, go_on
from liuchi.engines.cases.models import BulkRun
from liuchi.engines.cases.queries import ids_of_numbers
from liuchi.engines.cases.queries_bulk import cases_of_run, own_run
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.errors import NotFound

router = Router(tags=["moves"])


@router.post("", response=ok(BulkOut), url_name="api-bulk", operation_id="moveMany")
def move_many(request: HttpRequest, given: BulkIn, key: Key) -> HttpResponse:
    """Make one move with many cases 批量办理, for about a second; `left` says how many wait.

    Send the same request again, under the same Idempotency-Key, until nothing is left. A case that changed meanwhile
    is left as it is and says why.
    """
    viewer = viewer_in(request)
    wanted = [(plain(each.number), each.version) for each in given.cases]
    known = ids_of_numbers(viewer, [number for number, _version in wanted])
    if known.keys() != {number for number, _version in wanted}:
        raise NotFound(_("One of these cases is not for you to see."))
    asked = [(known[number], version) for number, version in wanted]
    inputs = {"unit": str(given.unit or ""), "reason": plain(given.reason), "text": plain(given.text)}
    token = uuid5(NAMESPACE_URL, f"liuchi:bulk:{viewer.key_line}:{key}")
    run = begin_bulk(by=viewer, token=token, move=given.move, cases=asked, given=inputs)
    if not _is_same(run, given.move, asked):
        raise used_before()
    return answer(_told(viewer, run, go_on(by=viewer, run=run)))


@router.get("/{uuid:run_id}", response=ok(BulkOut), url_name="api-bulk-run", operation_id="readBulk")
def read_bulk(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Tell how far a bulk move of this key's owner is."""
    viewer = viewer_in(request)
    return answer(_told(viewer, own_run(viewer, run_id), None))


def _is_same(run: BulkRun, move: str, asked: list[tuple[UUID, int]]) -> bool:
    return run.move == move and [(UUID(one), int(version)) for one, version in run.cases] == asked


def _told(viewer: Viewer, run: BulkRun, progress: Progress | None) -> dict[str, Any]:
    rows = cases_of_run(viewer, run)
    done = sum(row.is_done for row in rows)
    refused = sum(bool(row.why) for row in rows)
    return {
        "run": run.id,
        "done": progress.done if progress else done,
        "refused": progress.refused if progress else refused,
        "left": progress.left if progress else len(rows) - done - refused,
        "cases": [
            {
                "number": row.number,
                "state": row.state,
                "version": row.version,
                "is_done": row.is_done,
                "why": row.why,
            }
            for row in rows
        ],
    }
