"""Why a file that should not be here is taken away."""

from django import forms
from django.utils.translation import gettext_lazy

from liuchi.doors.ui.forms import HouseForm


class RemoveFileForm(HouseForm):
    """Why a file goes."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why?"),
        choices=(
            ("wrong_file", gettext_lazy("Does not belong here")),
            ("privacy", gettext_lazy("Shows somebody who should not be shown")),
            ("unlawful", gettext_lazy("Unlawful content")),
        ),
    )
