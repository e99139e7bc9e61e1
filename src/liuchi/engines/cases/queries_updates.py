"""What became of cases, for other cities' apps: each change of state as anybody may know it, when it was recorded."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from liuchi.engines.cases.access import reports_by
from liuchi.engines.cases.models import Case, CaseMove
from liuchi.engines.cases.secrecy import is_kept_from
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.conditions import is_one_of
from liuchi.ground.kernel.errors import NotFound
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
    rows = _changes().filter(
        is_one_of("case__place_id", territory().with_descendants(filters.area_id)),
        recorded_at__range=(filters.since, filters.until),
    )
    if filters.numbers:
        rows = rows.filter(case__number__in=filters.numbers)
    return list(rows[filters.skip : filters.skip + filters.limit])


def open_history(numbers: Iterable[str]) -> Sequence[CaseMove]:
    """Return the moves by which cases of these numbers changed their state, none of a secret one (one query)."""
    return list(_changes().filter(case__number__in=list(numbers)))


def _changes() -> QuerySet[CaseMove]:
    rows = CaseMove.objects.filter(case__is_secret=False).exclude(Q(from_state="") | Q(from_state=F("to_state")))
    return rows.select_related("case", "unit").order_by("recorded_at", "id")


def case_told_of(viewer: Viewer, number: str, area_id: UUID) -> Case:
    """Return the case of an area that a system tells about; of one that was merged, the one it went into.

    Raises:
        NotFound: there is none, or it is secret, neither the viewer's own nor with a unit of theirs.
    """
    rows = Case.objects.select_related("merged_into").filter(
        is_one_of("place_id", territory().with_descendants(area_id)), number=number
    )
    case = rows.first()
    if case is not None and case.merged_into is not None:
        case = case.merged_into
    if case is None or (case.is_secret and not _is_theirs(viewer, case)):
        raise NotFound(_("There is no case of this number. Check the number on your receipt."))
    return case


def _is_theirs(viewer: Viewer, case: Case) -> bool:
    handles = viewer.allows_in("cases.handle", case.unit_id) and not is_kept_from(viewer, case)
    return handles or reports_by(viewer, case).exists()
