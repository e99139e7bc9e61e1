"""Reading estates, buildings and dwellings, with the viewer's eyes: a register of public bodies, not a public one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from liuchi.ground.kernel.actors import Reader
from liuchi.ground.kernel.conditions import is_one_of
from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.territory.addresses import room_number, unit_number
from liuchi.ground.territory.housing import SEE
from liuchi.ground.territory.models import Building, Dwelling, Estate
from liuchi.ground.territory.queries import in_force, territory

PAGE = 50
#: Rows fetched at a time where a list is walked to its end.
_CHUNK = 2000


@dataclass(frozen=True)
class EstateFilters:
    """What a list of estates is narrowed to; `after` is the key of the last row seen."""

    area_id: UUID | None = None
    kind: str = ""
    words: str = ""
    after: str = ""


@dataclass(frozen=True)
class ListedEstate:
    """An estate in a list, with what stands in it as far as the viewer may see it."""

    estate: Estate
    buildings: int
    dwellings: int


@dataclass(frozen=True)
class EstatePage:
    """One page of estates and the key of the next one, empty on the last."""

    rows: list[ListedEstate] = field(default_factory=list)
    next_key: str = ""


def estate_page(viewer: Reader, filters: EstateFilters, size: int = PAGE) -> EstatePage:
    """Return a page of the estates in force that a viewer may see, by code (three queries)."""
    rows = list(_estates(viewer, filters)[: size + 1])
    following = rows[size - 1].code if len(rows) > size else ""
    return EstatePage(list(_counted(viewer, rows[:size])), following)


def every_estate(viewer: Reader, filters: EstateFilters) -> Iterator[ListedEstate]:
    """Give all estates of a list, page by page, from its first."""
    key = ""
    while True:
        page = estate_page(viewer, EstateFilters(filters.area_id, filters.kind, filters.words, key), _CHUNK)
        yield from page.rows
        if not page.next_key:
            return
        key = page.next_key


def estate_for(viewer: Reader, estate_id: UUID) -> Estate:
    """Return an estate, also one that has ended.

    Raises:
        NotFound: when there is none, or the viewer may not see it.
    """
    found = Estate.objects.filter(_estate_seen(viewer), id=estate_id).select_related("community").first()
    if found is None:
        raise NotFound(_("There is no such estate, or you may not see it."))
    return found


def buildings_in(viewer: Reader, estate_id: UUID, on: date | None = None) -> QuerySet[Building]:
    """Return the buildings of an estate in force (or on a day), in the order people count them."""
    when = in_force(on) if on else Q(valid_to=None)
    rows = Building.objects.filter(when, is_one_of("area_id", viewer.areas(SEE)), estate_id=estate_id)
    return rows.select_related("area").order_by("sort_key", "id")


def buildings_of_area(viewer: Reader, area_id: UUID) -> QuerySet[Building]:
    """Return the buildings in force in an area and below it, with their estates, to who may see dwellings there."""
    reach = territory().with_descendants(area_id) & viewer.areas(SEE)
    rows = Building.objects.filter(is_one_of("area_id", reach), valid_to=None).select_related("estate")
    return rows.order_by("estate__code", "sort_key", "id")


def building_for(viewer: Reader, building_id: UUID) -> Building:
    """Return a building with its estate and area, also one that has ended.

    Raises:
        NotFound: when there is none, or the viewer may not see it.
    """
    rows = Building.objects.filter(is_one_of("area_id", viewer.areas(SEE)), id=building_id)
    found = rows.select_related("estate__community", "area").first()
    if found is None:
        raise NotFound(_("There is no such building, or you may not see it."))
    return found


def dwellings_in(
    viewer: Reader, *, building_id: UUID | None = None, estate_id: UUID | None = None, on: date | None = None
) -> QuerySet[Dwelling]:
    """Return the dwellings of a building or an estate in force (or on a day): by building, unit, floor and room."""
    when = in_force(on) if on else Q(valid_to=None)
    rows = Dwelling.objects.filter(when, is_one_of("building__area_id", viewer.areas(SEE)))
    if building_id is not None:
        rows = rows.filter(building_id=building_id)
    if estate_id is not None:
        rows = rows.filter(building__estate_id=estate_id)
    return rows.select_related("building__estate", "building__area").order_by("building__sort_key", "sort_key", "id")


def dwelling_for(viewer: Reader, dwelling_id: UUID) -> Dwelling:
    """Return a dwelling with its building and estate, also one that has ended.

    Raises:
        NotFound: when there is none, or the viewer may not see it.
    """
    rows = Dwelling.objects.filter(is_one_of("building__area_id", viewer.areas(SEE)), id=dwelling_id)
    found = rows.select_related("building__estate__community", "building__area").first()
    if found is None:
        raise NotFound(_("There is no such dwelling, or you may not see it."))
    return found


def find_dwelling(viewer: Reader, building_id: UUID, unit: str, room: str) -> Dwelling | None:
    """Return the dwelling in force that a unit and a room name, written with 单元 and 室 or without, or None."""
    rows = dwellings_in(viewer, building_id=building_id)
    return rows.filter(unit=unit_number(unit), room=room_number(room)).first()


def uses_by_building(viewer: Reader, buildings: Iterable[UUID]) -> dict[UUID, dict[str, int]]:
    """Return for each building how many dwellings in force serve which use (one query)."""
    rows = (
        Dwelling.objects.filter(
            is_one_of("building__area_id", viewer.areas(SEE)), building_id__in=list(buildings), valid_to=None
        )
        .values_list("building_id", "use")
        .annotate(number=Count("id"))
        .order_by("building_id", "use")
    )
    found: dict[UUID, dict[str, int]] = {}
    for building_id, use, number in rows:
        found.setdefault(building_id, {})[use] = number
    return found


def estates_in(areas: frozenset[UUID]) -> list[Estate]:
    """Return the estates in force of communities among `areas`, by name: for choosing one. Names are no secret."""
    return list(Estate.objects.filter(is_one_of("community_id", areas), valid_to=None).order_by("name", "code"))


def next_estate_code(community_id: UUID) -> str:
    """Return the code for the next estate of a community that has none of its own: the community's and a number."""
    prefix = f"{territory().area(community_id).code}-"
    codes = Estate.objects.filter(code__startswith=prefix).order_by("code").values_list("code", flat=True)
    numbers = [int(code[len(prefix) :]) for code in codes if code[len(prefix) :].isdecimal()]
    return f"{prefix}{max(numbers, default=0) + 1:03}"


