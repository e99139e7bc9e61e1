"""Reading the public asset book, with the viewer's eyes."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from math import cos, radians
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from liuchi.ground.kernel.actors import Reader
from liuchi.ground.kernel.conditions import is_one_of
from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.organisations.asset_book import SEE
from liuchi.ground.organisations.models import Asset, AssetClass, AssetLook, AssetState
from liuchi.ground.territory.coordinates import metres_between
from liuchi.ground.territory.models import Estate
from liuchi.ground.territory.queries import territory

PAGE = 50
#: The state to filter by for all assets, removed ones too.
ANY = "any"
_CHUNK = 2000
_METRES_PER_DEGREE = 111_000.0
#: How far around a point assets are looked for at most, in metres, and how many are offered.
FARTHEST, OFFERED = 500.0, 20


@dataclass(frozen=True)
class AssetFilters:
    """What a list of assets is narrowed to; no `state` means all but removed ones, `after` is the last code seen."""

    class_code: str = ""
    state: str = ""
    area_id: UUID | None = None
    estate_id: UUID | None = None
    words: str = ""
    unseen_since: date | None = None
    after: str = ""


@dataclass(frozen=True)
class AssetPage:
    """One page of assets, and the key of the next one, empty on the last."""

    rows: list[Asset] = field(default_factory=list)
    next_key: str = ""


@dataclass(frozen=True)
class NearAsset:
    """An asset near a point, and how far it is from it, in metres."""

    asset: Asset
    metres: float


def asset_page(viewer: Reader, filters: AssetFilters, size: int = PAGE) -> AssetPage:
    """Return a page of the assets a viewer may see, by code (one query)."""
    rows = list(_assets(viewer, filters)[: size + 1])
    return AssetPage(rows[:size], rows[size - 1].code if len(rows) > size else "")


def every_asset(viewer: Reader, filters: AssetFilters) -> Iterator[Asset]:
    """Give all assets of a list, from its first."""
    page = asset_page(viewer, replace(filters, after=""), _CHUNK)
    yield from page.rows
    while page.next_key:
        page = asset_page(viewer, replace(filters, after=page.next_key), _CHUNK)
        yield from page.rows


def counts_by_state(viewer: Reader, filters: AssetFilters) -> dict[str, int]:
    """Return how many assets of a list are in which state, whatever state it is narrowed to (one query)."""
    rows = _narrowed(viewer, replace(filters, state=ANY, after=""))
    return dict(rows.values_list("state").annotate(number=Count("id")).order_by("state"))


def asset_for(viewer: Reader, code: str) -> Asset:
    """Return the asset of a code with everything it names, one that was removed too.

    Raises:
        NotFound: when there is none, or the viewer may not see it.
    """
    rows = Asset.objects.filter(is_one_of("area_id", viewer.areas(SEE)), code=code)
    found = rows.select_related("asset_class", "area", "estate", "competent", "owner", "maintainer").first()
    if found is None:
        raise NotFound(_("There is no such asset, or you may not see it."))
    return found


def looks_at(asset: Asset) -> QuerySet[AssetLook]:
    """Return who found an asset that was fetched in which state, and when; newest first."""
    return AssetLook.objects.filter(asset=asset).order_by("-on", "-id")


def classes(viewer: Reader) -> list[tuple[AssetClass, int]]:
    """Return every class with how many assets of it the viewer may see, by code (two queries)."""
    rows = Asset.objects.filter(is_one_of("area_id", viewer.areas(SEE))).exclude(state=AssetState.REMOVED)
    counts = dict(rows.values_list("asset_class_id").annotate(number=Count("id")).order_by("asset_class_id"))
    return [(each, counts.get(each.id, 0)) for each in AssetClass.objects.order_by("code")]


def estates_with_assets(viewer: Reader) -> list[Estate]:
    """Return the estates in which the viewer may see assets, by code."""
    rows = Asset.objects.filter(is_one_of("area_id", viewer.areas(SEE)), estate__isnull=False)
    return list(Estate.objects.filter(id__in=rows.order_by().values("estate_id").distinct()).order_by("code"))


def assets_near(viewer: Reader, lon: float, lat: float, metres: float) -> list[NearAsset]:
    """Return the assets within `metres` of a point (CGCS2000 degrees) that were not removed, the nearest first.

    At most 20, from at most 500 metres around: what a report may be about.
    """
    return _around(Asset.objects.filter(is_one_of("area_id", viewer.areas(SEE))), lon, lat, metres)[:OFFERED]


def assets_around(viewer: Reader, lon: float, lat: float, metres: float, most: int) -> list[NearAsset]:
    """Return the nearest assets around a place where the viewer has work to do, without the power to see the book.

    Whoever is given an incident has to know what stands there and whose it is. That the viewer works there, the caller
    has asked; nothing beyond FARTHEST is told.
    """
    del viewer
    return _around(Asset.objects.all(), lon, lat, metres)[:most]


def _around(assets: QuerySet[Asset], lon: float, lat: float, metres: float) -> list[NearAsset]:
    reach = min(metres, FARTHEST)
    high = reach / _METRES_PER_DEGREE
    wide = high / max(cos(radians(lat)), 0.01)
    rows = (
        assets.filter(
            latitude__range=(lat - high, lat + high),
            longitude__range=(lon - wide, lon + wide),
        )
        .exclude(state=AssetState.REMOVED)
        .select_related("asset_class", "competent", "owner", "maintainer")
        .order_by("code")
    )
    found = [
        NearAsset(asset, metres_between((lon, lat), (asset.longitude, asset.latitude)))
        for asset in rows
        if asset.longitude is not None and asset.latitude is not None
    ]
    return sorted((each for each in found if each.metres <= reach), key=lambda each: each.metres)


def _assets(viewer: Reader, filters: AssetFilters) -> QuerySet[Asset]:
    rows = _narrowed(viewer, filters)
    if filters.after:
        rows = rows.filter(code__gt=filters.after)
    return rows.select_related("asset_class", "area", "estate", "competent", "owner", "maintainer").order_by("code")


def _narrowed(viewer: Reader, filters: AssetFilters) -> QuerySet[Asset]:
    areas = viewer.areas(SEE)
    if filters.area_id is not None:
        areas &= territory().with_descendants(filters.area_id)
    rows = Asset.objects.filter(is_one_of("area_id", areas))
    if filters.state != ANY:
        rows = rows.filter(state=filters.state) if filters.state else rows.exclude(state=AssetState.REMOVED)
    if filters.class_code:
        rows = rows.filter(asset_class__code=filters.class_code)
    if filters.estate_id is not None:
        rows = rows.filter(estate_id=filters.estate_id)
    if filters.words:
        named = Q(name__icontains=filters.words) | Q(code__startswith=filters.words)
        rows = rows.filter(named | Q(position__icontains=filters.words))
    if filters.unseen_since is not None:
        rows = rows.filter(Q(seen_on=None) | Q(seen_on__lt=filters.unseen_since)).exclude(state=AssetState.REMOVED)
    return rows
