"""What people ask about their own data."""

from django import forms
from django.utils.translation import gettext_lazy as _

from liuchi.doors.ui.forms import HouseForm, PlainText
from liuchi.ground.records.models import RequestKind


class OwnRequestForm(HouseForm):
    """One request; who asks is known by the account."""

    kind = forms.ChoiceField(
        label=_("What do you want?"),
        choices=RequestKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what you ask for.")},
    )
    words = PlainText(
        label=_("What exactly?"),
        longest=2000,
        rows=3,
        required=False,
        help_text=_("For a correction: what is wrong, and what is right."),
    )
