"""How what stands in areas follows them: the day on which a change comes into force, and what changed then."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.utils import timezone

from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.jobs import defer_at
from liuchi.ground.territory.kinds import (
    AREA_CLOSED,
    AREA_REDRAWN,
    AREA_SPLIT,
    AREAS_MERGED,
    BOUNDARIES_IMPORTED,
    EDITION_IMPORTED,
    TOOK_EFFECT,
)
from liuchi.ground.territory.models import Area, Succession

#: The job that brings changes into force on their day; see `tasks`.
BRING_INTO_FORCE = "territory.bring_into_force"
#: Kinds of lines after which something may stand in another area than before; rooms above wire their reactions to them.
SHAPING = frozenset(
    kind.name
    for kind in (
        AREA_REDRAWN,
        AREA_SPLIT,
        AREAS_MERGED,
        AREA_CLOSED,
        EDITION_IMPORTED,
        BOUNDARIES_IMPORTED,
        TOOK_EFFECT,
    )
)


@dataclass(frozen=True)
class Ending:
    """The day from which an area was in force no more, and the document that ended it ("" where none is named)."""

    on: date
    document: str


def areas_changed(line: Line) -> list[UUID]:
    """Return the areas that ended or were redrawn by what a line of a `SHAPING` kind tells.

    Empty while the change lies in the future: then a line `territory.took_effect` names them on the day. A reaction
    asks `queries.heir(area, longitude, latitude)` for each of its own rows that stand in one of these.
    """
    on = date.fromisoformat(line.data["on"])
    if on > timezone.localdate(line.recorded_at):
        return []
    return [UUID(each) for each in line.data["changed"]]


def endings(area_ids: Collection[UUID]) -> dict[UUID, Ending]:
    """Return when and by which document areas ended, of those that are in force no more (two queries)."""
    day = timezone.localdate(clock.now())
    days = Area.objects.filter(id__in=area_ids, valid_to__lte=day).order_by("code").values_list("id", "valid_to")
    rows = Succession.objects.filter(from_area_id__in=area_ids).exclude(document="").order_by("on", "id")
    documents = {
        (area_id, on): document for area_id, on, document in rows.values_list("from_area_id", "on", "document")
    }
    return {area_id: Ending(on, documents.get((area_id, on), "")) for area_id, on in days if on is not None}


def at_midnight(on: date) -> None:
    """Have the worker bring changes into force when a day to come begins."""
    midnight = timezone.make_aware(datetime.combine(on, time.min))
    if midnight > clock.now():
        defer_at(midnight, BRING_INTO_FORCE)