def address_of(dwelling: Dwelling) -> str:
    """Return the address below the community: 工农小区一期3栋2单元301室. Personal once it is tied to people."""
    return f"{dwelling.building.estate.name}{dwelling.building}{dwelling}"


def _estate_seen(viewer: Reader) -> Q:
    """Return the condition that a viewer sees an estate: its community, or the area of one of its buildings."""
    areas = viewer.areas(SEE)
    standing = Building.objects.filter(is_one_of("area_id", areas), estate_id=OuterRef("id"), valid_to=None)
    return is_one_of("community_id", areas) | Q(Exists(standing))


def _estates(viewer: Reader, filters: EstateFilters) -> QuerySet[Estate]:
    rows = Estate.objects.filter(_estate_seen(viewer), valid_to=None)
    if filters.area_id is not None:
        below = territory().with_descendants(filters.area_id)
        inside = Building.objects.filter(is_one_of("area_id", below), estate_id=OuterRef("id"), valid_to=None)
        rows = rows.filter(is_one_of("community_id", below) | Q(Exists(inside)))
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.words:
        rows = rows.filter(Q(name__icontains=filters.words) | Q(code__icontains=filters.words))
    if filters.after:
        rows = rows.filter(code__gt=filters.after)
    return rows.select_related("community").order_by("code")


def _counted(viewer: Reader, estates: Iterable[Estate]) -> Iterator[ListedEstate]:
    estates = list(estates)
    ids = [estate.id for estate in estates]
    areas = viewer.areas(SEE)
    buildings = Building.objects.filter(is_one_of("area_id", areas), estate_id__in=ids, valid_to=None)
    rooms = Dwelling.objects.filter(is_one_of("building__area_id", areas), building__estate_id__in=ids, valid_to=None)
    standing = dict(buildings.values_list("estate_id").annotate(number=Count("id")).order_by("estate_id"))
    known = rooms.values_list("building__estate_id").annotate(number=Count("id")).order_by("building__estate_id")
    inside = dict(known)
    for estate in estates:
        yield ListedEstate(estate, standing.get(estate.id, 0), inside.get(estate.id, 0))
