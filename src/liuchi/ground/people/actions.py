"""Writing people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
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
    wanted = [(new, _person(new, number)) for number, new in enumerate(people, start=1)]
    known = _known([person for _, person in wanted])
    moment = clock.now()
    fresh: list[Person] = []
    residences: list[Residence] = []
    holdings: list[PostHolding] = []
    for new, person in wanted:
        if _keys(person)[0] in known:
            continue
        known.update(_keys(person))
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


def _person(new: NewPerson, number: int) -> Person:
    phone = protected.normal_phone(new.phone)
    identity = _identity(new, number)
    if not (phone or identity):
        raise PeopleRefused(
            f"entry {number}: a person without identity number and phone cannot be told from a namesake"
        )
    row_id = new.id or new_id()
    return Person(
        id=row_id,
        name=new.name,
        phone_sealed=protected.seal(phone, protected.PHONE, row_id),
        phone_index=protected.blind(phone, protected.PHONE),
        identity_sealed=protected.seal(identity, protected.IDENTITY, row_id),
        identity_index=protected.blind(identity, protected.IDENTITY),
    )


def _identity(new: NewPerson, number: int) -> str:
    if not new.identity.strip():
        return ""
    try:
        return parse_identity(new.identity).number
    except IdentityError as error:
        raise PeopleRefused(f"entry {number}: {error}") from error


def _keys(person: Person) -> list[tuple[object, ...]]:
    """Return what a person is known by, the surest first."""
    found: list[tuple[object, ...]] = []
    if person.identity_index is not None:
        found.append(("identity", bytes(person.identity_index)))
    if person.phone_index is not None:
        found.append(("phone", bytes(person.phone_index), person.name))
    return found


def _known(drafts: Iterable[Person]) -> set[tuple[object, ...]]:
    """Return the keys of the wanted people that are in the database already."""
    drafts = list(drafts)
    identities = [bytes(each.identity_index) for each in drafts if each.identity_index is not None]
    phones = [bytes(each.phone_index) for each in drafts if each.phone_index is not None]
    rows = Person.objects.filter(Q(identity_index__in=identities) | Q(phone_index__in=phones))
    return {key for row in rows for key in _keys(row)}
