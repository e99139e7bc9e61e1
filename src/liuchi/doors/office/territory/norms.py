"""The form for how many households a kind of grid should have."""

from django import forms
from django.utils.translation import gettext_lazy

from liuchi.doors.office.territory.fields import DayField
from liuchi.doors.ui.forms import HouseForm, PlainText
from liuchi.ground.territory.models import GRID_KINDS, AreaKind

_WHOLE = {"invalid": gettext_lazy("Give a whole number."), "required": gettext_lazy("Give a whole number.")}


class NormForm(HouseForm):
    """A kind of grid, its least and most households, since when and by which document."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=[(kind, AreaKind(kind).label) for kind in GRID_KINDS])
    least = forms.IntegerField(label=gettext_lazy("At least (households)"), min_value=0, error_messages=_WHOLE)
    most = forms.IntegerField(label=gettext_lazy("At most (households)"), min_value=1, error_messages=_WHOLE)
    on = DayField(label=gettext_lazy("In force from"))
    document = PlainText(label=gettext_lazy("By which document"), longest=120)
