"""What belongs to a case on its public page: how many it affects, what became of it, and what its reporter may do."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.http import HttpRequest

from liuchi.doors.ui.kept import find_receipt, known_receipts
from liuchi.engines.cases.gathered import parts_of, people_behind
from liuchi.engines.cases.models import Case, Report, State
from liuchi.engines.cases.own_reports import ends_with_it, holds_place, may_edit
from liuchi.engines.cases.queries import receipt_opens
from liuchi.engines.cases.reasons import REMEDIES
from liuchi.ground.kernel.actors import Actor


def receipt_for(request: HttpRequest, number: str) -> str:
    """Return the receipt code known in this session that opens a case: its own, or that of what it came from."""
    own = find_receipt(request, number)
    return own or next((code for code in known_receipts(request) if receipt_opens(number, code)), "")


def standing_of(actor: Actor, case: Case, own: Sequence[Report]) -> dict[str, Any]:
    """Return what the page shows beside the history; nothing of anybody's words but the reader's own."""
    standing = [report for report in own if report.withdrawn_at is None]
    is_open = case.ended_at is None
    return {
        "people": people_behind(case),
        "may_join": is_open and not standing and actor.allows("cases.report"),
        "join_token": uuid4() if is_open and not standing else None,
        "may_change": bool(standing) and may_edit(case),
        "may_withdraw": bool(standing) and is_open,
        "ends_with_it": bool(standing) and is_open and ends_with_it(case, standing),
        "shows_place": any(holds_place(report) for report in own),
        "parts": list(parts_of(case)) if own else [],
        "remedy": _remedy(case),
    }


def _remedy(case: Case) -> str:
    if case.state != State.DISMISSED:
        return ""
    last = case.moves.filter(name="approve_ending").order_by("id").last()
    return str(REMEDIES.get(last.reason_code, "")) if last is not None else ""
