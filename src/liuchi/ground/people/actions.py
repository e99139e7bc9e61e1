"""Writing people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.organisations.models import Post
from liuchi.ground.people import protected
from liuchi.ground.people.kinds import PEOPLE_IMPORTED, PERSON_ERASED
from liuchi.ground.people.models import Person, PostHolding, Residence
from liuchi.ground.territory.models import Area


@dataclass(frozen=True)
class NewPerson:
    """A person to import; the protected values come in clear and are sealed on the way in."""

    name: str
    phone: str = ""
    identity: str = ""
    home: Area | None = None
    address: str = ""
    post: Post | None = None
    id: UUID | None = None


@action
def import_people(*, by: Actor, people: Iterable[NewPerson], valid_from: date) -> list[Person]:
    """Bring in people whose identity number (or, without one, phone and name) is not known yet; return the new ones."""
    wanted = list(people)
    known = _known(wanted)
    moment = clock.now()
    fresh: list[Person] = []
    residences: list[Residence] = []
    holdings: list[PostHolding] = []
    for new in wanted:
        person = _person(new)
        if _key(person) in known:
            continue
        known.add(_key(person))
        person.created_at = moment
        fresh.append(person)
        if new.home is not None:
            sealed = protected.seal(new.address, protected.ADDRESS)
            residences.append(Residence(person=person, area=new.home, address_sealed=sealed, valid_from=valid_from))
        if new.post is not None:
            holdings.append(PostHolding(person=person, post=new.post, valid_from=valid_from))
    if not fresh:
        return []
    Person.objects.bulk_create(fresh, batch_size=1000)
    Residence.objects.bulk_create(residences, batch_size=1000)
    PostHolding.objects.bulk_create(holdings, batch_size=1000)
    record(
        kind=PEOPLE_IMPORTED,
        by=by,
        subject_type="people.person",
        subject_id=fresh[0].id,
        data={"people": len(fresh), "holdings": len(holdings), "residences": len(residences)},
    )
    return fresh


@action
def erase_person(*, by: Actor, person_id: UUID) -> None:
    """Erase everything that tells who a person is; the row and all history stay, and the journal stays verifiable.

    What other rooms keep about the person follows by reactions to `people.person_erased` (PIPL art. 47).

    Raises:
        NotAllowed: the actor lacks the power people.erase.
        NotFound: there is no such person, or it is erased already.
    """
    if not by.allows("people.erase"):
        raise NotAllowed("erasing a person needs the power people.erase")
    person = Person.objects.select_for_update().filter(id=person_id, erased_at=None).first()
    if person is None:
        raise NotFound("there is no such person, or it has been erased already")
    Residence.objects.filter(person=person).update(address_sealed=None)
    person.name = ""
    person.phone_sealed = person.phone_index = person.identity_sealed = person.identity_index = None
    person.erased_at = clock.now()
    person.save(update_fields=["name", "phone_sealed", "phone_index", "identity_sealed", "identity_index", "erased_at"])
    record(
        kind=PERSON_ERASED,
        by=by,
        subject_type="people.person",
        subject_id=person.id,
        data={"person": person.id},
    )


def _person(new: NewPerson) -> Person:
    phone = protected.normal_phone(new.phone)
    identity = new.identity.strip().upper()
    person = Person(
        name=new.name,
        phone_sealed=protected.seal(phone, protected.PHONE),
        phone_index=protected.blind(phone, protected.PHONE),
        identity_sealed=protected.seal(identity, protected.IDENTITY),
        identity_index=protected.blind(identity, protected.IDENTITY),
    )
    if new.id is not None:
        person.id = new.id
    return person


def _key(person: Person) -> tuple[object, ...]:
    if person.identity_index is not None:
        return ("identity", bytes(person.identity_index))
    return ("phone", bytes(person.phone_index or b""), person.name)


def _known(wanted: Iterable[NewPerson]) -> set[tuple[object, ...]]:
    """Return the keys of the wanted people that are in the database already."""
    drafts = [_person(new) for new in wanted]
    identities = [bytes(each.identity_index) for each in drafts if each.identity_index is not None]
    phones = [bytes(each.phone_index) for each in drafts if each.phone_index is not None]
    found = {_key(each) for each in Person.objects.filter(identity_index__in=identities)}
    return found | {_key(each) for each in Person.objects.filter(phone_index__in=phones)}
