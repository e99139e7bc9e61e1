"""What a unit says of a time-out, and what is decided on it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liuchi.doors.ui.forms import HouseForm, PlainText
from liuchi.engines.cases.reasons import APPEAL_REASONS

LONGEST = 2000


class AppealForm(HouseForm):
    """Why it was not the unit's doing."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"), error_messages={"required": gettext_lazy("Choose a reason.")}
    )
    text = PlainText(
        label=gettext_lazy("What happened when (internal)"),
        longest=LONGEST,
        rows=4,
        help_text=gettext_lazy("Name times, and where they are written down."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [("", _("Choose a reason")), *APPEAL_REASONS.items()]  # type: ignore[attr-defined]


class DecisionForm(HouseForm):
    """Whether the time-out is excused, and why not."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=(
            ("uphold", gettext_lazy("Excused: left out of the unit's rate")),
            ("reject", gettext_lazy("It counts")),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one.")},
    )
    text = PlainText(label=gettext_lazy("Why (internal)"), required=False, longest=LONGEST, rows=3)
