"""Entries of a register of people: what each says, and whom among the people known it speaks of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from liuchi.ground.kernel.conditions import holds_one_of
from liuchi.ground.kernel.errors import RuleBroken
from liuchi.ground.organisations.models import Post
from liuchi.ground.people import values
from liuchi.ground.people.identity import DocumentKind, Doubt, Identity, doubts_about
from liuchi.ground.people.models import Person
from liuchi.ground.people.naming import name_order
from liuchi.ground.records import protected
from liuchi.ground.territory.models import Area, AreaKind
from liuchi.ground.territory.queries import territory


@dataclass(frozen=True, slots=True)
class NewPerson:
    """One entry; the protected values come in clear and are sealed on the way in. What is empty says nothing.

    `dwelling_id` names the registered dwelling (in the area `home`) where there is one; it stands for the address.
    """

    name: str
    phone: str = ""
    identity: str = ""
    home: Area | None = None
    address: str = ""
    post: Post | None = None
    id: UUID | None = None
    identity_kind: str = DocumentKind.CITIZEN
    birth_on: date | None = None
    sex: str = ""
    dwelling_id: UUID | None = None


class EntryRefused(RuleBroken):
    """An entry cannot be taken; `field` names what is wrong with it, and its values are not repeated."""

    code = "entry_refused"


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry made clean, with the keys by which the same person is found."""

    entry: NewPerson
    name: str
    phone: str
    identity: Identity | None
    birth_on: date | None
    sex: str
    doubts: tuple[Doubt, ...]
    identity_keys: tuple[bytes, ...]
    phone_keys: tuple[bytes, ...]
    community: UUID | None

    def facts(self) -> dict[str, str]:
        """Return what the entry says about the record, as `values.facts_of` spells it; without what it leaves open."""
        said = {
            "name": self.name,
            "identity": f"{self.identity.kind}:{self.identity.written}" if self.identity else "",
            "sex": self.sex,
            "birth_on": self.birth_on.isoformat() if self.birth_on else "",
            "phone": self.phone,
        }
        return {fact: text for fact, text in said.items() if text}


def draft_of(entry: NewPerson, today: date) -> Draft:
    """Return an entry made clean. Birth date and sex come from the number, where it says them.

    Raises:
        EntryRefused: for a value that cannot be, or when nothing tells the person from a namesake.
    """
    try:
        identity = values.clean_identity(entry.identity, entry.identity_kind, today=today)
        name, phone = values.clean_name(entry.name), values.clean_phone(entry.phone)
        birth_on, sex = values.clean_birth(entry.birth_on, today), values.clean_sex(entry.sex)
    except values.FactRefused as error:
        raise EntryRefused(error.message, field=error.field) from error
    if not (identity or phone or (birth_on and entry.home)):
        raise EntryRefused(
            _("Give an identity number, a phone, or date of birth and home: a name alone fits many people."),
            field="identity",
        )
    return Draft(
        entry=entry,
        name=name,
        phone=phone,
        identity=identity,
        birth_on=(identity.born_on if identity else None) or birth_on,
        sex=(identity.sex if identity else "") or sex,
        doubts=doubts_about(identity, born_on=birth_on, sex=sex) if identity else (),
        identity_keys=tuple(protected.blinds(identity.number, protected.IDENTITY)) if identity else (),
        phone_keys=tuple(protected.blinds(phone, protected.PHONE)),
        community=community_of(entry.home.id if entry.home else None),
    )


def community_of(area_id: UUID | None) -> UUID | None:
    """Return the community that holds an area (or is it); the area itself where there is none."""
    if area_id is None:
        return None
    found = territory().ancestor(area_id, AreaKind.COMMUNITY)
    return found.id if found is not None else area_id


@dataclass(frozen=True, slots=True)
class Match:
    """Whom an entry speaks of: one person, several that cannot be told apart, or nobody known."""

    person: Person | None = None
    candidates: tuple[UUID, ...] = ()


