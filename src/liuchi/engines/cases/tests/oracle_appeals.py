"""The rules of appeals once more (运城 申诉: after closing, by the unit whose time it was, once; the fact stays)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass
class Round:
    """One time that a unit had a case to handle: whose it was, whether it was late, and what was said about that.

    `spared`: it was found not to be the unit's own, so that it counts for nobody.
    """

    unit: str
    started: datetime
    late: bool | None = None
    spared: bool = False
    appealed: bool = False
    upheld: bool | None = None

    @property
    def counts(self) -> bool:
        return self.late is not None and not self.spared and not self.upheld


def may_appeal(case: Any, person: Any, each: Round) -> bool:
    """Tell whether somebody may appeal against a round now."""
    return bool(each.late) and not each.appealed and case.state == "closed" and each.unit in person.units


def may_judge(case: Any, person: Any, each: Round) -> bool:
    """Tell whether somebody may decide on the appeal now."""
    here = person.towns is None or case.town in person.towns
    waits = each.appealed and each.upheld is None
    return waits and here and "decider" in person.offices and case.is_apart(person)
