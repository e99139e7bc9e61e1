"""What became of the cases of a run, for whoever asked for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.engines.cases.access import meets
from liuchi.engines.cases.models import BulkRun, Case
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.errors import NotFound


@dataclass(frozen=True)
class ChosenCase:
    """A case of a run as its page shows it: done, refused with why, or still to come."""

    id: UUID
    number: str
    state: str
    class_name: str | None
    version: int
    is_done: bool = False
    why: str = ""


def own_run(viewer: Viewer, run_id: UUID) -> BulkRun:
    """Return a run that `viewer` asked for.

    Raises:
        NotFound: there is none of theirs.
    """
    run = BulkRun.objects.filter(id=run_id, account_id=viewer.id).first()
    if run is None:
        raise NotFound(_("There is no such run."))
    return run


def cases_of_run(viewer: Viewer, run: BulkRun) -> Sequence[ChosenCase]:
    """Return the cases of a run, in the order chosen, with what became of each (two queries)."""
    asked = [UUID(case_id) for case_id, _version in run.cases]
    rows = {row.id: row for row in chosen_cases(viewer, asked)}
    became = {row.case_id: row for row in run.outcomes.order_by("id")}
    return [
        ChosenCase(
            row.id,
            row.number,
            row.state,
            row.class_name,
            row.version,
            is_done=case_id in became and became[case_id].line_id is not None,
            why=became[case_id].why if case_id in became else "",
        )
        for case_id in asked
        if (row := rows.get(case_id)) is not None
    ]


def chosen_cases(viewer: Viewer, ids: Sequence[UUID]) -> Sequence[ChosenCase]:
    """Return those of the cases that `viewer` meets in office, in the order given (one query)."""
    rows = Case.objects.filter(meets(viewer), id__in=list(ids)).order_by("id")
    shown = rows.values_list("id", "number", "state", "condition__case_class__name", "version")
    found = {row[0]: ChosenCase(*row) for row in shown}
    return [found[case_id] for case_id in dict.fromkeys(ids) if case_id in found]
