"""Electing heads of building units and of joint defence, and ending their terms."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel.actions import action, again_on
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.people.kinds import UNIT_HEAD_ELECTED, UNIT_HEAD_ENDED, UNIT_HEADS_IMPORTED
from liuchi.ground.people.models import ElectedHow, EndedWhy, HeadKind, UnitHead
from liuchi.ground.people.staffing import Meant, StaffRefused, person_meant, require_day, require_power
from liuchi.ground.territory.models import Area, Building

LONGEST_PLACE = 40


@dataclass(frozen=True)
class Office:
    """What somebody is the head of: in a grid or community, of a building where one is named, of the place in it."""

    kind: str
    area_id: UUID
    place: str = ""
    building_id: UUID | None = None


@dataclass(frozen=True)
class NewHead:
    """A row to import: somebody known, what they are head of, how they were elected, for which term."""

    person_id: UUID
    office: Office
    elected_how: str
    term_from: date
    term_until: date | None = None


@again_on("person_identity_once")
@action
def elect_head(
    *,
    by: Actor,
    person: Meant,
    office: Office,
    elected_how: str,
    on: date,
    until: date | None = None,
) -> UnitHead:
    """Note whom residents elected as head of a unit or of joint defence; whoever was it before, no longer is.

    Somebody elected again gets a new term.

    Raises:
        StaffRefused: an unknown kind or way, no place, a term that ends before it begins, a day ahead, or before the
            present head's election.
        NotFound: there is no such area, building or person.
        NotAllowed: the actor may not change unit heads there.
    """
    _require_office(by, office)
    require_day(on)
    if elected_how not in ElectedHow.values:
        raise StaffRefused(_("Say how they were elected."), field="elected_how")
    if until is not None and until <= on:
        raise StaffRefused(_("A term ends after it begins."), field="until")
    somebody, is_new = person_meant(person)
    present = _present(office)
    if present is not None:
        if on < present.term_from:
            raise StaffRefused(
                _("The present head was elected on %(day)s. Choose a later day.")
                % {"day": present.term_from.isoformat()},
                field="on",
            )
        _end(present, on, EndedWhy.TERM_OVER)
    head = UnitHead(
        person=somebody,
        kind=office.kind,
        area_id=office.area_id,
        building_id=office.building_id,
        place=office.place.strip(),
        elected_how=elected_how,
        term_from=on,
        term_until=until,
    )
    record(
        kind=UNIT_HEAD_ELECTED,
        by=by,
        subject_type="people.unit_head",
        subject_id=head.id,
        place_id=office.area_id,
        data={"person": somebody.id, "kind": office.kind, "how": elected_how, "on": on},
        rows=[*([somebody] if is_new else []), head],
    )
    return head


@action
def end_head(*, by: Actor, head_id: UUID, on: date, why: str) -> UnitHead:
    """Note that somebody is no longer head from a day on, and why.

    Raises:
        StaffRefused: no reason, a day ahead or before the election.
        NotFound: there is no such head in office.
        NotAllowed: the actor may not change unit heads there.
    """
    head = UnitHead.objects.select_for_update(of=("self",)).filter(id=head_id, ended_on=None).first()
    if head is None:
        raise NotFound(_("There is no such head in office."))
    require_power(by, head.area_id)
    require_day(on)
    if why not in EndedWhy.values or why == EndedWhy.AREA_CHANGED:
        raise StaffRefused(_("Say why they are no longer the head."), field="why")
    if on < head.term_from:
        raise StaffRefused(_("They were elected after that day."), field="on")
    _end(head, on, why)
    record(
        kind=UNIT_HEAD_ENDED,
        by=by,
        subject_type="people.unit_head",
        subject_id=head.id,
        place_id=head.area_id,
        data={"person": head.person_id, "why": why, "on": on},
    )
    return head


@action
def import_heads(*, by: Actor, heads: Iterable[NewHead]) -> int:
    """Bring in heads of places that have none yet; return how many were new.

    Raises:
        StaffRefused: an unknown kind or way, or a term that ends before it begins; named by its place in the list.
        NotAllowed: the actor may not change unit heads in one of the areas.
    """
    wanted = list(heads)
    for area_id in sorted({each.office.area_id for each in wanted}):
        require_power(by, area_id)
    present = UnitHead.objects.filter(ended_on=None, area_id__in={each.office.area_id for each in wanted})
    taken = {(each.kind, each.area_id, each.building_id, each.place) for each in present}
    fresh = []
    for number, new in enumerate(wanted, start=1):
        office = new.office
        if office.kind not in HeadKind.values or new.elected_how not in ElectedHow.values:
            raise StaffRefused(_("Row %(number)d: say of what they are head, and how elected.") % {"number": number})
        if new.term_until is not None and new.term_until <= new.term_from:
            raise StaffRefused(_("Row %(number)d: a term ends after it begins.") % {"number": number})
        key = (office.kind, office.area_id, office.building_id, office.place.strip())
        if key in taken:
            continue
        taken.add(key)
        fresh.append(
            UnitHead(
                person_id=new.person_id,
                kind=office.kind,
                area_id=office.area_id,
                building_id=office.building_id,
                place=office.place.strip(),
                elected_how=new.elected_how,
                term_from=new.term_from,
                term_until=new.term_until,
            )
        )
    if not fresh:
        return 0
    UnitHead.objects.bulk_create(fresh, batch_size=1000)
    record(
        kind=UNIT_HEADS_IMPORTED,
        by=by,
        subject_type="people.unit_head",
        subject_id=fresh[0].id,
        data={"heads": len(fresh)},
    )
    return len(fresh)


def _require_office(by: Actor, office: Office) -> None:
    if not Area.objects.filter(id=office.area_id, valid_to=None).exists():
        raise NotFound(_("There is no such area."))
    require_power(by, office.area_id)
    if office.kind not in HeadKind.values:
        raise StaffRefused(_("Say of what they are head."), field="kind")
    if office.building_id is not None and not Building.objects.filter(id=office.building_id, valid_to=None).exists():
        raise NotFound(_("There is no such building."))
    if office.kind == HeadKind.UNIT and not (office.place.strip() or office.building_id):
        raise StaffRefused(_("Say which building and unit."), field="place")
    if len(office.place.strip()) > LONGEST_PLACE:
        raise StaffRefused(
            _("This is longer than %(longest)d characters. Give a shorter one.") % {"longest": LONGEST_PLACE},
            field="place",
        )


def _present(office: Office) -> UnitHead | None:
    rows = UnitHead.objects.select_for_update(of=("self",)).filter(
        kind=office.kind, area_id=office.area_id, place=office.place.strip(), ended_on=None
    )
    return rows.filter(building=None if office.building_id is None else Building(id=office.building_id)).first()


def _end(head: UnitHead, on: date, why: str) -> None:
    head.ended_on, head.ended_why = on, why
    head.save(update_fields=["ended_on", "ended_why"])
