"""Reading heads of building units and of joint defence; only where the viewer may see staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from liuchi.ground.kernel.actors import Reader
from liuchi.ground.kernel.conditions import is_one_of
from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.people.models import UnitHead
from liuchi.ground.people.staffing import SEE, today
from liuchi.ground.territory.models import Succession
from liuchi.ground.territory.queries import territory

#: A term that ends within this time is shown as ending soon.
SOON = timedelta(days=60)
PAGE = 50


@dataclass(frozen=True)
class HeadFilters:
    """What the list is narrowed to; `term` is "soon" or "over", `after` the last row of the page before."""

    area_id: UUID | None = None
    kind: str = ""
    term: str = ""
    words: str = ""
    after: UUID | None = None


@dataclass(frozen=True)
class HeadPage:
    """A page of heads; `next_key` leads to the next one."""

    rows: Sequence[UnitHead]
    next_key: UUID | None


@dataclass(frozen=True)
class HeadFigures:
    """How many heads are in office, of how many the term ends soon or is over."""

    heads: int
    ending_soon: int
    over: int


def unit_heads(viewer: Reader, filters: HeadFilters, limit: int = 0) -> HeadPage:
    """Return a page of heads in office, by area and place, of PAGE rows unless limited (two queries at most)."""
    limit = limit or PAGE
    rows = list(all_heads(viewer, filters)[: limit + 1])
    shown = rows[:limit]
    return HeadPage(shown, shown[-1].id if len(rows) > limit else None)


def all_heads(viewer: Reader, filters: HeadFilters) -> QuerySet[UnitHead]:
    """Return every head in office that the filters leave, by the code of the area and the place."""
    rows = UnitHead.objects.filter(_seen(viewer), ended_on=None).select_related(
        "person__merged_into", "area", "building__estate"
    )
    if filters.area_id is not None:
        rows = rows.filter(is_one_of("area_id", territory().with_descendants(filters.area_id)))
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    day = today()
    if filters.term == "soon":
        rows = rows.filter(term_until__gte=day, term_until__lte=day + SOON)
    elif filters.term == "over":
        rows = rows.filter(term_until__lt=day)
    for word in filters.words.split():
        rows = rows.filter(
            Q(person__name__icontains=word)
            | Q(person__merged_into__name__icontains=word)
            | Q(place__icontains=word)
            | Q(building__estate__name__icontains=word)
        )
    if filters.after is not None:
        last = UnitHead.objects.filter(id=filters.after).values_list("area__code", "place", "id").first()
        if last is not None:
            code, place, key = last
            rows = rows.filter(
                Q(area__code__gt=code)
                | Q(area__code=code, place__gt=place)
                | Q(area__code=code, place=place, id__gt=key)
            )
    return rows.order_by("area__code", "place", "id")


def unit_head(viewer: Reader, head_id: UUID) -> UnitHead:
    """Return one head, former ones too.

    Raises:
        NotFound: there is none that this viewer may see.
    """
    rows = UnitHead.objects.filter(_seen(viewer), id=head_id)
    found = rows.select_related("person__merged_into", "area", "building__estate").first()
    if found is None:
        raise NotFound(_("There is no such head."))
    return found


def heads_before(viewer: Reader, head: UnitHead) -> QuerySet[UnitHead]:
    """Return who else was head of the same place, newest first; also while its ground was another grid's."""
    grounds = [head.area_id, *_once(head.area_id)]
    rows = UnitHead.objects.filter(_seen(viewer), kind=head.kind, area_id__in=grounds, place=head.place)
    rows = rows.filter(building=head.building).exclude(id=head.id).select_related("person__merged_into")
    return rows.order_by(F("ended_on").desc(nulls_first=True), "-term_from", "id")


def heads_on(viewer: Reader, area_id: UUID, on: date) -> QuerySet[UnitHead]:
    """Return who was head in an area and below it on a day, by area and place."""
    rows = UnitHead.objects.filter(
        _seen(viewer), is_one_of("area_id", territory().with_descendants(area_id)), term_from__lte=on
    ).exclude(ended_on__lte=on)
    return rows.select_related("person__merged_into", "area").order_by("area__code", "place", "id")


def head_figures(viewer: Reader, area_id: UUID | None = None) -> HeadFigures:
    """Return how many heads are in office where the viewer may see them (one query)."""
    rows = UnitHead.objects.filter(_seen(viewer), ended_on=None)
    if area_id is not None:
        rows = rows.filter(is_one_of("area_id", territory().with_descendants(area_id)))
    day = today()
    counts = rows.aggregate(
        heads=Count("id"),
        soon=Count("id", filter=Q(term_until__gte=day, term_until__lte=day + SOON)),
        over=Count("id", filter=Q(term_until__lt=day)),
    )
    return HeadFigures(counts["heads"], counts["soon"], counts["over"])


def _once(area_id: UUID) -> set[UUID]:
    """Return the areas out of which one was made, through any number of splits and mergers."""
    found: set[UUID] = set()
    waiting = {area_id}
    while waiting:
        rows = Succession.objects.filter(to_area_id__in=waiting).exclude(from_area_id__in=waiting)
        waiting = set(rows.order_by().values_list("from_area_id", flat=True)) - found
        found |= waiting
    return found


def elected_on(head: UnitHead) -> date:
    """Return when somebody came into the office they hold, however often the area changed around it."""
    first = head
    while first.continues_id is not None:
        first = UnitHead.objects.get(id=first.continues_id)
    return first.term_from


def _seen(viewer: Reader) -> Q:
    return is_one_of("area_id", viewer.areas(SEE))
