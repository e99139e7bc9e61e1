"""Who is told what of supervisions: whoever has the case now, and of cards those above. One message for a batch."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy

from liuchi.engines.cases.models import Case, Level, Supervision
from liuchi.engines.cases.secrecy import not_of_the_accused
from liuchi.engines.cases.supervision.issuing import power_of
from liuchi.engines.cases.supervision.rules import CARDS
from liuchi.ground.notices.audience import holders_by_organisation, holders_by_place
from liuchi.ground.notices.models import Urgency
from liuchi.ground.notices.parameters import CODE, MOMENT, NUMBER
from liuchi.ground.notices.posting import Message, post
from liuchi.ground.notices.templates import Template, declare, topic

_TEXTS = Path(__file__).parent / "messages"
SUPERVISION = topic(
    "cases.supervision",
    gettext_lazy("Reminders, orders and cards"),
    "cases.handle",
    "cases.accept",
    "cases.dispatch",
    "cases.check",
    "cases.decide",
    "cases.supervise",
)
TO_DOERS: Final = {
    Level.REMINDER: declare("cases.supervision_reminder", SUPERVISION, _TEXTS, count=NUMBER),
    Level.ORDER: declare("cases.supervision_order", SUPERVISION, _TEXTS, count=NUMBER, due=MOMENT),
    Level.YELLOW: declare("cases.supervision_yellow", SUPERVISION, _TEXTS, count=NUMBER, due=MOMENT),
    Level.RED: declare("cases.supervision_red", SUPERVISION, _TEXTS, count=NUMBER, due=MOMENT),
}
TO_THOSE_ABOVE: Final = {
    Level.YELLOW: declare("cases.supervision_yellow_above", SUPERVISION, _TEXTS, count=NUMBER),
    Level.RED: declare("cases.supervision_red_above", SUPERVISION, _TEXTS, count=NUMBER),
}
ANSWERED = declare("cases.supervision_answered", SUPERVISION, _TEXTS, number=CODE)
SENT_BACK = declare("cases.supervision_sent_back", SUPERVISION, _TEXTS, number=CODE, due=MOMENT)
TEMPLATES: Final = (*TO_DOERS.values(), *TO_THOSE_ABOVE.values(), ANSWERED, SENT_BACK)


@dataclass(frozen=True)
class _Heap:
    """What goes into one message."""

    level: str
    is_urgent: bool
    people: frozenset[UUID]
    unit_id: UUID | None = None


def tell(rows: Sequence[Supervision]) -> int:
    """Tell whom these supervisions are for; return how many messages people got.

    Everybody gets one message for each level, however many cases. Urgent ones, where the limit runs through nights, do
    not wait for the digest. Queries go by levels and powers, not by rows.
    """
    doers, above = _doers(rows), _those_above(rows)
    heaps: dict[_Heap, list[Supervision]] = defaultdict(list)
    told: dict[_Heap, list[Supervision]] = defaultdict(list)
    for row in rows:
        heaps[_Heap(row.level, row.is_urgent, doers[row.id], row.unit_id)].append(row)
        if row.level in CARDS:
            told[_Heap(row.level, row.is_urgent, above[row.id] - doers[row.id])].append(row)
    count = sum(_post(TO_DOERS[Level(heap.level)], heap, found) for heap, found in heaps.items())
    return count + sum(_post(TO_THOSE_ABOVE[Level(heap.level)], heap, found) for heap, found in told.items())


def tell_of_answer(row: Supervision, case: Case, source: UUID, issuer: Collection[UUID]) -> int:
    """Tell whoever ordered, or may look at answers there, that one has come."""
    people = issuer or holders_by_place("cases.supervise", [case.place_id])[case.place_id]
    message = Message(ANSWERED, source, {"number": case.number}, _urgency(row), _case_page(case))
    return post(message, not_of_the_accused(case, people))


def tell_of_sending_back(row: Supervision, case: Case, source: UUID) -> int:
    """Tell whoever answered that the answer came back and until when another is due."""
    facts = {"number": case.number, "due": row.answer_due_at}
    message = Message(SENT_BACK, source, facts, _urgency(row), _case_page(case), organisation_id=row.unit_id)
    return post(message, _doers([row])[row.id])


def _post(template: Template, heap: _Heap, rows: Sequence[Supervision]) -> int:
    facts: dict[str, object] = {"count": len(rows)}
    if "due" in template.parameters:
        facts["due"] = _soonest(rows)
    link = _case_page(rows[0].case) if len(rows) == 1 else reverse("supervisions")
    message = Message(template, rows[0].id, facts, _urgency(heap), link, organisation_id=heap.unit_id)
    return post(message, heap.people)


def _doers(rows: Iterable[Supervision]) -> Mapping[UUID, frozenset[UUID]]:
    """Return for each row the people who have the case: of the unit, else of the office whose step it is."""
    rows = list(rows)
    in_units = holders_by_organisation("cases.handle", (row.unit_id for row in rows if row.unit_id is not None))
    places: dict[str, set[UUID]] = defaultdict(set)
    for row in rows:
        if row.unit_id is None:
            places[power_of(row.step)].add(row.case.place_id)
    at_places = {power: holders_by_place(power, found) for power, found in places.items()}
    found = {
        row.id: in_units[row.unit_id] if row.unit_id is not None else at_places[power_of(row.step)][row.case.place_id]
        for row in rows
    }
    return _but_not_the_accused(rows, found)


def _those_above(rows: Iterable[Supervision]) -> Mapping[UUID, frozenset[UUID]]:
    """Return for each card the people up the chain: of the body it was raised to, and who supervises at the place."""
    cards = [row for row in rows if row.level in CARDS]
    bodies = [row.raised_to_id for row in cards if row.raised_to_id is not None]
    heads = holders_by_organisation("cases.supervise", bodies)
    work = holders_by_organisation("cases.handle", bodies)
    supervisors = holders_by_place("cases.supervise", (row.case.place_id for row in cards))
    nobody: frozenset[UUID] = frozenset()
    found = {
        row.id: supervisors[row.case.place_id]
        | (heads[row.raised_to_id] | work[row.raised_to_id] if row.raised_to_id is not None else nobody)
        for row in cards
    }
    return _but_not_the_accused(cards, found)


def _but_not_the_accused(
    rows: Iterable[Supervision], people: Mapping[UUID, frozenset[UUID]]
) -> Mapping[UUID, frozenset[UUID]]:
    """Return whom to tell of each row without those from whom secrecy keeps its case."""
    secret = {row.id: row.case for row in rows if row.case.is_secret}
    kept = {key: frozenset(not_of_the_accused(case, people[key])) for key, case in secret.items()}
    return {**people, **kept}


def _soonest(rows: Iterable[Supervision]) -> datetime:
    return min(row.answer_due_at for row in rows)


def _urgency(of: _Heap | Supervision) -> Urgency:
    return Urgency.URGENT if of.is_urgent else Urgency.ORDINARY


def _case_page(case: Case) -> str:
    return reverse("office-case", args=[case.number]) + "#supervision"
