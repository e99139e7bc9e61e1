"""Finding areas by their code or name, as they were on a day; and those that bore such a name once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from liuchi.ground.territory.models import Area, AreaVersion
from liuchi.ground.territory.queries import territory
from liuchi.ground.territory.snapshot import as_of

PAGE = 50


@dataclass(frozen=True)
class AreaFilters:
    """What a list of areas is narrowed to; `after` is the code of the last row seen."""

    words: str = ""
    kind: str = ""
    below: UUID | None = None
    on: date | None = None
    after: str = ""


@dataclass(frozen=True)
class AreaPage:
    """One page of areas by code, and the code after which the next one begins, empty on the last."""

    areas: Sequence[Area]
    next_key: str = ""


def area_page(filters: AreaFilters, size: int = PAGE) -> AreaPage:
    """Return a page of the areas in force on a day whose code or name holds every word (nothing is read but memory)."""
    found = [area for area in matching_areas(filters) if area.code > filters.after]
    page = found[:size]
    return AreaPage(page, page[-1].code if len(found) > size else "")


def matching_areas(filters: AreaFilters) -> Iterator[Area]:
    """Give every area that a filter lets through, by code."""
    known = territory(filters.on)
    inside = known.with_descendants(filters.below) if filters.below is not None else None
    words = filters.words.casefold().split()
    for area in sorted(known.areas.values(), key=lambda area: area.code):
        if inside is not None and area.id not in inside:
            continue
        if filters.kind and area.kind != filters.kind:
            continue
        text = f"{area.code} {area.name} {area.official_name}".casefold()
        if all(word in text for word in words):
            yield area


def once_called(filters: AreaFilters, limit: int = PAGE) -> list[Area]:
    """Return areas that are not matched on the day but bore such a code or name on another, as they were then."""
    if not filters.words.split():
        return []
    here = {area.id for area in matching_areas(filters)}
    rows = AreaVersion.objects.select_related("area").order_by("code", "valid_from")
    for word in filters.words.split():
        rows = rows.filter(Q(code__icontains=word) | Q(name__icontains=word) | Q(official_name__icontains=word))
    found: dict[UUID, Area] = {}
    for version in rows[: 4 * limit]:
        if version.area_id not in here:
            found.setdefault(version.area_id, as_of(version))
    return list(found.values())[:limit]
