"""Letting residences follow when areas end: nobody moved, the ground was named anew under them."""

from collections.abc import Sequence
from uuid import UUID

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed
from liuchi.ground.people.kinds import RESIDENCES_FOLLOWED
from liuchi.ground.people.models import Person, Residence
from liuchi.ground.records import protected
from liuchi.ground.territory.queries import heir, territory, today


@action
def follow_areas(*, by: Actor, area_ids: Sequence[UUID]) -> int:
    """Let whoever lives in areas that ended live in what took their place from today on; return how many.

    Merged areas have one successor. Of a grid that was split nobody knows, without the point of the dwelling, in which
    part somebody lives: the residence then names the community until it is known better. Who lived there before keeps
    the old area in the history.

    Raises:
        NotAllowed: only the house itself does this, after a change of the territory.
    """
    if by.kind != "system":
        raise NotAllowed("residences follow the territory by themselves")
    ended = [each for each in area_ids if each not in territory().areas]
    into = {each: found for each in ended if (found := heir(each)) is not None}
    present = list(
        Residence.objects.select_for_update(of=("self",))
        .filter(area_id__in=into, valid_to=None)
        .select_related("person")
        .order_by("person_id", "id")
    )
    if not present:
        return 0
    begun, areas = [], sorted({each.area_id for each in present})
    for each in present:
        begun.append(_carried_on(each, into[each.area_id]))
        if each.person.home_id == each.area_id:
            each.person.home_id = into[each.area_id]
    fresh = [row for row in begun if row is not None]
    Residence.objects.bulk_update(present, ["area", "valid_to"], batch_size=500)
    Residence.objects.bulk_create(fresh, batch_size=500)
    Person.objects.bulk_update([each.person for each in present], ["home"], batch_size=500)
    record(
        kind=RESIDENCES_FOLLOWED,
        by=by,
        subject_type="territory.area",
        subject_id=areas[0],
        place_id=areas[0],
        data={"areas": areas, "residences": len(present)},
    )
    return len(present)


def _carried_on(present: Residence, area_id: UUID) -> Residence | None:
    """End a residence today and return what follows it; one that began today names the new area itself."""
    on = today()
    if present.valid_from >= on:
        present.area_id = area_id
        return None
    address = protected.unseal(present.address_sealed, protected.ADDRESS, present.id)
    begun = Residence(person_id=present.person_id, area_id=area_id, valid_from=on)
    begun.address_sealed = protected.seal(address, protected.ADDRESS, begun.id)
    present.valid_to = on
    return begun
