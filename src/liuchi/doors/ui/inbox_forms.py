"""What people choose about messages to themselves."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from liuchi.doors.ui.forms import HouseForm, PlainText
from liuchi.ground.kernel import clock
from liuchi.ground.notices.actions import Wishes
from liuchi.ground.notices.models import Preferences
from liuchi.ground.notices.templates import LANGUAGES, Topic
from liuchi.ground.notices.timing import Habits

HOURS = [(str(hour), f"{hour:02}:00") for hour in range(24)]
#: When a digest may come.
DAYTIME = HOURS[7:22]
LANGUAGE_NAMES = {"zh-hans": "简体中文", "en": "English"}
#: For how many hours a duty is told at once; "as it is" keeps the one there is.
AS_IT_IS = "keep"
DUTIES = [
    ("", pgettext_lazy("duty", "Not on duty")),
    ("12", gettext_lazy("For the next 12 hours")),
    ("24", gettext_lazy("For the next 24 hours")),
    ("72", gettext_lazy("For the next three days")),
]


class PreferencesForm(HouseForm):
    """Digest, quiet hours, ways and duty of whoever signed in."""

    by_email = forms.BooleanField(label=gettext_lazy("Send me e-mail"), required=False)
    email = PlainText(
        label=gettext_lazy("E-mail address"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    by_sms = forms.BooleanField(label=gettext_lazy("Send me urgent matters as text messages"), required=False)
    digest_hour = forms.ChoiceField(label=gettext_lazy("Digest at"), choices=DAYTIME)
    quiet_from = forms.ChoiceField(label=gettext_lazy("Quiet from"), choices=HOURS)
    quiet_to = forms.ChoiceField(label=gettext_lazy("Quiet until"), choices=HOURS)
    duty = forms.ChoiceField(label=gettext_lazy("Urgent matters at any hour"), required=False)
    wanted = forms.MultipleChoiceField(
        label=gettext_lazy("In the digest"), required=False, widget=forms.CheckboxSelectMultiple
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of messages"), choices=[(each, LANGUAGE_NAMES[each]) for each in LANGUAGES]
    )

    def __init__(
        self, *args: Any, mine: Preferences, address: str, topics: list[Topic], ways: tuple[bool, bool], **kwargs: Any
    ) -> None:
        self.mine, self.topics = mine, [each.code for each in topics]
        self.until = mine.on_duty_until if mine.on_duty_until and mine.on_duty_until > clock.now() else None
        kwargs.setdefault("initial", self._initial(address))
        super().__init__(*args, **kwargs)
        kept = [(AS_IT_IS, gettext_lazy("As it is"))] if self.until else []
        self.fields["duty"].choices = [*kept, *DUTIES]  # type: ignore[attr-defined]
        self.fields["wanted"].choices = [(each.code, each.label) for each in topics]  # type: ignore[attr-defined]
        has_email, has_sms = ways
        for name in ("by_email", "email") * (not has_email) + ("by_sms",) * (not has_sms):
            del self.fields[name]

    def wishes(self) -> Wishes:
        """Return what was chosen; a way that this house does not have stays as it was."""
        given = self.cleaned_data
        return Wishes(
            language=given["language"],
            habits=Habits(
                int(given["digest_hour"]), int(given["quiet_from"]), int(given["quiet_to"]), self._until(given["duty"])
            ),
            by_email=given.get("by_email", False),
            email=given.get("email", ""),
            by_sms=given.get("by_sms", False),
            muted=[code for code in self.topics if code not in given["wanted"]],
        )

    def _initial(self, address: str) -> dict[str, Any]:
        return {
            "by_email": self.mine.by_email,
            "email": address,
            "by_sms": self.mine.by_sms,
            "digest_hour": str(self.mine.digest_hour),
            "quiet_from": str(self.mine.quiet_from),
            "quiet_to": str(self.mine.quiet_to),
            "duty": AS_IT_IS if self.until else "",
            "wanted": [code for code in self.topics if code not in self.mine.muted],
            "language": self.mine.language,
        }

    def _until(self, duty: str) -> datetime | None:
        if duty == AS_IT_IS:
            return self.until
        return clock.now() + timedelta(hours=int(duty)) if duty else None
