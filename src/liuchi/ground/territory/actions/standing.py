"""Letting buildings follow when areas change under them: each stands where its point lies."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.territory.kinds import BUILDINGS_FOLLOWED
from liuchi.ground.territory.models import Building, Estate
from liuchi.ground.territory.queries import heir, territory
from liuchi.ground.territory.standing import choices, decided, require_choice


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


@action
def settle_estate(*, by: Actor, row_id: UUID, area_id: UUID) -> None:
    """Say to which community an estate belongs whose community ended.

    Raises:
        NotFound: there is no such open question.
        NotAllowed: the actor does not keep these areas.
        ChangeRefused: the area is none of those that took over.
    """
    rows = Estate.objects.select_for_update(of=("self",))
    estate = rows.filter(id=row_id, valid_to=None, community__valid_to__isnull=False).first()
    if estate is None:
        raise NotFound(_("This question is settled already."))
    came = estate.community_id
    require_choice(by, came, area_id)
    estate.community_id = area_id
    estate.save(update_fields=["community"])
    record(
        kind=BUILDINGS_FOLLOWED,
        by=by,
        subject_type="territory.area",
        subject_id=came,
        place_id=came,
        data={"areas": [came], "buildings": 0, "estates": 1},
    )


def _follow_estates(area_ids: Sequence[UUID]) -> int:
    """Let estates of communities that ended belong to what took their place.

    Of a community that was split, to the part that holds all its buildings; else whoever keeps the areas is asked.
    """
    moved = 0
    rows = Estate.objects.select_for_update(of=("self",)).filter(community_id__in=area_ids, valid_to=None)
    for estate in rows.order_by("id"):
        area_id = decided(estate.community_id) or _part_of(estate)
        if area_id is not None and area_id != estate.community_id:
            estate.community_id = area_id
            estate.save(update_fields=["community"])
            moved += 1
    return moved


def _part_of(estate: Estate) -> UUID | None:
    """Return the one successor of an estate's community that holds every building of it that is standing."""
    known = territory()
    areas = Building.objects.filter(estate=estate, valid_to=None).order_by().values_list("area_id", flat=True)
    above = [known.with_ancestors(each) for each in set(areas)]
    holding = [
        each.id for each in choices(estate.community_id) if above and all(each.id in each_above for each_above in above)
    ]
    return holding[0] if len(holding) == 1 else None
