"""The report on boundaries: what is not closed, what crosses itself, gaps, overlaps, what lies outside its parent.

It reports and refuses nothing: real polygons have such faults, and work goes on while they are mended.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

import shapely
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from liuchi.ground.territory.cutting import SLIVER
from liuchi.ground.territory.geometry import area_m2, faults, parsed_shape
from liuchi.ground.territory.models import Area, AreaKind
from liuchi.ground.territory.queries import boundaries, territory
from liuchi.ground.territory.snapshot import Territory

#: Kinds whose areas are to fill their parent. Micro-units and household groups may leave parts of it free.
FILLING: Final = (AreaKind.TOWN, AreaKind.COMMUNITY, AreaKind.GRID)
#: Kinds of which no two may share ground; special grids lie over the others.
APART: Final = (AreaKind.DISTRICT, *FILLING, AreaKind.MICRO, AreaKind.GROUP)


class FaultKind(TextChoices):
    """What can be wrong with boundaries, worst first."""

    CLOSURE = "closure", _("ring not closed")
    INVALID = "invalid", _("border crosses itself")
    OVERLAP = "overlap", _("overlap")
    GAP = "gap", _("gap")
    OUTSIDE = "outside", _("outside the area above")
    MISSING = "missing", _("no boundary drawn")


@dataclass(frozen=True)
class Fault:
    """One fault: the areas concerned, a point where it is (longitude, latitude), its size in m² (0 without ground)."""

    kind: FaultKind
    areas: tuple[Area, ...]
    at: tuple[float, float] | None = None
    size_m2: float = 0.0


@dataclass
class BoundaryReport:
    """What was found on a day, worst kinds first, the largest first; `checked` boundaries were looked at."""

    on: date
    checked: int = 0
    faults: list[Fault] = field(default_factory=list)
    #: Square metres of every area whose boundary is sound.
    sizes: dict[UUID, float] = field(default_factory=dict)

    def of_kind(self, kind: FaultKind) -> list[Fault]:
        """Return the faults of one kind."""
        return [fault for fault in self.faults if fault.kind == kind]


def check_boundaries(on: date | None = None, *, below: UUID | None = None) -> BoundaryReport:
    """Look at every boundary in force today (or on a day), of the whole territory or of what stands below an area.

    Gaps and overlaps narrower than about 10 cm are rounding and not told. Sizes in m² on the ellipsoid.
    """
    known = territory(on)
    wanted = known.with_descendants(below) if below else known.areas.keys()
    areas = sorted((known.areas[each] for each in wanted if each in known.areas), key=lambda area: area.code)
    drawn = boundaries([area.id for area in areas], known.on)
    report = BoundaryReport(known.on, len(drawn))
    shapes: dict[UUID, BaseGeometry] = {}
    for area in areas:
        if area.id in drawn:
            wrong = faults(area.code, drawn[area.id])
            report.faults += [Fault(FaultKind(each.kind), (area,), each.at, each.size_m2) for each in wrong]
            if not wrong:
                shapes[area.id] = parsed_shape(drawn[area.id])
        elif area.is_managed and area.kind == AreaKind.GRID:
            report.faults.append(Fault(FaultKind.MISSING, (area,)))
    report.sizes = {area_id: area_m2(shape) for area_id, shape in shapes.items()}
    for kind in APART:
        of_kind = [area for area in areas if area.kind == kind and area.id in shapes]
        report.faults += _overlaps(of_kind, shapes)
    for area in areas:
        report.faults += _misfits(known, area, shapes)
    order = list(FaultKind)
    report.faults.sort(key=lambda fault: (order.index(fault.kind), -fault.size_m2))
    return report


def _overlaps(areas: Sequence[Area], shapes: dict[UUID, BaseGeometry]) -> Iterator[Fault]:
    own = [shapes[area.id] for area in areas]
    if not own:
        return
    left, right = shapely.STRtree(own).query(own, predicate="intersects")
    for one, other in sorted((int(a), int(b)) for a, b in zip(left, right, strict=True) if a < b):
        for piece in _wide(shapely.intersection(own[one], own[other])):
            yield _fault(FaultKind.OVERLAP, (areas[one], areas[other]), piece)


def _misfits(known: Territory, parent: Area, shapes: dict[UUID, BaseGeometry]) -> Iterator[Fault]:
    """Give what the areas directly below one leave free of it, and what of them lies outside it."""
    below = [area for area in known.children.get(parent.id, ()) if area.id in shapes]
    for kind in AreaKind:
        members = [area for area in below if area.kind == kind]
        if not members:
            continue
        outline, union = shapes.get(parent.id), shapely.union_all([shapes[area.id] for area in members])
        if outline is not None:
            for area in members:
                yield from (
                    _fault(FaultKind.OUTSIDE, (area, parent), piece)
                    for piece in _wide(shapes[area.id].difference(outline))
                )
        if kind in FILLING:
            free = outline.difference(union) if outline is not None else shapely.union_all(_holes(union))
            yield from (
                _fault(FaultKind.GAP, (parent, *_around(piece, members, shapes)), piece) for piece in _wide(free)
            )


def _holes(shape: BaseGeometry) -> list[BaseGeometry]:
    return [Polygon(ring) for part in shapely.get_parts(shape) for ring in part.interiors]


def _around(piece: BaseGeometry, members: Sequence[Area], shapes: dict[UUID, BaseGeometry]) -> tuple[Area, ...]:
    near = piece.buffer(SLIVER)
    return tuple(area for area in members if shapes[area.id].intersects(near))


def _wide(shape: BaseGeometry) -> list[BaseGeometry]:
    """Return the pieces with ground, without slivers."""
    pieces = (piece for piece in shapely.get_parts(shape) if piece.area > 0)
    return [piece for piece in pieces if not piece.buffer(-SLIVER).is_empty]


def _fault(kind: FaultKind, areas: tuple[Area, ...], piece: BaseGeometry) -> Fault:
    point = piece.representative_point()
    return Fault(kind, areas, (float(point.x), float(point.y)), area_m2(piece))
