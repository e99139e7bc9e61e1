"""Forms of what people are asked to agree to, and of the district's own care categories."""

import re
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liuchi.doors.office.people.fields import DayField
from liuchi.doors.office.people.forms import today
from liuchi.doors.office.stepping import Effect, StepForm
from liuchi.doors.ui.forms import PlainText
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.people.actions import publish_consent_text, set_care_categories
from liuchi.ground.people.actions.care import retire_care_category
from liuchi.ground.people.caring import A_YEAR, NewCategory
from liuchi.ground.people.consenting import texts_in_force
from liuchi.ground.people.models import CareCategory, CareSensitivity, ConsentText, VisitTier


class TextForm(StepForm):
    """A wording to publish: of a new purpose, or the next version of one; it never changes afterwards."""

    has_preview = True
    purpose = forms.SlugField(
        label=gettext_lazy("Short name of the purpose"),
        max_length=40,
        help_text=gettext_lazy("Small letters, digits and hyphens. “messages” governs messages outside the house."),
        error_messages={"invalid": gettext_lazy("Small letters, digits and hyphens only.")},
    )
    title = PlainText(label=gettext_lazy("Title"), longest=60, widget=forms.TextInput())
    text = PlainText(
        label=gettext_lazy("What people agree to"),
        longest=20000,
        rows=10,
        help_text=gettext_lazy("Who uses which data for what, how long, and that it can be taken back at any time."),
    )
    is_necessary = forms.BooleanField(label=gettext_lazy("The service cannot be had without it"), required=False)
    valid_from = DayField(label=gettext_lazy("In force from"), initial=today)

    def __init__(self, *args: Any, before: ConsentText | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before = before
        if before is not None:
            del self.fields["purpose"]
            for name in ("title", "text", "is_necessary"):
                self.fields[name].initial = getattr(before, name)

    def effects(self, viewer: Viewer) -> list[Effect]:  # noqa: ARG002 - texts are public
        """Show the wording before and then, and what becomes of those who agreed before."""
        given, before = self.cleaned_data, self.before
        effects = [Effect(_("Title"), before.title if before else "", given["title"])]
        effects.append(Effect(_("What people agree to"), before.text if before else "", given["text"]))
        effects.append(Effect(_("In force from"), "", given["valid_from"].isoformat()))
        if before is not None:
            version = _("version %(number)d") % {"number": before.version}
            effects.append(
                Effect(_("Who agreed before"), version, _("agreed to %(version)s only") % {"version": version})
            )
        return effects

    def act(self, by: Actor) -> str:
        """Publish it, and go to its page."""
        given = self.cleaned_data
        purpose = self.before.purpose if self.before is not None else given["purpose"].lower()
        row = publish_consent_text(
            by=by,
            purpose=purpose,
            title=given["title"],
            text=given["text"],
            is_necessary=given["is_necessary"],
            valid_from=given["valid_from"],
        )
        return reverse("consent-text", args=[row.id])


class CategoryForm(StepForm):
    """A care category of the district's own: by which rule, what for, for how long at most."""

    name = PlainText(label=gettext_lazy("Name"), longest=30, widget=forms.TextInput())
    legal_basis = PlainText(
        label=gettext_lazy("Rule it rests on"),
        longest=200,
        help_text=gettext_lazy("Law, regulation or document, with the article."),
        widget=forms.TextInput(),
    )
    purpose = PlainText(
        label=gettext_lazy("What for"),
        longest=200,
        help_text=gettext_lazy("What is done for them, such as meals brought home."),
        widget=forms.TextInput(),
    )
    longest_days = forms.IntegerField(
        label=gettext_lazy("An entry lasts at most, in days"), min_value=1, max_value=1830, initial=A_YEAR
    )
    visit_tier = forms.ChoiceField(label=gettext_lazy("Visits"), choices=VisitTier.choices, initial=VisitTier.NONE)
    consent_purpose = forms.ChoiceField(label=gettext_lazy("Rests on consent to"), required=False)
    sensitivity = forms.ChoiceField(
        label=gettext_lazy("Sensitivity"), choices=CareSensitivity.choices, initial=CareSensitivity.SENSITIVE
    )
    has_diagnosis = forms.BooleanField(label=gettext_lazy("Needs a diagnosis, kept sealed"), required=False)

    def __init__(self, *args: Any, kept: CareCategory | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = kept
        texts = {each.purpose: each.title for each in texts_in_force()}
        field = self.fields["consent_purpose"]
        field.choices = [("", _("no consent needed: a duty by law")), *texts.items()]  # type: ignore[attr-defined]
        for name in self.fields if kept is not None else ():
            self.fields[name].initial = getattr(kept, name)

    def act(self, by: Actor) -> None:
        """Keep it."""
        kept = self.kept
        code = kept.code if kept is not None else _next_code()
        english = kept.english_name if kept is not None else ""
        set_care_categories(by=by, categories=[NewCategory(code=code, english_name=english, **self.cleaned_data)])


class RetireForm(StepForm):
    """A category is used no longer; entries that last end on their day."""

    on = DayField(label=gettext_lazy("Counts from"), initial=today)

    def __init__(self, *args: Any, kept: CareCategory, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = kept

    def act(self, by: Actor) -> None:
        """Retire it."""
        retire_care_category(by=by, code=self.kept.code, on=self.cleaned_data["on"])


def _next_code() -> str:
    """Return a code for a category of the district's own that nobody has to think of."""
    taken = CareCategory.objects.filter(code__startswith="own-").order_by("code").values_list("code", flat=True)
    numbers = [int(found[1]) for code in taken if (found := re.fullmatch(r"own-(\d+)", code))]
    return f"own-{max(numbers, default=0) + 1}"
