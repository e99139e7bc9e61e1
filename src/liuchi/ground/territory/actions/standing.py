"""Letting buildings follow when areas change under them: each stands where its point lies."""

from collections.abc import Sequence
from uuid import UUID

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed
from liuchi.ground.territory.kinds import BUILDINGS_FOLLOWED
from liuchi.ground.territory.models import Building, Estate
from liuchi.ground.territory.queries import heir


@action
def follow_buildings(*, by: Actor, area_ids: Sequence[UUID]) -> int:
    """Let buildings (and estates) of areas that ended or were redrawn stand in what holds them now; return how many.

    A building goes where its position lies; without one, to the one successor of its area, else to its community. Where
    it stood on an earlier day is told by its position and the boundaries of that day.

    Raises:
        NotAllowed: only the house itself does this, after a change of the territory.
    """
    if by.kind != "system":
        raise NotAllowed("buildings follow the territory by themselves")
    buildings = Building.objects.select_for_update(of=("self",)).filter(area_id__in=area_ids, valid_to=None)
    moved: dict[UUID, list[UUID]] = {}
    for each in buildings.order_by("id"):
        area_id = heir(each.area_id, each.longitude, each.latitude)
        if area_id is not None and area_id != each.area_id:
            moved.setdefault(area_id, []).append(each.id)
    for area_id, ids in moved.items():
        Building.objects.filter(id__in=ids).update(area_id=area_id)
    estates = _follow_estates(area_ids)
    count = sum(map(len, moved.values()))
    if count or estates:
        record(
            kind=BUILDINGS_FOLLOWED,
            by=by,
            subject_type="territory.area",
            subject_id=area_ids[0],
            place_id=area_ids[0],
            data={"areas": list(area_ids), "buildings": count, "estates": estates},
        )
    return count + estates


def _follow_estates(area_ids: Sequence[UUID]) -> int:
    """Let estates of communities that ended belong to what took their place."""
    moved = 0
    rows = Estate.objects.select_for_update(of=("self",)).filter(community_id__in=area_ids, valid_to=None)
    for community_id in sorted({each.community_id for each in rows.order_by("id")}):
        area_id = heir(community_id)
        if area_id is not None and area_id != community_id:
            moved += Estate.objects.filter(community_id=community_id, valid_to=None).update(community_id=area_id)
    return moved
