"""What became of cases, for other cities' apps: each change of state as anybody may know it, when it was recorded."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q

from liuchi.engines.cases.models import CaseMove
from liuchi.ground.kernel.conditions import is_one_of
from liuchi.ground.territory.queries import territory


@dataclass(frozen=True)
class UpdateFilters:
    """What is asked for: the changes recorded from `since` to `until`, both included; of cases `numbers`, if any."""

    area_id: UUID
    since: datetime
    until: datetime
    numbers: Collection[str] = ()
    skip: int = 0
    limit: int = 50


def open_updates(filters: UpdateFilters) -> Sequence[CaseMove]:
    """Return the moves by which cases that are not secret changed their state, in the order they were recorded.

    By that order, not by when they happened: who asks for what is new since an hour ago misses nothing that was done
    without a network and came later. Each has its case and unit; the words of people in it are not for everybody.
    """
    rows = CaseMove.objects.filter(
        is_one_of("case__place_id", territory().with_descendants(filters.area_id)),
        case__is_secret=False,
        recorded_at__range=(filters.since, filters.until),
    )
    rows = rows.exclude(Q(from_state="") | Q(from_state=F("to_state")))
    if filters.numbers:
        rows = rows.filter(case__number__in=filters.numbers)
    rows = rows.select_related("case", "unit").order_by("recorded_at", "id")
    return list(rows[filters.skip : filters.skip + filters.limit])
