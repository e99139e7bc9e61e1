"""What stands in areas and follows them when they change: each room declares its own rows, config/wiring.py lists them.

A preview counts what a planned change would do to them; what no place and no plan decides is an open question for
whoever keeps the areas.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from liuchi.ground.kernel.actors import Actor, Reader
from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.territory.changing import POWER, Change, ChangeRefused, refuse_unless_allowed
from liuchi.ground.territory.geometry import GridIndex
from liuchi.ground.territory.models import Area, SuccessionKind
from liuchi.ground.territory.queries import successors, territory, today

#: One row: the area it stands in, and its point (CGCS2000 degrees) where that is known.
Place = tuple[UUID, float | None, float | None]
#: Questions of one kind read at once; what is beyond comes up when these are settled.
MOST: Final = 200


class Otherwise(StrEnum):
    """What becomes of a row without a point in an area that is split, or that ends with nothing in its place."""

    ABOVE = "above"  # it goes to the area above until it is placed
    EACH = "each"  # it goes on in each of the areas that take over
    ASKED = "asked"  # nobody can know: whoever keeps the areas is asked


@dataclass(frozen=True)
class Asked:
    """A row that stands in an area that ended, in words that name no person."""

    id: UUID
    area_id: UUID
    name: str


@dataclass(frozen=True)
class Standing:
    """One kind of rows that stand in areas.

    `places` gives the open rows in areas. Of a kind that is `ASKED`, `asked` gives those still standing in areas that
    ended by a day, the oldest first, and `settle` is the action that says where one goes on. What `stays_when_redrawn`
    belongs to its area wherever it lies: an office is not the neighbour's because a line moved.
    """

    code: str
    title: str | Promise
    places: Callable[[Sequence[UUID]], Iterable[Place]]
    otherwise: Otherwise
    asked: Callable[[date], Iterable[Asked]] | None = None
    settle: Callable[..., object] | None = None
    stays_when_redrawn: bool = False


@dataclass(frozen=True)
class Affected:
    """How many rows of a kind stand in areas that change, and what becomes of them."""

    title: str | Promise
    total: int
    stay: int = 0
    placed: int = 0
    above: int = 0
    each: int = 0
    asked: int = 0


@dataclass(frozen=True)
class Question:
    """Something that stands in an area that ended, and the areas in which it may go on."""

    standing: Standing
    row: Asked
    area: Area
    choices: tuple[Area, ...]


def standings() -> Mapping[str, Standing]:
    """Return every kind of rows that follows areas by its code, in the order of the wiring."""
    return {each.code: each for each in import_string(settings.LIUCHI_STANDING)}


def affected(change: Change, areas: Sequence[UUID]) -> list[Affected]:
    """Return what a planned change of `areas` would do to what stands in them, kind by kind; empty kinds are left out.

    Counts only, one query for each kind.
    """
    fate = _Fate(change)
    found = []
    for standing in standings().values():
        counts = Counter(fate.of(place, standing) for place in standing.places(areas))
        if counts:
            found.append(Affected(standing.title, counts.total(), **counts))
    return found


def open_questions(viewer: Reader) -> list[Question]:
    """Return what still stands in areas that ended, where the viewer keeps the areas; by kind, the oldest first."""
    day, mine = today(), viewer.areas(POWER)
    ended: dict[UUID, tuple[Area, tuple[Area, ...]]] = {}
    found = []
    for standing in standings().values():
        for row in standing.asked(day) if standing.asked is not None else ():
            if row.area_id in mine:
                if row.area_id not in ended:
                    ended[row.area_id] = (Area.objects.get(id=row.area_id), choices(row.area_id))
                found.append(Question(standing, row, *ended[row.area_id]))
    return found


def settle(*, by: Actor, code: str, row_id: UUID, area_id: UUID) -> object:
    """Say where something goes on that stood in an area that ended, by the action of the room that holds it.

    Raises:
        NotFound: there is no such question.
    """
    standing = standings().get(code)
    if standing is None or standing.settle is None:
        raise NotFound(_("This question is settled already."))
    return standing.settle(by=by, row_id=row_id, area_id=area_id)


def choices(area_id: UUID) -> tuple[Area, ...]:
    """Return the areas in which what stood in an area that ended may go on: its successors, else what holds it."""
    after = successors(area_id)
    holder = territory().holder(area_id)
    return tuple(after) or ((holder,) if holder is not None else ())


def require_choice(by: Actor, area_id: UUID, into: UUID) -> None:
    """Ask whether the actor may say that what stood in an area goes on in another.

    Raises:
        NotAllowed: the actor does not keep the areas there.
        ChangeRefused: the area goes on, or `into` is none of those that took over.
    """
    refuse_unless_allowed(by, [area_id])
    if area_id in territory().areas or into not in {each.id for each in choices(area_id)}:
        raise ChangeRefused(_("Choose one of the areas that took its place."), field="area")


def decided(area_id: UUID, longitude: float | None = None, latitude: float | None = None) -> UUID | None:
    """Return where what stood in an area that ended goes on, by its point or the plan; None where neither says so.

    An area in force is its own answer: only what ended leaves a question.
    """
    known = territory()
    if area_id in known.areas:
        return area_id
    after = successors(area_id)
    if len(after) == 1:
        return after[0].id
    if longitude is None or latitude is None or not after:
        return None
    found = known.index(after[0].kind).locate(longitude, latitude)
    return found if found in {each.id for each in after} else None


def places_of(rows: QuerySet, area: str = "area_id", point: tuple[str, str] | None = None) -> Iterable[Place]:  # type: ignore[type-arg]
    """Give the places of rows; `point` names the columns of longitude and latitude, where there are any."""
    if point is None:
        return [(area_id, None, None) for area_id in rows.order_by().values_list(area, flat=True)]
    return list(rows.order_by().values_list(area, *point))


class _Fate:
    """What a planned change does to a row, by its place."""

    def __init__(self, change: Change) -> None:
        self._into: dict[UUID, list[UUID]] = {}
        for each in change.successions:
            if each.kind in (SuccessionKind.SPLIT, SuccessionKind.MERGED):
                self._into.setdefault(each.from_area_id, []).append(each.to_area_id)
        self._ended = {area.id for area in change.ended_areas}
        self._kinds = {area_id: version.area.kind for area_id, version in change.versions.items()}
        drawn = [*change.new_boundaries, *change.amended_boundaries]
        self._shapes = {
            kind: GridIndex([(each.area_id, each.geometry) for each in drawn if self._kinds[each.area_id] == kind])
            for kind in {self._kinds[each.area_id] for each in drawn}
        }

    def of(self, place: Place, standing: Standing) -> str:
        """Return the name of the count in `Affected` that a row belongs to."""
        area_id, longitude, latitude = place
        shapes = self._shapes.get(self._kinds.get(area_id, ""))
        located = (
            shapes.locate(longitude, latitude) if shapes and longitude is not None and latitude is not None else None
        )
        if area_id not in self._ended:
            return "stay" if located in (None, area_id) or standing.stays_when_redrawn else "placed"
        after = self._into.get(area_id, ())
        if located is not None or len(after) == 1:
            return "placed"
        return "stay" if standing.otherwise is Otherwise.EACH and not after else str(standing.otherwise)
