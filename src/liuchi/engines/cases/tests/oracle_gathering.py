"""Who stands behind a case, and which case may take in another: once more, from the issue and not from the engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from liuchi.engines.cases.tests.oracle import Expected, Person


@dataclass
class Said:
    """One report: whose, with which receipt, when; `came_with` is the case it was made for, if that was merged."""

    name: str
    receipt: str
    at: datetime
    is_joined: bool = False
    is_withdrawn: bool = False
    came_with: UUID | None = None


@dataclass
class Behind:
    """The reports in a case, and what they let people do."""

    said: list[Said] = field(default_factory=list)
    rated_by: set[str] = field(default_factory=set)

    def of(self, person: Person, receipt: str) -> list[Said]:
        """Return somebody's reports that they did not take back, oldest first."""
        theirs = [
            each
            for each in self.said
            if not each.is_withdrawn
            and (each.name == person.name or (person.name == "receipt holder" and each.receipt == receipt))
        ]
        return sorted(theirs, key=lambda each: each.at)

    def has_rated(self, person: Person, receipt: str) -> bool:
        """Tell whether somebody rated already."""
        return any(each.receipt in self.rated_by for each in self.of(person, receipt))

    def others(self, person: Person, receipt: str) -> list[Said]:
        """Return the reports of everybody else."""
        own = self.of(person, receipt)
        return [each for each in self.said if not each.is_withdrawn and each not in own]

    def message(self) -> Said | None:
        """Return the report that came first, if it still stands; one who joined left no message."""
        told = [each for each in self.said if not each.is_joined and not each.is_withdrawn]
        return min(told, key=lambda each: each.at, default=None)


def lead_for(case: Expected, person: Person, among: list[Expected]) -> Expected | None:
    """Return the first case that may take in `case` at somebody's hand: open, theirs, and promised no later."""
    if any(other.merged_into is case for other in among):
        return None
    return next((other for other in among if _takes_in(other, case, person)), None)


def _takes_in(lead: Expected, case: Expected, person: Person) -> bool:
    theirs = "desk" in person.offices and (person.towns is None or lead.town in person.towns)
    is_open = lead.ended is None and lead.state not in {"ending", "proposed"}
    return lead is not case and theirs and is_open and _comes_first(lead, case)


def _comes_first(one: Expected, other: Expected) -> bool:
    if (one.shown_due is None) != (other.shown_due is None):
        return one.shown_due is not None
    age, other_age = (one.reported, one.id), (other.reported, other.id)
    if one.shown_due is None or other.shown_due is None:
        return age <= other_age
    return (one.shown_due, *age) <= (other.shown_due, *other_age)


def is_in_place(case: Expected, person: Person, move: str) -> bool:
    """Tell whether what belongs to a case besides lets somebody make a move."""
    match move:
        case "merge":
            return lead_for(case, person, case.among) is not None
        case "unmerge" | "unmerge_filed":
            lead = case.merged_into
            assert lead is not None
            theirs = person.towns is None or lead.town in person.towns
            was_filed = case.merged_from in {"filed", "handling"}
            return lead.ended is None and theirs and was_filed == (move == "unmerge_filed")
        case "withdraw":
            taken_in = any(other.merged_into is case for other in case.among)
            return not case.behind.others(person, case.receipt) and not taken_in
        case "ask_ending":
            return case.unit not in case.asked_by
        case "propose_ending":
            return "propose_ending" not in case.moves
        case "rate":
            return not case.behind.has_rated(person, case.receipt)
    return True


def note(case: Expected, person: Person, move: str, now: datetime) -> None:
    """Do to a case and to what belongs to it what a move does."""
    if move == "ask_ending":
        assert case.unit is not None
        case.asked_by.add(case.unit)
        case.handled_by.add(person.human)
    elif move == "propose_ending":
        case.proposed_by.add(person.human)
    elif move == "withdraw":
        case.ended = now
        for each in case.behind.of(person, case.receipt):
            each.is_withdrawn = True
    elif move == "merge":
        case.ended, case.merged_into = now, lead_for(case, person, case.among)
        assert case.merged_into is not None
        for each in case.behind.said:
            each.came_with = case.id
        case.merged_into.behind.said += case.behind.said
        case.behind.said = []
    elif move in {"unmerge", "unmerge_filed"}:
        assert case.merged_into is not None
        told = case.merged_into.behind.said
        case.behind.said = [each for each in told if each.came_with == case.id]
        case.merged_into.behind.said = [each for each in told if each.came_with != case.id]
        for each in case.behind.said:
            each.came_with = None
        case.ended, case.merged_into, case.unit = None, None, None
