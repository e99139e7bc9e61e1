"""What a work-list is narrowed to and in which order it stands, and the conditions this makes."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.db.models import F, Q, QuerySet, Value
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan  # type: ignore[import-untyped]
from django.db.models.functions import Coalesce

from liuchi.engines.cases.models import Case, Channel, State
from liuchi.engines.cases.search.asking import holds, questions
from liuchi.ground.kernel.conditions import is_one_of
from liuchi.ground.territory.queries import territory

#: Where a case without a promise stands in the order of promises: behind all others.
NO_PROMISE: Final = datetime(2999, 1, 1, tzinfo=UTC)
#: Rows of a page of a work-list, unless somebody asks for another number.
PAGE = 50


class Order(StrEnum):
    """In which order a work-list stands."""

    STEP = "step"  # whose step is due first
    PROMISE = "promise"  # what was promised first
    NEWEST = "newest"  # taken in last


#: What of a work-list is kept under a name.
WANTED: Final = ("scope", "state", "area", "unit", "matter", "channel", "late", "q", "order")


@dataclass(frozen=True)
class Filters:
    """What a work-list is narrowed to. `scope` is "mine" (waits for me) or "all" (everything open that I may see).

    `matter` is a class or a major class of either kind, as duties speak of them ("component-0101", "event-02"); areas
    count with everything below them. `after` is the key of the last row seen, in the order chosen; `limit` is how many
    rows a page has.
    """

    scope: str = "mine"
    state: str = ""
    area_id: UUID | None = None
    unit_id: UUID | None = None
    matter: str = ""
    channel: str = ""
    late: str = ""
    words: str = ""
    order: str = Order.STEP
    after: tuple[datetime, UUID] | None = None
    limit: int = field(default_factory=lambda: PAGE)

    @property
    def is_narrowed(self) -> bool:
        """Tell whether anything is left out beside the scope."""
        return any((self.state, self.area_id, self.unit_id, self.matter, self.channel, self.late, self.words))


def narrowed(rows: QuerySet[Case], filters: Filters, now: datetime) -> QuerySet[Case]:
    """Return those of open cases that fit; what is late is late at `now`."""
    if filters.state in State.values:
        rows = rows.filter(state=filters.state)
    if filters.area_id is not None:
        rows = rows.filter(is_one_of("place_id", territory().with_descendants(filters.area_id)))
    if filters.unit_id is not None:
        rows = rows.filter(unit_id=filters.unit_id)
    if filters.channel in Channel.values:
        rows = rows.filter(channel=filters.channel)
    if filters.matter:
        rows = rows.filter(_of_matter(filters.matter))
    if filters.late == "overdue":
        rows = rows.filter(step_due_at__lt=now)
    elif filters.late == "soon":
        rows = rows.filter(step_due_at__gte=now, step_warn_at__lte=now)
    return rows.filter(_with_words(filters.words)) if filters.words.strip() else rows


def ordered(rows: QuerySet[Case], filters: Filters) -> QuerySet[Case]:
    """Return the rows in the order chosen, from the key on, each with its own key (`at`) beside its id."""
    rows = rows.annotate(at=_key_of(filters.order))
    if filters.order == Order.NEWEST:
        behind = TupleLessThan(Tuple("at", "id"), filters.after) if filters.after else Q()
        return rows.filter(behind).order_by("-at", "-id")
    behind = TupleGreaterThan(Tuple("at", "id"), filters.after) if filters.after else Q()
    return rows.filter(behind).order_by("at", "id")


def _key_of(order: str) -> Any:
    if order == Order.PROMISE:
        return Coalesce("due_at", Value(NO_PROMISE))
    return F("reported_at") if order == Order.NEWEST else F("step_due_at")


def _of_matter(matter: str) -> Q:
    kind, _, code = matter.partition("-")
    of_class = Q(condition__case_class__kind=kind)
    return of_class & (Q(condition__case_class__major_code=code) | Q(condition__case_class__code=code))


def _with_words(words: str) -> Q:
    """Return the condition that a case holds every word, in what the list shows or in what it is found by."""
    shown = Q()
    for word in words.split():
        shown &= (
            Q(number__icontains=word)
            | Q(condition__case_class__name__icontains=word)
            | Q(address__icontains=word)
            | Q(unit__name__icontains=word)
        )
    asked = questions(words)
    if not asked:
        return shown
    return shown | Q(holds(asked[0].text))
