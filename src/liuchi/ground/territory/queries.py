"""Reading the territory: one snapshot per edition, kept in memory, so that a point is located in microseconds."""

import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from uuid import UUID

from django.db.models import Q, QuerySet

from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.territory.geometry import GridIndex
from liuchi.ground.territory.models import Area, AreaKind, Boundary, Edition, Feature

#: A process may go on with the territory it knows for this long after another process changed it, in seconds.
STALE_AFTER = 1.0
#: Days of which the territory is kept in memory at most.
SNAPSHOTS_KEPT = 8


@dataclass(frozen=True)
class Territory:
    """The areas in force on one day, as a tree by management, with an index of the grids' boundaries."""

    edition: int
    areas: Mapping[UUID, Area]
    on: date | None = None
    _above: dict[UUID, frozenset[UUID]] = field(default_factory=dict, repr=False)
    _below: dict[UUID, frozenset[UUID]] = field(default_factory=dict, repr=False)

    @cached_property
    def children(self) -> Mapping[UUID | None, tuple[Area, ...]]:
        """Return the areas below each area, by code; the roots stand under None."""
        below: dict[UUID | None, list[Area]] = {}
        for area in self.areas.values():
            parent = self.parent_id(area)
            below.setdefault(parent if parent in self.areas else None, []).append(area)
        return {parent: tuple(sorted(each, key=lambda area: area.code)) for parent, each in below.items()}

    @cached_property
    def grids(self) -> GridIndex[UUID]:
        """Return the index of the boundaries of the grids in force."""
        moment = Q(valid_to=None) if self.on is None else in_force(self.on)
        rows = (
            Boundary.objects.filter(moment, area__kind=AreaKind.GRID)
            .order_by("area__code")
            .values_list("area_id", "geometry")
        )
        return GridIndex([(area_id, geometry) for area_id, geometry in rows if area_id in self.areas])

    def locate(self, longitude: float, latitude: float) -> Area | None:
        """Return the grid in which a point (CGCS2000 degrees) lies, or None outside the territory; microseconds."""
        found = self.grids.locate(longitude, latitude)
        return None if found is None else self.areas[found]

    def area(self, area_id: UUID) -> Area:
        """Return one area.

        Raises:
            NotFound: when no area in force has this id.
        """
        try:
            return self.areas[area_id]
        except KeyError:
            raise NotFound(f"no area {area_id}") from None

    def with_ancestors(self, area_id: UUID) -> frozenset[UUID]:
        """Return the ids of an area and of all above it."""
        known = self._above.get(area_id)
        if known is None:
            area = self.areas.get(area_id)
            if area is None:
                return frozenset({area_id})  # remembered it is not: ids from addresses would pile up
            parent = self.parent_id(area)
            known = frozenset({area_id}) | (self.with_ancestors(parent) if parent else frozenset())
            self._above[area_id] = known
        return known

    def with_descendants(self, area_id: UUID) -> frozenset[UUID]:
        """Return the ids of an area and of all below it."""
        known = self._below.get(area_id)
        if known is None:
            if area_id not in self.areas:
                return frozenset({area_id})
            below = (self.with_descendants(area.id) for area in self.children.get(area_id, ()))
            known = self._below[area_id] = frozenset({area_id}).union(*below)
        return known

    def ancestor(self, area_id: UUID, kind: str) -> Area | None:
        """Return the area of `kind` that holds `area_id` (or is it), if there is one."""
        above = (self.areas[each] for each in self.with_ancestors(area_id) if each in self.areas)
        return next((area for area in above if area.kind == kind), None)

    def of_kind(self, kind: str) -> list[Area]:
        """Return the areas of one kind, by code."""
        return sorted((area for area in self.areas.values() if area.kind == kind), key=lambda area: area.code)

    def root(self) -> Area:
        """Return the district: the topmost managed area of that kind.

        Raises:
            NotFound: when no territory has been imported.
        """
        districts = [area for area in self.of_kind(AreaKind.DISTRICT) if area.is_managed]
        if not districts:
            raise NotFound("no territory has been imported yet: run `liuchi import divisions FILE`")
        return districts[0]

    @staticmethod
    def parent_id(area: Area) -> UUID | None:
        """Return the id of the area that manages this one."""
        return area.management_parent_id or area.statistical_parent_id


_known: dict[date | None, Territory] = {}
_asked_at = 0.0
_lock = threading.Lock()


def in_force(on: date) -> Q:
    """Return the condition that a row was in force on a day."""
    return Q(valid_from__lte=on) & (Q(valid_to=None) | Q(valid_to__gt=on))


def territory(on: date | None = None) -> Territory:
    """Return the territory in force (or as it stood `on` a day); asks the database at most once a second."""
    global _asked_at  # noqa: PLW0603 - one snapshot per process is the point
    known = _known.get(on)
    if known is not None and time.monotonic() - _asked_at < STALE_AFTER:
        return known
    with _lock:
        edition = Edition.objects.values_list("number", flat=True).first() or 0
        _asked_at = time.monotonic()
        known = _known.get(on)
        if known is None or known.edition != edition:
            # Snapshots of other days may be older than the last question to the database: none may outlive its edition.
            if len(_known) >= SNAPSHOTS_KEPT or any(each.edition != edition for each in _known.values()):
                _known.clear()
            rows = Area.objects.filter(Q(valid_to=None) if on is None else in_force(on)).order_by("code")
            known = _known[on] = Territory(edition, {area.id: area for area in rows}, on)
        return known


def forget() -> None:
    """Drop what this process remembers of the territory; the next question reads it anew."""
    with _lock:
        _known.clear()


def locate(longitude: float, latitude: float, on: date | None = None) -> Area | None:
    """Return the grid that holds a point, today or on a past day; None outside the territory.

    Raises:
        ValueError: when the coordinates are no degrees.
    """
    return territory(on).locate(longitude, latitude)


def boundaries(areas: Iterable[UUID]) -> dict[UUID, dict[str, object]]:
    """Return the GeoJSON geometry in force of each area that has one."""
    rows = Boundary.objects.filter(area_id__in=list(areas), valid_to=None).order_by("area__code")
    return dict(rows.values_list("area_id", "geometry"))


def features() -> QuerySet[Feature]:
    """Return what is drawn on the map for orientation."""
    return Feature.objects.order_by("kind", "name", "id")
