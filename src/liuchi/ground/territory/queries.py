"""Reading the territory: one snapshot per day and edition, kept in memory, so that a point is located at once."""

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from liuchi.ground.kernel import clock
from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.territory.models import (
    Area,
    AreaKind,
    AreaVersion,
    Boundary,
    Edition,
    Feature,
    Succession,
    SuccessionKind,
)
from liuchi.ground.territory.snapshot import Territory, as_of, in_force, read_territory

__all__ = ["Territory", "in_force"]

#: A process may go on with the territory it knows for this long after another process changed it, in seconds.
STALE_AFTER = 1.0
#: Days of which the territory is kept in memory at most.
SNAPSHOTS_KEPT = 8

_known: dict[date, Territory] = {}
_asked_at = 0.0
_lock = threading.Lock()
_day: tuple[datetime, datetime, date] | None = None
_held: ContextVar[Territory | None] = ContextVar("held_territory", default=None)


def today() -> date:
    """Return the date in the district (China's), by the house's clock."""
    global _day  # noqa: PLW0603 - asked at every step of every page; the time zone is looked up once a day
    moment = clock.now()
    if _day is None or not _day[0] <= moment < _day[1]:
        on = timezone.localdate(moment)
        midnight = timezone.make_aware(datetime.combine(on, clock_time.min))
        _day = (midnight, midnight + timedelta(days=1), on)
    return _day[2]


def territory(on: date | None = None) -> Territory:
    """Return the territory in force today (or as it stands `on` another day); asks the database once a second at most.

    Changes dated in the future show from their day on, by themselves.
    """
    global _asked_at  # noqa: PLW0603 - one snapshot per process is the point
    held = _held.get()
    if held is not None and on is None:
        return held
    day = on or today()
    known = _known.get(day)
    if known is not None and time.monotonic() - _asked_at < STALE_AFTER:
        return known
    with _lock:
        edition = Edition.objects.values_list("number", flat=True).first() or 0
        _asked_at = time.monotonic()
        known = _known.get(day)
        if known is None or known.edition != edition:
            # Snapshots of other days may be older than the last question to the database: none may outlive its edition.
            if len(_known) >= SNAPSHOTS_KEPT or any(each.edition != edition for each in _known.values()):
                _known.clear()
            known = _known[day] = read_territory(edition, day)
        return known


@contextmanager
def territory_held() -> Iterator[Territory]:
    """Let the territory of this moment hold within the block, wherever the house's clock is set: for replays."""
    token = _held.set(territory())
    try:
        yield territory()
    finally:
        _held.reset(token)


def forget() -> None:
    """Drop what this process remembers of the territory; the next question reads it anew."""
    with _lock:
        _known.clear()


def locate(longitude: float, latitude: float, on: date | None = None, *, tier: int = 1) -> Area | None:
    """Return the grid of a tier that holds a point, today or on another day; None outside the territory.

    Raises:
        ValueError: when the coordinates are no degrees.
    """
    return territory(on).locate(longitude, latitude, tier=tier)


def boundaries(areas: Iterable[UUID], on: date | None = None) -> dict[UUID, dict[str, object]]:
    """Return the GeoJSON geometry of each area that has one, in force today or on another day."""
    rows = Boundary.objects.filter(in_force(on or today()), area_id__in=list(areas)).order_by("area__code")
    return dict(rows.values_list("area_id", "geometry"))


def features() -> QuerySet[Feature]:
    """Return what is drawn on the map for orientation."""
    return Feature.objects.order_by("kind", "name", "id")


def versions_of(area_id: UUID) -> QuerySet[AreaVersion]:
    """Return what an area was, is and will be called, coded and led by; oldest first."""
    return AreaVersion.objects.filter(area_id=area_id).order_by("valid_from")


def became_of(area_id: UUID) -> QuerySet[Succession]:
    """Return what happened to an area: its own changes, and into what it was split or merged; oldest first."""
    rows = Succession.objects.filter(from_area_id=area_id).select_related("from_area", "to_area")
    return rows.order_by("on", "to_area__code", "id")


def came_from(area_id: UUID) -> QuerySet[Succession]:
    """Return out of which other areas an area was made; oldest first."""
    rows = Succession.objects.filter(to_area_id=area_id).exclude(from_area_id=area_id)
    return rows.select_related("from_area", "to_area").order_by("on", "from_area__code", "id")


def successions(after: tuple[date, UUID] | None = None) -> QuerySet[Succession]:
    """Return what happened to any area, the newest day first (settled days to come lead); after a row already seen."""
    rows = Succession.objects.select_related("from_area", "to_area").order_by("-on", "-id")
    return rows if after is None else rows.filter(Q(on__lt=after[0]) | Q(on=after[0], id__lt=after[1]))


def known_area(area_id: UUID, on: date | None = None) -> Area:
    """Return an area as it was on a day; of one that ended or is to come, as it was last or will be first.

    Raises:
        NotFound: there never was such an area.
    """
    found = territory(on).areas.get(area_id)
    if found is not None:
        return found
    rows = AreaVersion.objects.filter(area_id=area_id).select_related("area")
    day = on or today()
    version = rows.filter(valid_from__lte=day).order_by("-valid_from").first() or rows.order_by("valid_from").first()
    if version is None:
        raise NotFound(_("There is no such area."))
    return as_of(version)


def successors(area_id: UUID, on: date | None = None) -> list[Area]:
    """Return the areas in force that an area became, through any number of splits and mergers; itself while it lasts.

    Empty when it ended and nothing took its place. By code.
    """
    known = territory(on)
    found: dict[UUID, Area] = {}
    seen: set[UUID] = set()
    waiting = {area_id}
    while waiting:
        found |= {each: known.areas[each] for each in waiting if each in known.areas}
        seen |= waiting
        rows = Succession.objects.filter(
            from_area_id__in=waiting - found.keys(),
            kind__in=(SuccessionKind.SPLIT, SuccessionKind.MERGED),
            on__lte=known.on,
        )
        waiting = set(rows.order_by("on", "id").values_list("to_area_id", flat=True)) - seen
    return sorted(found.values(), key=lambda area: area.code)


def heir(area_id: UUID, longitude: float | None = None, latitude: float | None = None) -> UUID | None:
    """Return where what stands in an area belongs today, by its point (CGCS2000 degrees) where it is known.

    In this order: the grid that holds the point; the area itself; its one successor; the area that holds what is left
    of it (for a grid that was split: its community). None when nothing of it is known any more.

    Rooms above call this in their reactions to a change of boundaries (see `following`).
    """
    known = territory()
    kind = Area.objects.filter(id=area_id).values_list("kind", flat=True).first()
    if longitude is not None and latitude is not None and kind not in (None, AreaKind.SPECIAL):
        found = known.index(kind).locate(longitude, latitude)
        if found is not None:
            return found
    if area_id in known.areas:
        return area_id
    after = successors(area_id)
    if len(after) == 1:
        return after[0].id
    holder = known.holder(area_id)
    return holder.id if holder is not None else None
