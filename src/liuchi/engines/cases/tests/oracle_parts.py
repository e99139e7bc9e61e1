"""The rules of supporting parts once more, from the issue and the sources (首接负责; not mine within 24 hours)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

#: What may be done about a part → whose it is.
PART_TABLE = {
    "bring_in": "dispatcher",
    "call_in": "lead",
    "ask_for": "lead",
    "answer_part": "unit",
    "decline_part": "unit",
    "uphold_part": "judge",
    "reject_part": "judge",
    "release_part": "dispatcher",
}
#: Units that the list of duties names, by the filing condition of the case; the town assists in its own area only.
LISTED = ({"water", "town"}, {"water", "town"}, {"lights"})
BEGINNING = {"bring_in", "call_in", "ask_for"}
WITHIN = timedelta(hours=24)


@dataclass
class Helping:
    """A unit's part that has not ended."""

    clock: Any
    since: datetime
    given_by: str
    declined: bool = False
    deciding: Any = None


@dataclass
class Parts:
    """The supporting parts of one case: open ones by unit, who ever had one, who said that one was not theirs."""

    open: dict[str, Helping] = field(default_factory=dict)
    had_one: set[str] = field(default_factory=set)
    declined_by: set[str] = field(default_factory=set)
    brought_in_by: set[str] = field(default_factory=set)


def may_part(case: Any, person: Any, move: str, unit: str, now: datetime) -> bool:
    """Tell whether somebody may do `move` about the part of `unit` (or bring `unit` in) now."""
    if case.state not in {"handling", *case.with_lead}:
        return False
    here = person.towns is None or case.town in person.towns
    whose, part = PART_TABLE[move], case.parts.open.get(unit)
    if move in BEGINNING:
        if part is not None or unit == case.unit:
            return False
        listed = LISTED[case.condition] - ({"town"} if case.town != 1 else set())
        fits = move != "call_in" or unit in listed
        return fits and (
            "dispatcher" in person.offices and here if whose == "dispatcher" else case.unit in person.units
        )
    if part is None or part.declined != (whose == "judge"):
        return False
    match whose:
        case "dispatcher":
            return "dispatcher" in person.offices and here
        case "unit":
            in_time = move != "decline_part" or (now - part.since <= WITHIN and unit not in case.parts.declined_by)
            return unit in person.units and in_time
    gave = case.dispatched_by | case.parts.brought_in_by
    return "decider" in person.offices and here and case.is_apart(person) and person.human not in gave


def make_part(case: Any, person: Any, move: str, unit: str, now: datetime, clock: Any, deciding: Any) -> None:
    """Do what `move` does; `clock` and `deciding` are fresh ones, of the condition and for a decision."""
    parts, late = case.parts, False
    case.moves.append(move)
    if move in {"bring_in", "call_in"}:
        parts.open[unit] = Helping(clock, now, person.human)
        if case.state == "paused" and now < case.rests_until:
            clock.rest(now, case.rests_until)  # who is brought in while all rest begins when all go on
        parts.had_one.add(unit)
    if move == "bring_in":
        parts.brought_in_by.add(person.human)
    if PART_TABLE[move] in {"lead", "unit"}:
        case.handled_by.add(person.human)
    if move == "decline_part":
        parts.open[unit].declined = True
        parts.declined_by.add(unit)
        parts.open[unit].clock.asked = now
        parts.open[unit].deciding = deciding
    if move == "reject_part":
        parts.open[unit].declined, parts.open[unit].deciding = False, None
    if move in {"answer_part", "release_part", "uphold_part"}:
        ended = parts.open.pop(unit)
        judged = ended.clock.asked if move == "uphold_part" else ended.clock.rests or now
        late = judged > ended.clock.ends()
    case.happened.append((move, now, late))
