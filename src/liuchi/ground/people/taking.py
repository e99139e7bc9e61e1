"""Taking entries of a register in: who is new, who says something else now, whom nobody can tell. Writes nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, RuleBroken
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.kernel.writes import build
from liuchi.ground.people import access, values
from liuchi.ground.people.entries import Draft, EntryRefused, Known, Match, NewPerson, draft_of, known_among
from liuchi.ground.people.history import change_of
from liuchi.ground.people.identity import Doubt
from liuchi.ground.people.models import ChangeKind, Person, PersonChange, PostHolding, Residence
from liuchi.ground.people.naming import name_order
from liuchi.ground.people.residing import settle
from liuchi.ground.records import protected


class TakenAs(TextChoices):
    """What became of an entry."""

    NEW = "new", gettext_lazy("new")
    CHANGED = "changed", gettext_lazy("changed")
    SAME = "same", gettext_lazy("as it was")
    REPEATED = "repeated", gettext_lazy("stands twice in the file")
    AMBIGUOUS = "ambiguous", gettext_lazy("fits several people")
    REFUSED = "refused", gettext_lazy("cannot be taken")


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one entry: whose record, which of its facts changed, by which change; or why not.

    `change_id` and, for new people, `person_id` are what `take_back_people` needs; `candidates` are the people whom an
    ambiguous entry fits. None of it is a protected value, so it may be kept.
    """

    status: TakenAs
    person_id: UUID | None = None
    change_id: UUID | None = None
    facts: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    candidates: tuple[UUID, ...] = ()
    error: RuleBroken | None = None


@dataclass
class Batch:
    """The rows that a batch of entries asks for, and what became of each entry."""

    by: Actor
    valid_from: date
    at: datetime
    today: date
    #: The journal line of the changes; whoever writes the batch puts the real one in its place.
    line_id: UUID = field(default_factory=new_id)
    taken: list[Taken] = field(default_factory=list)
    fresh: list[Person] = field(default_factory=list)
    updated: list[Person] = field(default_factory=list)
    changes: list[PersonChange] = field(default_factory=list)
    begun: list[Residence] = field(default_factory=list)
    resettled: list[Residence] = field(default_factory=list)
    holdings: list[PostHolding] = field(default_factory=list)

    @property
    def writes(self) -> bool:
        """Tell whether anything is to be written."""
        return bool(self.fresh or self.changes)


def sort_entries(*, by: Actor, entries: Iterable[NewPerson], valid_from: date, update: bool) -> Batch:
    """Return what a batch of entries asks for. With `update`, people known take over what the entries say."""
    protected.hold_unique()  # before anybody is looked for: a number that may stand once is matched as it is written
    batch = Batch(by, valid_from, clock.now(), timezone.localdate(clock.now()))
    drafts = [_drafted(batch, entry) for entry in entries]
    sound = [draft for draft in drafts if isinstance(draft, Draft)]
    known = known_among(sound, lock=update)
    present = _residences(known.people) if update else {}
    touched: set[UUID] = set()
    for draft in drafts:
        taken = _take(batch, draft, known, present, touched, update=update) if isinstance(draft, Draft) else draft
        if taken.status in {TakenAs.NEW, TakenAs.CHANGED, TakenAs.SAME} and taken.person_id is not None:
            touched.add(taken.person_id)
        batch.taken.append(taken)
    return batch


def _drafted(batch: Batch, entry: NewPerson) -> Draft | Taken:
    try:
        draft = draft_of(entry, batch.today)
    except EntryRefused as error:
        return Taken(TakenAs.REFUSED, error=error)
    if access.may(batch.by, access.MANAGE, entry.home.id if entry.home is not None else None):
        return draft
    return Taken(TakenAs.REFUSED, error=NotAllowed(_("You may not register people who live there."), field="home"))


def _residences(people: Mapping[UUID, Person]) -> dict[UUID, Residence]:
    rows = Residence.objects.select_for_update(of=("self",)).filter(person_id__in=list(people), valid_to=None)
    return {row.person_id: row for row in rows.order_by("person_id")}


