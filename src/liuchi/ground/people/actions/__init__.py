"""Writing people."""

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
from liuchi.ground.people.actions.erasing import erase_person
from liuchi.ground.people.actions.importing import PeopleRefused, import_people, take_in_people
from liuchi.ground.people.actions.merging import MergeRefused, SeparationRefused, merge_people, separate_people
from liuchi.ground.people.actions.undoing import TakenBack, take_back_people
from liuchi.ground.people.entries import NewPerson
from liuchi.ground.people.taking import Taken, TakenAs

__all__ = [
    "AlreadyKnown",
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
    "change_person",
    "erase_person",
    "import_people",
    "merge_people",
    "move_person",
    "register_death",
    "separate_people",
    "take_back_death",
    "take_back_people",
    "take_in_people",
]
