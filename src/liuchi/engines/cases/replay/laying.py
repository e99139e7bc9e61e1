"""Interpreting scripts in memory: the rows that the actions would leave, made by the engine's own parts, for COPY.

No power is asked for here and nothing is locked: what is laid the actions would let pass, which a test shows by playing
a sample of them through the actions and comparing row for row.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any, Final, NamedTuple
from uuid import UUID

from liuchi.engines.cases.appeals import compose_appeal
from liuchi.engines.cases.clocks import opening_on
from liuchi.engines.cases.models import (
    ANSWERED,
    NOT_OURS,
    Appeal,
    Assignment,
    AssignmentRole,
    Case,
    CaseClock,
    CaseMove,
    FilingCondition,
    Report,
    State,
)
from liuchi.engines.cases.moving import compose
from liuchi.engines.cases.noting import Noted
from liuchi.engines.cases.opening import open_rows
from liuchi.engines.cases.parting import PartTurn, compose_part, end_part
from liuchi.engines.cases.parts import open_part
from liuchi.engines.cases.replay.script import Script, Step
from liuchi.engines.cases.supporting import PART_MOVES
from liuchi.engines.cases.turning import Turn
from liuchi.engines.cases.workflow import MOVES
from liuchi.ground.calendars.limits import Limit, Unit
from liuchi.ground.journal.laying import LaidLine, Scribe
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.copying import words_of
from liuchi.ground.kernel.ids import ids_from, new_id
from liuchi.ground.kernel.writes import build
from liuchi.ground.organisations.models import Organisation
from liuchi.ground.territory.models import Area
from liuchi.ground.territory.queries import territory

#: The columns of history, in the order in which they are put into words, and those that most moves leave empty.
MOVE_COLUMNS: Final = tuple(each.attname for each in CaseMove._meta.concrete_fields)  # noqa: SLF001 - Django's own name
_SILENT: Final[Mapping[str, Any]] = {
    "unit_id": None,
    "report_id": None,
    "reason_code": "",
    "public_text": "",
    "internal_text": "",
    "until": None,
}


@dataclass(frozen=True)
class Facts:
    """What scripts are laid upon: who acts, and the stored rows that they name by id."""

    actors: Callable[[str], Actor]
    conditions: Mapping[UUID, FilingCondition]
    units: Mapping[UUID, Organisation]
    #: Where points lie that were asked for before: most things happen again where they happened.
    places: dict[tuple[float, float], tuple[Area, bool]] = field(default_factory=dict)
    #: Who has put moves into words before.
    scribes: dict[str, Scribe] = field(default_factory=dict)


class LaidMove(NamedTuple):
    """A row of history in words, and what else is asked of it."""

    id: UUID
    name: str
    actor_id: UUID | None
    said: tuple[str, str]
    words: str


@dataclass
class Laid:
    """All rows of one case: those that no move changes in words already, the others unsaved."""

    case: Case
    report: Report
    clocks: list[CaseClock]
    moves: list[LaidMove] = field(default_factory=list)
    lines: list[LaidLine] = field(default_factory=list)
    parts: list[Assignment] = field(default_factory=list)
    appeals: list[Appeal] = field(default_factory=list)

    def note(self, noted: Noted, step: Step, facts: Facts) -> LaidMove:
        """Take in what is noted of a move, and return its row of history."""
        scribe = facts.scribes.get(step.by)
        if scribe is None:
            scribe = facts.scribes[step.by] = Scribe(noted.said.by)
        line = scribe.line(noted.said)
        self.lines.append(line)
        columns = {"id": new_id(), **_SILENT, **noted.columns, "line_id": line.id, "recorded_at": line.recorded_at}
        said = (columns["public_text"], columns["internal_text"])
        words = words_of(map(columns.__getitem__, MOVE_COLUMNS))
        move = LaidMove(columns["id"], columns["name"], columns["actor_id"], said, words)
        self.moves.append(move)
        return move

    def open_part(self) -> Assignment:
        """Return the part of the unit that leads."""
        return next(part for part in self.parts if part.ended_at is None and part.role == AssignmentRole.LEAD)


def lay(script: Script, facts: Facts, number: str) -> Laid:
    """Return the rows that the moves of a script leave, as if the house had been there at each of them."""
    with ids_from(str(script.token)):
        laid = _opened(script, facts, number)
        for step in script.steps[1:]:
            who = facts.actors(step.by)
            with frozen_at(step.at):
                BESIDE.get(step.move, _move)(laid, step, who, facts)
    return laid


def _opened(script: Script, facts: Facts, number: str) -> Laid:
    first = script.steps[0]
    given = dict(first.given)
    longitude, latitude = given.pop("longitude", None), given.pop("latitude", None)
    place = _place(longitude, latitude, given.pop("area_id", None), facts.places)
    words = {"address": "", "name": "", "phone": "", **given}
    who = facts.actors(first.by)
    with frozen_at(first.at):
        opened = open_rows(
            by=who,
            token=script.token,
            place=place,
            point=(longitude, latitude),
            moment=first.at,
            number=number,
            **words,
        )
        laid = Laid(opened.case, opened.report, [opened.step])
        laid.note(opened.noted, first, facts)
    return laid


def _place(
    longitude: float | None,
    latitude: float | None,
    area_id: UUID | None,
    asked: dict[tuple[float, float], tuple[Area, bool]],
) -> tuple[Area, bool]:
    """Return where a message belongs, and whether its point says so: what is told of another place names its area."""
    known = territory()
    if area_id is not None:
        return known.area(area_id), longitude is not None
    if longitude is None or latitude is None:
        return known.root(), False
    if (longitude, latitude) not in asked:
        grid = known.locate(longitude, latitude)
        asked[longitude, latitude] = (known.root(), False) if grid is None else (grid, True)
    return asked[longitude, latitude]


def _move(laid: Laid, step: Step, who: Actor, facts: Facts) -> None:
    turn = Turn(
        case=laid.case,
        move=MOVES[step.move],
        by=who,
        at=step.at,
        unit=laid.case.unit,
        held=laid.clocks,
    )
    said = EFFECTS[step.move](laid, turn, step.given, facts)
    laid.note(compose(turn, **said), step, facts)
    for new in turn.new_rows:
        (laid.clocks if isinstance(new, CaseClock) else laid.parts).append(new)  # type: ignore[arg-type]


Given = Mapping[str, Any]
Effect = Callable[[Laid, Turn, Given, Facts], dict[str, Any]]


def _says(reason: str = "", public: str = "", internal: str = "") -> Effect:
    """Return the effect of a move that only says something; the names are those of the action's inputs."""

    def effect(_laid: Laid, _turn: Turn, given: Given, _facts: Facts) -> dict[str, Any]:
        return {
            "reason": given.get(reason, ""),
            "public_text": given.get(public, ""),
            "internal_text": given.get(internal, ""),
        }

    return effect


