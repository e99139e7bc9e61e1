"""Writing people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.organisations.models import Post
from liuchi.ground.people.identity import IdentityError, parse_identity
from liuchi.ground.people.kinds import PEOPLE_IMPORTED, PERSON_ERASED
from liuchi.ground.people.models import Person, PostHolding, Residence
from liuchi.ground.records import protected
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


class PeopleRefused(RuleBroken):
    """The list cannot be taken in as it is."""

    code = "people_refused"


@action
def import_people(*, by: Actor, people: Iterable[NewPerson], valid_from: date) -> list[Person]:
    """Bring in people whose identity number (or, without one, phone and name) is not known yet; return the new ones.

    Raises:
        PeopleRefused: an identity number that cannot be one, or neither number nor phone; the entry is named by its
            place in the list, never by its values.
    """
    wanted = [_wanted(new, number) for number, new in enumerate(people, start=1)]
    known = _known(wanted)
    moment = clock.now()
    fresh: list[Person] = []
    residences: list[Residence] = []
    holdings: list[PostHolding] = []
    for new, person, surest, all_keys in wanted:
        if known & surest:
            continue
        known |= all_keys
        person.created_at = moment
        fresh.append(person)
        if new.home is not None:
            home = Residence(person=person, area=new.home, valid_from=valid_from)
            home.address_sealed = protected.seal(new.address, protected.ADDRESS, home.id)
            residences.append(home)
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


Key = tuple[object, ...]


class _Wanted(NamedTuple):
    """An entry with the row it becomes, and what it may be known by: surest, and by anything."""

    new: NewPerson
    person: Person
    surest: set[Key]
    all_keys: set[Key]


def _wanted(new: NewPerson, number: int) -> _Wanted:
    phone = protected.normal_phone(new.phone)
    identity = _identity(new, number)
    if not (phone or identity):
        raise PeopleRefused(
            f"entry {number}: a person without identity number and phone cannot be told from a namesake"
        )
    row_id = new.id or new_id()
    person = Person(
        id=row_id,
        name=new.name,
        phone_sealed=protected.seal(phone, protected.PHONE, row_id),
        phone_index=protected.blind(phone, protected.PHONE),
        identity_sealed=protected.seal(identity, protected.IDENTITY, row_id),
        identity_index=protected.blind(identity, protected.IDENTITY),
    )
    by_number: set[Key] = {("identity", index) for index in protected.blinds(identity, protected.IDENTITY)}
    by_phone: set[Key] = {("phone", index, new.name) for index in protected.blinds(phone, protected.PHONE)}
    return _Wanted(new, person, by_number or by_phone, by_number | by_phone)


def _identity(new: NewPerson, number: int) -> str:
    if not new.identity.strip():
        return ""
    try:
        return parse_identity(new.identity).number
    except IdentityError as error:
        raise PeopleRefused(f"entry {number}: {error}") from error


def _known(wanted: Iterable[_Wanted]) -> set[Key]:
    """Return the keys by which people in the database are known, of those that are wanted."""
    keys = set[Key]().union(*(each.all_keys for each in wanted))
    identities = [key[1] for key in keys if key[0] == "identity"]
    phones = [key[1] for key in keys if key[0] == "phone"]
    rows = Person.objects.filter(Q(identity_index__in=identities) | Q(phone_index__in=phones))
    found = rows.values_list("identity_index", "phone_index", "name")
    by_number: set[Key] = {("identity", bytes(index)) for index, _, _ in found if index is not None}
    return by_number | {("phone", bytes(index), name) for _, index, name in found if index is not None}