@dataclass
class Known:
    """The people of whom a batch of entries may speak, by every key; absorbed records stand for the one kept."""

    by_identity: dict[bytes, set[UUID]] = field(default_factory=dict)
    by_phone: dict[tuple[bytes, str], set[UUID]] = field(default_factory=dict)
    by_birth: dict[tuple[str, date, UUID], set[UUID]] = field(default_factory=dict)
    people: dict[UUID, Person] = field(default_factory=dict)

    def add(self, person: Person, record: Person | None = None, community: UUID | None = None) -> None:
        """Make `person` findable by what `record` (itself, or a record it absorbed) says; `community` where known."""
        found = record or person
        self.people[person.id] = person
        if found.identity_index is not None:
            self.by_identity.setdefault(bytes(found.identity_index), set()).add(person.id)
        if found.phone_index is not None:
            self.by_phone.setdefault((bytes(found.phone_index), found.name), set()).add(person.id)
        community = community or community_of(found.home_id)
        if found.birth_on is not None and community is not None:
            self.by_birth.setdefault((found.name, found.birth_on, community), set()).add(person.id)

    def match(self, draft: Draft) -> Match:
        """Return whom an entry speaks of: by identity; else by phone and name; else by name, birth and community.

        Somebody with another identity number is another person, whatever else agrees.
        """
        found = {each for key in draft.identity_keys for each in self.by_identity.get(key, ())}
        if found:
            return self._one(draft, found, is_by_identity=True)
        found = {each for key in draft.phone_keys for each in self.by_phone.get((key, draft.name), ())}
        found = {each for each in found if self._may_be(draft, self.people[each])}
        if not found and draft.birth_on is not None and draft.community is not None:
            same = self.by_birth.get((draft.name, draft.birth_on, draft.community), set())
            found = {each for each in same if self._may_be(draft, self.people[each])}
        return self._one(draft, found)

    def _one(self, draft: Draft, found: set[UUID], *, is_by_identity: bool = False) -> Match:
        if not found:
            return Match()
        person = self.people[next(iter(found))]
        # A number that was not chosen when records were joined speaks of nobody any more: somebody has to look.
        is_sure = not is_by_identity or self._may_be(draft, person)
        return Match(person) if len(found) == 1 and is_sure else Match(candidates=tuple(sorted(found)))

    @staticmethod
    def _may_be(draft: Draft, person: Person) -> bool:
        if draft.identity is None or person.identity_index is None:
            return True
        return bytes(person.identity_index) in draft.identity_keys


def known_among(drafts: Sequence[Draft], *, lock: bool) -> Known:
    """Return the people of whom `drafts` may speak (three or four questions), locked for changing where asked."""
    wanted = Q(pk__in=[])
    if identities := [key for draft in drafts for key in draft.identity_keys]:
        wanted |= holds_one_of("identity_index", identities)
    if phones := [key for draft in drafts for key in draft.phone_keys]:
        wanted |= holds_one_of("phone_index", phones)
    born = [draft for draft in drafts if draft.birth_on is not None and draft.community is not None]
    # Whoever has another number is somebody else: of namesakes of entries with one only those without are looked at.
    wanted |= _namesakes([draft for draft in born if draft.identity_keys]) & Q(identity_index=None)
    wanted |= _namesakes([draft for draft in born if not draft.identity_keys])
    rows = list(Person.objects.filter(wanted, erased_at=None).order_by("id"))
    kept = {row.merged_into_id or row.id for row in rows}
    people = _locked(kept) if lock else {row.id: row for row in rows if row.merged_into_id is None}
    people |= {row.id: row for row in _others(kept - people.keys())}
    known = Known()
    for row in rows:
        person = people.get(row.merged_into_id or row.id)
        if person is not None:
            known.add(person, row)
    return known


def _namesakes(drafts: Sequence[Draft]) -> Q:
    """Return the condition that a record has name and birth date of one of `drafts` (or of two of them)."""
    if not drafts:
        return Q(pk__in=[])
    names = holds_one_of("name_order", (name_order(draft.name) for draft in drafts))
    return names & Q(birth_on__in={draft.birth_on for draft in drafts})


def _locked(ids: Iterable[UUID]) -> dict[UUID, Person]:
    rows = Person.objects.select_for_update(of=("self",)).filter(id__in=list(ids), erased_at=None).order_by("id")
    return {row.id: row for row in rows}


def _others(ids: set[UUID]) -> list[Person]:
    return list(Person.objects.filter(id__in=ids, erased_at=None).order_by("id")) if ids else []
