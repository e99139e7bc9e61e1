"""The action behind each row of the table of moves, for whoever lets moves be made by name."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from liuchi.engines.cases.actions.check import fail_check, pass_check, verify_case
from liuchi.engines.cases.actions.decide import (
    end_pause,
    grant_extension,
    grant_pause,
    refuse_extension,
    refuse_pause,
    reject_decline,
    uphold_decline,
)
from liuchi.engines.cases.actions.desk import close_case, file_case, refuse_case, send_to_verify
from liuchi.engines.cases.actions.dispatch import dispatch_case, return_to_desk, take_back_dispatch
from liuchi.engines.cases.actions.ending import (
    approve_ending,
    ask_ending,
    propose_ending,
    reject_ending,
    reject_proposal,
)
from liuchi.engines.cases.actions.handle import ask_extension, ask_pause, decline_case, hand_in_result, resume_case
from liuchi.engines.cases.actions.merging import merge_case, unmerge_case, unmerge_filed_case
from liuchi.engines.cases.actions.reporter import rate_case, reopen_case

#: By the move's name. Not among them: what only the house itself makes, what a call enters, and taking a report back,
#: which is a move of the case only where it was the last one.
ACTS: Final[Mapping[str, Callable[..., Any]]] = {
    "file": file_case,
    "send_to_verify": send_to_verify,
    "verify": verify_case,
    "refuse": refuse_case,
    "dispatch": dispatch_case,
    "take_back": take_back_dispatch,
    "return_to_desk": return_to_desk,
    "hand_in": hand_in_result,
    "decline": decline_case,
    "uphold_decline": uphold_decline,
    "reject_decline": reject_decline,
    "ask_extension": ask_extension,
    "grant_extension": grant_extension,
    "refuse_extension": refuse_extension,
    "ask_pause": ask_pause,
    "grant_pause": grant_pause,
    "refuse_pause": refuse_pause,
    "resume": resume_case,
    "end_pause": end_pause,
    "pass_check": pass_check,
    "fail_check": fail_check,
    "close": close_case,
    "rate": rate_case,
    "reopen": reopen_case,
    "merge": merge_case,
    "unmerge": unmerge_case,
    "unmerge_filed": unmerge_filed_case,
    "ask_ending": ask_ending,
    "propose_ending": propose_ending,
    "approve_ending": approve_ending,
    "reject_ending": reject_ending,
    "reject_proposal": reject_proposal,
}
