"""Adding a robot to a unit's group chat."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from liuchi.doors.ui.forms import HouseForm, PlainText
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.notices.actions import NewRobot
from liuchi.ground.notices.composing import OF_THE_HOUSE
from liuchi.ground.notices.models import RobotKind
from liuchi.ground.notices.queries import POWER
from liuchi.ground.notices.templates import GROUP, templates
from liuchi.ground.organisations.queries import organisations


class RobotForm(HouseForm):
    """Whose group, which service, the webhook as the group shows it, and what it hears of."""

    organisation = forms.ChoiceField(label=_("Organisation"), error_messages={"required": _("Choose an organisation.")})
    kind = forms.ChoiceField(label=_("Service"), choices=RobotKind.choices, widget=forms.RadioSelect)
    name = PlainText(label=_("Name of the group"), longest=40, widget=forms.TextInput())
    secret = PlainText(
        label=_("Webhook"),
        longest=400,
        help_text=_("As the group's settings show it. For a signed DingTalk robot add a space and the secret SEC…."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    topics = forms.MultipleChoiceField(
        label=_("What it tells of"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one topic.")},
    )

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = viewer.areas(POWER)
        bodies = [(str(each.id), each.short_name) for each in organisations() if each.area_id in areas]
        self.fields["organisation"].choices = [("", _("Choose an organisation")), *bodies]  # type: ignore[attr-defined]
        heard = [each for each in templates().values() if has_group_line(each.texts) and each not in OF_THE_HOUSE]
        spoken = {each.topic.code: each.topic.label for each in heard}
        self.fields["topics"].choices = list(spoken.items())  # type: ignore[attr-defined]
        self.fields["topics"].initial = list(spoken)

    def robot(self) -> NewRobot:
        """Return what was typed."""
        given = self.cleaned_data
        return NewRobot(
            UUID(given["organisation"]), RobotKind(given["kind"]), given["name"], given["secret"], given["topics"]
        )


def has_group_line(texts: Any) -> bool:
    """Tell whether a template says something in groups."""
    return any(getattr(text, GROUP) for text in texts.values())