def _verify(_laid: Laid, _turn: Turn, given: Given, _facts: Facts) -> dict[str, Any]:
    return {"reason": "found" if given["found"] else "not_found", "internal_text": given["text"]}


def _file(_laid: Laid, turn: Turn, given: Given, facts: Facts) -> dict[str, Any]:
    turn.set(condition=facts.conditions[given["condition_id"]], filed_at=turn.at)
    return {"public_text": given.get("text", "")}


def _end(_laid: Laid, turn: Turn, given: Given, _facts: Facts) -> dict[str, Any]:
    turn.set(ended_at=turn.at)
    return {"reason": given.get("reason", ""), "public_text": given.get("text", "")}


def _dispatch(_laid: Laid, turn: Turn, given: Given, facts: Facts) -> dict[str, Any]:
    turn.unit = facts.units[given["unit_id"]]
    turn.assignment = build(
        Assignment,
        case_id=turn.case.id,
        unit_id=turn.unit.id,
        role=AssignmentRole.LEAD,
        reason=given.get("reason", "").strip()[:300],
        assigned_at=turn.at,
    )
    turn.new_rows.append(turn.assignment)
    turn.set(unit=turn.unit)
    return {"internal_text": given.get("text", "")}


def _ask_pause(_laid: Laid, turn: Turn, given: Given, _facts: Facts) -> dict[str, Any]:
    until = opening_on(given["until"], turn.unit, turn.case.place_id)
    turn.set(rests_until=until)
    return {
        "reason": given["reason"],
        "internal_text": given["text"],
        "until": until,
        "data": {"until": until},
    }


def _grant_pause(_laid: Laid, turn: Turn, given: Given, _facts: Facts) -> dict[str, Any]:
    until = turn.case.rests_until
    # The action has read it from the database, which knows no time zones but one.
    read = until.astimezone(UTC) if until is not None else None
    return {"public_text": given.get("text", ""), "until": until, "data": {"until": read}}


