"""Bringing changes into force on the day they are dated."""

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.territory.changing import bring_forward, hold_edition, raise_edition, refuse_unless_allowed
from liuchi.ground.territory.kinds import TOOK_EFFECT
from liuchi.ground.territory.models import Succession, SuccessionKind
from liuchi.ground.territory.queries import territory, today

_SHAPED = (SuccessionKind.REDRAWN, SuccessionKind.SPLIT, SuccessionKind.MERGED, SuccessionKind.CLOSED)


@action
def bring_into_force(*, by: Actor) -> int:
    """Bring forward the areas whose changes were dated up to today and have not come into force; return how many.

    The line `territory.took_effect` names the areas whose ground changed, so that what stands in them follows.

    Raises:
        NotAllowed: the actor may not change the territory.
    """
    edition = hold_edition()
    due = list(
        Succession.objects.select_for_update(of=("self",))
        .filter(took_effect_at=None, on__lte=today())
        .order_by("on", "id")
    )
    if not due or edition is None:
        return 0
    refuse_unless_allowed(by, [each.from_area_id for each in due])
    bring_forward(today(), {area for each in due for area in (each.from_area_id, each.to_area_id)})
    moment = clock.now()
    for each in due:
        each.took_effect_at = moment
    Succession.objects.bulk_update(due, ["took_effect_at"], batch_size=500)
    root = territory().root()
    shaped = [each for each in due if each.kind in _SHAPED]
    record(
        kind=TOOK_EFFECT,
        by=by,
        subject_type="territory.area",
        subject_id=root.id,
        place_id=root.id,
        data={
            "on": today(),
            "changed": list(dict.fromkeys(each.from_area_id for each in shaped)),
            "into": list(dict.fromkeys(each.to_area_id for each in shaped)),
            "edition": raise_edition(edition),
        },
    )
    return len(due)
