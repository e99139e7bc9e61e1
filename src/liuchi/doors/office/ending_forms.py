"""The forms by which demands are ended formally, and all forms of the case page."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext_lazy

from liuchi.doors.office.dispatch_forms import DispatchForm
from liuchi.doors.office.forms import LONGEST, MOVES, MoveForm, ReasonForm
from liuchi.doors.ui.forms import PlainText
from liuchi.engines.cases.actions.dispatch import dispatch_case
from liuchi.engines.cases.actions.ending import (
    approve_ending,
    ask_ending,
    propose_ending,
    reject_ending,
    reject_proposal,
)


class AskEndingForm(ReasonForm):
    """The unit asks to end the demand formally."""

    move = "ask_ending"


class ProposeEndingForm(ReasonForm):
    """The desk proposes to end the demand formally."""

    move = "propose_ending"


class ApproveEndingForm(ReasonForm):
    """Ending a demand formally: the reason as it was asked for, and the answer with facts and grounds."""

    move = "approve_ending"
    text = PlainText(
        label=gettext_lazy("Answer to the reporter, with facts and grounds (public)"),
        longest=LONGEST,
        rows=4,
        help_text=gettext_lazy("What the person can do instead is added by itself, following the reason."),
    )

    def prepare(self) -> None:
        """Choose the reason already that was asked for."""
        super().prepare()
        asked = [move for move in self.look.past if move.name in {"ask_ending", "propose_ending"}]
        self.fields["reason"].initial = asked[-1].reason_code if asked else ""


class RejectEndingForm(MoveForm):
    """No formal ending."""

    text = PlainText(label=gettext_lazy("Why not (internal)"), longest=LONGEST, rows=3)


#: Each move of the table that is made on the case page: its form and its action.
ALL_MOVES: Mapping[str, tuple[type[MoveForm], Callable[..., object]]] = {
    **MOVES,
    "dispatch": (DispatchForm, dispatch_case),
    "ask_ending": (AskEndingForm, ask_ending),
    "propose_ending": (ProposeEndingForm, propose_ending),
    "approve_ending": (ApproveEndingForm, approve_ending),
    "reject_ending": (RejectEndingForm, reject_ending),
    "reject_proposal": (RejectEndingForm, reject_proposal),
}
