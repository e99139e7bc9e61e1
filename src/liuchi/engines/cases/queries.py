"""Reading cases, always with the viewer's eyes. What costs, costs by open cases, never by history."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final, Protocol
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Left
from django.utils.translation import gettext as _

from liuchi.engines.cases.access import helped_by, meets, visible_to, work_of
from liuchi.engines.cases.filtering import Filters, narrowed, ordered
from liuchi.engines.cases.jurisdictions import of_district
from liuchi.engines.cases.models import Case, CaseClass, CaseClock, CaseMove, ClockKind, FilingCondition, Report, State
from liuchi.engines.cases.receipts import receipt_index, same_receipt
from liuchi.engines.cases.secrecy import open_to
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.compiled import A_MOMENT, A_TEXT, AN_ID, ANOTHER_MOMENT, Compiled
from liuchi.ground.kernel.conditions import is_one_of
from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.organisations.models import Organisation
from liuchi.ground.organisations.queries import DutiesAt, DutyHolder, duties_at
from liuchi.ground.people.queries import ids_of, same_person
from liuchi.ground.territory.geometry import GridIndex, Id
from liuchi.ground.territory.models import Area
from liuchi.ground.territory.queries import territory, today
from liuchi.ground.territory.snapshot import Territory

SOON = timedelta(hours=24)
_AFTER: Final = (ANOTHER_MOMENT, AN_ID)


class Placed(Protocol):
    """What stands in an area: a case, or a row of a list of cases."""

    @property
    def place_id(self) -> UUID:
        """Return the area."""


@dataclass(frozen=True, slots=True)
class ListedCase:
    """An open case as the work-list shows it, without the rows behind it: a page has fifty."""

    id: UUID
    number: str
    state: str
    place_id: UUID
    address: str
    condition_id: UUID | None
    class_name: str | None
    unit_name: str | None
    due_at: datetime | None
    is_provisional: bool
    step_due_at: datetime | None
    step_warn_at: datetime | None
    version: int
    unit_id: UUID | None = None
    ended_at: datetime | None = None


_LISTED = (
    "id",
    "number",
    "state",
    "place_id",
    "address",
    "condition_id",
    "condition__case_class__name",
    "unit__short_name",
    "due_at",
    "is_provisional",
    "step_due_at",
    "step_warn_at",
    "version",
    "unit_id",
    "ended_at",
)


@dataclass(frozen=True)
class Page:
    """One page of a list, and the key after which the next one begins (None on the last)."""

    cases: Sequence[ListedCase]
    next_key: tuple[datetime, UUID] | None


@dataclass(frozen=True)
class Standing:
    """How the district stands now: cases open, due within a day, overdue."""

    open: int
    due_soon: int
    overdue: int


@dataclass(frozen=True)
class PublicCase:
    """What anybody may know of a case: no words of the reporter, no address, nobody's name."""

    case: Case
    title: str
    place: str
    moves: Sequence[CaseMove] = field(default_factory=tuple)


def work_list(viewer: Viewer, filters: Filters) -> Page:
    """Return a page of open cases in the order chosen (one query, whatever the number of rows)."""
    is_dated, after = bool(filters.late), filters.after
    asked = _asked(viewer, replace(filters, after=_AFTER if after else None), territory(), today())
    values: dict[str, object] = {"now": clock.now()} if is_dated else {}
    if after is not None:
        values |= {"at": after[0], "id": after[1]}
    found = [(key, ListedCase(*row)) for *row, key in asked.rows(**values)]
    page = found[: filters.limit]
    return Page([case for _, case in page], (page[-1][0], page[-1][1].id) if len(found) > len(page) else None)


@lru_cache(maxsize=512)
def _asked(viewer: Viewer, filters: Filters, within: Territory, day: date) -> Compiled:
    """Return the question for a page of work; the same viewer asks the same all day."""
    del within, day
    rows = Case.objects.filter(ended_at=None).filter(work_of(viewer) if filters.scope == "mine" else _seen_open(viewer))
    rows = ordered(narrowed(rows, filters, A_MOMENT), filters)
    # Chosen first and joined afterwards: only what is shown is joined, however many cases are open.
    chosen = rows.values("id")[: filters.limit + 1]
    shown = ordered(Case.objects.filter(id__in=chosen), replace(filters, after=None))
    slots: dict[str, object] = {"now": A_MOMENT} if filters.late else {}
    if filters.after:
        slots |= {"at": _AFTER[0], "id": _AFTER[1]}
    return Compiled(shown.values_list(*_LISTED, "at"), slots)


def whole_work_list(viewer: Viewer, filters: Filters) -> Iterator[ListedCase]:
    """Yield every open case of a work-list from `filters.after` on, in its order, page by page."""
    key = filters.after
    while True:
        page = work_list(viewer, replace(filters, after=key))
        yield from page.cases
        key = page.next_key
        if key is None:
            return


def counts_by_state(viewer: Viewer, scope: str) -> dict[str, int]:
    """Return how many open cases stand in each state, of those in the viewer's scope."""
    rows = Case.objects.filter(ended_at=None).filter(work_of(viewer) if scope == "mine" else _seen_open(viewer))
    return dict(rows.values_list("state").annotate(n=Count("id")).order_by("state"))


