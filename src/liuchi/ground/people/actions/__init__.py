"""Writing people."""

from liuchi.ground.people.actions.erasing import erase_person
from liuchi.ground.people.actions.importing import PeopleRefused, import_people, take_in_people
from liuchi.ground.people.entries import NewPerson
from liuchi.ground.people.taking import Taken, TakenAs

__all__ = ["NewPerson", "PeopleRefused", "Taken", "TakenAs", "erase_person", "import_people", "take_in_people"]
