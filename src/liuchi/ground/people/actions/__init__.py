"""Writing people."""

from liuchi.ground.people.actions.care import (
    END_REASONS,
    CareRefused,
    begin_care,
    end_care,
    extend_care,
    set_care_categories,
)
from liuchi.ground.people.actions.changing import (
    AlreadyKnown,
    DeathRefused,
    KnownElsewhere,
    MoveRefused,
    Registered,
    add_person,
    change_person,
    move_person,
    register_death,
    take_back_death,
)
from liuchi.ground.people.actions.consents import (
    ConsentRefused,
    give_consent,
    publish_consent_text,
    withdraw_consent,
)
from liuchi.ground.people.actions.erasing import erase_person
from liuchi.ground.people.actions.importing import PeopleRefused, import_people, take_in_people
from liuchi.ground.people.actions.merging import MergeRefused, SeparationRefused, merge_people, separate_people
from liuchi.ground.people.actions.undoing import TakenBack, take_back_people
from liuchi.ground.people.entries import NewPerson
from liuchi.ground.people.taking import Taken, TakenAs

__all__ = [
    "END_REASONS",
    "AlreadyKnown",
    "CareRefused",
    "ConsentRefused",
    "DeathRefused",
    "KnownElsewhere",
    "MergeRefused",
    "MoveRefused",
    "NewPerson",
    "PeopleRefused",
    "Registered",
    "SeparationRefused",
    "Taken",
    "TakenAs",
    "TakenBack",
    "add_person",
    "begin_care",
    "change_person",
    "end_care",
    "erase_person",
    "extend_care",
    "give_consent",
    "import_people",
    "merge_people",
    "move_person",
    "publish_consent_text",
    "register_death",
    "separate_people",
    "set_care_categories",
    "take_back_death",
    "take_back_people",
    "take_in_people",
    "withdraw_consent",
]
