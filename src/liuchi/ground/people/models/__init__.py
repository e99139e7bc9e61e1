"""People: residents and staff, where they live, what their records said before, care, consent, posts held."""

from liuchi.ground.people.models.care import VISIT_DAYS, CareCategory, CareSensitivity, CareStatus, VisitTier
from liuchi.ground.people.models.consent import Consent, ConsentText, ConsentWay, Guardian
from liuchi.ground.people.models.heads import ElectedHow, EndedWhy, HeadKind, UnitHead
from liuchi.ground.people.models.history import ChangeKind, Merge, PersonChange
from liuchi.ground.people.models.household import Household, HouseholdKind, HouseholdMember, HouseholdStay, Relation
from liuchi.ground.people.models.person import NOTHING, Person, Residence
from liuchi.ground.people.models.staff import EmployerType, Employment, Income, PostHolding, Secondment

__all__ = [
    "NOTHING",
    "VISIT_DAYS",
    "CareCategory",
    "CareSensitivity",
    "CareStatus",
    "ChangeKind",
    "Consent",
    "ConsentText",
    "ConsentWay",
    "ElectedHow",
    "EmployerType",
    "Employment",
    "EndedWhy",
    "Guardian",
    "HeadKind",
    "Household",
    "HouseholdKind",
    "HouseholdMember",
    "HouseholdStay",
    "Income",
    "Merge",
    "Person",
    "PersonChange",
    "PostHolding",
    "Relation",
    "Residence",
    "Secondment",
    "UnitHead",
    "VisitTier",
]
