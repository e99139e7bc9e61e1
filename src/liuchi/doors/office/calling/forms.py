"""What somebody enters who called back, and the rule by which closings are drawn."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liuchi.doors.ui.forms import HouseForm, PlainText
from liuchi.engines.cases.actions.calling import Said
from liuchi.engines.cases.calling.drawing import DEFAULT_CALLS, DEFAULT_PERCENT, MOST_CALLS
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.territory.models import AreaKind
from liuchi.ground.territory.queries import territory

LONGEST = 2000
YES, NO, UNREACHED = "yes", "no", "unreached"


class CallForm(HouseForm):
    """What came of a call: one choice where nobody was reached, two where somebody was."""

    calls = forms.IntegerField(required=False, widget=forms.HiddenInput)
    solved = forms.ChoiceField(
        label=gettext_lazy("What did they say?"),
        choices=(
            (YES, gettext_lazy("It is solved")),
            (NO, gettext_lazy("It is not solved: the case is taken up again")),
            (UNREACHED, gettext_lazy("Nobody was reached")),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say what came of the call.")},
    )
    satisfied = forms.ChoiceField(
        label=gettext_lazy("Are they satisfied with how it was handled?"),
        required=False,
        choices=(("", gettext_lazy("not said")), (YES, gettext_lazy("yes")), (NO, gettext_lazy("no"))),
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Ask openly; never ask for a good rating. What is not said stays empty."),
    )
    text = PlainText(
        label=gettext_lazy("Their words (internal)"),
        required=False,
        longest=LONGEST,
        rows=3,
        help_text=gettext_lazy("Needed where it is not solved: the unit reads it."),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for words where the case is taken up again."""
        given = super().clean() or self.cleaned_data
        if given.get("solved") == NO and not given.get("text") and "text" not in self.errors:
            self.add_error("text", _("Write a few words so that the others understand."))
        return given

    def said(self) -> Said:
        """Return what was entered."""
        given = self.cleaned_data
        is_reached = given["solved"] != UNREACHED
        satisfied = {YES: True, NO: False}.get(given["satisfied"]) if is_reached else None
        return Said(is_reached, given["solved"] == YES if is_reached else None, satisfied, given["text"])


class RuleForm(HouseForm):
    """Which share of an area's closings is called back."""

    area = forms.ChoiceField(label=gettext_lazy("District, street or town"))
    percent = forms.IntegerField(
        label=gettext_lazy("Share of closings in per cent"), min_value=0, max_value=100, initial=DEFAULT_PERCENT
    )
    most_calls = forms.IntegerField(
        label=gettext_lazy("Calls to one person at most"), min_value=1, max_value=MOST_CALLS, initial=DEFAULT_CALLS
    )

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known, allowed = territory(), viewer.areas("cases.standards")
        offered = [known.root(), *known.of_kind(AreaKind.TOWN)]
        choices = [(str(area.id), area.name) for area in offered if area.id in allowed]
        self.fields["area"].choices = choices  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        """Return what the action takes."""
        given = self.cleaned_data
        return {"area_id": UUID(given["area"]), "percent": given["percent"], "most_calls": given["most_calls"]}
