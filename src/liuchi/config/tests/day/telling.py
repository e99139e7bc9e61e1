"""Whom the house must have told what, and how often: each once of each thing that concerns them."""

from collections import Counter
from collections.abc import Iterable

from liuchi.config.tests.day.oracle import Done, Expected
from liuchi.config.tests.day.urging import Act, Urged

#: Who works in which unit, and who has which office in which towns.
STAFF = {"water": ("water", "water-2"), "lights": ("lights", "lights-2"), "town-1": ("town",)}
OFFICES: dict[str, dict[str, tuple[int, ...]]] = {
    "desk": {"desk": (1, 2), "desk-2": (1, 2), "other-desk": (2,)},
    "dispatcher": {"dispatcher": (1, 2), "dispatcher-2": (1, 2)},
    "checker": {"checker": (1,), "checker-2": (1, 2), "other-checker": (2,), "grid-worker": (1, 2)},
    "decider": {"desk": (1, 2), "desk-2": (1, 2), "other-desk": (2,), "officer": (1, 2)},
    "supervisor": {"supervisor": (1, 2), "officer": (1, 2)},
}
OF_STEP = {
    "received": "desk",
    "filed": "dispatcher",
    "disputed": "decider",
    "extending": "decider",
    "pausing": "decider",
    "checking": "checker",
    "checked": "desk",
    "case": "dispatcher",
}
#: The endings that figures name, in their order.
ENDINGS = ("closed", "refused", "withdrawn")
TO_REPORTERS = {
    "file": "report_accepted",
    "refuse": "report_not_filed",
    "hand_in": "report_handled",
    "close": "report_closed",
    "grant_extension": "report_extended",
    "grant_pause": "report_rests",
    "wake": "report_goes_on",
}
TO_UNIT = {
    "dispatch": "assigned",
    "fail_check": "to_redo",
    "reject_decline": "to_keep",
    "uphold_decline": "not_yours",
    "grant_extension": "extended",
    "grant_pause": "rests",
    "wake": "goes_on",
}
TO_DECIDERS = {"decline": "disputed", "ask_extension": "extension_asked", "ask_pause": "pause_asked"}


def office(name: str, town: int) -> list[str]:
    return [who for who, towns in OFFICES[name].items() if town in towns]


def notices_of(case: Expected) -> Counter[tuple[str, int, str]]:
    """Return how often each message about a case went to whom: (template, case, person)."""
    found: Counter[tuple[str, int, str]] = Counter()
    reporters: set[str] = set()
    unit = ""
    for done in case.done:
        if done.move in {"report", "join"}:
            reporters |= {done.who} - {"visitor"}
        told = [(TO_REPORTERS[done.move], who) for who in reporters if done.move in TO_REPORTERS]
        unit = done.unit if done.move == "dispatch" else unit
        told += [(TO_UNIT[done.move], who) for who in STAFF.get(unit, ()) if done.move in TO_UNIT]
        told += [(TO_DECIDERS[done.move], who) for who in office("decider", case.town) if done.move in TO_DECIDERS]
        told += _beside(case, done, unit)
        found.update((f"cases.{template}", case.number, who) for template, who in told)
    return found


def _beside(case: Expected, done: Done, unit: str) -> list[tuple[str, str]]:
    if done.move == "uphold_decline":
        return [("sent_wrong", next(each.who for each in reversed(case.done) if each.move == "dispatch"))]
    if done.move == "answer_part":
        return [("part_answered", who) for who in STAFF[unit]]
    return [("part_given", who) for helper in done.support for who in STAFF[helper]]


def notices(cases: Iterable[Expected], urged: Urged) -> Counter[tuple[str, int, str]]:
    """Return all messages about single cases, the warnings of near deadlines among them."""
    found: Counter[tuple[str, int, str]] = Counter()
    for case in cases:
        found.update(notices_of(case))
    for case, clock, unit in urged.warnings:
        template = "cases.part_due_soon" if clock.step == "support" else "cases.due_soon"
        found.update((template, case.number, who) for who in STAFF[unit])
    return found


def urgings(acts: Iterable[Act]) -> Counter[tuple[str, str]]:
    """Return of how many urgings, by level, everybody was told: those who have the case, and of cards those above."""
    found: Counter[tuple[str, str]] = Counter()
    for act in acts:
        doers = set(STAFF[act.unit]) if act.unit else set(office(OF_STEP[act.step], act.case.town))
        found.update((f"cases.supervision_{act.level}", who) for who in doers)
        if act.level in {"yellow", "red"}:
            above = set(office("supervisor", act.case.town)) - doers
            found.update((f"cases.supervision_{act.level}_above", who) for who in above)
    return found
