"""Forms of the registers of sharing, breaches and impact assessments."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from liuchi.doors.ui.forms import HouseForm, PlainText
from liuchi.ground.kernel import clock
from liuchi.ground.records.actions.breaches import NewBreach
from liuchi.ground.records.actions.registers import NewAssessment, NewSharing
from liuchi.ground.records.declared import declared
from liuchi.ground.records.models import BreachKind, Outcome, SharingBasis, SharingKind, Told, Trigger

_CHOOSE = {"required": _("Choose one of these.")}


def _one_of(label: Any, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, error_messages=_CHOOSE)


def _day(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


def _moment(label: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget)


def _count(label: Any, **kwargs: Any) -> forms.IntegerField:
    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    return forms.IntegerField(label=label, min_value=0, max_value=2_000_000_000, widget=widget, **kwargs)


class TypesForm(HouseForm):
    """What every entry says: which record types are meant."""

    types = forms.MultipleChoiceField(
        label=_("Which records"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose which records are meant.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["types"]
        if isinstance(field, forms.MultipleChoiceField):
            titles = sorted((str(each.title), each.name) for each in declared().values())
            field.choices = [(name, title) for title, name in titles]


class SharingForm(TypesForm):
    """Who gets personal data, what for, and on which document."""

    name = PlainText(label=_("Who gets it"), longest=120, widget=forms.TextInput())
    contact = PlainText(
        label=_("How to reach them"),
        longest=120,
        widget=forms.TextInput(),
        help_text=_("An office's telephone or e-mail, not a person's."),
    )
    kind = _one_of(_("In what capacity"), SharingKind.choices)
    purpose = PlainText(label=_("What for"), longest=300, widget=forms.TextInput())
    basis = _one_of(_("It rests on"), SharingBasis.choices)
    document = PlainText(label=_("Which contract, article or consent"), longest=200, widget=forms.TextInput())
    measures = PlainText(
        label=_("Measures of protection agreed"),
        longest=1000,
        rows=3,
        required=False,
        help_text=_("Required where they handle it on our behalf."),
    )
    since = _day(_("Since"))
    until = _day(_("Runs out on"), required=False)
    field_order = ("name", "contact", "kind", "types", "purpose", "basis", "document", "measures", "since", "until")

    def entry(self) -> NewSharing:
        """Return what was typed."""
        return NewSharing(**self.cleaned_data)


class BreachForm(TypesForm):
    """What happened, when it was found, what may be touched."""

    title = PlainText(label=_("In a few words"), longest=120, widget=forms.TextInput(), help_text=_("Without names."))
    kind = _one_of(_("Personal data was or may have been"), BreachKind.choices)
    found_at = _moment(_("Found at"))
    words = PlainText(label=_("What happened, and why as far as known"), longest=2000, rows=4)
    measures = PlainText(label=_("What was done at once"), longest=2000, rows=3, required=False)
    field_order = ("title", "kind", "found_at", "words", "types", "measures")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["found_at"].initial = timezone.localtime(clock.now())

    def entry(self) -> NewBreach:
        """Return what was typed."""
        return NewBreach(**self.cleaned_data)


class AssessmentForm(TypesForm):
    """What is to be done with personal data, whether it is needed, what may come of it, what is done against that."""

    title = PlainText(label=_("What is to be done with personal data"), longest=120, widget=forms.TextInput())
    trigger = _one_of(_("Why an assessment is needed (PIPL art. 55)"), Trigger.choices)
    necessity = PlainText(label=_("Are purpose and way lawful, proper and necessary?"), longest=2000, rows=3)
    risks = PlainText(label=_("What may it do to people, and how safe is it?"), longest=2000, rows=3)
    measures = PlainText(label=_("Which measures are taken, and do they fit the risk?"), longest=2000, rows=3)
    outcome = _one_of(_("Outcome"), Outcome.choices)
    made_on = _day(_("Made on"))
    review_on = _day(_("To be looked at again on"))
    field_order = (
        "title",
        "trigger",
        "types",
        "necessity",
        "risks",
        "measures",
        "outcome",
        "made_on",
        "review_on",
    )

    def entry(self) -> NewAssessment:
        """Return what was typed."""
        return NewAssessment(**self.cleaned_data)


class EndForm(HouseForm):
    """An entry counts no longer."""

    ended_on = _day(_("Ended on"))
    ended_how = PlainText(label=_("Why, and what became of the data"), longest=300, rows=2)


class WeighForm(HouseForm):
    """How many a breach touches, what harm may come, what was done."""

    records = _count(_("Records touched"))
    people = _count(_("People touched"), help_text=_("As far as known; write it down again when more is known."))
    harm = PlainText(label=_("What harm may come of it"), longest=1000, rows=2)
    measures = PlainText(label=_("What was done"), longest=2000, rows=3)


class TellForm(HouseForm):
    """Who was told of a breach, and when."""

    whom = _one_of(_("Who was told"), Told.choices)
    name = PlainText(label=_("Which body, or how the people were told"), longest=120, widget=forms.TextInput())
    told_at = _moment(_("When"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["told_at"].initial = timezone.localtime(clock.now())


class CloseForm(HouseForm):
    """A breach is closed."""

    untold_because = PlainText(
        label=_("If the people concerned were not told: why measures keep harm from them"),
        longest=500,
        rows=2,
        required=False,
    )
