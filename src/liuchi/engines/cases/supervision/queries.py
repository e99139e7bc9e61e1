"""Reading supervisions, with the viewer's eyes; costs by open ones and by one page, never by history."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from liuchi.engines.cases.access import at_work
from liuchi.engines.cases.models import Case, Level, Standing, Supervision, SupervisionEntry
from liuchi.engines.cases.models.supervision import OPEN_STANDINGS
from liuchi.engines.cases.supervision.access import meets
from liuchi.engines.cases.supervision.rules import REMINDERS_A_DAY
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.conditions import is_one_of
from liuchi.ground.territory.queries import territory

PAGE = 50
#: What the list may be narrowed to by how a supervision stands: "late" has no answer though one was due.
SHOWN = ("open", "late", "answered", "ended")


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; `after` is the last row of the page before, `limit` how long a page is (0: usual)."""

    shown: str = "open"
    level: str = ""
    unit_id: UUID | None = None
    town_id: UUID | None = None
    after: UUID | None = None
    limit: int = 0


@dataclass(frozen=True)
class Page:
    """One page of a list, newest first, and the key after which the next one begins (None on the last)."""

    rows: Sequence[Supervision]
    next_key: UUID | None


def supervisions(viewer: Viewer, filters: Filters) -> Page:
    """Return a page of reminders, orders and cards that the viewer meets in office (one query)."""
    rows = _narrowed(_met(viewer), filters).select_related("case__condition__case_class", "unit", "raised_to", "clock")
    if filters.after is not None:
        rows = rows.filter(id__lt=filters.after)
    found = list(rows.order_by("-id")[: (filters.limit or PAGE) + 1])
    page = found[: filters.limit or PAGE]
    return Page(page, page[-1].id if len(found) > len(page) else None)


def all_supervisions(viewer: Viewer, filters: Filters) -> Iterator[Supervision]:
    """Yield everything a list holds from `filters.after` on, in its order, page by page."""
    key = filters.after
    while True:
        page = supervisions(viewer, replace(filters, after=key))
        yield from page.rows
        key = page.next_key
        if key is None:
            return


def counts_by_level(viewer: Viewer, filters: Filters) -> dict[str, int]:
    """Return how many there are at each level, narrowed otherwise as asked."""
    rows = _narrowed(_met(viewer), replace(filters, level="", after=None))
    return dict(rows.order_by("level").values_list("level").annotate(n=Count("id")))


def supervised_units(viewer: Viewer) -> list[tuple[UUID, str]]:
    """Return the units of which something is open, by name, for the list to be narrowed to one."""
    rows = _met(viewer).filter(ended_at=None, unit__isnull=False).order_by("unit__short_name", "unit_id")
    return list(rows.values_list("unit_id", "unit__short_name").distinct())


def orders_waiting(viewer: Viewer) -> dict[str, int]:
    """Return how many orders and cards wait for an answer from the viewer's units, by level (one query)."""
    units = viewer.organisations("cases.handle")
    if not units:
        return {}
    rows = Supervision.objects.filter(unit_id__in=units, standing=Standing.OPEN, ended_at=None)
    rows = rows.exclude(level=Level.REMINDER).order_by("level")
    return dict(rows.values_list("level").annotate(n=Count("id")))


def supervisions_of(case: Case) -> QuerySet[Supervision]:
    """Return the supervisions of a case the caller holds already, oldest first, with what was said about each."""
    entries = Prefetch("entries", SupervisionEntry.objects.order_by("id"))
    return case.supervisions.select_related("unit", "raised_to", "clock").prefetch_related(entries).order_by("id")


def supervision_for(viewer: Viewer, supervision_id: UUID) -> Supervision | None:
    """Return one supervision that the viewer meets in office."""
    return _met(viewer).select_related("case", "unit").filter(id=supervision_id).first()


def reminders_left(rows: Iterable[Supervision], origin: str) -> int:
    """Return how often the office, or the reporters, may still remind today of a case that has been urged so before."""
    today = timezone.localdate(clock.now())
    made = [row for row in rows if row.level == Level.REMINDER and row.origin == origin]
    return max(REMINDERS_A_DAY - sum(timezone.localdate(row.issued_at) == today for row in made), 0)


def _met(viewer: Viewer) -> QuerySet[Supervision]:
    """Return what the viewer meets: of their units, or in their areas, of cases that are theirs to see at all."""
    seen = Case.objects.filter(at_work(viewer), id=OuterRef("case"))
    return Supervision.objects.filter(Exists(seen), meets(viewer))


def _narrowed(rows: QuerySet[Supervision], filters: Filters) -> QuerySet[Supervision]:
    match filters.shown:
        case "ended":
            rows = rows.filter(ended_at__isnull=False)
        case "late":
            late = Q(answer_due_at__lt=clock.now(), standing=Standing.OPEN) & ~Q(level=Level.REMINDER)
            rows = rows.filter(late, ended_at=None)
        case "answered":
            rows = rows.filter(standing=Standing.ANSWERED, ended_at=None)
        case _:
            rows = rows.filter(standing__in=OPEN_STANDINGS, ended_at=None)
    if filters.level in Level.values:
        rows = rows.filter(level=filters.level)
    if filters.unit_id is not None:
        rows = rows.filter(unit_id=filters.unit_id)
    if filters.town_id is not None:
        rows = rows.filter(is_one_of("case__place_id", territory().with_descendants(filters.town_id)))
    return rows
