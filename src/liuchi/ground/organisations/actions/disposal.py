"""Bringing in who disposes of which class of component and event: one disposal list, an item for each matter."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.organisations.changing import PLACES, OrganisationsRefused, bodies_in_force, require_everywhere
from liuchi.ground.organisations.kinds import DUTIES_IMPORTED
from liuchi.ground.organisations.models import Duty, DutyItem, DutyList, DutyRole, ItemKind, ListKind, Organisation


@dataclass(frozen=True)
class NewDuty:
    """A line of a disposal list; `organisation_code` names a body, or is "@town" / "@community": the place's office.

    `name` is what the matter is called in words; without one its code stands for it.
    """

    organisation_code: str
    matter: str
    role: str
    note: str = ""
    name: str = ""


@action
def import_duties(*, by: Actor, duties: Iterable[NewDuty], document: str, valid_from: date) -> int:
    """Bring in the lines of a disposal list that are not there yet, an item for each matter; return how many were new.

    Raises:
        OrganisationsRefused: an organisation or kind of place nobody knows, or an unknown role.
        NotAllowed: the actor may not change organisations everywhere here.
    """
    require_everywhere(by)
    stored = DutyList.objects.select_for_update(of=("self",)).filter(title=document, number="", version="").first()
    duty_list = stored or DutyList(kind=ListKind.DISPOSAL, title=document, issued_on=valid_from, valid_from=valid_from)
    items = {} if stored is None else {each.matters[0]: each for each in stored.items.all() if each.matters}
    held = {(each.item_id, each.organisation_id, each.by_place, each.role) for each in _listed(stored)}
    known = bodies_in_force()
    fresh_items: list[DutyItem] = []
    fresh: list[Duty] = []
    for new in duties:
        side = _line(new, known)
        if new.matter not in items:
            items[new.matter] = DutyItem(
                duty_list=duty_list,
                kind=ItemKind.BASIC,
                number=len(items) + 1,
                name=new.name or new.matter,
                matters=[new.matter],
            )
            fresh_items.append(items[new.matter])
        side.item = items[new.matter]
        key = (side.item_id, side.organisation_id, side.by_place, side.role)
        if key not in held:
            held.add(key)
            fresh.append(side)
    if not fresh:
        return 0
    if stored is None:
        duty_list.save(force_insert=True)
    DutyItem.objects.bulk_create(fresh_items, batch_size=500)
    Duty.objects.bulk_create(fresh, batch_size=500)
    record(
        kind=DUTIES_IMPORTED,
        by=by,
        subject_type="organisations.duty_list",
        subject_id=duty_list.id,
        data={"duties": len(fresh)},
    )
    return len(fresh)


def _listed(duty_list: DutyList | None) -> Sequence[Duty]:
    return [] if duty_list is None else list(Duty.objects.filter(item__duty_list=duty_list))


def _line(new: NewDuty, known: Mapping[str, Organisation]) -> Duty:
    if new.role not in (DutyRole.LEAD, DutyRole.ASSIST):
        raise OrganisationsRefused(f"{new.matter}: the role {new.role!r} is not one of lead, assist")
    by_place = new.organisation_code.removeprefix("@") if new.organisation_code.startswith("@") else ""
    if by_place and by_place not in PLACES:
        raise OrganisationsRefused(
            f"{new.matter}: @{by_place} is not one of {', '.join(f'@{each}' for each in PLACES)}"
        )
    if not by_place and new.organisation_code not in known:
        raise OrganisationsRefused(f"{new.matter}: there is no organisation {new.organisation_code}")
    return Duty(
        organisation=None if by_place else known[new.organisation_code],
        by_place=by_place,
        role=new.role,
        note=new.note,
    )
