"""One form per move, and what each hands to its action."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liuchi.doors.ui.forms import HouseForm, PlainText
from liuchi.doors.ui.suggesting import Suggested, classes_for, cleared_units
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
from liuchi.engines.cases.actions.dispatch import return_to_desk, take_back_dispatch
from liuchi.engines.cases.actions.handle import ask_extension, ask_pause, decline_case, hand_in_result, resume_case
from liuchi.engines.cases.actions.places import RELOCATED
from liuchi.engines.cases.models import Case, CaseMove, FilingCondition
from liuchi.engines.cases.queries import conditions
from liuchi.engines.cases.reasons import PAUSE_EVIDENCE, REASONS
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.territory.models import AreaKind
from liuchi.ground.territory.queries import territory

LONGEST = 2000


@dataclass(frozen=True)
class Look:
    """What the page shows a form: the case, words sought, what was said in which reports, its past, who looks.

    `chosen` are the classes that reporters chose.
    """

    case: Case
    words: str = ""
    said: str = ""
    past: Sequence[CaseMove] = ()
    viewer: Viewer | None = None
    reports: Sequence[UUID] = ()
    chosen: Collection[str] = ()

    def was_not_found(self) -> bool:
        """Tell whether the case came back from a checker who found nothing of the kind."""
        last = next((move for move in reversed(self.past) if move.name != RELOCATED), None)
        return last is not None and (last.name, last.reason_code) == ("verify", "not_found")

    def cleared(self) -> set[UUID]:
        """Return the units of which it was decided, since the case was filed last, that it is not their own."""
        return cleared_units(self.past)


class MoveForm(HouseForm):
    """The inputs of a move. `version` is the case as it was read; the action refuses when it changed meanwhile."""

    #: Whether photos may go with the move.
    takes_files = False
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, look: Look, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.look = look
        self.fields["version"].initial = look.case.version
        self.prepare()

    def prepare(self) -> None:
        """Fill in choices that depend on the case."""

    def arguments(self) -> dict[str, Any]:
        """Return what the action takes beside the actor and the case."""
        return dict(self.cleaned_data)


class NoteForm(MoveForm):
    """A move that needs nothing; a note inside the house may go with it."""

    text = PlainText(label=gettext_lazy("Note for colleagues"), required=False, longest=LONGEST, rows=2)


class PassForm(NoteForm):
    """Solved, seen on the spot."""

    takes_files = True


class PublicForm(MoveForm):
    """A move that may go with a word to the public."""

    text = PlainText(label=gettext_lazy("Words to the reporter (public)"), required=False, longest=LONGEST, rows=2)


class VerifyForm(MoveForm):
    """What was found on the spot."""

    takes_files = True
    found = forms.ChoiceField(
        label=gettext_lazy("What did you find?"),
        choices=(("yes", gettext_lazy("It is as reported")), ("no", gettext_lazy("Nothing of the kind"))),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say whether it is as reported.")},
    )
    text = PlainText(label=gettext_lazy("What you saw (internal)"), longest=LONGEST, rows=3)

    def arguments(self) -> dict[str, Any]:
        """Return the finding as yes or no."""
        return {**self.cleaned_data, "found": self.cleaned_data["found"] == "yes"}


class ReasonForm(MoveForm):
    """A move that needs a reason and words."""

    move = ""
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"), error_messages={"required": gettext_lazy("Choose a reason.")}
    )
    text = PlainText(label=gettext_lazy("In your words (internal)"), longest=LONGEST, rows=3)

    def prepare(self) -> None:
        """Offer the reasons of this move."""
        offer(self, "reason", [("", _("Choose a reason")), *REASONS[self.move].items()])


class RefuseForm(ReasonForm):
    """Not filing: the reason and where to go instead, both shown to the reporter."""

    move = "refuse"

    def prepare(self) -> None:
        """Choose the reason already, where a checker gave it."""
        super().prepare()
        if self.look.was_not_found():
            self.fields["reason"].initial = "not_found"

    text = PlainText(
        label=gettext_lazy("Where the person can go instead (public)"),
        longest=LONGEST,
        rows=3,
        help_text=gettext_lazy("The reporter reads this: name the office, its phone or address."),
    )


class ReturnForm(ReasonForm):
    """Back to the desk."""

    move = "return_to_desk"


class DeclineForm(ReasonForm):
    """Not ours."""

    move = "decline"
    help_text = gettext_lazy("Whoever decides reads this: name the unit whose case it is, if you know it.")

    def prepare(self) -> None:
        """Say what the words are for."""
        super().prepare()
        self.fields["text"].help_text = self.help_text


class AskExtensionForm(ReasonForm):
    """More time."""

    move = "ask_extension"
    text = PlainText(label=gettext_lazy("What is done and what is missing (internal)"), longest=LONGEST, rows=3)


class AskPauseForm(ReasonForm):
    """A rest until a day, with what speaks for it."""

    takes_files = True
    move = "ask_pause"
    until = forms.DateField(
        label=gettext_lazy("Rest until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Choose a day."), "invalid": gettext_lazy("Choose a day.")},
    )
    text = PlainText(label=gettext_lazy("What speaks for it (internal)"), longest=LONGEST, rows=3)

    field_order = ("reason", "until", "text")

    def prepare(self) -> None:
        """Say what each reason has to name."""
        super().prepare()
        asked = [f"{REASONS[self.move][reason]}: {what}" for reason, what in PAUSE_EVIDENCE.items()]
        self.fields["text"].help_text = _("Name the evidence. %(each)s.") % {"each": "; ".join(asked)}


class WhyNotForm(MoveForm):
    """A refusal that says why."""

    text = PlainText(label=gettext_lazy("Why not (internal)"), longest=LONGEST, rows=3)


class EndPauseForm(MoveForm):
    """It goes on before its date."""

    text = PlainText(label=gettext_lazy("Why it goes on now (internal)"), longest=LONGEST, rows=2)


class RejectForm(ReasonForm):
    """It is the unit's own after all."""

    move = "reject_decline"


