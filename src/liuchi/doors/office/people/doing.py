"""What is done on the page of one person: each thing with its form, its action and the power it needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from liuchi.doors.office.people.care_forms import CareForm, ConsentForm, EndForm, ExtendForm, WithdrawForm
from liuchi.doors.office.people.forms import ActForm, CorrectForm, DeathForm, MoveForm, ReasonForm, SeparateForm
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.people import access
from liuchi.ground.people.actions import (
    begin_care,
    change_person,
    end_care,
    extend_care,
    give_consent,
    move_person,
    register_death,
    separate_people,
    take_back_death,
    withdraw_consent,
)
from liuchi.ground.people.showing import Card

FACT_WORDS: Mapping[str, Promise] = {
    "name": gettext_lazy("Full name"),
    "identity": gettext_lazy("Identity number"),
    "sex": gettext_lazy("Sex"),
    "birth_on": gettext_lazy("Date of birth"),
    "phone": gettext_lazy("Phone"),
    "home": gettext_lazy("Lives in"),
    "death_on": gettext_lazy("Date of death"),
}


@dataclass(frozen=True)
class Act:
    """One thing that is done on the page: its form, its action, the power, the button, and what is said afterwards."""

    form: type[ActForm]
    run: Callable[..., Any]
    power: str
    label: Promise
    done: Promise
    #: Whether the action takes the person's id beside what the form gives.
    takes_person: bool = True
    is_grave: bool = False


ACTS: Mapping[str, Act] = {
    "correct": Act(CorrectForm, change_person, access.MANAGE, gettext_lazy("Correct"), gettext_lazy("Corrected.")),
    "move": Act(
        MoveForm, move_person, access.MANAGE, gettext_lazy("Register a move"), gettext_lazy("The move is registered.")
    ),
    "death": Act(
        DeathForm,
        register_death,
        access.MANAGE,
        gettext_lazy("Register a death"),
        gettext_lazy("Registered. Residence, household and care have ended; posts, work and account will."),
        is_grave=True,
    ),
    "alive": Act(
        ReasonForm,
        take_back_death,
        access.MANAGE,
        gettext_lazy("Take the registered death back"),
        gettext_lazy("Taken back: residence, household and care go on. Give posts, work and account anew."),
    ),
    "care": Act(
        CareForm,
        begin_care,
        access.CARE,
        gettext_lazy("Enter into the care register"),
        gettext_lazy("Entered into the care register."),
    ),
    "extend": Act(
        ExtendForm, extend_care, access.CARE, gettext_lazy("Extend"), gettext_lazy("Extended."), takes_person=False
    ),
    "end": Act(EndForm, end_care, access.CARE, gettext_lazy("End"), gettext_lazy("Ended."), takes_person=False),
    "consent": Act(
        ConsentForm,
        give_consent,
        access.MANAGE,
        gettext_lazy("Record consent"),
        gettext_lazy("The consent is recorded."),
    ),
    "withdraw": Act(
        WithdrawForm,
        withdraw_consent,
        access.MANAGE,
        gettext_lazy("Withdraw"),
        gettext_lazy("The consent is withdrawn."),
    ),
    "separate": Act(
        SeparateForm,
        separate_people,
        access.MANAGE,
        gettext_lazy("Separate again"),
        gettext_lazy("Separated: both records stand as before."),
        takes_person=False,
        is_grave=True,
    ),
}
#: Those that stand open to choose from beside the facts, in this order; the others belong to a row of a list.
BESIDE = ("correct", "move", "care", "consent", "alive", "death")


def make_form(
    name: str,
    viewer: Viewer,
    card: Card,
    data: Mapping[str, Any] | None = None,
    initial: Mapping[str, Any] | None = None,
) -> ActForm:
    """Return a form of the page, its ids set apart from those of the others."""
    mark = next((str(value)[-12:] for key, value in (initial or data or {}).items() if key in _ROWS), "")
    return ACTS[name].form(data, viewer=viewer, card=card, auto_id=f"{name}{mark}_%s", initial=initial)


#: Hidden fields that name the row of a list which a form is about.
_ROWS = frozenset({"care_id", "merge_id", "purpose"})
