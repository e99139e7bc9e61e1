"""Which open cases are likely the same matter. What this costs follows the open cases around, never the history."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import cos, radians
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from liuchi.engines.cases.access import at_work, work_of
from liuchi.engines.cases.duplicates.comparing import REACH, Likeness, Matter, likeness
from liuchi.engines.cases.models import Case, Report, State
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.conditions import is_one_of
from liuchi.ground.territory.models import AreaKind
from liuchi.ground.territory.queries import territory

#: Where so many cases are open around a point, the newest of them are compared.
MOST_COMPARED: Final = 200
MOST_SHOWN: Final = 5
#: To the public fewer: nobody reads a long list before sending.
MOST_OFFERED: Final = 3
#: Once a unit works on a case, its page is the unit's: the desk compares before.
LOOKED_FOR_IN: Final = frozenset({State.RECEIVED, State.VERIFYING, State.FILED})
_METRES_PER_DEGREE: Final = 111_000.0


@dataclass(frozen=True)
class Likely:
    """An open case that is likely the same matter, and why."""

    case: Case
    likeness: Likeness


def likely_duplicates(viewer: Viewer, case: Case) -> list[Likely]:
    """Return open cases that are likely the same matter as `case`, the likeliest first, for the desk of its place.

    Two queries; none for a case that was dispatched, nor for somebody who does not decide at the desk.
    """
    if case.state not in LOOKED_FOR_IN or not viewer.allows("cases.accept", case.place_id):
        return []
    rows = _around(case.longitude, case.latitude, case.place_id).filter(at_work(viewer) | work_of(viewer))
    known = list(rows.exclude(id=case.id).select_related("condition__case_class").distinct()[:MOST_COMPARED])
    said = _said([case, *known]) if known else {}
    new = _matter(case, said.get(case.id, ""))
    return _likeliest(new, ((each, _matter(each, said.get(each.id, ""))) for each in known), MOST_SHOWN)


def open_like(text: str, place_id: UUID, at: datetime) -> list[Likely]:
    """Return open cases of a place's community that what somebody is about to report may be about (one query).

    Compared is only what everybody may know: the class and its condition, the community, the time. Neither anybody's
    words nor where exactly something was reported can be found out by asking.
    """
    known = territory()
    community = known.ancestor(place_id, AreaKind.COMMUNITY)
    if community is None:
        return []
    around = is_one_of("place_id", known.with_descendants(community.id))
    rows = Case.objects.filter(around, ended_at=None, is_secret=False)
    filed = rows.filter(condition__isnull=False).select_related("condition__case_class", "place").order_by("-id")
    new = Matter(text, at, community.id)
    public = ((each, Matter(_named(each), each.reported_at, community.id)) for each in filed[:MOST_COMPARED])
    return _likeliest(new, public, MOST_OFFERED)


def _around(longitude: float | None, latitude: float | None, place_id: UUID) -> QuerySet[Case]:
    """Return the open cases within reach of a point, and those of the same place without one; the newest first."""
    rows = Case.objects.filter(ended_at=None).order_by("-id")
    if longitude is None or latitude is None:
        return rows.filter(place_id=place_id)
    north = REACH / _METRES_PER_DEGREE
    east = north / cos(radians(latitude))
    box = Q(longitude__range=(longitude - east, longitude + east), latitude__range=(latitude - north, latitude + north))
    return rows.filter(box | Q(longitude=None, place_id=place_id))


def _said(cases: Sequence[Case]) -> dict[UUID, str]:
    """Return what was first said in each case."""
    rows = Report.objects.filter(case_id__in=[case.id for case in cases], is_joined=False)
    return dict(rows.order_by("-received_at", "-id").values_list("case_id", "text"))


def _matter(case: Case, said: str) -> Matter:
    condition = case.condition
    return Matter(
        said,
        case.reported_at,
        case.place_id,
        case.longitude,
        case.latitude,
        condition.case_class_id if condition else None,
        condition.case_class.name if condition else "",
    )


def _named(case: Case) -> str:
    return f"{case.condition.case_class.name}，{case.condition.condition}" if case.condition else ""


def _likeliest(new: Matter, known: Iterable[tuple[Case, Matter]], most: int) -> list[Likely]:
    found = [Likely(case, likeness(new, matter)) for case, matter in known]
    likely = [each for each in found if each.likeness.is_likely]
    return sorted(likely, key=lambda each: (-each.likeness.score, each.case.number))[:most]