class FailForm(ReasonForm):
    """Not solved."""

    takes_files = True
    move = "fail_check"


class HandInForm(MoveForm):
    """What was done: the public answer, and a note inside the house."""

    takes_files = True
    text = PlainText(
        label=gettext_lazy("What was done (public answer)"),
        longest=LONGEST,
        rows=4,
        help_text=gettext_lazy("The reporter and everybody else read this. Name no persons."),
    )
    internal_text = PlainText(label=gettext_lazy("Note for colleagues"), required=False, longest=LONGEST, rows=2)


class FileForm(MoveForm):
    """Filing: the condition, found by words; the place, where the desk knows better."""

    condition = forms.UUIDField(
        label=gettext_lazy("Filing condition"),
        error_messages={
            "required": gettext_lazy("Choose a filing condition."),
            "invalid": gettext_lazy("Choose a filing condition."),
        },
    )
    place = forms.ChoiceField(label=gettext_lazy("Place"), required=False)
    text = PlainText(label=gettext_lazy("Words to the reporter (public)"), required=False, longest=LONGEST, rows=2)

    def prepare(self) -> None:
        """Offer the communities, the present place first; list the conditions searched for, the named class first."""
        known, here = territory(), self.look.case.place
        offered: list[tuple[str, Any]] = [("", _("Leave it: %(place)s") % {"place": here.name})]
        for town in known.of_kind(AreaKind.TOWN):
            inside = [area for area in known.children.get(town.id, ()) if area.kind == AreaKind.COMMUNITY]
            offered.append((town.name, [(str(area.id), area.name) for area in inside]))
        offer(self, "place", offered)
        self.found = sorted(conditions(self.look.words), key=self._is_off) if self.look.words else []
        self.suggested = [] if self.look.words else self._suggested()
        self.chosen = str(self["condition"].value() or "")

    def _suggested(self) -> list[Suggested]:
        look = self.look
        return classes_for(look.viewer, look.case, look.said, look.reports, look.chosen)

    def _is_off(self, found: FilingCondition) -> bool:
        return found.case_class.name != self.look.words

    def arguments(self) -> dict[str, Any]:
        """Return the ids under the action's names."""
        given = self.cleaned_data
        return {
            "version": given["version"],
            "condition_id": given["condition"],
            "place_id": UUID(given["place"]) if given["place"] else None,
            "text": given["text"],
        }


#: Each move of the table that is made here: its form, its action, and what is said afterwards.
MOVES: Mapping[str, tuple[type[MoveForm], Callable[..., object]]] = {
    "send_to_verify": (NoteForm, send_to_verify),
    "verify": (VerifyForm, verify_case),
    "file": (FileForm, file_case),
    "refuse": (RefuseForm, refuse_case),
    "take_back": (NoteForm, take_back_dispatch),
    "return_to_desk": (ReturnForm, return_to_desk),
    "decline": (DeclineForm, decline_case),
    "uphold_decline": (NoteForm, uphold_decline),
    "reject_decline": (RejectForm, reject_decline),
    "ask_extension": (AskExtensionForm, ask_extension),
    "grant_extension": (PublicForm, grant_extension),
    "refuse_extension": (WhyNotForm, refuse_extension),
    "ask_pause": (AskPauseForm, ask_pause),
    "grant_pause": (PublicForm, grant_pause),
    "refuse_pause": (WhyNotForm, refuse_pause),
    "resume": (NoteForm, resume_case),
    "end_pause": (EndPauseForm, end_pause),
    "hand_in": (HandInForm, hand_in_result),
    "pass_check": (PassForm, pass_check),
    "fail_check": (FailForm, fail_check),
    "close": (PublicForm, close_case),
}


def offer(form: forms.Form, name: str, choices: list[Any]) -> None:
    """Offer choices for a field."""
    form.fields[name].choices = choices  # type: ignore[attr-defined]
