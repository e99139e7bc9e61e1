"""Appeals against time-outs: which clocks may still be appealed, and which appeals wait for whom."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from liuchi.engines.cases.access import had_a_part
from liuchi.engines.cases.kinds import APPEAL_REJECTED, APPEAL_UPHELD, APPEALED
from liuchi.engines.cases.models import Appeal, Case, CaseClock, State
from liuchi.engines.cases.moving import kept_words
from liuchi.engines.cases.noting import Noted
from liuchi.engines.cases.punctuality import handling_clocks
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.journal.actions import Statement
from liuchi.ground.journal.kinds import Kind
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.conditions import is_one_of
from liuchi.ground.kernel.errors import RuleBroken

_KINDS: Final[Mapping[str, Kind]] = {
    "appeal": APPEALED,
    "uphold_appeal": APPEAL_UPHELD,
    "reject_appeal": APPEAL_REJECTED,
}


class AppealRefused(RuleBroken):
    """This time-out cannot be appealed, or not decided on, now."""

    code = "appeal_refused"


def why_no_appeal(clock: CaseClock, case: Case) -> str:
    """Return why a time-out cannot be appealed, in words; empty when it can (a practice: after closing, once)."""
    if not clock.is_overdue:
        return _("This time limit was kept.")
    if case.state != State.CLOSED:
        return _("A time-out can be appealed once the case is closed.")
    if Appeal.objects.filter(clock=clock).exists():
        return _("This time-out was appealed already; it is heard once.")
    return ""


def compose_appeal(
    case: Case, by: Actor, name: str, at: datetime, clock_id: UUID, unit_id: UUID, *, text: str, reason: str = ""
) -> Noted:
    """Return what is noted of an appeal or of what was decided on it; writes nothing."""
    facts = {"clock": clock_id, "unit": unit_id, **({"reason": reason} if reason else {})}
    case.version += 1
    columns = {
        "case_id": case.id,
        "name": name,
        "from_state": case.state,
        "to_state": case.state,
        "actor_kind": by.kind,
        "actor_id": by.id,
        "unit_id": unit_id,
        "reason_code": reason,
        "internal_text": kept_words(text),
        "happened_at": at,
    }
    return Noted(Statement(_KINDS[name], by, "cases.case", case.id, case.place_id, facts, at), columns)


def appealable(viewer: Viewer, case: Case) -> list[UUID]:
    """Return the clocks of a case whose time-out the viewer's unit may appeal now."""
    if case.state != State.CLOSED:
        return []
    mine = viewer.organisations("cases.handle")
    rows = handling_clocks().filter(case=case, is_overdue=True, appeal=None, of_unit__in=mine)
    return list(rows.values_list("id", flat=True))


def appeals_of(case: Case) -> dict[UUID, Appeal]:
    """Return the appeals of a case the caller holds already, by clock."""
    rows = Appeal.objects.filter(case=case).select_related("case", "asked", "decided", "unit").order_by("id")
    return {appeal.clock_id: appeal for appeal in rows}


def may_decide(viewer: Viewer, case: Case, appeals: Iterable[Appeal]) -> bool:
    """Tell whether any of a case's appeals waits for the viewer."""
    waits = any(appeal.decided_id is None for appeal in appeals)
    return waits and viewer.allows("cases.decide", case.place_id) and not had_a_part(viewer, case)


def appeals_waiting(viewer: Viewer) -> QuerySet[Appeal]:
    """Return the appeals that wait for a decision in the viewer's areas, the oldest first."""
    return (
        Appeal.objects.filter(is_one_of("case__place_id", viewer.areas("cases.decide")), decided=None)
        .select_related("case__condition__case_class", "unit", "asked", "clock")
        .order_by("id")
    )
