"""Asking for one move with many cases, and noting which of them it was refused for."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.engines.cases.access import meets
from liuchi.engines.cases.kinds import BULK_BEGUN, BULK_NOTED
from liuchi.engines.cases.models import BulkOutcome, BulkRun, Case
from liuchi.engines.cases.workflow import MOVES
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action, again_on
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken

#: So many cases at once: four pages of a work-list. No source names a number; more is no longer looked at.
MOST: Final = 200
LONGEST: Final = 2000
#: The inputs that all cases share.
GIVEN: Final = ("unit", "reason", "text")


class BulkRefused(RuleBroken):
    """No case was chosen, too many were, or the move asks for a look at each."""

    code = "bulk_refused"


@again_on("cases_bulkrun_pkey")
@action
def begin_bulk(
    *, by: Actor, token: UUID, move: str, cases: Sequence[tuple[UUID, int]], given: Mapping[str, str]
) -> BulkRun:
    """Ask for one move with many cases, each with the version that was read; no case is touched yet.

    The same `token` again returns the run that was begun first.

    Raises:
        NotAllowed: the person may not make this move anywhere, or does not meet one of the cases.
        BulkRefused: no case, more than 200, or a move that is not made with many.
    """
    row = MOVES.get(move)
    if row is None or not row.in_bulk:
        raise BulkRefused(_("This step asks for a look at each case; make it on the case's own page."))
    if not isinstance(by, Viewer) or not by.allows(row.power):
        raise NotAllowed(_("“%(move)s” is not among what you may do with this case.") % {"move": row.label})
    known = BulkRun.objects.filter(id=token, account_id=by.id).first()
    if known is not None:
        return known
    asked = dict(cases)
    if not asked:
        raise BulkRefused(_("Choose at least one case."))
    if len(asked) > MOST:
        raise BulkRefused(
            _("Choose at most %(most)d cases at once; these are %(count)d.") % {"most": MOST, "count": len(asked)}
        )
    if Case.objects.filter(meets(by), id__in=list(asked)).count() != len(asked):
        raise NotAllowed(_("One of these cases is not for you to see."))
    run = BulkRun(
        id=token,
        account_id=by.id,
        move=move,
        cases=[[str(case_id), version] for case_id, version in asked.items()],
        given={name: given[name][:LONGEST] for name in GIVEN if given.get(name)},
        begun_at=clock.now(),
    )
    record(
        kind=BULK_BEGUN,
        by=by,
        subject_type="cases.bulk_run",
        subject_id=run.id,
        data={"move": move, "cases": len(asked)},
        rows=[run],
    )
    return run


@action
def note_bulk(*, by: Actor, run_id: UUID, refused: Mapping[UUID, tuple[str, str]]) -> tuple[int, int, int]:
    """Note for which cases of a run the move was refused, and why; with the last case the run ends.

    What was done meanwhile, by whichever request, stays done. Return how many are done, refused, left.

    Raises:
        NotFound: there is no such run of this person.
    """
    runs = BulkRun.objects.select_for_update(of=("self",)).filter(id=run_id)
    run = runs.filter(account_id=by.id).first() if isinstance(by, Viewer) else None
    if run is None:
        raise NotFound(_("There is no such run."))
    settled = set(run.outcomes.order_by().values_list("case_id", flat=True))
    asked = {UUID(case_id) for case_id, _version in run.cases}
    rows = [
        BulkOutcome(run=run, case_id=case_id, code=code[:40], why=why[:300])
        for case_id, (code, why) in refused.items()
        if case_id in asked - settled
    ]
    BulkOutcome.objects.bulk_create(rows)
    done = run.outcomes.filter(line_id__isnull=False).count()
    left = len(asked) - len(settled) - len(rows)
    counts = (done, len(asked) - done - left, left)
    is_over = left == 0 and run.ended_at is None
    if is_over:
        run.given, run.ended_at = {}, clock.now()
        run.save(update_fields=["given", "ended_at"])
    if is_over or rows:
        data = dict(zip(("done", "refused", "left"), counts, strict=True))
        record(kind=BULK_NOTED, by=by, subject_type="cases.bulk_run", subject_id=run.id, data=data)
    return counts
