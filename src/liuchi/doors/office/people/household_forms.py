"""Forms about households: opened, joined, left, moved, split, with another head; nothing known is asked again."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liuchi.doors.office.people.fields import DayField, PlaceField
from liuchi.doors.office.people.forms import UNREMEMBERED, asked_by, today
from liuchi.doors.office.people.views.finding import look_up_and_record
from liuchi.doors.office.stepping import Effect, StepForm
from liuchi.doors.ui.forms import PlainText
from liuchi.ground.access.purposes import CORRECTING
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, RuleBroken
from liuchi.ground.people.access import MANAGE
from liuchi.ground.people.actions.household_heads import name_household_head
from liuchi.ground.people.actions.households import join_household, leave_household, move_household, open_household
from liuchi.ground.people.households import household_of, stay_home
from liuchi.ground.people.living import HomePlace, HouseholdRefused
from liuchi.ground.people.models import HouseholdMember, HouseholdStay, Relation
from liuchi.ground.people.showing import Card
from liuchi.ground.records.protected import mask_name

RELATIONS = [(value, label) for value, label in Relation.choices if value != Relation.HEAD]
HERE, ELSEWHERE, AWAY = "here", "elsewhere", "away"


def exact_field(**kwargs: Any) -> PlainText:
    """Return the field by which somebody registered is named exactly; the look-up is recorded."""
    return PlainText(
        label=gettext_lazy("Identity number or phone"),
        longest=40,
        help_text=gettext_lazy("The look-up is recorded."),
        widget=forms.TextInput(attrs=UNREMEMBERED),
        **kwargs,
    )


class LookingForm(StepForm):
    """A form that names somebody by an exact value; `found` is that person once it is asked for."""

    exact = exact_field()

    def found(self, viewer: Viewer) -> Card:
        """Return who was named.

        Raises:
            HouseholdRefused: nobody within reach, or several people.
        """
        try:
            cards = look_up_and_record(viewer, CORRECTING, **asked_by(self.cleaned_data["exact"])).cards
        except RuleBroken as error:
            error.field = "exact"
            raise
        if len(cards) != 1:
            raise HouseholdRefused(_("Nobody here has it, or several people do. Register them first."), field="exact")
        return cards[0]


class OpenForm(StepForm):
    """A household for one person where they live now; whoever else lives there may belong to it."""

    on = DayField(label=gettext_lazy("Since"), initial=today)

    def __init__(self, *args: Any, card: Card, home: HomePlace, others: Sequence[tuple[UUID, str]], **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.card, self.home, self.others = card, home, [key for key, _name in others]
        for key, name in others:
            self.fields[f"as_{key.hex}"] = _relation(name, _("does not belong to it"))

    def act(self, by: Actor) -> str:
        """Open it, and go to its page."""
        said = [(key, self.cleaned_data[f"as_{key.hex}"]) for key in self.others]
        members = [(self.card.id, Relation.HEAD.value), *((key, relation) for key, relation in said if relation)]
        made = open_household(by=by, home=self.home, members=members, on=self.cleaned_data["on"])
        return reverse("household", args=[made.id])


class MoveInForm(LookingForm):
    """Somebody moves into a room: with the whole household, or into a household of their own."""

    has_preview = True
    how = forms.ChoiceField(
        label=gettext_lazy("Who moves in"),
        choices=[
            ("household", gettext_lazy("the whole household")),
            ("alone", gettext_lazy("this person only, as a household of their own")),
        ],
        initial="household",
        widget=forms.RadioSelect,
    )
    on = DayField(label=gettext_lazy("Since"), initial=today)
    field_order = ("exact", "how", "on")

    def __init__(self, *args: Any, dwelling_id: UUID, address: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dwelling_id, self.address = dwelling_id, address

    def effects(self, viewer: Viewer) -> list[Effect]:
        """Show who would live there."""
        card = self.found(viewer)
        membership = household_of(viewer, card.id)
        if membership is not None and self.cleaned_data["how"] == "household":
            rows = membership.household.members.filter(valid_to=None, person__death_on=None).select_related("person")
            names = [mask_name(row.person.name) for row in rows.order_by("id")]
            return [Effect(membership.household.number, "", "、".join(names)), Effect(_("Lives in"), "", self.address)]
        before = membership.household.number if membership is not None else ""
        return [
            Effect(card.masked_name, before, _("a household of their own")),
            Effect(_("Lives in"), "", self.address),
        ]

    def act(self, by: Actor) -> str:
        """Let them live there, and go to the page of the household."""
        if not isinstance(by, Viewer):
            raise NotAllowed(_("Sign in to do this."))
        card, home, on = self.found(by), HomePlace(self.dwelling_id), self.cleaned_data["on"]
        membership = household_of(by, card.id)
        if membership is not None and self.cleaned_data["how"] == "household":
            move_household(by=by, household_id=membership.household_id, home=home, on=on)
            return reverse("household", args=[membership.household_id])
        made = open_household(by=by, home=home, members=[(card.id, Relation.HEAD)], on=on)
        return reverse("household", args=[made.id])


class HouseholdForm(StepForm):
    """A change of one household; `members` are those of today, `stay` is where it lives."""

    on = DayField(label=gettext_lazy("Counts from"), initial=today)

    def __init__(
        self, *args: Any, stay: HouseholdStay, members: Sequence[HouseholdMember], viewer: Viewer, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.stay, self.members, self.viewer = stay, members, viewer
        self.prepare()

    def prepare(self) -> None:
        """Fill in what is known of the household."""

    def named(self) -> list[tuple[str, str]]:
        """Return the living members to choose from, by full name: several of one family look alike when masked."""
        living = [row for row in self.members if row.person.death_on is None]
        return [(str(row.person_id), f"{row.person.name} · {row.get_relation_display()}") for row in living]


class JoinForm(HouseholdForm, LookingForm):
    """Somebody registered joins the household, and lives with it."""

    relation = forms.ChoiceField(label=gettext_lazy("Relation to the head"))
    field_order = ("exact", "relation", "on")

    def prepare(self) -> None:
        """Offer to be the head where there is none."""
        has_head = any(row.relation == Relation.HEAD for row in self.members)
        offered = RELATIONS if has_head else list(Relation.choices)
        self.fields["relation"].choices = offered  # type: ignore[attr-defined]

    def act(self, by: Actor) -> None:
        """Let them join."""
        given = self.cleaned_data
        join_household(
            by=by,
            household_id=self.stay.household_id,
            person_id=self.found(self.viewer).id,
            relation=given["relation"],
            on=given["on"],
        )


class PlacedForm(HouseholdForm):
    """A change that says where people live then."""

    WHERE: Sequence[tuple[str, Any]] = ((HERE, gettext_lazy("at the same address")), (ELSEWHERE, gettext_lazy("in")))
    where = forms.ChoiceField(label=gettext_lazy("Lives then"), widget=forms.RadioSelect, initial=ELSEWHERE)
    area = PlaceField(label=gettext_lazy("Community or grid"), required=False)
    address = PlainText(
        label=gettext_lazy("Address below the community"),
        required=False,
        longest=120,
        help_text=gettext_lazy("Into a registered room people move from the page of that room."),
        widget=forms.TextInput(attrs=UNREMEMBERED),
    )

    def prepare(self) -> None:
        """Offer the places within reach; the present one is chosen."""
        self.fields["where"].choices = list(self.WHERE)  # type: ignore[attr-defined]
        self.fields["area"].offer(self.viewer, MANAGE)  # type: ignore[attr-defined]
        self.fields["area"].initial = str(self.stay.area_id)

    def clean(self) -> dict[str, Any]:
        """Ask for a place where they go elsewhere."""
        given = super().clean() or self.cleaned_data
        if given.get("where", ELSEWHERE) == ELSEWHERE and given.get("area") is None and "area" not in self.errors:
            self.add_error("area", _("Choose a place."))
        return given

    def home(self) -> HomePlace | None:
        """Return where they live then; None out of the district."""
        given = self.cleaned_data
        where = given.get("where", ELSEWHERE)
        if where == HERE:
            return stay_home(self.stay)
        return None if where == AWAY else HomePlace(area_id=given["area"], address=given["address"])


class LeaveForm(PlacedForm):
    """A member leaves the household."""

    WHERE = (*PlacedForm.WHERE, (AWAY, gettext_lazy("outside the district")))
    person = forms.ChoiceField(label=gettext_lazy("Who leaves"))
    field_order = ("person", "where", "area", "address", "on")

    def prepare(self) -> None:
        """Offer the members."""
        super().prepare()
        self.fields["person"].choices = self.named()  # type: ignore[attr-defined]

    def act(self, by: Actor) -> str | None:
        """Let them leave; the household may have ended with them."""
        person_id = UUID(self.cleaned_data["person"])
        leave_household(by=by, person_id=person_id, on=self.cleaned_data["on"], to=self.home())
        return reverse("person", args=[person_id]) if len(self.members) == 1 else None


class MoveForm(PlacedForm):
    """The whole household lives elsewhere."""

    has_preview = True
    field_order = ("area", "address", "on")

    def prepare(self) -> None:
        """Ask where to, nothing else."""
        super().prepare()
        del self.fields["where"]

    def effects(self, viewer: Viewer) -> list[Effect]:  # noqa: ARG002 - only what was typed is shown
        """Show who moves and where."""
        label = dict(_flat(self.fields["area"].choices))[str(self.cleaned_data["area"])]  # type: ignore[attr-defined]
        place = f"{str(label).strip()} {self.cleaned_data['address']}"
        return [Effect(_("Lives in"), self.stay.area.name, place), Effect(_("Who moves"), "", _names(self.named()))]

    def act(self, by: Actor) -> None:
        """Move it."""
        home = self.home()
        if home is not None:
            move_household(by=by, household_id=self.stay.household_id, home=home, on=self.cleaned_data["on"])


class SplitForm(PlacedForm):
    """Some members open a household of their own."""

    has_preview = True
    head = forms.ChoiceField(label=gettext_lazy("Head of the new household"))

    def prepare(self) -> None:
        """Offer the members: one as the new head, any others with their relation to them."""
        super().prepare()
        self.fields["where"].initial = HERE
        self.fields["head"].choices = [("", _("Choose who")), *self.named()]  # type: ignore[attr-defined]
        for key, name in self.named():
            self.fields[f"as_{UUID(key).hex}"] = _relation(name, _("stays"))
        self.order_fields(["head", *self._going(), "where", "area", "address", "on"])

    def members_then(self) -> list[tuple[UUID, str]]:
        """Return who goes, and as what; the head first."""
        given, head = self.cleaned_data, UUID(self.cleaned_data["head"])
        others = [(UUID(name[3:]), given[name]) for name in self._going() if given[name]]
        return [(head, Relation.HEAD.value), *(each for each in others if each[0] != head)]

    def effects(self, viewer: Viewer) -> list[Effect]:  # noqa: ARG002 - only the members are shown
        """Show who would be in which household."""
        going = {str(key) for key, _relation in self.members_then()}
        goes = [each for each in self.named() if each[0] in going]
        stays = [each for each in self.named() if each[0] not in going]
        number = self.stay.household.number
        return [
            Effect(number, _names(self.named()), _names(stays) or _("ends")),
            Effect(_("New household"), "", _names(goes)),
        ]

    def act(self, by: Actor) -> str:
        """Open the new household, and go to its page."""
        home = self.home()
        if home is None:
            raise HouseholdRefused(_("Choose a place."), field="area")
        made = open_household(by=by, home=home, members=self.members_then(), on=self.cleaned_data["on"])
        return reverse("household", args=[made.id])

    def _going(self) -> list[str]:
        return [name for name in self.fields if name.startswith("as_")]


class HeadForm(HouseholdForm):
    """Another head; everybody's relation is said anew, proposed from how they stood to each other."""

    def __init__(self, *args: Any, head: HouseholdMember, **kwargs: Any) -> None:
        self.head = head
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        """Propose the relations to the new head."""
        for row in self.members:
            if row.person_id != self.head.person_id and row.person.death_on is None:
                field = forms.ChoiceField(label=row.person.name, choices=RELATIONS)
                field.initial = _FOLLOWS.get((self.head.relation, row.relation), Relation.UNSTATED)
                self.fields[f"as_{row.person_id.hex}"] = field

    def act(self, by: Actor) -> None:
        """Name the head."""
        said = {UUID(name[3:]): value for name, value in self.cleaned_data.items() if name.startswith("as_")}
        name_household_head(
            by=by,
            household_id=self.stay.household_id,
            person_id=self.head.person_id,
            relations=said,
            on=self.cleaned_data["on"],
        )


