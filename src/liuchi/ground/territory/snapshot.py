"""The territory as it stood, stands or will stand on one day, in memory: the tree of areas and where a point lies."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from uuid import UUID

from django.db.models import Q

from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.territory.geometry import GridIndex
from liuchi.ground.territory.models import TIERS, Area, AreaKind, AreaVersion, Boundary, Succession, SuccessionKind

#: What a version tells of an area; the same fields stand on the area as they are at present.
FACTS = (
    "code",
    "name",
    "official_name",
    "label_kind",
    "statistical_parent_id",
    "management_parent_id",
    "is_managed",
)
_KINDS = {tier: kind for kind, tier in TIERS.items()}


@dataclass(frozen=True, eq=False)
class Territory:
    """The areas in force on one day, as a tree by management, with an index of the grids' boundaries.

    Each reading is a territory of its own: what was worked out for one holds as long as it is that one.

    `former` names for each area that ended before the day the area that now holds what is left of it, so that old
    cases and papers stay within somebody's reach: its one successor, else what it last stood under.
    """

    edition: int
    areas: Mapping[UUID, Area]
    on: date
    former: Mapping[UUID, UUID | None] = field(default_factory=dict)
    _above: dict[UUID, frozenset[UUID]] = field(default_factory=dict, repr=False)
    _of_kind_above: dict[tuple[UUID, str], Area | None] = field(default_factory=dict, repr=False)
    _below: dict[UUID, frozenset[UUID]] = field(default_factory=dict, repr=False)
    _indexes: dict[str, GridIndex[UUID]] = field(default_factory=dict, repr=False)
    _middles: dict[UUID, tuple[float, float] | None] = field(default_factory=dict, repr=False)

    @cached_property
    def children(self) -> Mapping[UUID | None, tuple[Area, ...]]:
        """Return the areas below each area, by code; the roots stand under None."""
        below: dict[UUID | None, list[Area]] = {}
        for area in self.areas.values():
            parent = self.parent_id(area)
            below.setdefault(parent if parent in self.areas else None, []).append(area)
        return {parent: tuple(sorted(each, key=lambda area: area.code)) for parent, each in below.items()}

    @property
    def grids(self) -> GridIndex[UUID]:
        """Return the index of the boundaries of the standard grids in force (read once, then kept)."""
        return self.index(AreaKind.GRID)

    def index(self, kind: str) -> GridIndex[UUID]:
        """Return the index of the boundaries in force of one kind of area (read once, then kept)."""
        found = self._indexes.get(kind)
        if found is None:
            rows = Boundary.objects.filter(in_force(self.on), area__kind=kind).values_list("area_id", "geometry")
            known = [(self.areas[area_id].code, area_id, geometry) for area_id, geometry in rows.order_by("area_id")
                     if area_id in self.areas]  # fmt: skip
            known.sort(key=lambda row: row[0])
            found = self._indexes[kind] = GridIndex([(area_id, geometry) for _, area_id, geometry in known])
        return found

    def locate(self, longitude: float, latitude: float, *, tier: int = 1) -> Area | None:
        """Return the grid of a tier in which a point (CGCS2000 degrees) lies, or None where there is none.

        Tier 1 are the standard grids, 2 the micro-units, 3 the household groups; microseconds.

        Raises:
            ValueError: when the coordinates are no degrees.
        """
        found = self.index(_KINDS[tier]).locate(longitude, latitude)
        return None if found is None else self.areas.get(found)

    def middle(self, area_id: UUID) -> tuple[float, float] | None:
        """Return a point (CGCS2000 degrees, to 10 m) within the grids of an area, the same for all of it.

        None for an area without grids that are drawn.
        """
        if area_id not in self._middles:
            found = self.grids.middle(self.with_descendants(area_id)) if area_id in self.areas else None
            self._middles[area_id] = None if found is None else (round(found[0], 4), round(found[1], 4))
        return self._middles[area_id]

    def special_at(self, longitude: float, latitude: float) -> Area | None:
        """Return the special grid (专属网格) over a point, where there is one."""
        found = self.index(AreaKind.SPECIAL).locate(longitude, latitude)
        return None if found is None else self.areas.get(found)

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
        """Return the ids of an area and of all above it; of one that ended, what holds it now and all above that."""
        known = self._above.get(area_id)
        if known is None:
            if area_id in self.areas:
                parent = self.parent_id(self.areas[area_id])
            elif area_id in self.former:
                parent = self.former[area_id]
            else:
                return frozenset({area_id})  # remembered it is not: ids from addresses would pile up
            known = frozenset({area_id}) | (self.with_ancestors(parent) if parent else frozenset())
            self._above[area_id] = known
        return known

    def with_descendants(self, area_id: UUID) -> frozenset[UUID]:
        """Return the ids of an area and of all below it, with those that ended and are held there now."""
        known = self._below.get(area_id)
        if known is None:
            if area_id not in self.areas and area_id not in self.former:
                return frozenset({area_id})
            below = [area.id for area in self.children.get(area_id, ())] + self._held.get(area_id, [])
            known = self._below[area_id] = frozenset({area_id}).union(*map(self.with_descendants, below))
        return known

    @cached_property
    def _held(self) -> Mapping[UUID, list[UUID]]:
        held: dict[UUID, list[UUID]] = {}
        for ended, holder in self.former.items():
            if holder is not None:
                held.setdefault(holder, []).append(ended)
        return held

    def ancestor(self, area_id: UUID, kind: str) -> Area | None:
        """Return the area of `kind` that holds `area_id` (or is it), if there is one."""
        if (area_id, kind) in self._of_kind_above:
            return self._of_kind_above[area_id, kind]
        above = (self.areas[each] for each in self.with_ancestors(area_id) if each in self.areas)
        found = next((area for area in above if area.kind == kind), None)
        if area_id in self.areas:
            self._of_kind_above[area_id, kind] = found
        return found

    def holder(self, area_id: UUID) -> Area | None:
        """Return the area itself while it is in force; of one that ended, the area that holds what is left of it."""
        while area_id not in self.areas:
            holder = self.former.get(area_id)
            if holder is None:
                return None
            area_id = holder
        return self.areas[area_id]

    def path(self, area_id: UUID) -> list[Area]:
        """Return the areas from the top down to this one."""
        above: list[Area] = []
        area = self.areas.get(area_id)
        while area is not None:
            above.insert(0, area)
            parent = self.parent_id(area)
            area = self.areas.get(parent) if parent else None
        return above

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


def in_force(on: date) -> Q:
    """Return the condition that a row was in force on a day."""
    return Q(valid_from__lte=on) & (Q(valid_to=None) | Q(valid_to__gt=on))


def read_territory(edition: int, on: date) -> Territory:
    """Read the territory of one day from the database (three queries)."""
    versions = AreaVersion.objects.filter(in_force(on)).select_related("area").order_by("code")
    areas = {version.area_id: as_of(version) for version in versions}
    return Territory(edition, areas, on, dict(_former(on)))


def as_of(version: AreaVersion) -> Area:
    """Return the area of a version with that version's facts; a copy that is never saved."""
    area = version.area
    shown = Area(id=area.id, kind=area.kind, valid_from=area.valid_from, valid_to=area.valid_to)
    for name in FACTS:
        setattr(shown, name, getattr(version, name))
    shown._state.adding = False  # noqa: SLF001 - it stands in the database, other rows may point at it
    return shown


def _former(on: date) -> Iterable[tuple[UUID, UUID | None]]:
    """Give each area that ended by a day, with the area that holds what is left of it."""
    ends = (SuccessionKind.SPLIT, SuccessionKind.MERGED)
    into: dict[UUID, list[UUID]] = {}
    became = Succession.objects.filter(kind__in=ends, on__lte=on).order_by("on", "id")
    for ended, successor in became.values_list("from_area_id", "to_area_id"):
        into.setdefault(ended, []).append(successor)
    last = AreaVersion.objects.filter(area__valid_to__lte=on).order_by("area_id", "valid_from")
    parents = {
        area_id: managed or counted
        for area_id, managed, counted in last.values_list("area_id", "management_parent_id", "statistical_parent_id")
    }
    for area_id, parent in parents.items():
        successors = into.get(area_id, [])
        yield area_id, successors[0] if len(successors) == 1 else parent