def open_at_unit(viewer: Viewer, unit: Organisation) -> int:
    """Return how many open cases a unit leads, to who works there or manages its staff; 0 to others."""
    if unit.id not in viewer.organisations("cases.handle") and not viewer.allows("staff.manage", unit.area_id):
        return 0
    return Case.objects.filter(open_to(viewer), unit=unit, ended_at=None).count()


def case_for(viewer: Viewer, number: str) -> Case:
    """Return one case that `viewer` may see.

    Raises:
        NotFound: there is none, or it is not for this viewer to know.
    """
    rows = Case.objects.filter(visible_to(viewer) | work_of(viewer), number=number).distinct()
    case = rows.select_related("condition__case_class__catalogue", "unit", "place").first()
    if case is None:
        raise NotFound(_("There is no case of this number that you may see."))
    return case


def case_at_work(viewer: Viewer, number: str) -> Case:
    """Return one case that `viewer` meets in office; having reported it gives no look behind the counter.

    Raises:
        NotFound: there is none, or it is not for this viewer to know.
    """
    rows = Case.objects.filter(meets(viewer), number=number)
    case = rows.select_related("condition__case_class__catalogue", "unit", "place", "merged_into").first()
    if case is None:
        raise NotFound(_("There is no case of this number that you may see."))
    return case


def line_at_work(viewer: Viewer, number: str) -> ListedCase:
    """Return what a list shows of one case that `viewer` meets in office, ended ones too (one query).

    Raises:
        NotFound: there is none, or it is not for this viewer to know.
    """
    found = _met(viewer, territory(), today()).rows(number=number)
    if not found:
        raise NotFound(_("There is no case of this number that you may see."))
    return ListedCase(*found[0])


@lru_cache(maxsize=512)
def _met(viewer: Viewer, within: Territory, day: date) -> Compiled:
    del within, day
    rows = Case.objects.filter(meets(viewer), number=A_TEXT).order_by()
    return Compiled(rows.values_list(*_LISTED), {"number": A_TEXT})


def ids_of_numbers(viewer: Viewer, numbers: Sequence[str]) -> dict[str, UUID]:
    """Return the ids of those numbers whose cases `viewer` meets in office."""
    return dict(Case.objects.filter(meets(viewer), number__in=list(numbers)).order_by("id").values_list("number", "id"))


def is_at_work(viewer: Viewer, number: str) -> bool:
    """Tell whether there is a case of this number that `viewer` meets in office."""
    return Case.objects.filter(meets(viewer), number=number).exists()


def clocks_of(case: Case) -> QuerySet[CaseClock]:
    """Return the clocks of a case the caller holds already, with their calendars, oldest first; parts have others."""
    return case.clocks.filter(assignment=None).select_related("calendar_version__calendar").order_by("started_at", "id")


def own_reports(by: Actor, case: Case, receipt: str = "") -> list[Report]:
    """Return the reports in a case that `by` made, signed in or with this receipt."""
    reports = list(reports_of(case))
    is_signed = any(report.reporter_id is not None for report in reports)
    mine = ids_of(by.person_id) if isinstance(by, Viewer) and is_signed else frozenset()
    return [
        report
        for report in reports
        if report.reporter_id in mine or (receipt and same_receipt(receipt, report.receipt_index))
    ]


def first_words(cases: Sequence[Case | ListedCase]) -> dict[UUID, str]:
    """Return the beginning of what was reported, for those of `cases` that have no class yet (one query at most)."""
    wanted = [case.id for case in cases if case.condition_id is None]
    if not wanted:
        return {}
    rows = Report.objects.filter(case_id__in=wanted).order_by("-received_at", "-id")
    return dict(rows.values_list("case_id", Left("text", 60)))


def moves_of(case: Case) -> QuerySet[CaseMove]:
    """Return what happened to a case the caller holds already, oldest first."""
    return case.moves.select_related("unit").order_by("id")


def reports_of(case: Case) -> QuerySet[Report]:
    """Return the reports behind a case the caller holds already, oldest first."""
    return case.reports.order_by("received_at", "id")


def public_case(number: str, by: Actor | None = None, receipt: str = "") -> PublicCase:
    """Return what anybody may know of a case; of a secret one only who reported it, signed in or with the receipt.

    Raises:
        NotFound: there is no such case, or it is secret and not `by`'s own.
    """
    rows = Case.objects.select_related("condition__case_class", "unit", "place", "merged_into")
    case = rows.filter(number=number).first()
    if case is None or (case.is_secret and (by is None or not own_reports(by, case, receipt))):
        raise NotFound(_("There is no case of this number. Check the number on your receipt."))
    return as_public(case, list(moves_of(case)))


def recent_public_cases(limit: int = 10) -> list[PublicCase]:
    """Return the newest cases as anybody may see them, none that is secret (one query; ids are ordered by time)."""
    rows = Case.objects.select_related("condition__case_class", "unit", "place").filter(of_district(), is_secret=False)
    return [as_public(case, ()) for case in rows.order_by("-id")[:limit]]


