"""Who is told of supporting parts: the unit that helps, the lead, whoever decides, and the dispatcher."""

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from liuchi.engines.cases.kinds import MOVED, PARTED
from liuchi.engines.cases.models import LAPSED, Assignment, AssignmentRole, Case, CaseClock
from liuchi.engines.cases.notices import ASKS, DISPATCHES, MATTER, STALE, WORK, urgency
from liuchi.engines.cases.secrecy import not_of_the_accused
from liuchi.engines.cases.supporting import STEP, WITH_LEAD
from liuchi.engines.cases.warned import mark_warned, warned_of, warning_of
from liuchi.ground.access.queries import people_of
from liuchi.ground.calendars.queries import current_version, work_calendar
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import clock
from liuchi.ground.notices.audience import holders_at, holders_in, with_accounts
from liuchi.ground.notices.models import Urgency
from liuchi.ground.notices.parameters import AREA, CODE, MOMENT, ORGANISATION
from liuchi.ground.notices.posting import Message, post
from liuchi.ground.notices.templates import Template, declare
from liuchi.ground.notices.timing import Habits, next_digest

_TEXTS = Path(__file__).parent / "messages"
PART_GIVEN = declare("cases.part_given", WORK, _TEXTS, number=CODE, matter=MATTER, place=AREA, due=MOMENT)
PART_KEPT = declare("cases.part_kept", WORK, _TEXTS, number=CODE, matter=MATTER, place=AREA, due=MOMENT)
PART_ENDED = declare("cases.part_ended", WORK, _TEXTS, number=CODE, matter=MATTER, place=AREA)
PART_ANSWERED = declare("cases.part_answered", WORK, _TEXTS, number=CODE, matter=MATTER, place=AREA, unit=ORGANISATION)
PART_DUE_SOON = declare("cases.part_due_soon", WORK, _TEXTS, number=CODE, matter=MATTER, place=AREA, due=MOMENT)
PART_DISPUTED = declare("cases.part_disputed", ASKS, _TEXTS, number=CODE, matter=MATTER, place=AREA, unit=ORGANISATION)
PART_WRONG = declare("cases.part_wrong", DISPATCHES, _TEXTS, number=CODE, matter=MATTER, place=AREA, unit=ORGANISATION)
PART_WANTED = declare(
    "cases.part_wanted", DISPATCHES, _TEXTS, number=CODE, matter=MATTER, place=AREA, unit=ORGANISATION
)
TEMPLATES: Final = (
    PART_GIVEN,
    PART_KEPT,
    PART_ENDED,
    PART_ANSWERED,
    PART_DUE_SOON,
    PART_DISPUTED,
    PART_WRONG,
    PART_WANTED,
)
_NAMES = {kind.name: name for name, kind in PARTED.items()}
#: What ends a part says nothing new to who helped; what begins one at dispatch, or ends it with its lead, does.
TOLD: Final = frozenset({*_NAMES, MOVED["dispatch"].name, MOVED["uphold_decline"].name})


def tell_of_parts(line: Line) -> None:
    """Tell those whom it concerns what happened to supporting parts (see `TOLD`)."""
    if clock.now() - line.happened_at > STALE:
        return
    case = Case.objects.select_related("condition").get(id=line.subject_id)
    name = _NAMES.get(line.kind, "")
    if name:
        _tell_of_one(case, name, line)
        return
    parts = Assignment.objects.filter(case=case, role=AssignmentRole.SUPPORT)
    given = line.kind == MOVED["dispatch"].name
    same = (
        parts.filter(assigned_at=line.happened_at, unit_id__in=line.data.get("support") or ())
        if given
        else parts.filter(ended_at=line.happened_at, outcome=LAPSED)
    )
    for part in same.order_by("id"):
        _tell_unit(case, PART_GIVEN if given else PART_ENDED, line.id, part)


def _tell_of_one(case: Case, name: str, line: Line) -> None:
    unit = UUID(line.data["unit"])
    if name == "ask_for":
        _tell_office(case, PART_WANTED, line.id, unit, holders_at("cases.dispatch", case.place_id))
        return
    part = Assignment.objects.get(id=UUID(line.data["part"]))
    if name == "answer_part" and case.unit_id is not None:
        people = not_of_the_accused(case, holders_in("cases.handle", case.unit_id))
        post(
            Message(
                PART_ANSWERED,
                line.id,
                _facts(case, PART_ANSWERED, unit=unit),
                urgency(case),
                _page(case),
                organisation_id=case.unit_id,
            ),
            people,
        )
    elif name == "decline_part":
        _tell_office(case, PART_DISPUTED, line.id, unit, holders_at("cases.decide", case.place_id))
    elif name in _TO_UNIT:
        _tell_unit(case, _TO_UNIT[name], line.id, part)
    if name == "uphold_part" and line.data["dispatcher"] is not None:
        people = with_accounts(people_of([UUID(line.data["dispatcher"])]))
        _tell_office(case, PART_WRONG, line.id, unit, people)


_TO_UNIT: Final = {
    "bring_in": PART_GIVEN,
    "call_in": PART_GIVEN,
    "reject_part": PART_KEPT,
    "uphold_part": PART_ENDED,
    "release_part": PART_ENDED,
}


def part_clocks_near_their_end(among: Collection[UUID] | None = None) -> QuerySet[CaseClock]:
    """Return clocks of parts that passed their warning mark and that nobody was told of, soonest deadline first."""
    now = clock.now()
    running = CaseClock.objects.filter(
        case__ended_at=None,
        step=STEP,
        case__state__in=WITH_LEAD,
        assignment__ended_at=None,
        assignment__role=AssignmentRole.SUPPORT,
        running_since__isnull=False,
        warn_at__lte=now,
        due_at__gt=now - STALE,
    )
    if among is not None:
        running = running.filter(id__in=among)
    return running.exclude(warned_of()).order_by("due_at", "id")


def warn_of_part_clocks(running: Iterable[CaseClock]) -> int:
    """Tell the staff of units that help that clocks are near their end, each deadline once; return how many people."""
    morning = next_digest(clock.now(), Habits(), work_calendar(current_version()))
    told = 0
    for each in running:
        urgent = Urgency.URGENT if each.due_at <= morning else Urgency.ORDINARY
        if each.assignment is not None:
            people = _tell_unit(each.case, PART_DUE_SOON, warning_of(each), each.assignment, urgent)
            told += mark_warned(each, people)
    return told


def _tell_unit(case: Case, template: Template, source: UUID, part: Assignment, urgent: Urgency | None = None) -> int:
    running = CaseClock.objects.filter(assignment=part, step=STEP).order_by("-id").first()
    due = running.due_at if running is not None else part.assigned_at
    facts = _facts(case, template, due=due)
    message = Message(template, source, facts, urgent or urgency(case), _page(case), organisation_id=part.unit_id)
    return post(message, not_of_the_accused(case, holders_in("cases.handle", part.unit_id)))


def _tell_office(case: Case, template: Template, source: UUID, unit: UUID, people: Collection[UUID]) -> None:
    post(
        Message(template, source, _facts(case, template, unit=unit), urgency(case), _page(case)),
        not_of_the_accused(case, people),
    )


def _facts(case: Case, template: Template, **more: object) -> dict[str, object]:
    known = {"number": case.number, "matter": case.condition_id, "place": case.place_id, **more}
    return {name: known[name] for name in template.parameters}


def _page(case: Case) -> str:
    return reverse("office-case", args=[case.number])
