"""Letting heads of units follow when areas change around their house: they stay elected."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.people.kinds import UNIT_HEADS_FOLLOWED
from liuchi.ground.people.models import EndedWhy, UnitHead
from liuchi.ground.territory.following import endings
from liuchi.ground.territory.queries import heir, today
from liuchi.ground.territory.standing import decided, require_choice

LONGEST_PLACE = 40
_A_DAY = timedelta(days=1)


@action
def follow_heads(*, by: Actor, area_ids: Sequence[UUID]) -> int:
    """Let heads in areas that ended or were redrawn go on in what holds their building now; return how many.

    Without a building on the map they go to the one successor of their area; of a grid that was split nobody can know,
    and whoever keeps the areas is asked. The term goes on; who was head there before stays told.

    Raises:
        NotAllowed: only the house itself does this, after a change of the territory.
    """
    if by.kind != "system":
        raise NotAllowed("heads follow the territory by themselves")
    rows = UnitHead.objects.select_for_update(of=("self",)).filter(area_id__in=area_ids, ended_on=None)
    into: dict[UUID, UUID] = {}
    heads = list(rows.select_related("building", "area").order_by("id"))
    for head in heads:
        house = head.building
        point = (house.longitude, house.latitude) if house is not None else (None, None)
        area_id = heir(head.area_id, *point) if point[0] is not None else decided(head.area_id)
        if area_id is not None and area_id != head.area_id:
            into[head.id] = area_id
    moved = [head for head in heads if head.id in into]
    if moved:
        _carry_on(by, moved, into)
    return len(moved)


@action
def settle_head(*, by: Actor, row_id: UUID, area_id: UUID) -> None:
    """Say in which area the unit of a head lies whose area ended.

    Raises:
        NotFound: there is no such open question.
        NotAllowed: the actor does not keep these areas.
        ChangeRefused: the area is none of those that took over.
    """
    rows = UnitHead.objects.select_for_update(of=("self",))
    head = rows.select_related("area").filter(id=row_id, ended_on=None, area__valid_to__isnull=False).first()
    if head is None:
        raise NotFound(_("This question is settled already."))
    require_choice(by, head.area_id, area_id)
    _carry_on(by, [head], {head.id: area_id})


def _carry_on(by: Actor, heads: Sequence[UnitHead], into: Mapping[UUID, UUID]) -> None:
    """End rows on the day their area did (today, where it goes on) and begin those that continue them."""
    ended, day = endings([head.area_id for head in heads]), today()
    begun: list[UnitHead] = []
    present = UnitHead.objects.filter(area_id__in=set(into.values()), ended_on=None).exclude(id__in=list(into))
    taken: set[tuple[object, ...]] = {
        (each.kind, each.area_id, each.building_id, each.place) for each in present.order_by("id")
    }
    for head in heads:
        on = max(ended[head.area_id].on if head.area_id in ended else day, head.term_from)
        head.ended_on, head.ended_why = on, EndedWhy.AREA_CHANGED
        begun.append(
            UnitHead(
                person_id=head.person_id,
                kind=head.kind,
                area_id=into[head.id],
                building_id=head.building_id,
                place=_place(head, into[head.id], taken),
                elected_how=head.elected_how,
                term_from=on,
                # A term that is over stays so: it ends as soon as one may.
                term_until=max(head.term_until, on + _A_DAY) if head.term_until is not None else None,
                continues=head,
            )
        )
    UnitHead.objects.bulk_update(heads, ["ended_on", "ended_why"], batch_size=500)
    UnitHead.objects.bulk_create(begun, batch_size=500)
    place_id = heads[0].area_id
    record(
        kind=UNIT_HEADS_FOLLOWED,
        by=by,
        subject_type="territory.area",
        subject_id=place_id,
        place_id=place_id,
        data={"heads": [head.id for head in heads], "successors": [each.id for each in begun]},
    )


def _place(head: UnitHead, area_id: UUID, taken: set[tuple[object, ...]]) -> str:
    """Return what the place of a head is called: with the former area, where merged areas have two of that name."""
    place = head.place
    if (head.kind, area_id, head.building_id, place) in taken:
        place = f"{head.area.name} {head.place}".strip()[:LONGEST_PLACE]
    taken.add((head.kind, area_id, head.building_id, place))
    return place
