"""The areas as a tree, one area with its history and map, what changed, and the sheet of duties to hang up."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from liuchi.doors.office.territory.drawing import Drawn, picture
from liuchi.doors.office.territory.forms import CHANGES, ChangeKind
from liuchi.doors.office.territory.pages import READ_POWERS, day_in, tabs_for
from liuchi.doors.ui.exports import export_offers, export_response, is_export
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.rules import needs
from liuchi.engines.cases.queries import open_by_place
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.organisations.queries import organisations
from liuchi.ground.people.posted import posted_in
from liuchi.ground.territory.changing import POWER
from liuchi.ground.territory.geometry import area_m2, parsed_shape
from liuchi.ground.territory.listings import AREAS, HISTORY
from liuchi.ground.territory.models import GRID_KINDS, Area, AreaKind, Succession
from liuchi.ground.territory.queries import (
    became_of,
    boundaries,
    came_from,
    features,
    known_area,
    successions,
    territory,
    today,
    versions_of,
)
from liuchi.ground.territory.searching import AreaFilters, area_page, matching_areas, once_called
from liuchi.ground.territory.sizing import homes_by_area
from liuchi.ground.territory.snapshot import Territory

_PAGE = 50


@dataclass(frozen=True)
class Row:
    """An area in a list, with what stands in it."""

    area: Area
    grids: int
    homes: int
    open_cases: int
    below: tuple["Row", ...] = ()


@needs(*READ_POWERS)
@require_GET
def area_list(request: HttpRequest) -> HttpResponseBase:
    """Show the areas as a tree, or those whose code or name holds the words searched for; as of any day."""
    viewer, on = viewer_in(request), day_in(request)
    words = request.GET.get("q", "").replace("\0", "").strip()[:60]
    filters = AreaFilters(words=words, on=on, after=request.GET.get("after", "")[:20])
    if is_export(request):
        return export_response(request, AREAS, lambda _by: matching_areas(AreaFilters(words=words, on=on)))
    known = territory(on)
    counts = _Counts(known) if on is None else _Counts(known, cases={})
    page = area_page(filters) if words else None
    found = [] if page is None else [counts.row(area) for area in page.areas]
    facts = {
        "tabs": tabs_for(viewer_in(request)),
        "may_change": viewer.allows(POWER),
        "on": on,
        "day": on or today(),
        "words": words,
        "tree": [] if words else _tree(known, counts),
        "others": [] if words else _others(known),
        "found": found,
        "next": urlencode({"q": words, "after": page.next_key, **_on(on)}) if page and page.next_key else "",
        "once": once_called(filters) if words and page is not None and not page.next_key else [],
        "exports": export_offers(request, AREAS),
    }
    return render(request, "office/territory/areas.html", facts)


@needs(*READ_POWERS)
@require_GET
def show_area(request: HttpRequest, area_id: UUID) -> HttpResponse:
    """Show one area: what it is on the day looked at, what stands in it, and everything that happened to it."""
    viewer, on = viewer_in(request), day_in(request)
    known, area = territory(on), known_area(area_id, on)
    counts = _Counts(known) if on is None else _Counts(known, cases={})
    shapes = boundaries([area_id], known.on)
    facts = {
        "area": area,
        "row": counts.row(area),
        "on": on,
        "day": on or today(),
        "is_in_force": area_id in known.areas,
        "path": known.path(area_id)[:-1],
        "manager": _known(known, area.management_parent_id),
        "statistical": _known(known, area.statistical_parent_id),
        "below": [counts.row(each) for each in known.children.get(area_id, ())],
        "size_m2": area_m2(parsed_shape(shapes[area_id])) if area_id in shapes else None,
        "has_map": area_id in shapes or bool(boundaries([each.id for each in known.children.get(area_id, ())], on)),
        "units": [each for each in organisations() if each.area_id == area_id][:_PAGE],
        "posted": posted_in(viewer, [area_id], on),
        "versions": list(versions_of(area_id))[::-1],
        "became": list(became_of(area_id))[::-1],
        "origins": list(came_from(area_id)),
        "changes": _changes(viewer, area) if on is None and area_id in known.areas else [],
        "is_community": area.kind == AreaKind.COMMUNITY,
    }
    return render(request, "office/territory/area.html", facts)


@needs(*READ_POWERS)
@require_GET
def area_map(request: HttpRequest, area_id: UUID) -> HttpResponse:
    """Send the picture of an area and of what stands directly below it, as of a day."""
    on = day_in(request)
    known, area = territory(on), known_area(area_id, on)
    below = [each for each in known.children.get(area_id, ()) if each.kind != AreaKind.SPECIAL]
    shapes = boundaries([area_id, *(each.id for each in below)], known.on)
    numbered = request.GET.get("names") == "numbers"
    drawn = [
        Drawn(shapes[each.id], str(int(each.code[-3:])) if numbered else each.name, f"{each.code} {each.name}")
        for each in below
        if each.id in shapes
    ]
    outline = shapes.get(area_id)
    if not drawn and outline is not None:
        drawn = [Drawn(outline, area.name, f"{area.code} {area.name}")]
    svg = picture(
        drawn, outline=outline, features=[each for each in features() if each.kind in {"river", "lake", "street"}]
    )
    response = HttpResponse(svg, content_type="image/svg+xml")
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return response


@needs(*READ_POWERS)
@require_GET
def duty_map(request: HttpRequest, area_id: UUID) -> HttpResponse:
    """Show the sheet of a community to print and hang up: its grids on a map, and who is responsible in each."""
    viewer, on = viewer_in(request), day_in(request)
    known, area = territory(on), known_area(area_id, on)
    counts = _Counts(known, cases={})
    grids = [counts.row(each) for each in known.children.get(area_id, ()) if each.kind in GRID_KINDS]
    duties: dict[UUID, list[str]] = {}
    for each in posted_in(viewer, [area_id, *(row.area.id for row in grids)], on):
        duties.setdefault(each.area_id, []).append(f"{each.title} {each.name}")
    facts = {
        "area": area,
        "on": on,
        "day": on or today(),
        "path": known.path(area_id)[:-1],
        "heads": duties.get(area_id, []),
        "rows": [(int(row.area.code[-3:]), row, duties.get(row.area.id, [])) for row in grids],
    }
    return render(request, "office/territory/duty_map.html", facts)


@needs(*READ_POWERS)
@require_GET
def history(request: HttpRequest) -> HttpResponseBase:
    """Show what happened to areas, the newest day first; what is settled for days to come leads."""
    if is_export(request):
        return export_response(request, HISTORY, lambda _by: successions().iterator())
    rows = list(successions(_key(request.GET.get("after", "")))[: _PAGE + 1])
    facts = {
        "tabs": tabs_for(viewer_in(request)),
        "rows": rows[:_PAGE],
        "today": today(),
        "next": _key_text(rows[_PAGE - 1]) if len(rows) > _PAGE else "",
        "exports": export_offers(request, HISTORY),
    }
    return render(request, "office/territory/history.html", facts)


class _Counts:
    """How many grids, homes and open cases stand in each area with all below it."""

    def __init__(self, known: Territory, cases: Mapping[UUID, int] | None = None) -> None:
        self.homes = homes_by_area(known)
        self.grids, self.cases = Counter[UUID](), Counter[UUID]()
        for area in known.of_kind(AreaKind.GRID):
            self.grids.update(dict.fromkeys(known.with_ancestors(area.id), 1))
        for place, count in (open_by_place() if cases is None else cases).items():
            self.cases.update(dict.fromkeys(known.with_ancestors(place), count))

    def row(self, area: Area, below: Sequence[Row] = ()) -> Row:
        """Return an area with its counts."""
        return Row(area, self.grids[area.id], self.homes.get(area.id, 0), self.cases[area.id], tuple(below))


def _tree(known: Territory, counts: _Counts) -> list[Row]:
    """Return the managed districts with their towns, these with their communities."""
    return [
        counts.row(
            district,
            [
                counts.row(town, [counts.row(each) for each in known.children.get(town.id, ())])
                for town in known.children.get(district.id, ())
            ],
        )
        for district in known.of_kind(AreaKind.DISTRICT)
        if district.is_managed
    ]


def _others(known: Territory) -> list[Area]:
    """Return the districts that are known for statistics only."""
    return [area for area in known.of_kind(AreaKind.DISTRICT) if not area.is_managed]


def _changes(viewer: Viewer, area: Area) -> list[ChangeKind]:
    """Return the changes that a viewer may make with an area."""
    return [each for each in CHANGES.values() if area.kind in each.kinds] if viewer.allows(POWER, area.id) else []


def _known(known: Territory, area_id: UUID | None) -> Area | None:
    return known.areas.get(area_id) if area_id is not None else None


def _on(on: date | None) -> dict[str, str]:
    return {"on": on.isoformat()} if on else {}


def _key(text: str) -> tuple[date, UUID] | None:
    day, _, last = text.partition("_")
    try:
        found = parse_date(day)
        return None if found is None else (found, UUID(last))
    except ValueError:
        return None


def _key_text(row: Succession) -> str:
    return f"{row.on.isoformat()}_{row.id}"
