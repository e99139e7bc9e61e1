"""One form for each thing that may be done about a supporting part, and what each hands to its action."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liuchi.doors.ui.forms import HouseForm, PlainText
from liuchi.engines.cases.actions.support import (
    answer_part,
    ask_for_unit,
    bring_in_unit,
    call_in_unit,
    decline_part,
    reject_part,
    take_back_part,
    uphold_part,
)
from liuchi.engines.cases.models import Case
from liuchi.engines.cases.queries import units_for
from liuchi.engines.cases.reasons import REASONS
from liuchi.engines.cases.secrecy import accused_units
from liuchi.engines.cases.supporting import LONGEST_DAYS, PART_MOVES
from liuchi.ground.organisations.queries import units

LONGEST = 2000


class PartForm(HouseForm):
    """The inputs of something done about a part."""

    takes_files = False

    def __init__(self, *args: Any, case: Case, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case, self.name = case, name
        self.prepare()

    def prepare(self) -> None:
        """Fill in choices that depend on the case."""

    def arguments(self) -> dict[str, Any]:
        """Return what the action takes beside the actor, the case and the part."""
        return dict(self.cleaned_data)


class NoteForm(PartForm):
    """A decision that needs no words."""

    text = PlainText(label=gettext_lazy("Note for colleagues"), required=False, longest=LONGEST, rows=2)


class AnswerForm(PartForm):
    """What a unit that helps did or found; the lead reads it."""

    takes_files = True
    text = PlainText(
        label=gettext_lazy("What you did or found"),
        longest=LONGEST,
        rows=3,
        help_text=gettext_lazy("The unit that leads reads this and answers the public."),
    )


class BackForm(PartForm):
    """Why a unit is no longer needed."""

    text = PlainText(label=gettext_lazy("Why it is no longer needed"), longest=LONGEST, rows=2)


class ReasonForm(PartForm):
    """A reason from the list, and words."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"), error_messages={"required": gettext_lazy("Choose a reason.")}
    )
    text = PlainText(label=gettext_lazy("In your words (internal)"), longest=LONGEST, rows=2)

    def prepare(self) -> None:
        """Offer the reasons."""
        _choices(self, "reason", [("", _("Choose a reason")), *REASONS[self.name].items()])


class AskForm(PartForm):
    """Which unit is to help, and with what."""

    unit = forms.ChoiceField(label=gettext_lazy("Unit"), error_messages={"required": gettext_lazy("Choose a unit.")})
    text = PlainText(label=gettext_lazy("What is asked of it"), longest=LONGEST, rows=2)

    def prepare(self) -> None:
        """Offer the units that could help; for the lead those of the list of duties, or all others."""
        listed = {holder.organisation.id: holder.organisation.name for holder in units_for(self.case)}
        offered = dict(units().values_list("id", "name"))
        if self.name == "call_in":
            offered = listed
        elif self.name == "ask_for":
            offered = {unit: name for unit, name in offered.items() if unit not in listed}
        else:
            offered = listed | offered
        left_out = {*accused_units(self.case), self.case.unit_id}
        offered = {unit: name for unit, name in offered.items() if unit not in left_out}
        self.is_empty = not offered
        _choices(self, "unit", [("", _("Choose a unit")), *((str(unit), name) for unit, name in offered.items())])

    def arguments(self) -> dict[str, Any]:
        """Return the unit under the action's name."""
        given = dict(self.cleaned_data)
        unit = UUID(given.pop("unit"))
        return {**given, "unit_id": unit}


class TermForm(AskForm):
    """As before, and until when."""

    days = forms.IntegerField(
        label=gettext_lazy("Working days it has"),
        required=False,
        min_value=1,
        max_value=LONGEST_DAYS,
        help_text=gettext_lazy("Empty: as long as the unit that leads had from the start."),
    )


FORMS: Mapping[str, tuple[type[PartForm], Callable[..., object]]] = {
    "bring_in": (TermForm, bring_in_unit),
    "call_in": (TermForm, call_in_unit),
    "ask_for": (AskForm, ask_for_unit),
    "answer_part": (AnswerForm, answer_part),
    "decline_part": (ReasonForm, decline_part),
    "uphold_part": (NoteForm, uphold_part),
    "reject_part": (ReasonForm, reject_part),
    "release_part": (BackForm, take_back_part),
}
BACKWARD = frozenset({"decline_part", "reject_part", "release_part"})


def label_of(name: str) -> str:
    """Return what somebody presses to do it."""
    return str(PART_MOVES[name].label)


def _choices(form: forms.Form, name: str, choices: list[Any]) -> None:
    form.fields[name].choices = choices  # type: ignore[attr-defined]
