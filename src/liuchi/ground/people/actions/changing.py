"""Registering, correcting and moving people one at a time; deaths, and deaths registered by mistake."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from liuchi.ground.journal.actions import draft, write
from liuchi.ground.journal.kinds import Kind
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action, again_on
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotFound, RuleBroken, Stale
from liuchi.ground.people import access, values
from liuchi.ground.people.entries import NewPerson, draft_of
from liuchi.ground.people.history import before_of, change_of, revert
from liuchi.ground.people.holding import held, open_residences, records_of
from liuchi.ground.people.identity import Doubt, Identity, doubts_about
from liuchi.ground.people.kinds import DEATH_REGISTERED, DEATH_TAKEN_BACK, PERSON_ADDED, PERSON_CHANGED, PERSON_MOVED
from liuchi.ground.people.leaving import go_back, leave_households
from liuchi.ground.people.models import (
    CareStatus,
    ChangeKind,
    EndedWhy,
    Person,
    PersonChange,
    Residence,
    UnitHead,
)
from liuchi.ground.people.residing import RESETTLED, settle
from liuchi.ground.people.taking import TakenAs, sort_entries
from liuchi.ground.records import protected
from liuchi.ground.territory.models import Area

#: What may be corrected by hand; a home changes by moving, a death by registering it.
CORRECTABLE = frozenset({"name", "identity", "sex", "birth_on", "phone"})
DIED = "died"


class AlreadyKnown(RuleBroken):
    """There is a record of this person; `facts["person_id"]` names it where the actor may see it."""

    code = "already_known"


class KnownElsewhere(RuleBroken):
    """This person is registered elsewhere in the district; whoever has moved here can be taken over."""

    code = "known_elsewhere"


class MoveRefused(RuleBroken):
    """Somebody cannot move like this; `field` names what is wrong."""

    code = "move_refused"


class DeathRefused(RuleBroken):
    """The date of death cannot be, or there is none to take back."""

    code = "death_refused"


@dataclass(frozen=True)
class Registered:
    """A record as it stands after registering or correcting it, and what somebody should look at."""

    person_id: UUID
    doubts: tuple[Doubt, ...] = ()


@again_on("person_identity_once")
@action
def add_person(*, by: Actor, entry: NewPerson, valid_from: date, takes_over: bool = False) -> Registered:
    """Register one person; birth date and sex come from the identity number where it says them.

    With `takes_over`, somebody registered elsewhere in the district, and known by this very identity number, moves to
    the entry's home instead.

    Raises:
        EntryRefused, NotAllowed: a value that cannot be, or a home where the actor registers nobody.
        AlreadyKnown: there is a record within the actor's reach, or several that fit.
        KnownElsewhere: there is one outside it.
    """
    batch = sort_entries(by=by, entries=[entry], valid_from=valid_from, update=False)
    (taken,) = batch.taken
    if taken.error is not None and taken.status == TakenAs.REFUSED:
        raise taken.error
    if taken.status == TakenAs.NEW:
        (person,) = batch.fresh
        line = _line(PERSON_ADDED, by, person, {"person": person.id})
        write(line, person, *batch.begun, *batch.holdings)
        return Registered(person.id, taken.doubts)
    if taken.person_id is None:
        raise AlreadyKnown(str(taken.error), field="identity")
    person = held(taken.person_id)
    if access.may(by, access.SEE, person.home_id) and access.may(by, access.MANAGE, person.home_id):
        raise AlreadyKnown(_("This person is registered already."), field="name", person_id=person.id)
    if not takes_over or entry.home is None or not _is_by_number(entry, person):
        raise KnownElsewhere(
            _("This person is registered elsewhere in the district. Say whether they have moved here."),
            field="takes_over",
        )
    _move(by, person, entry.home, entry.address.strip(), valid_from, entry.dwelling_id)
    return Registered(person.id, taken.doubts)


@again_on("person_identity_once")
@action
def change_person(
    *, by: Actor, person_id: UUID, facts: Mapping[str, str], reason: str = "", since: UUID | None = None
) -> Registered:
    """Correct facts of a record ("name", "phone", "identity", "sex", "birth_on"); what they said is kept, sealed.

    Facts are texts as `values.facts_of` spells them, "" to take one away; an identity brings its birth date and sex
    unless they are given too. `since` is the newest change that whoever corrects has seen.

    Raises:
        NotAllowed, NotFound: the record is not theirs to change.
        FactRefused: a value that cannot be.
        AlreadyKnown: the identity number is another person's.
        Stale: somebody changed the record meanwhile.
    """
    protected.hold_unique()
    person = held(person_id)
    access.require(by, access.MANAGE, person)
    _refuse_stale(person, since)
    said, doubts = values.facts_of(person), tuple[Doubt, ...]()
    wanted, identity = _clean(facts)
    if identity is not None:
        _refuse_taken(by, person, identity)
        born_on = date.fromisoformat(wanted.get("birth_on") or said["birth_on"] or "0001-01-01")
        doubts = doubts_about(
            identity, born_on=born_on if born_on.year > 1 else None, sex=wanted.get("sex") or said["sex"]
        )
        wanted = {**_derived(identity), **wanted}
    changed = {fact: text for fact, text in wanted.items() if text != said[fact]}
    if not changed:
        return Registered(person.id, doubts)
    columns = values.put_facts(person, changed)
    line = _line(PERSON_CHANGED, by, person, {"person": person.id, "facts": sorted(changed)})
    before = {fact: said[fact] for fact in changed}
    change = change_of(
        person, before, kind=ChangeKind.CORRECTION, line_id=line.id, by=by, at=line.recorded_at, reason=reason[:200]
    )
    person.save(update_fields=columns)
    write(line, change)
    return Registered(person.id, doubts)


@action
def move_person(
    *, by: Actor, person_id: UUID, area: Area | None, address: str = "", dwelling_id: UUID | None = None, on: date
) -> None:
    """Let somebody live elsewhere from a day: in another area, at another address, or no longer in the district.

    Raises:
        NotAllowed, NotFound: the record is not theirs to change, or not where it goes.
        MoveRefused: the day lies in the future, or the person is dead.
    """
    person = held(person_id)
    access.require(by, access.MANAGE, person)
    if area is not None and not access.may(by, access.MANAGE, area.id):
        raise MoveRefused(_("Only the community where somebody moves to can take them over."), field="area")
    _move(by, person, area, address.strip(), on, dwelling_id)


@action
def register_death(*, by: Actor, person_id: UUID, died_on: date) -> None:
    """Register that somebody died: residence, household, offices as head and every entry of the care register end.

    A household whose head died is without one until another is named. Posts, places on the roll, accounts and messages
    follow the line `people.death_registered`.

    Raises:
        NotAllowed, NotFound: the record is not theirs to change.
        DeathRefused: registered already, or the day lies in the future or before the birth.
    """
    person = held(person_id)
    access.require(by, access.MANAGE, person)
    if person.death_on is not None:
        raise DeathRefused(_("The death is registered already."), field="died_on")
    if died_on > timezone.localdate(clock.now()) or (person.birth_on and died_on < person.birth_on):
        raise DeathRefused(_("This is no possible date of death."), field="died_on")
    ids, after = records_of(person), died_on + timedelta(days=1)
    residences = open_residences(ids)
    for residence in residences:
        residence.valid_to = max(after, residence.valid_from + timedelta(days=1))
        residence.save(update_fields=["valid_to"])
    person.death_on = died_on
    line = _line(DEATH_REGISTERED, by, person, {"person": person.id})
    before = {
        "death_on": "",
        "ended": [str(residence.id) for residence in residences],
        "care": _end_care(ids, after),
        "heads": _end_heads(ids, after),
        **leave_households(ids, after).told(),
    }
    person.save(update_fields=["death_on"])
    write(line, change_of(person, before, kind=ChangeKind.DEATH, line_id=line.id, by=by, at=line.recorded_at))


@action
def take_back_death(*, by: Actor, person_id: UUID, reason: str) -> None:
    """Undo a death registered by mistake: residence, household, offices and care go on as if nothing had been said.

    Posts, places on the roll and accounts that ended with it are given anew by hand.

    Raises:
        NotAllowed, NotFound: the record is not theirs to change.
        DeathRefused: no death is registered.
    """
    person = held(person_id)
    access.require(by, access.MANAGE, person)
    change = PersonChange.objects.filter(person=person, kind=ChangeKind.DEATH).order_by("-id").first()
    if person.death_on is None or change is None:
        raise DeathRefused(_("No death is registered."), field="died_on")
    said = before_of(change)
    done = revert(person, change)
    Residence.objects.filter(id__in=said["ended"]).update(valid_to=None)
    for care_id, valid_to in said["care"].items():
        CareStatus.objects.filter(id=care_id, end_reason=DIED).update(valid_to=valid_to, end_reason="")
    go_back(said, records_of(person))
    _restore_heads(said.get("heads", ()))
    line = _line(DEATH_TAKEN_BACK, by, person, {"person": person.id})
    person.save(update_fields=done.columns)
    undoing = change_of(
        person,
        done.before,
        kind=ChangeKind.DEATH_TAKEN_BACK,
        line_id=line.id,
        by=by,
        at=line.recorded_at,
        reason=reason[:200],
    )
    write(line, undoing)


def _line(kind: Kind, by: Actor, person: Person, data: Mapping[str, object], place_id: UUID | None = None) -> Line:
    return draft(
        kind=kind,
        by=by,
        subject_type="people.person",
        subject_id=person.id,
        place_id=place_id or person.home_id,
        data=data,
    )


def _clean(facts: Mapping[str, str]) -> tuple[dict[str, str], Identity | None]:
    """Return facts made clean, and the identity among them.

    Raises:
        FactRefused: a value that cannot be.
    """
    if not facts.keys() <= CORRECTABLE:
        raise NotFound(f"no such fact: {sorted(facts.keys() - CORRECTABLE)}")
    today, wanted = timezone.localdate(clock.now()), dict(facts)
    identity = values.identity_in(facts.get("identity", ""), today=today)
    if identity is not None:
        wanted["identity"] = f"{identity.kind}:{identity.written}"
    if "name" in facts:
        wanted["name"] = values.clean_name(facts["name"])
    if "phone" in facts:
        wanted["phone"] = values.clean_phone(facts["phone"])
    if facts.get("birth_on"):
        values.clean_birth(date.fromisoformat(facts["birth_on"]), today)
    values.clean_sex(facts.get("sex", ""))
    return wanted, identity


def _derived(identity: Identity) -> dict[str, str]:
    derived = {"birth_on": identity.born_on.isoformat() if identity.born_on else "", "sex": identity.sex}
    return {fact: text for fact, text in derived.items() if text}


def _refuse_taken(by: Actor, person: Person, identity: Identity) -> None:
    keys = protected.blinds(identity.number, protected.IDENTITY)
    other = Person.objects.filter(identity_index__in=keys, merged_into=None).exclude(id=person.id).first()
    if other is not None:
        is_seen = access.may(by, access.SEE, other.home_id)
        raise AlreadyKnown(
            _("Another record has this number. If both are the same person, join them."),
            field="identity",
            person_id=other.id if is_seen else None,
        )


def _refuse_stale(person: Person, since: UUID | None) -> None:
    newest = PersonChange.objects.filter(person=person).order_by("-id").values_list("id", flat=True).first()
    if since is not None and newest is not None and newest != since:
        raise Stale(_("Somebody else changed this record meanwhile. Look at it again."))


def _is_by_number(entry: NewPerson, person: Person) -> bool:
    today = timezone.localdate(clock.now())
    keys = draft_of(replace(entry, post=None), today).identity_keys
    return person.identity_index is not None and bytes(person.identity_index) in keys


def _move(
    by: Actor, person: Person, area: Area | None, address: str, on: date, dwelling_id: UUID | None = None
) -> None:
    if person.death_on is not None:
        raise MoveRefused(_("This person is registered as dead."))
    if on > timezone.localdate(clock.now()):
        raise MoveRefused(_("Register a move on the day it happens, or later."), field="on")
    said = str(person.home_id or "")
    residences = open_residences(records_of(person))
    present = next((each for each in residences if each.person_id == person.id), None)
    settled = settle(person, present, area.id if area else None, address, on, dwelling_id)
    if settled.before is None:
        return
    for other in residences:
        if other.person_id != person.id:
            other.valid_to = max(on, other.valid_from + timedelta(days=1))
            other.save(update_fields=["valid_to"])
    if settled.changed is not None:
        settled.changed.save(update_fields=RESETTLED)
    data = {"person": person.id, "from_area": UUID(said) if said else None, "to_area": person.home_id, "on": on}
    line = _line(PERSON_MOVED, by, person, data)
    change = change_of(
        person,
        {"home": said, "residence": settled.before},
        kind=ChangeKind.MOVE,
        line_id=line.id,
        by=by,
        at=line.recorded_at,
    )
    person.save(update_fields=["home"])
    begun: list[Any] = [settled.begun] if settled.begun is not None else []
    write(line, change, *begun)


def _end_heads(ids: list[UUID], on: date) -> list[str]:
    ended = []
    for head in UnitHead.objects.select_for_update(of=("self",)).filter(person_id__in=ids, ended_on=None):
        head.ended_on, head.ended_why = max(on, head.term_from), EndedWhy.DIED
        head.save(update_fields=["ended_on", "ended_why"])
        ended.append(str(head.id))
    return ended


def _restore_heads(ids: Iterable[str]) -> None:
    """Let heads be in office again, where nobody else was named since."""
    for head in UnitHead.objects.select_for_update(of=("self",)).filter(id__in=list(ids), ended_why=EndedWhy.DIED):
        place = {"kind": head.kind, "area_id": head.area_id, "building_id": head.building_id, "place": head.place}
        if not UnitHead.objects.filter(**place, ended_on=None).exists():
            head.ended_on, head.ended_why = None, ""
            head.save(update_fields=["ended_on", "ended_why"])


def _end_care(ids: list[UUID], on: date) -> dict[str, str]:
    """End the care of these records on a day; return what their last days were."""
    ended: dict[str, str] = {}
    rows = CareStatus.objects.select_for_update(of=("self",)).filter(person_id__in=ids, valid_to__gt=on)
    for care in rows.order_by("id"):
        ended[str(care.id)] = care.valid_to.isoformat()
        care.valid_to, care.end_reason = max(on, care.valid_from + timedelta(days=1)), DIED
        care.save(update_fields=["valid_to", "end_reason"])
    return ended
