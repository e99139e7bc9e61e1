"""Merging, splitting and ending organisations: who takes over, and what goes along."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.organisations.changing import ChangeRefused, lock, require_day
from liuchi.ground.organisations.handing_down import (
    Successor,
    below_of,
    end_body,
    end_what_it_had,
    hand_down,
    lift_out,
    successor_of,
)
from liuchi.ground.organisations.kinds import ENDED, SUCCEEDED
from liuchi.ground.organisations.models import Organisation, Succession, SuccessionKind


@action
def merge_organisations(
    *,
    by: Actor,
    organisation_ids: Sequence[UUID],
    on: date,
    document: str = "",
    into_id: UUID | None = None,
    new: Successor | None = None,
) -> Organisation:
    """Let organisations end in another, an existing one or a new one, and return that.

    Their posts, venues, served areas and the bodies below them go on there; a `new` one stands in the area and the
    chains of the first. Who holds the posts follows by reactions to `organisations.succeeded`.

    Raises:
        ChangeRefused: fewer than one into an existing body or two into a new one, both or neither successor named, a
            successor among those that end, a day ahead or before one of them last changed.
        NotFound: one of them is not in force.
        NotAllowed: the actor may not change one of them.
    """
    wanted = list(dict.fromkeys(organisation_ids))
    if (into_id is None) == (new is None) or len(wanted) < (1 if new is None else 2):
        raise ChangeRefused(_("Say which organisations end, and in which one body they go on."))
    if into_id in wanted:
        raise ChangeRefused(_("It cannot end in itself."), field="into")
    bodies = lock(by, [*wanted, *([into_id] if into_id else [])])
    ending = bodies[: len(wanted)]
    for body in ending:
        require_day(body, on)
    heir = bodies[-1] if new is None else successor_of(ending[0], new, on)
    lift_out(heir, ending, on, document, is_new=new is not None)
    for body in ending:
        end_body(body, on, document)
    for body in ending:
        hand_down(body, heir, on, document)
    successions = [
        Succession(
            predecessor=body, successor=heir, kind=SuccessionKind.MERGED, is_heir=True, on=on, document=document.strip()
        )
        for body in ending
    ]
    Succession.objects.bulk_create(successions)
    record(
        kind=SUCCEEDED,
        by=by,
        subject_type="organisations.organisation",
        subject_id=heir.id,
        place_id=heir.area_id,
        data={"on": on, "ended": [body.id for body in ending], "successors": [heir.id], "heir": heir.id},
    )
    return heir


@action
def split_organisation(
    *,
    by: Actor,
    organisation_id: UUID,
    into: Sequence[Successor],
    on: date,
    document: str = "",
    continues: bool = False,
) -> list[Organisation]:
    """Split an organisation into new ones and return them; the first takes over posts, venues and what stands below.

    With `continues` the organisation goes on and the new ones are split off; it then keeps everything.

    Raises:
        ChangeRefused: fewer than two successors (one, when it continues), a name missing or twice, a day ahead or
            before its last change.
        NotFound: it is not in force.
        NotAllowed: the actor may not change it.
    """
    if len(into) < (1 if continues else 2):
        raise ChangeRefused(_("Name the bodies it is split into: two, or one that is split off."), field="into")
    (body,) = lock(by, [organisation_id])
    require_day(body, on)
    made = [successor_of(body, each, on) for each in into]
    names, codes = {each.name for each in made}, {each.code for each in made}
    if len(names) < len(made) or len(codes) < len(made) or (continues and body.name in names):
        raise ChangeRefused(_("Each body needs a name of its own."), field="into")
    Organisation.objects.bulk_create(made)
    if not continues:
        end_body(body, on, document)
        hand_down(body, made[0], on, document)
    Succession.objects.bulk_create(
        Succession(
            predecessor=body,
            successor=each,
            kind=SuccessionKind.SPLIT,
            is_heir=not continues and each is made[0],
            on=on,
            document=document.strip(),
        )
        for each in made
    )
    record(
        kind=SUCCEEDED,
        by=by,
        subject_type="organisations.organisation",
        subject_id=body.id,
        place_id=body.area_id,
        data={
            "on": on,
            "ended": [] if continues else [body.id],
            "successors": [each.id for each in made],
            "heir": None if continues else made[0].id,
        },
    )
    return made


@action
def end_organisation(*, by: Actor, organisation_id: UUID, on: date, document: str = "") -> Organisation:
    """End an organisation that nobody follows; its posts, venues and served areas end with it.

    Raises:
        ChangeRefused: others stand below it (move them first), a day ahead or before its last change.
        NotFound: it is not in force.
        NotAllowed: the actor may not change it.
    """
    (body,) = lock(by, [organisation_id])
    require_day(body, on)
    below = len(below_of(body))
    if below:
        raise ChangeRefused(
            _("%(count)d organisations stand below it. Move them first, or merge it into another.") % {"count": below}
        )
    end_body(body, on, document)
    end_what_it_had(body, on)
    record(
        kind=ENDED,
        by=by,
        subject_type="organisations.organisation",
        subject_id=body.id,
        place_id=body.area_id,
        data={"on": on},
    )
    return body
