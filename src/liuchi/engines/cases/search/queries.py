"""Finding cases with the viewer's eyes: a bounded number of the newest that fit, ranked, page by page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from heapq import nlargest
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.postgres.search import SearchQueryField
from django.db.models import F, FloatField, Func, IntegerField, QuerySet, Value
from django.db.models.functions import Cast

from liuchi.engines.cases.access import meets
from liuchi.engines.cases.models import Case, CaseMove, Report, State
from liuchi.engines.cases.search.asking import Closeness, Question, questions
from liuchi.engines.cases.search.blocks import Reach, Window, look_back, reach
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.compiled import A_TEXT, AN_ID, ANOTHER_ID, ANOTHER_TEXT, Compiled
from liuchi.ground.kernel.conditions import is_one_of, is_spelled, spelled
from liuchi.ground.territory.queries import territory, today
from liuchi.ground.territory.snapshot import Territory

PAGE = 30
#: Of what fits, the newest so many are ranked: a word that stands in every case costs no more than one in some.
MOST_FOUND: Final = 1000
_CHINA = ZoneInfo("Asia/Shanghai")
#: Weights of D (what was said, then and on the way), C (unit), B (address) and A (number and matter).
_WEIGHTS: Final = "{0.1,0.3,0.5,1.0}"
_RANK_STEPS: Final = 1_000_000
_BOUNDS: Final = {"since": AN_ID, "before": ANOTHER_ID}


@dataclass(frozen=True)
class Search:
    """What is looked for, and to what it is narrowed; `since` and `until` are days of reporting, both included.

    `limit` is how many a page has; 0 for the usual number.
    """

    words: str = ""
    state: str = ""
    town_id: UUID | None = None
    since: date | None = None
    until: date | None = None
    after: tuple[int, UUID] | None = None
    closeness: str = ""
    limit: int = 0


@dataclass(frozen=True, slots=True)
class FoundCase:
    """A case as the results show it."""

    id: UUID
    number: str
    state: str
    place_id: UUID
    address: str
    condition_id: UUID | None
    class_name: str | None
    unit_name: str | None
    reported_at: datetime
    ended_at: datetime | None
    rank: int


@dataclass(frozen=True)
class Found:
    """One page of results, how close they are to what was typed, and the key after which the next page begins."""

    cases: Sequence[FoundCase]
    closeness: Closeness
    next_key: tuple[int, UUID] | None


_NOTHING = Found((), Closeness.WRITTEN, None)
SHOWN = (
    "id",
    "number",
    "state",
    "place_id",
    "address",
    "condition_id",
    "condition__case_class__name",
    "unit__short_name",
    "reported_at",
    "ended_at",
    "rank",
)


def find_cases(viewer: Viewer, search: Search) -> Found:
    """Return a page of cases that `viewer` meets in office and that fit, open and ended, the best first.

    Best is where the words stand: matter and number, address, unit, what was said; among equals the newest. Each more
    forgiving question is asked only where the stricter found nothing, three at most; a later page asks what its first
    page was answered by. One query tells how far the cases reach, one for each window looks through what fits (one
    window where the words are common or the cases few), one reads what is shown.
    """
    asked = [each for each in questions(search.words) if search.closeness in {"", each.closeness}]
    reached = reach() if asked else None
    if reached is None:
        return _NOTHING
    for question in asked:
        found = _answers(viewer, search, question, reached)
        if found.cases or search.after is not None:
            return found
    return _NOTHING


def all_found(viewer: Viewer, search: Search) -> Iterator[FoundCase]:
    """Yield everything that `find_cases` would show, page by page."""
    while True:
        page = find_cases(viewer, search)
        yield from page.cases
        if page.next_key is None:
            return
        search = replace(search, after=page.next_key, closeness=page.closeness)


def words_in(viewer: Viewer, cases: Sequence[FoundCase]) -> dict[UUID, list[str]]:
    """Return what was said in each of the cases, found with the viewer's eyes: first reports, then moves (two queries).

    Each in order of time; of a move first what everybody reads, then what stays inside.
    """
    seen = Case.objects.filter(meets(viewer), id__in=[case.id for case in cases]).order_by().values("id")
    said: dict[UUID, list[str]] = {}
    reports = Report.objects.filter(case_id__in=seen).order_by("received_at", "id")
    for case_id, text in reports.values_list("case_id", "text"):
        said.setdefault(case_id, []).append(text)
    moves = CaseMove.objects.filter(case_id__in=seen).exclude(public_text="", internal_text="").order_by("id")
    for case_id, *texts in moves.values_list("case_id", "public_text", "internal_text"):
        said.setdefault(case_id, []).extend(text for text in texts if text)
    return said


def _answers(viewer: Viewer, search: Search, question: Question, reached: Reach) -> Found:
    narrowing = replace(search, words="", after=None, closeness="")

    def fits(window: Window, most: int) -> list[tuple[int, UUID]]:
        # Of what nobody met among the newest there is seldom anything before.
        if window.before is not None and most == MOST_FOUND and window.is_empty(question):
            return []
        bounds = {name: id_ for name, id_ in (("since", window.since), ("before", window.before)) if id_ is not None}
        asked = _ranked(viewer, narrowing, frozenset(bounds), territory(), today())
        found = asked.rows(limit=most, text=window.asks(question), weighed=question.weighed, **bounds)
        return [(rank, case_id) for rank, case_id in found]

    found = look_back(reached, fits, MOST_FOUND)
    best = nlargest(PAGE + 1, (key for key in found if search.after is None or key < search.after))
    page = best[:PAGE]
    return Found(_shown(page), question.closeness, page[-1] if len(best) > PAGE else None)


@lru_cache(maxsize=256)
def _ranked(viewer: Viewer, search: Search, bounds: frozenset[str], within: Territory, day: date) -> Compiled:
    """Return the question for the newest cases of a window that answer, each with its rank."""
    del within, day
    slots: dict[str, object] = {"text": A_TEXT, "weighed": ANOTHER_TEXT}
    slots |= {name: _BOUNDS[name] for name in bounds}
    window = Window(AN_ID if "since" in bounds else None, ANOTHER_ID if "before" in bounds else None, _BOUNDS["before"])
    weighed = Cast(Value(ANOTHER_TEXT), SearchQueryField())
    score = Func(
        Cast(Value(_WEIGHTS), _Weights()), F("indexed__words"), weighed, function="ts_rank", output_field=FloatField()
    )
    met = _narrowed(Case.objects.filter(meets(viewer)), search).filter(window.holds(A_TEXT)).order_by("-id")
    ranked = met.annotate(rank=Cast(score * _RANK_STEPS, output_field=IntegerField()))
    return Compiled(ranked.values_list("rank", "id"), slots, is_limited=True)


def _shown(keys: Sequence[tuple[int, UUID]]) -> list[FoundCase]:
    """Return what is shown of cases that the viewer was found to meet just now, in the order given."""
    if not keys:
        return []
    rows = _read().rows(ids=spelled([case_id for _, case_id in keys]))
    known = {row[0]: FoundCase(*row) for row in rows}
    return [replace(known[case_id], rank=rank) for rank, case_id in keys]


@cache
def _read() -> Compiled:
    rows = Case.objects.filter(is_spelled("id", A_TEXT)).order_by().annotate(rank=Value(0))
    return Compiled(rows.values_list(*SHOWN), {"ids": A_TEXT})


class _Weights(FloatField):  # type: ignore[type-arg]
    """The array type that ts_rank wants its weights in."""

    def db_type(self, connection: object) -> str:
        del connection
        return "real[]"


def _narrowed(rows: QuerySet[Case], search: Search) -> QuerySet[Case]:
    if search.state in State.values:
        rows = rows.filter(state=search.state)
    if search.town_id is not None:
        rows = rows.filter(is_one_of("place_id", territory().with_descendants(search.town_id)))
    if search.since is not None:
        rows = rows.filter(reported_at__gte=_midnight(search.since))
    if search.until is not None and search.until < date.max:
        rows = rows.filter(reported_at__lt=_midnight(search.until + timedelta(days=1)))
    return rows


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, _CHINA)
