"""Bringing in powers and duties lists, and ending them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotFound, RuleBroken
from liuchi.ground.organisations.changing import PLACES, bodies_in_force, require_everywhere
from liuchi.ground.organisations.kinds import DUTY_LIST_ENDED, DUTY_LIST_IMPORTED
from liuchi.ground.organisations.models import Duty, DutyItem, DutyList, DutyRole, ItemKind, ListKind, Organisation

#: What kinds of item a list of each kind may hold.
HOLDS: Mapping[str, frozenset[str]] = {
    ListKind.TOWN: frozenset({ItemKind.BASIC, ItemKind.ASSIST, ItemKind.TAKEN_BACK}),
    ListKind.COMMUNITY: frozenset({ItemKind.BASIC, ItemKind.ASSIST, ItemKind.TAKEN_BACK}),
    ListKind.DEPARTMENT: frozenset({ItemKind.POWER}),
    ListKind.DISPOSAL: frozenset({ItemKind.BASIC, ItemKind.ASSIST}),
    ListKind.DELEGATED: frozenset({ItemKind.DELEGATED}),
}


@dataclass(frozen=True)
class NewDutyList:
    """The document: who issued it, under which number, when, and from when it is in force."""

    kind: str
    title: str
    issued_on: date
    valid_from: date
    issuer: str = ""
    number: str = ""
    version: str = ""
    supersedes: UUID | None = None


@dataclass(frozen=True)
class NewSide:
    """Who leads, assists or has taken an item back: a body's code, "@town", "@community", or a unit in words."""

    role: str
    body: str
    duties: str = ""


@dataclass(frozen=True)
class NewItem:
    """An item to import with its sides; `method` says how the department above does what it has taken back."""

    kind: str
    number: int
    name: str
    sides: tuple[NewSide, ...] = ()
    code: str = ""
    category: str = ""
    power_type: str = ""
    basis: str = ""
    subject: str = ""
    method: str = ""
    matters: tuple[str, ...] = ()
    is_public: bool = True


class DutyListRefused(RuleBroken):
    """A powers and duties list cannot be taken in or ended like this."""

    code = "duty_list_refused"


@action
def import_duty_list(*, by: Actor, document: NewDutyList, items: Iterable[NewItem]) -> int:
    """Bring in a list as its document issued it; return how many items were new.

    The same list again brings in nothing; a longer one brings in the items that are missing (by kind and number).
    A document does not change: an item that reads differently is refused, and wants a new version. With `supersedes`
    the earlier list is in force until this one begins.

    Raises:
        DutyListRefused: an item of a kind that such a list does not hold, without a name, twice, or changed; a side
            that nobody knows; a list that cannot supersede the other.
        NotAllowed: the actor may not change organisations everywhere here.
    """
    require_everywhere(by)
    wanted = list(items)
    _require_items(document, wanted)
    stored = _find(document)
    earlier = _superseded(document, stored)
    present = {} if stored is None else {(each.kind, each.number): each for each in stored.items.all()}
    for new in wanted:
        _require_same(new, present.get((new.kind, new.number)))
    missing = [new for new in wanted if (new.kind, new.number) not in present]
    if not missing and stored is not None:
        return 0
    duty_list = stored or _new_list(document)
    rows = [_item(duty_list, new) for new in missing]
    sides = _sides(zip(rows, missing, strict=True))
    if stored is None:
        duty_list.save(force_insert=True)
    DutyItem.objects.bulk_create(rows, batch_size=500)
    Duty.objects.bulk_create(sides, batch_size=500)
    if earlier is not None:
        earlier.valid_to = document.valid_from
        earlier.save(update_fields=["valid_to"])
    record(
        kind=DUTY_LIST_IMPORTED,
        by=by,
        subject_type="organisations.duty_list",
        subject_id=duty_list.id,
        data={
            "items": len(rows),
            "sides": len(sides),
            "valid_from": document.valid_from,
            "supersedes": document.supersedes,
        },
    )
    return len(rows)


@action
def end_duty_list(*, by: Actor, duty_list_id: UUID, on: date) -> DutyList:
    """End a list without another in its place; dispatch no longer reads it from that day.

    Raises:
        NotFound: there is no such list in force.
        DutyListRefused: the day is not after its beginning.
        NotAllowed: the actor may not change organisations everywhere here.
    """
    require_everywhere(by)
    rows = DutyList.objects.select_for_update(of=("self",))
    duty_list = rows.filter(id=duty_list_id, valid_to=None).first()
    if duty_list is None:
        raise NotFound(_("There is no such list, or it has ended."))
    if on <= duty_list.valid_from:
        raise DutyListRefused(_("A list ends after the day on which it came into force."), field="on")
    duty_list.valid_to = on
    duty_list.save(update_fields=["valid_to"])
    record(
        kind=DUTY_LIST_ENDED,
        by=by,
        subject_type="organisations.duty_list",
        subject_id=duty_list.id,
        data={"on": on},
    )
    return duty_list