#: How somebody stands to a new head: by how the new head, and they, stood to the one before. Anything else is asked.
_FOLLOWS: Mapping[tuple[str, str], str] = {
    ("spouse", "head"): "spouse",
    ("spouse", "child"): "child",
    ("spouse", "grandchild"): "grandchild",
    ("child", "head"): "parent",
    ("child", "spouse"): "parent",
    ("child", "child"): "sibling",
    ("child", "parent"): "grandparent",
    ("parent", "head"): "child",
    ("parent", "parent"): "spouse",
    ("parent", "child"): "grandchild",
    ("sibling", "head"): "sibling",
    ("sibling", "parent"): "parent",
    ("unrelated", "head"): "unrelated",
}
FORMS: Mapping[str, Callable[..., HouseholdForm]] = {
    "join": JoinForm,
    "leave": LeaveForm,
    "move": MoveForm,
    "split": SplitForm,
}


def _relation(name: str, nothing: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=name, choices=[("", nothing), *RELATIONS], required=False)


def _names(named: Sequence[tuple[str, str]]) -> str:
    return "、".join(label.partition(" · ")[0] for _key, label in named)


def _flat(choices: Any) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for value, label in choices:
        found += [(str(one), str(word)) for one, word in label] if isinstance(label, list) else [(str(value), label)]
    return found
