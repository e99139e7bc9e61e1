"""Forms of this section."""

from django import forms
from django.utils.translation import gettext_lazy as _

from liuchi.doors.ui.forms import HouseForm, PlainText
from liuchi.ground.records.models import Ground, Proof, RequestKind, RequestWay

LONGEST = 2000
#: Ways in which a request reaches the desk; what people file online comes by itself.
DESK_WAYS = [choice for choice in RequestWay.choices if choice[0] != RequestWay.ONLINE]


class NewRequestForm(HouseForm):
    """A request taken in at the desk."""

    who = PlainText(
        label=_("Identity number or telephone of the person"),
        longest=40,
        help_text=_("The look-up is recorded."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text", "spellcheck": "false"}),
    )
    kind = forms.ChoiceField(label=_("What is asked for"), choices=RequestKind.choices, widget=forms.RadioSelect)
    way = forms.ChoiceField(label=_("How it came"), choices=DESK_WAYS, widget=forms.RadioSelect)
    words = PlainText(label=_("In their words"), longest=LONGEST, rows=3, required=False)
    is_after_death = forms.BooleanField(label=_("The person has died; a near relative asks"), required=False)
    claimant = PlainText(
        label=_("Who asks for them, and how to reach them"),
        longest=200,
        required=False,
        help_text=_("Only where somebody else asks."),
    )


class ProofForm(HouseForm):
    """How it was checked who asks."""

    proof = forms.ChoiceField(
        label=_("What was shown"),
        choices=[choice for choice in Proof.choices if choice[0] != Proof.ACCOUNT],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the proof that was shown.")},
    )


class AnswerForm(HouseForm):
    """The answer to a request."""

    answer = PlainText(label=_("Answer to the person"), longest=LONGEST, rows=8)


class RefusalForm(HouseForm):
    """A refusal with its ground and reason."""

    ground = forms.ChoiceField(
        label=_("On what ground"),
        choices=Ground.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the article of law on which you refuse.")},
    )
    answer = PlainText(label=_("Reason, told to the person"), longest=LONGEST, rows=3)


class PeriodForm(HouseForm):
    """A period that the archives decided."""

    type_name = forms.ChoiceField(label=_("Records"))
    days = forms.IntegerField(
        label=_("Days"), min_value=1, widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    )
    document = PlainText(label=_("Document of the archives"), longest=120)

    def __init__(self, *args: object, types: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["type_name"]
        if isinstance(field, forms.ChoiceField):
            field.choices = types


class HoldForm(HouseForm):
    """Everything about one person is kept for the time being."""

    person_id = forms.UUIDField(
        label=_("Number of the person's record"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"invalid": _("Copy the number from the person's page or from the request.")},
    )
    reason = PlainText(label=_("Why this has to be kept"), longest=300)


class LiftForm(HouseForm):
    """A hold is lifted."""

    hold_id = forms.UUIDField(widget=forms.HiddenInput)
    reason = PlainText(label=_("Why this need not be kept any longer"), longest=300)


class StartForm(HouseForm):
    """Which trial is to be followed."""

    trial_id = forms.UUIDField(widget=forms.HiddenInput)


class LiftRestrictionForm(HouseForm):
    """The use of somebody's data is restricted no longer."""

    because = PlainText(label=_("Why it is no longer restricted"), longest=300, rows=2)
