"""Bringing in areas that are not there yet."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, RuleBroken
from liuchi.ground.territory.changing import hold_edition, raise_edition, version_of
from liuchi.ground.territory.kinds import TERRITORY_IMPORTED
from liuchi.ground.territory.models import Area, AreaKind, AreaVersion, Boundary, Feature

_ORDER = list(AreaKind.values)


@dataclass(frozen=True)
class NewArea:
    """An area to import; `parent_code` is its statistical parent and, unless `managed_by` differs, its manager."""

    kind: str
    code: str
    name: str
    parent_code: str | None
    official_name: str = ""
    label_kind: str = ""
    managed_by: str | None = None
    is_managed: bool = True
    geometry: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class NewFeature:
    """Something to draw on the map."""

    kind: str
    name: str
    geometry: Mapping[str, Any]


class TerritoryRefused(RuleBroken):
    """The file does not describe a territory."""

    code = "territory_refused"


@action
def import_territory(
    *, by: Actor, areas: Iterable[NewArea], features: Iterable[NewFeature] = (), valid_from: date
) -> int:
    """Bring in areas that are not there yet (by code) and what is drawn around them; return how many were new.

    Areas already in force are left as they are, so that the same file twice changes nothing. One edition, one journal
    line `territory.imported`.

    Raises:
        TerritoryRefused: an unknown kind, a code twice, or a parent that is neither in the file nor in force.
    """
    if not by.allows("territory.manage"):
        raise NotAllowed(_("You may not change the territory."))
    edition = hold_edition()
    known = {area.code: area for area in Area.objects.filter(valid_to=None)}
    wanted = sorted(areas, key=_storey)
    _refuse_twice(wanted)
    fresh: list[Area] = []
    boundaries: list[Boundary] = []
    for new in wanted:
        if new.code in known:
            continue
        area = _area(new, known, valid_from)
        known[new.code] = area
        fresh.append(area)
        if new.geometry is not None:
            boundaries.append(Boundary(area=area, geometry=new.geometry, valid_from=valid_from))
    if not fresh:
        return 0
    Area.objects.bulk_create(fresh, batch_size=500)
    AreaVersion.objects.bulk_create([version_of(area) for area in fresh], batch_size=500)
    Boundary.objects.bulk_create(boundaries, batch_size=500)
    top = min(fresh, key=lambda area: _ORDER.index(area.kind))
    district = next((area for area in known.values() if area.kind == AreaKind.DISTRICT), top)
    Feature.objects.bulk_create(
        [Feature(district=district, kind=each.kind, name=each.name, geometry=each.geometry) for each in features]
    )
    number = raise_edition(edition)
    record(
        kind=TERRITORY_IMPORTED,
        by=by,
        subject_type="territory.area",
        subject_id=district.id,
        place_id=district.id,
        data={"areas": len(fresh), "boundaries": len(boundaries), "edition": number},
    )
    return len(fresh)


def _storey(area: NewArea) -> tuple[int, str]:
    if area.kind not in _ORDER:
        raise TerritoryRefused(f"{area.code}: the kind {area.kind!r} is not one of {', '.join(_ORDER)}")
    if not (area.code.isascii() and area.code.isdigit()) or area.code.startswith("0"):
        raise TerritoryRefused(f"{area.code} {area.name}: a code consists of digits and does not begin with 0")
    return _ORDER.index(area.kind), area.code


def _refuse_twice(areas: list[NewArea]) -> None:
    seen: set[str] = set()
    for area in areas:
        if area.code in seen:
            raise TerritoryRefused(f"{area.code} stands twice in the file; keep one")
        seen.add(area.code)


def _area(new: NewArea, known: Mapping[str, Area], valid_from: date) -> Area:
    missing = [code for code in (new.parent_code, new.managed_by) if code is not None and code not in known]
    if missing:
        raise TerritoryRefused(f"{new.code} {new.name}: its parent {missing[0]} is neither in the file nor known")
    parent = known[new.parent_code] if new.parent_code else None
    return Area(
        kind=new.kind,
        code=new.code,
        name=new.name,
        official_name=new.official_name,
        label_kind=new.label_kind,
        statistical_parent=parent,
        management_parent=known[new.managed_by] if new.managed_by else parent,
        is_managed=new.is_managed,
        valid_from=valid_from,
    )