def cases_reported_by(viewer: Viewer, limit: int = 20) -> list[PublicCase]:
    """Return what the viewer reported, newest first; a message that was split is one entry."""
    theirs = Q(reports__withdrawn_at=None) | Q(state=State.WITHDRAWN)
    rows = Case.objects.filter(same_person("reports__reporter", viewer.person_id), theirs, split_from=None)
    rows = rows.order_by("-id").distinct()
    return [as_public(case, ()) for case in rows.select_related("condition__case_class", "unit", "place")[:limit]]


def receipt_opens(number: str, code: str) -> bool:
    """Tell whether `code` is the receipt of a report in the case `number`."""
    of_case = Q(case__number=number) | Q(came_with__number=number)
    return bool(code) and Report.objects.filter(of_case, receipt_index=receipt_index(code)).exists()


def said_with(code: str) -> str:
    """Return the words of the report that this receipt is of; "" where they were erased."""
    rows = Report.objects.filter(receipt_index=receipt_index(code), origin=None).order_by("id")
    return rows.values_list("text", flat=True).first() or ""


def standing() -> Standing:
    """Return the counts of open cases that are not secret; reads open cases only (one query).

    While a result waits for its check the case clock is paused: such a case is overdue only if it was handed in late,
    and one that rests only if nothing of its limit is left.
    """
    now = clock.now()
    going_on = CaseClock.objects.filter(case=OuterRef("id"), kind=ClockKind.CASE, stopped_at=None).order_by("id")
    paused = going_on.values(waits_from=Coalesce("rests_until", "paused_at"))[:1]
    rows = Case.objects.filter(of_district(), ended_at=None, is_secret=False).annotate(
        counted_to=Coalesce(Subquery(paused), now)
    )
    found = rows.aggregate(
        open=Count("id"),
        due_soon=Count("id", filter=Q(due_at__gte=now, due_at__lt=now + SOON)),
        overdue=Count("id", filter=Q(due_at__lt=F("counted_to"))),
    )
    return Standing(**found)


def open_by_place() -> dict[UUID, int]:
    """Return how many cases are open in each area that has any, grids by themselves; secret ones not (one query)."""
    rows = (
        Case.objects.filter(of_district(), ended_at=None, is_secret=False)
        .values_list("place_id")
        .annotate(n=Count("id"))
        .order_by("place_id")
    )
    return dict(rows)


def open_by_shape(areas: Iterable[UUID], index: GridIndex[Id]) -> Counter[Id | None]:
    """Return how many open cases of areas have their point in each shape of an index; under None the others.

    Counts only: whoever redraws grids is shown how many cases would go where, and none of them.
    """
    rows = Case.objects.filter(ended_at=None, is_secret=False, place_id__in=list(areas)).order_by("id")
    counts: Counter[Id | None] = Counter()
    for longitude, latitude in rows.values_list("longitude", "latitude"):
        counts[None if longitude is None or latitude is None else index.locate(longitude, latitude)] += 1
    return counts


def classes() -> QuerySet[CaseClass]:
    """Return the classes in force, by kind and code. The catalogue is public."""
    return CaseClass.objects.filter(catalogue__valid_to=None).order_by("kind", "code")


def conditions(words: str = "", limit: int = 40) -> QuerySet[FilingCondition]:
    """Return filing conditions in force whose class or wording holds every one of `words`."""
    rows = FilingCondition.objects.filter(case_class__catalogue__valid_to=None).select_related("case_class")
    for word in words.split():
        rows = rows.filter(
            Q(condition__icontains=word)
            | Q(case_class__name__icontains=word)
            | Q(case_class__major_name__icontains=word)
            | Q(case_class__code=word)
        )
    return rows.order_by("case_class__kind", "case_class__code", "number")[:limit]


def duties_for(case: Case) -> DutiesAt:
    """Return the units whose duties fit a filed case, and who above has taken the matter back."""
    return DutiesAt([], []) if case.condition is None else duties_at(case.condition.case_class.matter, case.place_id)


def units_for(case: Case) -> list[DutyHolder]:
    """Return the units whose duties fit a filed case, leads first, each with the document it follows from."""
    return duties_for(case).holders


def _seen_open(viewer: Viewer) -> Q:
    units = viewer.organisations("cases.handle")
    seen = is_one_of("place_id", viewer.areas("cases.see")) | Q(unit_id__in=units)
    return (seen | helped_by(units) if units else seen) & open_to(viewer)


def as_public(case: Case, moves: Sequence[CaseMove] = ()) -> PublicCase:
    """Return what anybody may know of a case that the caller holds already."""
    title = case.condition.case_class.name if case.condition else str(_("Not yet classified"))
    return PublicCase(case, title, public_place(case), moves)


def public_place(case: Placed) -> str:
    """Return the place as the public sees it: town and community, nothing below; a wider area by its own name."""
    known = territory()
    names = [area.name for kind in ("town", "community") if (area := known.ancestor(case.place_id, kind)) is not None]
    if names:
        return " · ".join(names)
    # An area that is no longer in force is not among the known ones.
    wider = known.areas.get(case.place_id) or Area.objects.get(id=case.place_id)
    return wider.name
