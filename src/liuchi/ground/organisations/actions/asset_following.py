"""Letting assets follow when areas change under them, or organisations end."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed
from liuchi.ground.organisations.asset_book import BODIES
from liuchi.ground.organisations.kinds import ASSETS_FOLLOWED
from liuchi.ground.organisations.models import Asset
from liuchi.ground.territory.queries import heir


@action
def follow_territory(*, by: Actor, area_ids: Sequence[UUID]) -> int:
    """Let assets of areas that ended or were redrawn stand in what holds them now; return how many.

    Raises:
        NotAllowed: only the house itself does this, after a change of the territory.
    """
    if by.kind != "system":
        raise NotAllowed("assets follow the territory by themselves")
    moved: dict[UUID, list[UUID]] = {}
    rows = Asset.objects.select_for_update(of=("self",)).filter(area_id__in=area_ids).order_by("id")
    for asset in rows:
        area_id = heir(asset.area_id, asset.longitude, asset.latitude)
        if area_id is not None and area_id != asset.area_id:
            moved.setdefault(area_id, []).append(asset.id)
    for area_id, ids in moved.items():
        Asset.objects.filter(id__in=ids).update(area_id=area_id)
    return _record_followed(by, "territory.area", area_ids[0], sum(map(len, moved.values())))


@action
def follow_succession(*, by: Actor, ended: Sequence[UUID], heir_id: UUID) -> int:
    """Let the assets of organisations that ended belong to the one that took over; return how many entries changed.

    Raises:
        NotAllowed: only the house itself does this, after a succession.
    """
    if by.kind != "system":
        raise NotAllowed("assets follow the organisations by themselves")
    taken_over = Q(competent_id__in=ended) | Q(owner_id__in=ended) | Q(maintainer_id__in=ended)
    if not Asset.objects.filter(taken_over).exists():
        return 0
    count = sum(Asset.objects.filter(**{f"{body}_id__in": ended}).update(**{f"{body}_id": heir_id}) for body in BODIES)
    return _record_followed(by, "organisations.organisation", heir_id, count)


def _record_followed(by: Actor, subject_type: str, subject_id: UUID, count: int) -> int:
    if count:
        record(kind=ASSETS_FOLLOWED, by=by, subject_type=subject_type, subject_id=subject_id, data={"assets": count})
    return count
