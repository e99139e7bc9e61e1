"""What every change of staff and of unit heads shares: who may, who is meant, from which day."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.organisations.models import Organisation, Post
from liuchi.ground.people import values
from liuchi.ground.people.entries import Draft, NewPerson, draft_of, known_among
from liuchi.ground.people.models import EmployerType, Employment, Person, PostHolding
from liuchi.ground.people.models.staff import LONGEST_DOCUMENT
from liuchi.ground.people.naming import name_order
from liuchi.ground.records import protected

SEE, MANAGE = "staff.see", "staff.manage"


class StaffRefused(RuleBroken):
    """Staff cannot be changed like this."""

    code = "staff_refused"


@dataclass(frozen=True)
class Meant:
    """Who is meant: somebody known, or somebody described by an entry (known by it, or new)."""

    person_id: UUID | None = None
    entry: NewPerson | None = None


def today() -> date:
    """Return the present day in China."""
    return timezone.localdate(clock.now())


def require_power(by: Actor, area_id: UUID) -> None:
    """Ask whether the actor may change staff in an area.

    Raises:
        NotAllowed: when it may not.
    """
    if not by.allows(MANAGE, area_id):
        raise NotAllowed(_("You may not change staff here. Ask whoever manages the staff of this place."))


def require_day(on: date, since: date | None = None, field: str = "on") -> None:
    """Ask whether something may change on a day: not ahead, and after `since`.

    Raises:
        StaffRefused: when it may not.
    """
    if on > today():
        raise StaffRefused(_("This day lies ahead. Enter the change once it is in force."), field=field)
    if since is not None and on <= since:
        raise StaffRefused(_("Choose a day after %(day)s.") % {"day": since.isoformat()}, field=field)


def document(text: str) -> str:
    """Return the name of a document to store.

    Raises:
        StaffRefused: when it is too long.
    """
    if len(text.strip()) > LONGEST_DOCUMENT:
        raise StaffRefused(
            _("This is longer than %(longest)d characters. Give a shorter one.") % {"longest": LONGEST_DOCUMENT},
            field="document",
        )
    return text.strip()


def person_meant(meant: Meant) -> tuple[Person, bool]:
    """Return the person's record in force, and whether it is new and has to be saved.

    Raises:
        NotFound: nobody in force has this id.
        StaffRefused: nobody is named, several are, or they have died.
        EntryRefused: the entry cannot be anybody.
    """
    if meant.person_id is not None:
        return _alive(_record(meant.person_id)), False
    if meant.entry is None:
        raise StaffRefused(_("Say who it is."), field="person")
    draft = draft_of(meant.entry, today())
    match = known_among([draft], lock=True).match(draft)
    if match.candidates:
        raise StaffRefused(_("This fits several people known here. Add the identity number."), field="identity")
    if match.person is not None:
        return _alive(match.person), False
    return _begun(draft), True


def lock_post(by: Actor, post_id: UUID) -> Post:
    """Lock a post in force whose staff the actor may change.

    Raises:
        NotFound: there is no such post.
        NotAllowed: the actor may not change staff there.
    """
    rows = Post.objects.select_for_update(of=("self",)).select_related("organisation")
    post = rows.filter(id=post_id, valid_to=None).first()
    if post is None:
        raise NotFound(_("There is no such post, or it was closed."))
    require_power(by, post.organisation.area_id)
    return post


def lock_organisation(by: Actor, organisation_id: UUID) -> Organisation:
    """Return an organisation in force whose staff the actor may change, held so that it does not end meanwhile.

    Raises:
        NotFound: there is no such organisation.
        NotAllowed: the actor may not change staff there.
    """
    rows = Organisation.objects.select_for_update(of=("self",), no_key=True)
    found = rows.filter(id=organisation_id, valid_to=None).first()
    if found is None:
        raise NotFound(_("There is no such organisation, or it has ended."))
    require_power(by, found.area_id)
    return found


def lock_employment(by: Actor, employment_id: UUID) -> Employment:
    """Lock an employment in force that the actor may change.

    Raises:
        NotFound: there is none.
        NotAllowed: the actor may not change staff there.
    """
    rows = Employment.objects.select_for_update(of=("self",)).select_related("organisation")
    employment = rows.filter(id=employment_id, valid_to=None).first()
    if employment is None:
        raise NotFound(_("There is no such person on the roll (any more)."))
    require_power(by, employment.organisation.area_id)
    return employment


def require_terms(employer: str, on: date, contract_until: date | None, row: int = 0) -> None:
    """Ask whether these are terms on which somebody may work from a day on; `row` names a row of a list.

    Raises:
        StaffRefused: when they are not.
    """
    if employer not in EmployerType.values:
        raise StaffRefused(_in_row(row, _("Choose on what terms they work here.")), field="employer")
    if contract_until is not None and contract_until < on:
        raise StaffRefused(_in_row(row, _("A contract ends after it begins.")), field="contract_until")


def _in_row(row: int, what: str) -> str:
    return _("Row %(number)d: %(what)s") % {"number": row, "what": what} if row else what


def require_seat(post: Post, person: Person) -> None:
    """Ask whether a seat of a post is free for somebody who does not hold it yet; the post is locked.

    Raises:
        StaffRefused: they hold it, or all seats are taken.
    """
    held = PostHolding.objects.filter(post=post, valid_to=None)
    if held.filter(is_of(person)).exists():
        raise StaffRefused(_("This person holds the post already."), field="person")
    if held.count() >= post.seats:
        raise StaffRefused(
            _("All seats of this post are taken. Hand it over, or give the post another seat."), field="post"
        )


def is_of(person: Person, path: str = "person") -> Q:
    """Return the condition that a row belongs to a person, or to a double that was joined with them."""
    return Q(**{path: person}) | Q(**{f"{path}__merged_into": person})


def _record(person_id: UUID) -> Person:
    row = Person.objects.select_related("merged_into").filter(id=person_id, erased_at=None).first()
    if row is None:
        raise NotFound(_("There is no such person here."))
    return row.merged_into or row


def _alive(person: Person) -> Person:
    if person.death_on is not None:
        raise StaffRefused(_("This person is registered as dead."), field="person")
    return person


def _begun(draft: Draft) -> Person:
    person = Person(
        id=new_id(),
        name=draft.name,
        name_order=name_order(draft.name),
        sex=draft.sex,
        birth_on=draft.birth_on,
        created_at=clock.now(),
    )
    person.phone_sealed = protected.seal(draft.phone, protected.PHONE, person.id)
    person.phone_index = protected.blind(draft.phone, protected.PHONE)
    values.put_identity(person, draft.identity)
    return person
