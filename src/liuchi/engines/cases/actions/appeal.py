"""A unit's word against a time-out (超时申诉), and what somebody else decides on it. What was late stays late."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.engines.cases.access import had_a_part
from liuchi.engines.cases.appeals import AppealRefused, compose_appeal, why_no_appeal
from liuchi.engines.cases.models import Appeal, Case, CaseClock, CaseMove
from liuchi.engines.cases.moving import Incomplete, require_text
from liuchi.engines.cases.punctuality import unit_of
from liuchi.engines.cases.reasons import APPEAL_REASONS
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.journal.actions import write
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import clock as house_clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, NotFound, Stale


@action
def appeal_timeout(
    *, by: Actor, clock_id: UUID, reason: str, text: str, version: int | None = None, at: datetime | None = None
) -> CaseMove:
    """Say that a time-out was not the unit's doing: once per clock, after the case was closed.

    Raises:
        AppealRefused: the clock was in time, was appealed before, or its case is not closed.
        Incomplete: without a reason or a text.
        NotAllowed: it was another unit's time.
        Stale: the case changed since `version` was read.
    """
    clock, case = _hold(clock_id, version)
    unit_id = unit_of(clock)
    if unit_id is None or not (isinstance(by, Viewer) and by.allows_in("cases.handle", unit_id)):
        raise NotAllowed(_("Only the unit whose time it was can appeal."))
    why_not = why_no_appeal(clock, case)
    if why_not:
        raise AppealRefused(why_not)
    if reason not in APPEAL_REASONS:
        raise Incomplete(_("Choose a reason."), field="reason")
    require_text(text)
    asked = _note(case, by, "appeal", at, clock, unit_id, text, reason)
    write(*asked, Appeal(case=case, clock=clock, unit_id=unit_id, asked=asked[1]))
    return asked[1]


@action
def uphold_appeal(
    *, by: Actor, clock_id: UUID, text: str = "", version: int | None = None, at: datetime | None = None
) -> CaseMove:
    """Agree: the clock was overdue, which stays visible, and is left out of the unit's rate.

    Raises:
        AppealRefused: nobody appealed, or it was decided already.
        NotAllowed: without the power here, or with a part in handling.
        Stale: the case changed since `version` was read.
    """
    clock, case = _hold(clock_id, version)
    appeal = _waiting(by, case, clock)
    decided = _note(case, by, "uphold_appeal", at, clock, appeal.unit_id, text)
    return _decide(appeal, clock, decided, is_upheld=True)


@action
def reject_appeal(
    *, by: Actor, clock_id: UUID, text: str, version: int | None = None, at: datetime | None = None
) -> CaseMove:
    """Disagree, saying why: the time-out counts.

    Raises:
        Incomplete: without a text; else as `uphold_appeal`.
    """
    clock, case = _hold(clock_id, version)
    appeal = _waiting(by, case, clock)
    require_text(text)
    decided = _note(case, by, "reject_appeal", at, clock, appeal.unit_id, text)
    return _decide(appeal, clock, decided, is_upheld=False)


def _hold(clock_id: UUID, version: int | None) -> tuple[CaseClock, Case]:
    """Lock the case of a clock, as every move does, and return both."""
    case = Case.objects.select_for_update(of=("self",)).filter(clocks=clock_id).first()
    if case is None:
        raise NotFound(_("There is no such clock."))
    if version is not None and case.version != version:
        raise Stale(_("Somebody else changed this case meanwhile. Look at what changed, then act again."))
    return CaseClock.objects.get(id=clock_id), case


def _waiting(by: Actor, case: Case, clock: CaseClock) -> Appeal:
    """Return the appeal that `by` may decide on."""
    if not by.allows("cases.decide", case.place_id):
        raise NotAllowed(_("Deciding on appeals is not among what you may do with this case."))
    if had_a_part(by, case):
        raise NotAllowed(_("You had a part in handling this case; somebody else has to decide."))
    appeal = Appeal.objects.select_for_update(of=("self",)).filter(clock=clock).first()
    if appeal is None or appeal.decided_id is not None:
        raise AppealRefused(_("There is no appeal here that waits to be decided. Reload the page to see what changed."))
    return appeal


def _note(
    case: Case,
    by: Actor,
    name: str,
    at: datetime | None,
    clock: CaseClock,
    unit_id: UUID,
    text: str,
    reason: str = "",
) -> tuple[Line, CaseMove]:
    """Return the line and the row of history of something that leaves the case where it stands, both unsaved."""
    noted = compose_appeal(case, by, name, at or house_clock.now(), clock.id, unit_id, text=text, reason=reason)
    case.save(update_fields=["version"])
    return noted.rows()


def _decide(appeal: Appeal, clock: CaseClock, decided: tuple[Line, CaseMove], *, is_upheld: bool) -> CaseMove:
    write(*decided)
    appeal.decided, appeal.is_upheld = decided[1], is_upheld
    appeal.save(update_fields=["decided", "is_upheld"])
    if is_upheld:
        clock.excused = True
        clock.save(update_fields=["excused"])
    return decided[1]
