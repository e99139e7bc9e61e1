"""The inputs that many cases share when one step is made with them."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liuchi.doors.office.forms import LONGEST
from liuchi.doors.ui.forms import HouseForm, PlainText
from liuchi.engines.cases.reasons import REASONS
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.organisations.queries import units


class SharedForm(HouseForm):
    """What every step made with many cases has: a token, so that the same form twice is one run, and a note."""

    token = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    text = PlainText(label=gettext_lazy("Note for colleagues"), required=False, longest=LONGEST, rows=2)

    def given(self) -> dict[str, str]:
        """Return the shared inputs under the names that the run keeps them by."""
        kept = {name: self.cleaned_data.get(name, "") for name in ("unit", "reason", "text")}
        return {name: str(value) for name, value in kept.items() if value}


class SharedClosing(SharedForm):
    """Closing: words that every reporter reads."""

    text = PlainText(label=gettext_lazy("Words to the reporter (public)"), required=False, longest=LONGEST, rows=2)


class SharedReason(SharedForm):
    """A step that needs a reason and words."""

    move = ""
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"), error_messages={"required": gettext_lazy("Choose a reason.")}
    )
    text = PlainText(label=gettext_lazy("In your words (internal)"), longest=LONGEST, rows=3)
    field_order = ("token", "reason", "text")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [("", _("Choose a reason")), *REASONS[self.move].items()]
        self.fields["reason"].choices = offered  # type: ignore[attr-defined]


class SharedReturn(SharedReason):
    """Back to the desk."""

    move = "return_to_desk"


class SharedRefusal(SharedReason):
    """Not filing; reason and words are shown to every reporter."""

    move = "refuse"
    text = PlainText(
        label=gettext_lazy("Where the person can go instead (public)"),
        longest=LONGEST,
        rows=3,
        help_text=gettext_lazy("The reporter reads this: name the office, its phone or address."),
    )


class SharedDispatch(SharedForm):
    """One unit for all; the list of duties says why, where it names the unit for a case."""

    unit = forms.ChoiceField(label=gettext_lazy("Unit"), error_messages={"required": gettext_lazy("Choose a unit.")})
    reason = PlainText(
        label=gettext_lazy("Why this unit"),
        required=False,
        longest=300,
        help_text=gettext_lazy(
            "Leave this empty where the list of duties names it: each case then shows its document."
        ),
        widget=forms.TextInput(),
    )
    text = PlainText(label=gettext_lazy("Instructions (internal)"), required=False, longest=LONGEST, rows=2)
    field_order = ("token", "unit", "reason", "text")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [("", _("Choose a unit")), *((str(body.id), body.name) for body in units())]
        self.fields["unit"].choices = offered  # type: ignore[attr-defined]


FORMS: dict[str, type[SharedForm]] = {
    "send_to_verify": SharedForm,
    "refuse": SharedRefusal,
    "dispatch": SharedDispatch,
    "take_back": SharedForm,
    "return_to_desk": SharedReturn,
    "close": SharedClosing,
}


def chosen_in(values: list[str]) -> list[tuple[UUID, int]]:
    """Return the cases and versions that a form names ("<id>.<version>"); what makes no sense is left out."""
    found: dict[UUID, int] = {}
    for value in values:
        name, _dot, version = value.partition(".")
        if version.isdecimal() and version.isascii() and len(version) < 9:
            try:
                found[UUID(name)] = int(version)
            except ValueError:
                continue
    return list(found.items())
