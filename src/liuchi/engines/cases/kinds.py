"""The journal kinds of this room: ids, codes and numbers only; the words stay in the case's own rows."""

from datetime import datetime
from typing import Any
from uuid import UUID

from liuchi.ground.journal.kinds import declare

CASE_REPORTED = declare("case.reported", report=UUID, channel=str, located=bool)
CATALOGUE_IMPORTED = declare("case.catalogue_imported", classes=int, conditions=int)
TOPICS_IMPORTED = declare("case.topics_imported", rows=int)
REQUESTS_IMPORTED = declare("case.requests_imported", rows=int)
DEADLINES_RECOMPUTED = declare("case.deadlines_recomputed", clocks=int, calendar_version=UUID)
ACCUSED_NAMED = declare("case.accused_named", units=list[UUID])
SECRECY_LIFTED = declare("case.secrecy_lifted", units=list[UUID])
CALL_BACK_DRAWN = declare("case.call_back_drawn", case=UUID, closing=UUID, percent=int)
CALL_BACK_RULE_SET = declare("case.call_back_rule_set", percent=int, most_calls=int)
CALL_BACKS_LAPSED = declare("case.call_backs_lapsed", call_backs=int)
_CALLED: dict[str, Any] = {"call_back": UUID, "calls": int, "reached": bool, "satisfied": bool | None}
CALLED_BACK = declare("case.called_back", **_CALLED)
CASE_RELOCATED = declare("case.relocated", from_place=UUID, to_place=UUID)
REPORTER_ERASED = declare("case.reporter_erased", reports=int, person=UUID)
CASE_JOINED = declare("case.joined", report=UUID, channel=str)
CASE_SPLIT_OFF = declare("case.split_off", report=UUID, origin=UUID, channel=str)
REPORT_EDITED = declare("case.report_edited", report=UUID, words=bool, place=bool, files=int)
REPORT_WITHDRAWN = declare("case.report_withdrawn", report=UUID)
CASE_SUPPLEMENTED = declare("case.supplemented", report=UUID, word=str | None, files=int)
PROGRESS_TOLD = declare("case.progress_told", unit=UUID, word=str | None, files=int)
PARTS_WARNED = declare("case.parts_warned", clocks=int, people=int)
DEADLINES_WARNED = declare("case.deadlines_warned", clocks=int, people=int)
JURISDICTION_OPENED = declare("case.jurisdiction_opened", calendar=UUID)
ORIGINS_NOTED = declare("case.origins_noted", cases=int)
CASES_WITHDRAWN = declare("case.replayed_withdrawn", cases=int)

CASE_OPENED = declare("case.opened_by_unit", unit=UUID)
BULK_BEGUN = declare("case.bulk_begun", move=str, cases=int)
BULK_NOTED = declare("case.bulk_noted", done=int, refused=int, left=int)
LIST_SAVED = declare("case.list_saved", unit=UUID | None, is_default=bool, is_new=bool)
LIST_REMOVED = declare("case.list_removed", unit=UUID | None)
_APPEAL: dict[str, Any] = {"clock": UUID, "unit": UUID}
APPEALED = declare("case.appealed", reason=str, **_APPEAL)
APPEAL_UPHELD = declare("case.appeal_upheld", **_APPEAL)
APPEAL_REJECTED = declare("case.appeal_rejected", **_APPEAL)

_MOVED: dict[str, Any] = {
    "from_state": str,
    "to_state": str,
    "reason": str | None,
    "unit": UUID | None,
    "condition": UUID | None,
    "overdue": bool,
}
MOVED = {
    "send_to_verify": declare("case.sent_to_verify", **_MOVED),
    "verify": declare("case.verified", **_MOVED),
    "file": declare("case.filed", **_MOVED),
    "refuse": declare("case.refused", **_MOVED),
    "dispatch": declare("case.dispatched", support=list[UUID] | None, **_MOVED),
    "take_back": declare("case.dispatch_taken_back", **_MOVED),
    "return_to_desk": declare("case.returned_to_desk", **_MOVED),
    "decline": declare("case.declined", **_MOVED),
    "uphold_decline": declare("case.decline_upheld", dispatcher=UUID | None, **_MOVED),
    "reject_decline": declare("case.decline_rejected", **_MOVED),
    "ask_extension": declare("case.extension_asked", **_MOVED),
    "grant_extension": declare("case.extended", **_MOVED),
    "refuse_extension": declare("case.extension_refused", **_MOVED),
    "ask_pause": declare("case.pause_asked", until=datetime, **_MOVED),
    "grant_pause": declare("case.paused", until=datetime, **_MOVED),
    "refuse_pause": declare("case.pause_refused", **_MOVED),
    "resume": declare("case.resumed", **_MOVED),
    "end_pause": declare("case.pause_ended", **_MOVED),
    "wake": declare("case.woken", **_MOVED),
    "hand_in": declare("case.handed_in", **_MOVED),
    "pass_check": declare("case.check_passed", **_MOVED),
    "fail_check": declare("case.check_failed", **_MOVED),
    "close": declare("case.closed", **_MOVED),
    "rate": declare("case.rated", rating=int, **_MOVED),
    "reopen": declare("case.reopened", **_MOVED),
    "merge": declare("case.merged", lead=UUID, reports=int, **_MOVED),
    "unmerge": declare("case.unmerged", lead=UUID, reports=int, **_MOVED),
    "unmerge_filed": declare("case.unmerged_filed", lead=UUID, reports=int, **_MOVED),
    "withdraw": declare("case.withdrawn", **_MOVED),
    "ask_ending": declare("case.ending_asked", **_MOVED),
    "propose_ending": declare("case.ending_proposed", **_MOVED),
    "approve_ending": declare("case.dismissed", **_MOVED),
    "reject_ending": declare("case.ending_rejected", **_MOVED),
    "reject_proposal": declare("case.proposal_rejected", **_MOVED),
    "reopen_on_call": declare("case.reopened_on_call", **_CALLED, **_MOVED),
}

_PARTED: dict[str, Any] = {
    "part": UUID | None,
    "unit": UUID | None,
    "lead": UUID | None,
    "reason": str | None,
    "overdue": bool,
}
#: What happens to supporting parts; the case stays where it is.
PARTED = {
    "bring_in": declare("case.part_brought_in", **_PARTED),
    "call_in": declare("case.part_called_in", **_PARTED),
    "ask_for": declare("case.part_asked_for", **_PARTED),
    "answer_part": declare("case.part_answered", **_PARTED),
    "decline_part": declare("case.part_declined", **_PARTED),
    "uphold_part": declare("case.part_decline_upheld", dispatcher=UUID | None, **_PARTED),
    "reject_part": declare("case.part_decline_rejected", **_PARTED),
    "release_part": declare("case.part_taken_back", **_PARTED),
}
