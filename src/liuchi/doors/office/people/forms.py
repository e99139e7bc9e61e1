"""The forms of this section, and what each hands to its action."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liuchi.doors.office.people.fields import DayField, PlaceField, area_of
from liuchi.doors.ui.forms import HouseForm, PlainText
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel import clock
from liuchi.ground.people.access import MANAGE
from liuchi.ground.people.entries import NewPerson
from liuchi.ground.people.identity import DocumentKind, Sex
from liuchi.ground.people.showing import Card

#: Inputs that no browser remembers and no checker of spelling sends away.
UNREMEMBERED = {"autocomplete": "off", "spellcheck": "false"}
SEXES = [("", gettext_lazy("not stated")), *Sex.choices]
DOCUMENTS = list(DocumentKind.choices)


def today() -> date:
    """Return the present day of the district."""
    return timezone.localdate(clock.now())


class LookUpForm(HouseForm):
    """Looking somebody up: an identity number or a phone in one field, or a name and a place."""

    exact = PlainText(
        label=gettext_lazy("Identity number or phone"),
        required=False,
        longest=40,
        widget=forms.TextInput(attrs=UNREMEMBERED),
    )
    name = PlainText(
        label=gettext_lazy("Or a name"), required=False, longest=40, widget=forms.TextInput(attrs=UNREMEMBERED)
    )
    area = PlaceField(label=gettext_lazy("who lives in"), required=False)
    purpose = forms.ChoiceField(
        label=gettext_lazy("What for?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say what you need it for.")},
    )

    def __init__(self, *args: Any, viewer: Viewer, power: str, purposes: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].offer(viewer, power)  # type: ignore[attr-defined]
        self.fields["purpose"].choices = purposes  # type: ignore[attr-defined]

    def asked(self) -> dict[str, Any]:
        """Return what to look for."""
        given = self.cleaned_data
        if given["exact"]:
            return asked_by(given["exact"])
        return {"name": given["name"], "area_id": given["area"]}


def asked_by(exact: str) -> dict[str, Any]:
    """Return what an exact value is to be looked up as: digits are a phone unless there are 15 or 18 of them."""
    plain = exact.replace(" ", "").replace("-", "").lstrip("+").upper()
    if plain.isdecimal() and len(plain) not in {15, 18}:
        return {"phone": exact}
    return {"identity": exact, "identity_kind": _kind_of(plain)}


def _kind_of(number: str) -> str:
    """Return which document a number looks like."""
    if number[:-1].isdecimal() and len(number) >= 15:
        return DocumentKind.CITIZEN
    if number[:1] in {"H", "M"} and number[1:].isdecimal():
        return DocumentKind.HK_MACAO
    if number[:3].isalpha() and len(number) == 15:
        return DocumentKind.FOREIGN
    return DocumentKind.PASSPORT


class EntryForm(HouseForm):
    """Registering somebody: the identity number alone says birth date and sex."""

    identity = PlainText(
        label=gettext_lazy("Identity number"),
        required=False,
        longest=40,
        help_text=gettext_lazy("Birth date and sex come from it."),
        widget=forms.TextInput(attrs=UNREMEMBERED),
    )
    name = PlainText(label=gettext_lazy("Full name"), longest=60, widget=forms.TextInput(attrs=UNREMEMBERED))
    phone = PlainText(
        label=gettext_lazy("Phone"),
        required=False,
        longest=30,
        widget=forms.TextInput(attrs={**UNREMEMBERED, "inputmode": "tel"}),
    )
    home = PlaceField(label=gettext_lazy("Lives in"), error_messages={"required": gettext_lazy("Choose a place.")})
    address = PlainText(
        label=gettext_lazy("Address below the community"),
        required=False,
        longest=120,
        widget=forms.TextInput(attrs=UNREMEMBERED),
    )
    identity_kind = forms.ChoiceField(label=gettext_lazy("Document"), choices=DOCUMENTS, required=False)
    birth_on = DayField(label=gettext_lazy("Date of birth"), required=False)
    sex = forms.ChoiceField(label=gettext_lazy("Sex"), choices=SEXES, required=False)
    takes_over = forms.BooleanField(label=gettext_lazy("Has moved here: take the record over"), required=False)

    #: Shown only where there is no identity card; a refusal beside one of them opens the block.
    FURTHER = ("identity_kind", "birth_on", "sex")

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["home"].offer(viewer, MANAGE)  # type: ignore[attr-defined]

    @property
    def further(self) -> list[forms.BoundField]:
        """Return the fields for people without an identity card."""
        return [self[name] for name in self.FURTHER]

    @property
    def has_further(self) -> bool:
        """Tell whether the block for people without an identity card is to stand open."""
        return any(self[name].errors or (self.is_bound and self.data.get(name)) for name in self.FURTHER)

    def arguments(self) -> dict[str, Any]:
        """Return the entry, and whether somebody registered elsewhere is taken over."""
        given = self.cleaned_data
        entry = NewPerson(
            name=given["name"],
            phone=given["phone"],
            identity=given["identity"],
            home=area_of(given["home"]),
            address=given["address"],
            identity_kind=given["identity_kind"] or DocumentKind.CITIZEN,
            birth_on=given["birth_on"],
            sex=given["sex"],
        )
        return {"entry": entry, "valid_from": today(), "takes_over": given["takes_over"]}


class ActForm(HouseForm):
    """A form on the page of one person."""

    def __init__(self, *args: Any, viewer: Viewer, card: Card, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer, self.card = viewer, card
        self.prepare()

    def prepare(self) -> None:
        """Fill in what depends on the person."""

    def arguments(self) -> dict[str, Any]:
        """Return what the action takes beside the actor and the person."""
        return dict(self.cleaned_data)


class CorrectForm(ActForm):
    """Correcting a record: what is left empty stays as it is; phone and number are typed anew, never shown."""

    name = PlainText(label=gettext_lazy("Full name"), longest=60, widget=forms.TextInput(attrs=UNREMEMBERED))
    identity = PlainText(
        label=gettext_lazy("New identity number"),
        required=False,
        longest=40,
        widget=forms.TextInput(attrs=UNREMEMBERED),
    )
    identity_kind = forms.ChoiceField(label=gettext_lazy("Document"), choices=DOCUMENTS, required=False)
    phone = PlainText(
        label=gettext_lazy("New phone"),
        required=False,
        longest=30,
        widget=forms.TextInput(attrs={**UNREMEMBERED, "inputmode": "tel"}),
    )
    no_phone = forms.BooleanField(label=gettext_lazy("Has no phone any more"), required=False)
    birth_on = DayField(label=gettext_lazy("Date of birth"), required=False)
    sex = forms.ChoiceField(label=gettext_lazy("Sex"), choices=SEXES, required=False)
    reason = PlainText(label=gettext_lazy("Why"), required=False, longest=200, widget=forms.TextInput())
    since = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def prepare(self) -> None:
        """Show what the record says, phone and number masked beside their fields."""
        for name in ("name", "birth_on", "sex"):
            self.fields[name].initial = getattr(self.card, name)
        for name, shown in (("identity", self.card.masked_identity), ("phone", self.card.masked_phone)):
            if shown:
                self.fields[name].help_text = _("Now %(shown)s. Leave it empty to keep it.") % {"shown": shown}
        self.fields["identity_kind"].initial = self.card.identity_kind or DocumentKind.CITIZEN

    def arguments(self) -> dict[str, Any]:
        """Return the facts that were given."""
        given = self.cleaned_data
        facts = {"name": given["name"]}
        if given["identity"]:
            facts["identity"] = f"{given['identity_kind'] or DocumentKind.CITIZEN}:{given['identity']}"
        if given["phone"] or given["no_phone"]:
            facts["phone"] = given["phone"]
        if given["birth_on"] and given["birth_on"] != self.card.birth_on:
            facts["birth_on"] = given["birth_on"].isoformat()
        if given["sex"] and given["sex"] != self.card.sex:
            facts["sex"] = given["sex"]
        return {"facts": facts, "reason": given["reason"], "since": given["since"]}


class MoveForm(ActForm):
    """Moving somebody within reach, or out of the district."""

    AWAY = "away"
    area = PlaceField(label=gettext_lazy("Lives in"))
    address = PlainText(
        label=gettext_lazy("Address below the community"),
        required=False,
        longest=120,
        widget=forms.TextInput(attrs=UNREMEMBERED),
    )
    on = DayField(label=gettext_lazy("Since"))
    away = forms.BooleanField(label=gettext_lazy("Has left the district"), required=False)

    def prepare(self) -> None:
        """Offer the places within reach; the present one is chosen."""
        field = self.fields["area"]
        field.offer(self.viewer, MANAGE)  # type: ignore[attr-defined]
        field.required = False
        field.initial = str(self.card.home_id or "")
        self.fields["on"].initial = today()

    def clean(self) -> dict[str, Any]:
        """Ask for a place, unless somebody left."""
        given = super().clean() or self.cleaned_data
        if not given.get("away") and given.get("area") is None and "area" not in self.errors:
            self.add_error("area", _("Choose a place."))
        return given

    def arguments(self) -> dict[str, Any]:
        """Return where to, and since when."""
        given = self.cleaned_data
        area = None if given["away"] else area_of(given["area"])
        return {"area": area, "address": given["address"], "on": given["on"]}


class DeathForm(ActForm):
    """The day somebody died."""

    died_on = DayField(label=gettext_lazy("Date of death"))


class ReasonForm(ActForm):
    """A reason in words."""

    reason = PlainText(label=gettext_lazy("Why"), required=False, longest=200, widget=forms.TextInput())


class SeparateForm(ReasonForm):
    """Undoing a merge."""

    merge_id = forms.UUIDField(widget=forms.HiddenInput)


class DoubleForm(ActForm):
    """Naming the other record of the same person by an exact value."""

    exact = PlainText(
        label=gettext_lazy("Identity number or phone of the other record"),
        longest=40,
        help_text=gettext_lazy("The look-up is recorded."),
        widget=forms.TextInput(attrs=UNREMEMBERED),
    )


def uuid_or_none(value: str) -> UUID | None:
    """Return the id chosen in a list, None for its empty line."""
    return UUID(value) if value else None