def _take(
    batch: Batch, draft: Draft, known: Known, present: dict[UUID, Residence], touched: set[UUID], *, update: bool
) -> Taken:
    match = known.match(draft)
    if match.candidates:
        return Taken(TakenAs.AMBIGUOUS, candidates=match.candidates, doubts=draft.doubts, error=_ambiguous())
    if match.person is None:
        person = _begin(batch, draft)
        known.add(person, community=draft.community)
        return Taken(TakenAs.NEW, person.id, doubts=draft.doubts, facts=tuple(draft.facts()))
    if match.person.id in touched:
        return Taken(TakenAs.REPEATED, match.person.id, doubts=draft.doubts)
    if not update:
        return Taken(TakenAs.SAME, match.person.id, doubts=draft.doubts)
    return _update(batch, draft, match, present)


def _ambiguous() -> EntryRefused:
    return EntryRefused(
        _("This fits several people known here. Add the identity number, or join the double records first."),
        field="identity",
    )


def _begin(batch: Batch, draft: Draft) -> Person:
    entry = draft.entry
    person = build(
        Person,
        id=entry.id or new_id(),
        name=draft.name,
        name_order=name_order(draft.name),
        sex=draft.sex,
        birth_on=draft.birth_on,
        home_id=entry.home.id if entry.home is not None else None,
        created_at=batch.at,
    )
    person.phone_sealed = protected.seal(draft.phone, protected.PHONE, person.id)
    person.phone_index = draft.phone_keys[0] if draft.phone_keys else None
    if draft.identity is not None:
        person.identity_kind = draft.identity.kind.value
        person.identity_sealed = protected.seal(draft.identity.written, protected.IDENTITY, person.id)
        person.identity_index = draft.identity_keys[0]
    batch.fresh.append(person)
    if entry.home is not None:
        settled = settle(person, None, entry.home.id, entry.address.strip(), batch.valid_from, entry.dwelling_id)
        batch.begun += [settled.begun] if settled.begun else []
    if entry.post is not None:
        batch.holdings.append(PostHolding(person=person, post=entry.post, valid_from=batch.valid_from))
    return person


def _update(batch: Batch, draft: Draft, match: Match, present: dict[UUID, Residence]) -> Taken:
    person = match.person
    assert person is not None  # noqa: S101 - asked by the caller; tells the type
    refusal = _refusal(batch, person)
    if refusal is not None:
        return Taken(TakenAs.REFUSED, person.id, doubts=draft.doubts, error=refusal)
    said, wanted = values.facts_of(person), draft.facts()
    if draft.identity is not None and person.identity_index is not None:
        wanted.pop("identity")  # matched by it: the same number, perhaps written with 15 digits
    changed = {fact: text for fact, text in wanted.items() if text != said[fact]}
    before: dict[str, object] = {fact: said[fact] for fact in changed}
    values.put_facts(person, changed)
    entry = draft.entry
    if entry.home is not None:
        _settle(batch, person, entry, present, before, home=said["home"])
    if not before:
        return Taken(TakenAs.SAME, person.id, doubts=draft.doubts)
    change = change_of(person, before, kind=ChangeKind.IMPORT, line_id=batch.line_id, by=batch.by, at=batch.at)
    batch.updated.append(person)
    batch.changes.append(change)
    return Taken(TakenAs.CHANGED, person.id, change.id, facts=tuple(before), doubts=draft.doubts)


def _settle(
    batch: Batch,
    person: Person,
    entry: NewPerson,
    present: dict[UUID, Residence],
    before: dict[str, object],
    *,
    home: str,
) -> None:
    assert entry.home is not None  # noqa: S101 - asked by the caller; tells the type
    lived = present.get(person.id)
    address = entry.address.strip() or None
    settled = settle(person, lived, entry.home.id, address, batch.valid_from, entry.dwelling_id)
    if settled.before is None:
        return
    batch.begun += [settled.begun] if settled.begun else []
    batch.resettled += [settled.changed] if settled.changed else []
    before.update({"home": home, "residence": settled.before})


def _refusal(batch: Batch, person: Person) -> RuleBroken | None:
    if not access.may(batch.by, access.MANAGE, person.home_id):
        return NotAllowed(
            _("This person is registered elsewhere in the district. Register the move first."), field="home"
        )
    if person.death_on is not None:
        return EntryRefused(_("This person is registered as dead."), field="name")
    return None
