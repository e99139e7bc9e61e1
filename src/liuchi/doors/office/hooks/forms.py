"""Subscribing at the desk."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from liuchi.doors.office.access.forms import area_choices
from liuchi.doors.ui.forms import HouseForm, PlainText
from liuchi.ground.access.models import ApiKey
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.hooks.actions import NewSubscription
from liuchi.ground.hooks.events import labels
from liuchi.ground.hooks.queries import RECEIVE

#: What most receivers want to hear of: what changes who has the case, and how it ends.
COMMON = ("case.reported", "case.filed", "case.refused", "case.dispatched", "case.handed_in", "case.closed")


class HookForm(HouseForm):
    """With whose eyes, where to, of what, and where."""

    key = forms.ChoiceField(label=_("Key"), help_text=_("The receiver is told what this key may see."))
    name = PlainText(label=_("Who is told"), longest=60, widget=forms.TextInput())
    address = PlainText(
        label=_("Address of the receiver"),
        longest=1000,
        help_text=_("Begins with https; a token may stand in it, it is kept sealed."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    area = forms.ChoiceField(label=_("Only in"), required=False)
    events = forms.MultipleChoiceField(
        label=_("Events"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one event.")},
    )

    def __init__(self, *args: Any, viewer: Viewer, keys: list[ApiKey], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].choices = [(str(each.id), f"{each.name} ({each.prefix})") for each in keys]  # type: ignore[attr-defined]
        everywhere = ("", _("Everywhere the key reaches"))
        self.fields["area"].choices = [everywhere, *area_choices(viewer, RECEIVE)]  # type: ignore[attr-defined]
        self.fields["events"].choices = list(labels().items())  # type: ignore[attr-defined]
        self.fields["events"].initial = [each for each in COMMON if each in labels()]

    def subscription(self) -> NewSubscription:
        """Return what was typed."""
        given = self.cleaned_data
        areas = [UUID(given["area"])] if given["area"] else []
        return NewSubscription(UUID(given["key"]), given["name"], given["address"], given["events"], areas)
