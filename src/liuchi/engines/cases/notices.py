"""Who is told what about a case: its reporters what became of it, a unit's staff what waits for them.

Reactions to the moves of cases, and the warning before a deadline, which the worker asks for every ten minutes.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liuchi.engines.cases import kinds
from liuchi.engines.cases.kinds import MOVED
from liuchi.engines.cases.models import Case, CaseClock, ClockKind, FilingCondition, Report, State
from liuchi.engines.cases.secrecy import not_of_the_accused
from liuchi.engines.cases.warned import mark_warned, warned_of, warning_of
from liuchi.engines.cases.workflow import BESIDE_HANDLING
from liuchi.ground.access.queries import people_of
from liuchi.ground.calendars.limits import Unit
from liuchi.ground.calendars.queries import current_version, work_calendar
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import clock
from liuchi.ground.notices.audience import holders_at, holders_in, with_accounts
from liuchi.ground.notices.models import Urgency
from liuchi.ground.notices.parameters import AREA, CODE, MOMENT, ORGANISATION, Shown, kept_id
from liuchi.ground.notices.posting import Message, post
from liuchi.ground.notices.templates import Template, declare, topic
from liuchi.ground.notices.timing import Habits, next_digest

#: What happened longer ago is told to nobody: a new reaction reads the whole history, and offline work arrives late.
STALE: Final = timedelta(days=2)
_TEXTS = Path(__file__).parent / "messages"


def _matters(ids: Collection[str]) -> Mapping[str, str]:
    found = FilingCondition.objects.filter(id__in=ids).values_list("id", "case_class__name")
    names = {str(condition): name for condition, name in found}
    return {each: names.get(each, _("a matter")) for each in ids}


MATTER = Shown("matter", kept_id, _matters, "00000000-0000-0000-0000-000000000000")
REPORTS = topic("cases.reports", gettext_lazy("What you reported"))
WORK = topic("cases.work", gettext_lazy("Cases to handle"), "cases.handle")
ACCEPTED = declare("cases.report_accepted", REPORTS, _TEXTS, number=CODE, matter=MATTER)
NOT_FILED = declare("cases.report_not_filed", REPORTS, _TEXTS, number=CODE)
HANDLED = declare("cases.report_handled", REPORTS, _TEXTS, number=CODE, matter=MATTER)
CLOSED = declare("cases.report_closed", REPORTS, _TEXTS, number=CODE, matter=MATTER)
ASSIGNED = declare("cases.assigned", WORK, _TEXTS, number=CODE, matter=MATTER, place=AREA, due=MOMENT)
TO_REDO = declare("cases.to_redo", WORK, _TEXTS, number=CODE, matter=MATTER, place=AREA, due=MOMENT)
ASKS = topic("cases.asks", gettext_lazy("What units ask for"), "cases.decide")
DISPATCHES = topic("cases.dispatches", gettext_lazy("What came of my dispatches"), "cases.dispatch")
TO_KEEP = declare("cases.to_keep", WORK, _TEXTS, number=CODE, matter=MATTER, place=AREA, due=MOMENT)
NOT_YOURS = declare("cases.not_yours", WORK, _TEXTS, number=CODE, matter=MATTER, place=AREA)
TAKEN_AWAY = declare("cases.taken_away", WORK, _TEXTS, number=CODE, matter=MATTER, place=AREA)
DISPUTED = declare("cases.disputed", ASKS, _TEXTS, number=CODE, matter=MATTER, place=AREA, unit=ORGANISATION)
SENT_WRONG = declare("cases.sent_wrong", DISPATCHES, _TEXTS, number=CODE, matter=MATTER, place=AREA, unit=ORGANISATION)
EXTENSION_ASKED = declare(
    "cases.extension_asked", ASKS, _TEXTS, number=CODE, matter=MATTER, place=AREA, unit=ORGANISATION
)
EXTENDED = declare("cases.extended", WORK, _TEXTS, number=CODE, matter=MATTER, place=AREA, due=MOMENT)
NOT_EXTENDED = declare("cases.not_extended", WORK, _TEXTS, number=CODE, matter=MATTER, place=AREA, due=MOMENT)
PAUSE_ASKED = declare(
    "cases.pause_asked", ASKS, _TEXTS, number=CODE, matter=MATTER, place=AREA, unit=ORGANISATION, until=MOMENT
)
RESTS = declare("cases.rests", WORK, _TEXTS, number=CODE, matter=MATTER, place=AREA, until=MOMENT)
NO_REST = declare("cases.no_rest", WORK, _TEXTS, number=CODE, matter=MATTER, place=AREA, due=MOMENT)
GOES_ON = declare("cases.goes_on", WORK, _TEXTS, number=CODE, matter=MATTER, place=AREA, due=MOMENT)
REPORT_RESTS = declare("cases.report_rests", REPORTS, _TEXTS, number=CODE, matter=MATTER, until=MOMENT, due=MOMENT)
REPORT_GOES_ON = declare("cases.report_goes_on", REPORTS, _TEXTS, number=CODE, matter=MATTER, due=MOMENT)
APPEALED = declare("cases.appealed", ASKS, _TEXTS, number=CODE, matter=MATTER, place=AREA, unit=ORGANISATION)
APPEAL_UPHELD = declare("cases.appeal_upheld", WORK, _TEXTS, number=CODE, matter=MATTER, place=AREA)
APPEAL_REJECTED = declare("cases.appeal_rejected", WORK, _TEXTS, number=CODE, matter=MATTER, place=AREA)
REPORT_EXTENDED = declare("cases.report_extended", REPORTS, _TEXTS, number=CODE, matter=MATTER, due=MOMENT)
ENDINGS = topic("cases.endings", gettext_lazy("Formal endings to approve"), "cases.end")
ENDING_ASKED = declare("cases.ending_asked", ENDINGS, _TEXTS, number=CODE, matter=MATTER, place=AREA)
ENDING_REFUSED = declare("cases.ending_refused", WORK, _TEXTS, number=CODE, matter=MATTER, place=AREA, due=MOMENT)
NOT_NEEDED = declare("cases.not_needed", WORK, _TEXTS, number=CODE, matter=MATTER, place=AREA, lead=CODE)
REPORT_MERGED = declare("cases.report_merged", REPORTS, _TEXTS, number=CODE, lead=CODE)
REPORT_UNMERGED = declare("cases.report_unmerged", REPORTS, _TEXTS, number=CODE, lead=CODE)
REPORT_ENDED = declare("cases.report_ended", REPORTS, _TEXTS, number=CODE)
DUE_SOON = declare("cases.due_soon", WORK, _TEXTS, number=CODE, matter=MATTER, place=AREA, due=MOMENT)
TEMPLATES: Final = (
    *(ACCEPTED, NOT_FILED, HANDLED, CLOSED, REPORT_EXTENDED, REPORT_RESTS, REPORT_GOES_ON),
    *(ASSIGNED, TO_REDO, DUE_SOON, TO_KEEP, NOT_YOURS, TAKEN_AWAY, EXTENDED, NOT_EXTENDED, RESTS, NO_REST, GOES_ON),
    *(APPEALED, APPEAL_UPHELD, APPEAL_REJECTED),
    *(DISPUTED, EXTENSION_ASKED, PAUSE_ASKED, SENT_WRONG),
    *(ENDING_ASKED, ENDING_REFUSED, NOT_NEEDED, REPORT_MERGED, REPORT_UNMERGED, REPORT_ENDED),
)

#: What a move tells the reporters, the unit that the case is with, whoever may decide, and who dispatched it.
TO_REPORTERS: Final = {
    "file": ACCEPTED,
    "refuse": NOT_FILED,
    "hand_in": HANDLED,
    "close": CLOSED,
    "grant_extension": REPORT_EXTENDED,
    "grant_pause": REPORT_RESTS,
    "resume": REPORT_GOES_ON,
    "end_pause": REPORT_GOES_ON,
    "wake": REPORT_GOES_ON,
    "merge": REPORT_MERGED,
    "unmerge": REPORT_UNMERGED,
    "unmerge_filed": REPORT_UNMERGED,
    "approve_ending": REPORT_ENDED,
}
TO_UNIT: Final = {
    "dispatch": ASSIGNED,
    "fail_check": TO_REDO,
    "reject_decline": TO_KEEP,
    "uphold_decline": NOT_YOURS,
    "take_back": TAKEN_AWAY,
    "grant_extension": EXTENDED,
    "refuse_extension": NOT_EXTENDED,
    "grant_pause": RESTS,
    "refuse_pause": NO_REST,
    "end_pause": GOES_ON,
    "wake": GOES_ON,
    "merge": NOT_NEEDED,
    "reject_ending": ENDING_REFUSED,
}
TO_DECIDERS: Final = {"decline": DISPUTED, "ask_extension": EXTENSION_ASKED, "ask_pause": PAUSE_ASKED}
#: Who may approve is asked beside, with a power of its own.
TO_APPROVERS: Final = {"ask_ending": ENDING_ASKED, "propose_ending": ENDING_ASKED}
TO_DISPATCHER: Final = {"uphold_decline": SENT_WRONG}
#: The kinds of lines about appeals, each of which somebody is told of.
TOLD_OF_APPEALS: Final = frozenset({kinds.APPEALED.name, kinds.APPEAL_UPHELD.name, kinds.APPEAL_REJECTED.name})
_MOVES = {kind.name: move for move, kind in MOVED.items()}
#: The kinds of lines that somebody is told of.
TOLD: Final = frozenset(
    MOVED[move].name for move in (*TO_REPORTERS, *TO_UNIT, *TO_DECIDERS, *TO_APPROVERS, *TO_DISPATCHER)
)


def tell_of_move(line: Line) -> None:
    """Tell those whom a move of a case concerns (see `TOLD`)."""
    move = _MOVES[line.kind]
    if clock.now() - line.happened_at > STALE:
        return
    case = Case.objects.select_related("condition").get(id=line.subject_id)
    more: dict[str, object] = {"until": _until(line)}
    if "lead" in line.data:
        more["lead"] = _number(line.data["lead"])
    if move in TO_REPORTERS:
        _tell_reporters(case, TO_REPORTERS[move], line.id, more)
    if move in TO_UNIT and line.data["unit"] is not None:
        _tell_unit(case, TO_UNIT[move], line.id, UUID(line.data["unit"]), urgency(case), more)
    if move in TO_DECIDERS:
        _tell_office(case, TO_DECIDERS[move], line, holders_at("cases.decide", case.place_id))
    if move in TO_APPROVERS:
        _tell_office(case, TO_APPROVERS[move], line, holders_at("cases.end", case.place_id))
    if move in TO_DISPATCHER and line.data["dispatcher"] is not None:
        _tell_office(case, TO_DISPATCHER[move], line, with_accounts(people_of([UUID(line.data["dispatcher"])])))


def tell_of_appeal(line: Line) -> None:
    """Tell whoever decides of an appeal against a time-out, and the unit of what was decided."""
    if clock.now() - line.happened_at > STALE:
        return
    case = Case.objects.select_related("condition").get(id=line.subject_id)
    if line.kind == kinds.APPEALED.name:
        _tell_office(case, APPEALED, line, holders_at("cases.decide", case.place_id))
    else:
        template = APPEAL_UPHELD if line.kind == kinds.APPEAL_UPHELD.name else APPEAL_REJECTED
        _tell_unit(case, template, line.id, UUID(line.data["unit"]), Urgency.ORDINARY)


def clocks_near_their_end(among: Collection[UUID] | None = None) -> QuerySet[CaseClock]:
    """Return clocks of handling that passed their warning mark, of whose deadline nobody was told, soonest first.

    `among` narrows it to clocks of these ids.
    """
    now = clock.now()
    # While somebody decides on a wish of the unit, the case shows the clock of that; the unit's runs on beside it.
    near = Q(case__state=State.HANDLING, case__step_warn_at__lte=now) | Q(case__state__in=BESIDE_HANDLING)
    running = CaseClock.objects.filter(
        near,
        case__ended_at=None,
        kind=ClockKind.STEP,
        step=State.HANDLING,
        running_since__isnull=False,
        warn_at__lte=now,
        due_at__gt=now - STALE,
    )
    if among is not None:
        running = running.filter(id__in=among)
    return running.exclude(warned_of()).order_by("case__step_due_at", "id")


def warn_of(clocks: Iterable[CaseClock]) -> int:
    """Tell the units' staff that clocks are near their end, each deadline once; return how many people were told.

    Urgent where the deadline lies before the next digest would reach them. Runs inside an action.
    """
    morning = next_digest(clock.now(), Habits(), work_calendar(current_version()))
    told = 0
    for each in clocks:
        urgent = Urgency.URGENT if each.due_at <= morning else Urgency.ORDINARY
        if each.case.unit_id is not None:
            told += mark_warned(each, _tell_unit(each.case, DUE_SOON, warning_of(each), each.case.unit_id, urgent))
    return told


def _until(line: Line) -> datetime | None:
    """Return until when a line says that a case rests or is to rest."""
    said = line.data.get("until")
    return None if said is None else datetime.fromisoformat(said)


def _tell_reporters(case: Case, template: Template, source: UUID, more: Mapping[str, object]) -> None:
    """Tell whoever reported a case, joined it, or came with it where it was merged; not who took it back."""
    reports = Report.objects.filter(Q(case=case) | Q(came_with=case), withdrawn_at=None)
    people = with_accounts(reports.order_by("id").values_list("reporter_id", flat=True))
    facts = _facts(case, template, {"due": case.due_at, **more})
    post(Message(template, source, facts, link=reverse("case", args=[case.number])), people)


def _tell_unit(
    case: Case,
    template: Template,
    source: UUID,
    unit_id: UUID,
    urgent: Urgency,
    more: Mapping[str, object] = MappingProxyType({}),
) -> int:
    facts = _facts(case, template, {"due": case.step_due_at or case.due_at, **more})
    message = Message(template, source, facts, urgent, _desk_page(case), organisation_id=unit_id)
    return post(message, not_of_the_accused(case, holders_in("cases.handle", unit_id)))


def _tell_office(case: Case, template: Template, line: Line, people: Collection[UUID]) -> None:
    """Tell people of the desk what a unit asked for or what was decided; never in the name of a unit."""
    unit = UUID(line.data["unit"]) if line.data["unit"] else None
    facts = _facts(case, template, {"unit": unit, "until": _until(line)})
    post(Message(template, line.id, facts, urgency(case), _desk_page(case)), not_of_the_accused(case, people))


def _number(case_id: str) -> str:
    return Case.objects.values_list("number", flat=True).get(id=case_id)


def _facts(case: Case, template: Template, more: Mapping[str, object]) -> dict[str, object]:
    known = {"number": case.number, "matter": case.condition_id, "place": case.place_id, **more}
    return {name: known[name] for name in template.parameters}


def _desk_page(case: Case) -> str:
    return reverse("office-case", args=[case.number])


def urgency(case: Case) -> Urgency:
    """Return how urgent work is: limits that run through nights and holidays do not wait for a digest."""
    is_urgent = case.condition is not None and Unit(case.condition.limit_unit) in (Unit.URGENT_HOUR, Unit.URGENT_DAY)
    return Urgency.URGENT if is_urgent else Urgency.ORDINARY
