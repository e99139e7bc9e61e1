"""The list of call-backs with the eyes of somebody at the desk, and what the called-back said, in figures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan  # type: ignore[import-untyped]
from django.utils.translation import gettext as _

from liuchi.engines.cases.access import had_a_part
from liuchi.engines.cases.models import Assignment, CallBack, CallBackResult, CallBackRule, Case
from liuchi.engines.cases.secrecy import open_to
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.conditions import is_one_of
from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.territory.queries import territory

PAGE: Final = 50
WAITING: Final = "waiting"


@dataclass(frozen=True)
class CallFilters:
    """What the list is narrowed to; `shown` is "waiting", "ended", or a result.

    `limit` is how many a page has; 0 for the usual number.
    """

    shown: str = WAITING
    town_id: UUID | None = None
    after: tuple[datetime, UUID] | None = None
    limit: int = 0


@dataclass(frozen=True)
class CallPage:
    """One page of call-backs, and the key after which the next begins (None on the last)."""

    rows: Sequence[CallBack]
    next_key: tuple[datetime, UUID] | None


@dataclass(frozen=True)
class CallFigures:
    """How many closings were drawn, and of these called back, and what people said (三率 with their coverage)."""

    drawn: int
    called: int
    reached: int
    solved: int
    satisfied: int


def call_backs(viewer: Viewer, filters: CallFilters) -> CallPage:
    """Return a page of call-backs that `viewer` may make or may read, oldest first (one query)."""
    rows = _narrowed(_of(viewer), filters).select_related("case__condition__case_class", "case__unit")
    if filters.after is not None:
        rows = rows.filter(TupleGreaterThan(Tuple("drawn_at", "id"), filters.after))
    found = list(rows.order_by("drawn_at", "id")[: (filters.limit or PAGE) + 1])
    page = found[: filters.limit or PAGE]
    return CallPage(page, (page[-1].drawn_at, page[-1].id) if len(found) > len(page) else None)


def every_call_back(viewer: Viewer, filters: CallFilters) -> Iterator[CallBack]:
    """Yield all that `call_backs` would show, page by page."""
    key = filters.after
    while True:
        page = call_backs(viewer, replace(filters, after=key))
        yield from page.rows
        key = page.next_key
        if key is None:
            return


def call_figures(viewer: Viewer, filters: CallFilters) -> CallFigures:
    """Return the figures of the call-backs in an area, whatever they stand at (one query)."""
    rows = _narrowed(_of(viewer), replace(filters, shown="", after=None))
    reached = Q(result__in=[CallBackResult.SOLVED, CallBackResult.NOT_SOLVED])
    return CallFigures(
        **rows.aggregate(
            drawn=Count("id"),
            called=Count("id", filter=Q(calls__gt=0)),
            reached=Count("id", filter=reached),
            solved=Count("id", filter=Q(result=CallBackResult.SOLVED)),
            satisfied=Count("id", filter=Q(is_satisfied=True)),
        )
    )


def call_back_for(viewer: Viewer, call_back_id: UUID) -> CallBack:
    """Return one call-back that `viewer` may make or may read.

    Raises:
        NotFound: there is none, or it is not for this viewer to know.
    """
    rows = _of(viewer).select_related("case__condition__case_class", "case__unit", "case__place", "closing")
    row = rows.filter(id=call_back_id).first()
    if row is None or had_a_part(viewer, row.case):
        raise NotFound(_("There is no such call-back."))
    return row


def rules_of(viewer: Viewer) -> QuerySet[CallBackRule]:
    """Return the rules that were set, the newest of each area first, where the viewer may set them."""
    rows = CallBackRule.objects.filter(is_one_of("area_id", viewer.areas("cases.standards"))).select_related("area")
    return rows.order_by("area__code", "-since", "-id")


def _of(viewer: Viewer) -> QuerySet[CallBack]:
    """Return the call-backs of the viewer's desk but those of cases in which a unit of theirs had a part."""
    mine = viewer.organisations_under_any_hat("cases.handle")
    own = Assignment.objects.filter(case=OuterRef("case"), unit_id__in=mine)
    seen = Case.objects.filter(open_to(viewer), id=OuterRef("case"))
    rows = CallBack.objects.filter(is_one_of("case__place_id", viewer.areas("cases.accept")), Exists(seen))
    return rows.exclude(Exists(own)) if mine else rows


def _narrowed(rows: QuerySet[CallBack], filters: CallFilters) -> QuerySet[CallBack]:
    if filters.shown == WAITING:
        rows = rows.filter(ended_at=None)
    elif filters.shown == "ended":
        rows = rows.filter(ended_at__isnull=False)
    elif filters.shown in CallBackResult.values:
        rows = rows.filter(result=filters.shown)
    if filters.town_id is not None:
        rows = rows.filter(is_one_of("case__place_id", territory().with_descendants(filters.town_id)))
    return rows
