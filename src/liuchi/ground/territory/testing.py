"""A small territory for tests: a district of two towns, two communities each, two square grids each."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from liuchi.ground.kernel.actors import ActorKind, System
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.territory import queries
from liuchi.ground.territory.actions import NewArea, import_territory
from liuchi.ground.territory.models import Area

BY = System("tests")
SINCE = date(2024, 1, 1)
DISTRICT = "990803"
#: The side of a grid's square, in degrees.
SIDE = 0.01


@dataclass(frozen=True)
class Clerk:
    """An actor who holds `powers` in `area_id` and everything below it, for rooms that stand below access."""

    powers: frozenset[str]
    area_id: UUID
    kind: ActorKind = "person"
    id: UUID = field(default_factory=new_id)
    on_behalf_of: UUID | None = None

    def allows(self, power: str, area: UUID | None = None) -> bool:
        """Tell whether the clerk holds `power` in an area."""
        return power in self.powers and (area is None or area in self.areas(power))

    def areas(self, power: str) -> frozenset[UUID]:
        """Return the areas in which the clerk holds `power`."""
        return queries.territory().with_descendants(self.area_id) if power in self.powers else frozenset()


def noon(on: date) -> datetime:
    """Return noon (China's) of a day."""
    return datetime.combine(on, time(4), tzinfo=UTC)


def square(code: str) -> dict[str, Any]:
    """Return the square of a grid: towns side by side, communities above one another, grids side by side."""
    town, community, serial = int(code[6:9]), int(code[9:12]), int(code[12:15])
    return box(117 + (town - 1) * 2 * SIDE + (serial - 1) * SIDE, 30.5 + (community - 1) * SIDE)


def box(west: float, south: float, width: float = SIDE, height: float = SIDE) -> dict[str, Any]:
    """Return a rectangle as GeoJSON, with corners rounded to 9 decimals."""
    w, s, e, n = (round(each, 9) for each in (west, south, west + width, south + height))
    return {"type": "Polygon", "coordinates": [[[w, s], [e, s], [e, n], [w, n], [w, s]]]}


def small_territory() -> dict[str, Area]:
    """Bring in the small territory and return its areas by code."""
    queries.forget()
    import_territory(by=BY, areas=list(_areas()), valid_from=SINCE)
    queries.forget()
    return {area.code: area for area in Area.objects.order_by("code")}


def _areas() -> Iterator[NewArea]:
    yield NewArea("province", "99", "测试省", None, is_managed=False)
    yield NewArea("city", "9908", "测试市", "99", is_managed=False)
    yield NewArea("district", DISTRICT, "测试区", "9908")
    for town in ("001", "002"):
        yield NewArea("town", DISTRICT + town, f"第{int(town)}街道", DISTRICT, label_kind="街道")
        for community in ("001", "002"):
            code = DISTRICT + town + community
            name = f"{town}{community}社区"
            west, south = 117 + (int(town) - 1) * 2 * SIDE, 30.5 + (int(community) - 1) * SIDE
            yield NewArea(
                "community",
                code,
                name,
                DISTRICT + town,
                official_name=f"{name}居民委员会",
                label_kind="社区",
                geometry=box(west, south, 2 * SIDE),
            )
            for serial in ("001", "002"):
                yield NewArea("grid", code + serial, f"{serial}网格", code, geometry=square(code + serial))
