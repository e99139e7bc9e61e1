"""Areas and grids, as they stand today or stood on a day. They are public by law; a key is asked for all the same."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router

from liuchi.doors.api.answers import answer, chosen
from liuchi.doors.api.paging import Paging, answer_page
from liuchi.doors.api.responses import ok
from liuchi.doors.api.shapes import AreaOut, Page, Place
from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.territory.models import Area
from liuchi.ground.territory.queries import known_area, territory

router = Router(tags=["areas"])
Fields = Annotated[str, Query(description="Comma list of the fields wanted; all without it.", max_length=400)]


@router.get("", response=ok(Page[AreaOut]), url_name="api-areas", operation_id="listAreas")
def areas(
    request: HttpRequest,
    kind: Annotated[str, Query(max_length=20, description="district, town, community, grid, …")] = "",
    below: UUID | None = None,
    on: date | None = None,
    *,
    paging: Query[Paging],
) -> HttpResponse:
    """List the areas in force 区划与网格, by code: of one kind, below one of them, on a day."""
    known = territory(on)
    wanted = known.with_descendants(below) if below is not None else known.areas.keys()
    rows = [known.areas[each] for each in wanted if each in known.areas]
    return answer_page(
        request,
        [area for area in rows if not kind or area.kind == kind],
        lambda area: _row(area, known.parent_id(area)),
        paging,
        key=lambda area: (area.code, str(area.id)),
    )


@router.get("/at", response=ok(Place), url_name="api-place", operation_id="locate")
def place(
    request: HttpRequest,
    longitude: Annotated[float, Query(ge=-180, le=180)],
    latitude: Annotated[float, Query(ge=-90, le=90)],
    on: date | None = None,
) -> HttpResponse:
    """Tell in which grid a point (CGCS2000 degrees) lies, and what is above it."""
    del request
    known = territory(on)
    grid = known.locate(longitude, latitude)
    if grid is None:
        raise NotFound(_("This point is in no grid of the district."))
    above = [known.areas[each] for each in known.with_ancestors(grid.id) if each in known.areas]
    above.sort(key=lambda area: len(known.with_ancestors(area.id)), reverse=True)
    return answer({"areas": [_row(area, known.parent_id(area)) for area in above]})


@router.get("/{uuid:area_id}", response=ok(AreaOut), url_name="api-area", operation_id="readArea")
def area(request: HttpRequest, area_id: UUID, on: date | None = None, fields: Fields = "") -> HttpResponse:
    """Return one area, ended ones too."""
    del request
    found = known_area(area_id, on)
    return answer(chosen([_row(found, territory(on).parent_id(found))], fields)[0])


def _row(area: Area, parent: UUID | None) -> dict[str, Any]:
    return {"id": area.id, "code": area.code, "name": area.name, "kind": area.kind, "parent": parent}