def _uphold_decline(laid: Laid, turn: Turn, given: Given, _facts: Facts) -> dict[str, Any]:
    part = laid.open_part()
    part.ended_at, part.outcome = turn.at, NOT_OURS
    dispatch = [move for move in laid.moves if move.name == "dispatch"][-1]
    turn.set(unit=None)
    return {"internal_text": given.get("text", ""), "data": {"dispatcher": dispatch.actor_id}}


def _rate(laid: Laid, turn: Turn, given: Given, _facts: Facts) -> dict[str, Any]:
    if turn.case.rating is None:
        turn.set(rating=given["rating"], rated_at=turn.at)
    return {"internal_text": given.get("text", ""), "data": {"rating": given["rating"]}, "report": laid.report}


def _reopen(laid: Laid, turn: Turn, given: Given, _facts: Facts) -> dict[str, Any]:
    for part in laid.parts:
        if part.ended_at is None:
            part.ended_at, part.outcome = turn.at, "reopened"
    turn.set(unit=None, ended_at=None, rating=None, rated_at=None)
    return {"internal_text": given["text"], "report": laid.report}


def _bring_in(laid: Laid, step: Step, who: Actor, facts: Facts) -> None:
    turn = PartTurn(laid.case, PART_MOVES[step.move], who, step.at, unit=facts.units[step.given["unit_id"]])
    assert turn.unit is not None  # noqa: S101 - just given
    limit = Limit.parse(f"{step.given['days']} {Unit.WORK_DAY}")
    turn.part = open_part(turn, turn.unit, step.given["text"], limit)
    laid.note(compose_part(turn, text=step.given["text"]), step, facts)
    laid.parts.append(turn.part)
    laid.clocks += [each for each in turn.new_rows if isinstance(each, CaseClock)]


def _answer_part(laid: Laid, step: Step, who: Actor, facts: Facts) -> None:
    unit = facts.units[step.given["unit_id"]]
    helps = (each for each in laid.parts if each.role == AssignmentRole.SUPPORT and each.ended_at is None)
    part = next(each for each in helps if each.unit_id == unit.id)
    running = next(each for each in laid.clocks if each.assignment_id == part.id and each.stopped_at is None)
    turn = PartTurn(laid.case, PART_MOVES[step.move], who, step.at, part=part, clock=running, unit=unit)
    end_part(turn, ANSWERED)
    laid.note(compose_part(turn, text=step.given["text"]), step, facts)


def _appeal(laid: Laid, step: Step, who: Actor, facts: Facts) -> None:
    late = next(each for each in laid.clocks if each.step == State.HANDLING and each.is_overdue)
    unit_id = laid.case.unit_id
    assert unit_id is not None  # noqa: S101 - a closed case has one
    given = {"text": "", **step.given}
    move = laid.note(compose_appeal(laid.case, who, step.move, step.at, late.id, unit_id, **given), step, facts)
    if step.move == "appeal":
        laid.appeals.append(build(Appeal, case_id=laid.case.id, clock_id=late.id, unit_id=unit_id, asked_id=move.id))
        return
    appeal = laid.appeals[-1]
    appeal.decided_id, appeal.is_upheld = move.id, step.move == "uphold_appeal"
    late.excused = appeal.is_upheld


#: What is beside the table of moves and leaves the case where it stands.
BESIDE: Final[Mapping[str, Callable[[Laid, Step, Actor, Facts], None]]] = {
    "bring_in": _bring_in,
    "answer_part": _answer_part,
    "appeal": _appeal,
    "uphold_appeal": _appeal,
    "reject_appeal": _appeal,
}
#: What each move does beside turning clocks and state; a move that is new to scripts needs one line here.
EFFECTS: Final[Mapping[str, Effect]] = {
    "send_to_verify": _says(internal="text"),
    "verify": _verify,
    "file": _file,
    "refuse": _end,
    "dispatch": _dispatch,
    "return_to_desk": _says("reason", internal="text"),
    "decline": _says("reason", internal="text"),
    "uphold_decline": _uphold_decline,
    "reject_decline": _says("reason", internal="text"),
    "ask_extension": _says("reason", internal="text"),
    "grant_extension": _says(public="text"),
    "refuse_extension": _says(internal="text"),
    "ask_pause": _ask_pause,
    "grant_pause": _grant_pause,
    "refuse_pause": _says(internal="text"),
    "resume": _says(internal="text"),
    "wake": _says(),
    "hand_in": _says(public="text", internal="internal_text"),
    "pass_check": _says(internal="text"),
    "fail_check": _says("reason", internal="text"),
    "close": _end,
    "rate": _rate,
    "reopen": _reopen,
}