def _find(document: NewDutyList) -> DutyList | None:
    return (
        DutyList.objects.select_for_update(of=("self",))
        .filter(title=document.title, number=document.number, version=document.version)
        .first()
    )


def _new_list(document: NewDutyList) -> DutyList:
    return DutyList(
        kind=document.kind,
        title=document.title,
        issuer=document.issuer,
        number=document.number,
        version=document.version,
        issued_on=document.issued_on,
        valid_from=document.valid_from,
        supersedes_id=document.supersedes,
    )


def _superseded(document: NewDutyList, stored: DutyList | None) -> DutyList | None:
    """Return the list that this one ends, locked; None when none is named or it was ended so before."""
    if document.supersedes is None or (stored is not None and stored.supersedes_id == document.supersedes):
        return None
    earlier = DutyList.objects.select_for_update(of=("self",)).filter(id=document.supersedes, valid_to=None).first()
    if stored is not None or earlier is None or earlier.kind != document.kind:
        raise DutyListRefused(_("This list cannot take the place of that one."), field="supersedes")
    if document.valid_from <= earlier.valid_from:
        raise DutyListRefused(
            _("A list comes into force after the one whose place it takes (%(day)s).")
            % {"day": earlier.valid_from.isoformat()},
            field="valid_from",
        )
    return earlier


def _require_items(document: NewDutyList, items: Sequence[NewItem]) -> None:
    if document.kind not in ListKind.values or not document.title.strip():
        raise DutyListRefused(_("Name the list and say of which kind it is."), field="title")
    seen: set[tuple[str, int]] = set()
    for new in items:
        if new.kind not in HOLDS[document.kind]:
            raise DutyListRefused(
                _("Item %(number)d: a list of this kind holds no such item.") % {"number": new.number}
            )
        if not new.name.strip():
            raise DutyListRefused(_("Item %(number)d has no name.") % {"number": new.number})
        if (new.kind, new.number) in seen:
            raise DutyListRefused(_("Item %(number)d stands twice in the list.") % {"number": new.number})
        seen.add((new.kind, new.number))


def _require_same(new: NewItem, present: DutyItem | None) -> None:
    if present is None:
        return
    written = replace(new, sides=())
    stored = NewItem(
        kind=present.kind,
        number=present.number,
        name=present.name,
        code=present.code,
        category=present.category,
        power_type=present.power_type,
        basis=present.basis,
        subject=present.subject,
        method=present.method,
        matters=tuple(present.matters),
        is_public=present.is_public,
    )
    if written != stored:
        raise DutyListRefused(
            _("Item %(number)d reads differently in the list held. A document does not change: give a new version.")
            % {"number": new.number}
        )


def _item(duty_list: DutyList, new: NewItem) -> DutyItem:
    return DutyItem(
        duty_list=duty_list,
        kind=new.kind,
        number=new.number,
        code=new.code,
        name=new.name,
        category=new.category,
        power_type=new.power_type,
        basis=new.basis,
        subject=new.subject,
        method=new.method,
        matters=list(new.matters),
        is_public=new.is_public,
    )


def _sides(items: Iterable[tuple[DutyItem, NewItem]]) -> list[Duty]:
    known = bodies_in_force()
    found = []
    for row, new in items:
        for side in new.sides:
            if side.role not in DutyRole.values or not side.body.strip():
                raise DutyListRefused(_("Item %(number)d: a side lacks its body or its part.") % {"number": new.number})
            found.append(_duty(row, side, known, new.number))
    return found


def _duty(item: DutyItem, side: NewSide, known: Mapping[str, Organisation], number: int) -> Duty:
    body = side.body.strip()
    duty = Duty(item=item, role=side.role, note=side.duties)
    if not body.startswith("@"):
        duty.organisation, duty.unit = known.get(body), "" if body in known else body
        return duty
    if body.removeprefix("@") not in PLACES:
        raise DutyListRefused(_("Item %(number)d: %(body)s is no kind of place.") % {"number": number, "body": body})
    duty.by_place = body.removeprefix("@")
    return duty
