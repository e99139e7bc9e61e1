"""How many households each grid has, and which grids lie outside the norm: a warning, never a refusal."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Count, QuerySet

from liuchi.ground.kernel.actors import Reader
from liuchi.ground.territory.changing import POWER
from liuchi.ground.territory.geometry import GridIndex, Id
from liuchi.ground.territory.models import GRID_KINDS, Area, AreaKind, Dwelling, DwellingUse, GridNorm
from liuchi.ground.territory.queries import territory, today
from liuchi.ground.territory.snapshot import Territory, in_force


@dataclass(frozen=True)
class Norm:
    """How many households a kind of grid should have, and which document says so."""

    kind: str
    least: int
    most: int
    document: str


#: What counts for a kind until a district sets its own: figures that practice and the field name, no law.
FIRST_NORMS: Final = (
    Norm(AreaKind.GRID, 300, 500, "GB/T 34300-2017"),
    Norm(AreaKind.MICRO, 50, 100, ""),
    Norm(AreaKind.GROUP, 10, 15, ""),
)


@dataclass(frozen=True)
class SizeWarning:
    """A grid with fewer or more households than the norm of its kind."""

    area: Area
    homes: int
    norm: Norm

    @property
    def is_small(self) -> bool:
        """Tell whether it has too few."""
        return self.homes < self.norm.least


def norms_on(on: date | None = None) -> dict[str, Norm]:
    """Return the norm of each kind of grid that has one, today or on a day."""
    found = {norm.kind: norm for norm in FIRST_NORMS}
    for row in GridNorm.objects.filter(in_force(on or today())).order_by("kind"):
        found[row.kind] = Norm(row.kind, row.least, row.most, row.document)
    return found


def norm_history() -> QuerySet[GridNorm]:
    """Return every norm that was set, by kind, oldest first."""
    return GridNorm.objects.order_by("kind", "valid_from")


def homes_by_area(known: Territory | None = None) -> Mapping[UUID, int]:
    """Return how many homes in force stand in each area, those below it included (two queries).

    Grids are those that buildings are registered in; kinds below and over them are found by the building's point.
    """
    known = known or territory()
    rows = (
        Dwelling.objects.filter(in_force(known.on), building__valid_to=None, use=DwellingUse.HOME)
        .values_list("building_id", "building__area_id", "building__longitude", "building__latitude")
        .annotate(homes=Count("id"))
        .order_by("building_id")
    )
    counts: Counter[UUID] = Counter()
    for _building, area_id, longitude, latitude, homes in rows:
        for each in known.with_ancestors(area_id):
            counts[each] += homes
        if longitude is None:
            continue
        for kind in (AreaKind.MICRO, AreaKind.GROUP, AreaKind.SPECIAL):
            found = known.index(kind).locate(longitude, latitude)
            if found is not None and found != area_id:
                counts[found] += homes
    return counts


def homes_by_shape(areas: Iterable[UUID], index: GridIndex[Id]) -> Counter[Id | None]:
    """Return how many homes of areas stand in each shape of an index; under None those without a point, or in none."""
    rows = (
        Dwelling.objects.filter(in_force(today()), building__valid_to=None, use=DwellingUse.HOME)
        .filter(building__area_id__in=list(areas))
        .values_list("building__longitude", "building__latitude")
        .annotate(homes=Count("id"))
        .order_by("building__longitude", "building__latitude")
    )
    counts: Counter[Id | None] = Counter()
    for longitude, latitude, homes in rows:
        counts[None if longitude is None else index.locate(longitude, latitude)] += homes
    return counts


def size_warnings(viewer: Reader) -> list[SizeWarning]:
    """Return the grids outside their norm in the areas a viewer manages, by code.

    A grid in which no home is registered is left out: the register may not be there yet.
    """
    known, norms = territory(), norms_on()
    homes, mine = homes_by_area(known), viewer.areas(POWER)
    found = []
    for area in sorted(known.areas.values(), key=lambda area: area.code):
        norm, count = norms.get(area.kind), homes.get(area.id, 0)
        if norm is None or area.kind not in GRID_KINDS or area.id not in mine or not count:
            continue
        if not norm.least <= count <= norm.most:
            found.append(SizeWarning(area, count, norm))
    return found
