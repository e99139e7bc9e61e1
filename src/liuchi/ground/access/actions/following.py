"""Letting grants follow when areas end: who held a power there holds it in what took their place."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from django.db.models import Q

from liuchi.ground.access.kinds import GRANTS_FOLLOWED, KEY_FOLLOWED
from liuchi.ground.access.models import ApiKey, Grant
from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed
from liuchi.ground.territory.queries import successors, territory

_AN_INSTANT = timedelta(microseconds=1)


@action
def follow_areas(*, by: Actor, area_ids: Sequence[UUID]) -> int:
    """Let the grants on areas that ended go on, with their end, on each of the areas that took over; return how many.

    A grant on an area that nothing followed stays as it is and gives nothing. Areas still in force are left alone.

    Raises:
        NotAllowed: only the house itself does this, after a change of the territory.
    """
    if by.kind != "system":
        raise NotAllowed("grants follow the territory by themselves")
    known = territory()
    after = {each: [area.id for area in successors(each)] for each in area_ids if each not in known.areas}
    moment = clock.now()
    ending = list(
        Grant.objects.select_for_update(of=("self",))
        .filter(Q(valid_to=None) | Q(valid_to__gt=moment), area_id__in=[each for each, areas in after.items() if areas])
        .order_by("id")
    )
    if not ending:
        return 0
    begun = _not_there_yet(
        Grant(
            account_id=each.account_id,
            role_id=each.role_id,
            area_id=area_id,
            organisation_id=each.organisation_id,
            post_id=each.post_id,
            glass_id=each.glass_id,
            purpose=each.purpose,
            reason=each.reason,
            given_by_id=each.given_by_id,
            valid_from=max(moment, each.valid_from),
            valid_to=each.valid_to,
        )
        for each in ending
        for area_id in after[each.area_id]
    )
    for each in ending:
        each.valid_to = max(moment, each.valid_from + _AN_INSTANT)
    Grant.objects.bulk_update(ending, ["valid_to"], batch_size=500)
    Grant.objects.bulk_create(begun, batch_size=500)
    record(
        kind=GRANTS_FOLLOWED,
        by=by,
        subject_type="territory.area",
        subject_id=ending[0].area_id,
        place_id=ending[0].area_id,
        data={"areas": sorted({each.area_id for each in ending}), "ended": len(ending), "begun": len(begun)},
    )
    return len(begun)


@action
def follow_key(*, by: Actor, key_id: UUID) -> bool:
    """Let a key open, instead of areas that ended, each of those that took over; tell whether it changed.

    An area that nothing followed stays with the key and opens nothing. The line names the areas before and after.

    Raises:
        NotAllowed: only the house itself does this, after a change of the territory.
    """
    if by.kind != "system":
        raise NotAllowed("keys follow the territory by themselves")
    key = ApiKey.objects.select_for_update(of=("self",)).filter(id=key_id, revoked_at=None).first()
    if key is None:
        return False
    known, before = territory(), list(key.areas)
    after = [
        area_id
        for each in before
        for area_id in ([each] if each in known.areas else [area.id for area in successors(each)] or [each])
    ]
    if (wanted := list(dict.fromkeys(after))) == before:
        return False
    key.areas = wanted
    key.save(update_fields=["areas"])
    facts = {"key": key.id, "from_areas": before, "into_areas": wanted}
    record(kind=KEY_FOLLOWED, by=by, subject_type="access.key", subject_id=key.id, data=facts)
    return True


def _not_there_yet(wanted: Iterable[Grant]) -> list[Grant]:
    """Return the grants that nobody holds already: merged grids may have had the same worker."""
    found: dict[tuple[object, ...], Grant] = {_key(each): each for each in wanted}
    accounts = {each.account_id for each in found.values()}
    for held in Grant.objects.filter(account_id__in=accounts, valid_to=None).order_by("id"):
        found.pop(_key(held), None)
    return list(found.values())


def _key(grant: Grant) -> tuple[object, ...]:
    return grant.account_id, grant.role_id, grant.area_id, grant.organisation_id, grant.post_id
