"""What speaks for a class at a place: components of the asset book around the point, and cases filed there lately.

A place never decides: it adds to what the words say, by less than one more pair of characters of a name of four, and
where the words say anything only they name classes.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import cos, log2, radians
from typing import Final
from uuid import UUID

from liuchi.engines.cases.access import works_on
from liuchi.engines.cases.models import Case, ClassKind
from liuchi.engines.cases.secrecy import open_to
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.attachments.queries import attachments_of
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.conditions import is_one_of
from liuchi.ground.organisations.assets import assets_around
from liuchi.ground.territory.coordinates import metres_between
from liuchi.ground.territory.models import AreaKind
from liuchi.ground.territory.queries import territory

#: Telephones are right to some ten metres, and people report from where they stand.
COMPONENTS_WITHIN: Final = 50.0
CASES_WITHIN: Final = 100.0
LATELY: Final = timedelta(days=90)
#: What one component at the very point counts, what one case counts, and all of a place at most.
COMPONENT, CASE, MOST = 0.15, 0.05, 0.2
_NEAREST: Final = 30
_NEWEST: Final = 500
_METRES_PER_DEGREE: Final = 111_000.0
_POWERS: Final = ("cases.see", "cases.accept")


@dataclass(frozen=True)
class Around:
    """What is near a point of one class: the nearest component's distance in metres (None without any), and cases."""

    metres: float | None = None
    cases: int = 0

    @property
    def weight(self) -> float:
        """Return what this adds to a score: nearer and more is more, up to `MOST`."""
        stands = 0.0 if self.metres is None else COMPONENT * (1 - self.metres / (2 * COMPONENTS_WITHIN))
        return min(stands + CASE * log2(1 + self.cases), MOST)


def classes_around(viewer: Viewer, case: Case, report_ids: Collection[UUID] = ()) -> dict[tuple[str, str], Around]:
    """Return what is around a case by (kind, code) of the class, for whoever works on it; three queries at most.

    The place is the point reported; where there is none, the one that a photo of `report_ids` kept because who sent it
    declared it. Secret cases and such as the viewer may not see do not count.
    """
    if not works_on(viewer, case):
        return {}
    point = _point(case, report_ids)
    if point is None:
        return {}
    metres: dict[tuple[str, str], float] = {}
    for each in assets_around(viewer, *point, COMPONENTS_WITHIN, _NEAREST):
        metres.setdefault((ClassKind.COMPONENT, each.asset.asset_class.code), each.metres)
    cases = _filed_near(viewer, case, point)
    return {key: Around(metres.get(key), cases.get(key, 0)) for key in {**metres, **cases}}


def _point(case: Case, report_ids: Collection[UUID]) -> tuple[float, float] | None:
    if case.longitude is not None and case.latitude is not None:
        return case.longitude, case.latitude
    photos = (row for rows in attachments_of(list(report_ids)).values() for row in rows) if report_ids else ()
    for row in photos:
        if row.longitude is not None and row.latitude is not None:
            return row.longitude, row.latitude
    return None


def _filed_near(viewer: Viewer, case: Case, point: tuple[float, float]) -> Mapping[tuple[str, str], int]:
    high = CASES_WITHIN / _METRES_PER_DEGREE
    wide = high / max(cos(radians(point[1])), 0.01)
    seen = frozenset[UUID]().union(*(viewer.areas(power) for power in _POWERS))
    town = territory().ancestor(case.place_id, AreaKind.TOWN)
    if town is not None:
        # Ended cases are indexed by area, by nothing nearer; what lies beyond the street's border is given up.
        seen &= territory().with_descendants(town.id)
    rows = (
        Case.objects.filter(is_one_of("place_id", seen), open_to(viewer), is_secret=False)
        .filter(condition__isnull=False, reported_at__gte=clock.now() - LATELY)
        .filter(longitude__range=(point[0] - wide, point[0] + wide))
        .filter(latitude__range=(point[1] - high, point[1] + high))
        .exclude(id=case.id)
        .order_by("-id")
        .values_list("condition__case_class__kind", "condition__case_class__code", "longitude", "latitude")
    )
    found: dict[tuple[str, str], int] = {}
    for kind, code, longitude, latitude in rows[:_NEWEST]:
        if (
            longitude is not None
            and latitude is not None
            and metres_between(point, (longitude, latitude)) <= CASES_WITHIN
        ):
            found[kind, code] = found.get((kind, code), 0) + 1
    return found
