"""Finding organisations: lists narrowed and paged, and the three chains as trees, today or on a past day."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q, QuerySet

from liuchi.ground.kernel.conditions import is_one_of
from liuchi.ground.organisations.models import Organisation, PastState
from liuchi.ground.organisations.models.organisation import PARENTS
from liuchi.ground.territory.queries import in_force, territory

PAGE = 50
#: Chains by the word that stands in an address.
CHAINS = {parent.removesuffix("_parent"): parent for parent in PARENTS}


@dataclass(frozen=True)
class OrganisationFilters:
    """What the list is narrowed to; `on` a day shows who existed then, by the names of then."""

    kind: str = ""
    area_id: UUID | None = None
    parent_id: UUID | None = None
    words: str = ""
    on: date | None = None
    after: str = ""


@dataclass(frozen=True)
class Listed:
    """An organisation in a list, as it stood on the day the list is about."""

    id: UUID
    code: str
    kind: str
    name: str
    short_name: str
    area: str
    parent: str
    credit_code: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class OrganisationPage:
    """A page of the list; `next_key` leads to the next one."""

    rows: Sequence[Listed]
    next_key: str


@dataclass
class Branch:
    """A body in a chain, with those that stand below it."""

    organisation: Organisation
    below: list["Branch"] = field(default_factory=list)


def find_organisations(filters: OrganisationFilters, limit: int = 0) -> OrganisationPage:
    """Return a page of organisations by code, of PAGE rows unless limited (one query; one more for a past day)."""
    limit = limit or PAGE
    rows = list(_found(filters)[: limit + 1])
    shown = rows[:limit]
    key = f"{shown[-1].code} {shown[-1].id}" if len(rows) > limit else ""
    return OrganisationPage(_told(shown, filters.on), key)


def all_organisations(filters: OrganisationFilters) -> Iterator[Listed]:
    """Give every organisation that the filters leave, in the order of the pages."""
    yield from _told(list(_found(filters)), filters.on)


def chain(name: str) -> tuple[list[Branch], int]:
    """Return one of CHAINS as trees by code, and how many bodies in force stand in none (one query).

    Raises:
        KeyError: there is no such chain.
    """
    column = f"{CHAINS[name]}_id"
    branches = {each.id: Branch(each) for each in Organisation.objects.filter(valid_to=None).order_by("code", "id")}
    roots = []
    for branch in branches.values():
        above = branches.get(getattr(branch.organisation, column))
        if above is None:
            roots.append(branch)
        else:
            above.below.append(branch)
    trees = [root for root in roots if root.below]
    return trees, len(roots) - len(trees)


def _found(filters: OrganisationFilters) -> QuerySet[Organisation]:
    moment = Q(valid_to=None) if filters.on is None else in_force(filters.on)
    rows = Organisation.objects.filter(moment).select_related("area", "management_parent", "party_parent")
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.area_id is not None:
        areas = territory().with_descendants(filters.area_id)
        rows = rows.filter(is_one_of("area_id", areas) | Q(served__area_id=filters.area_id)).distinct()
    if filters.parent_id is not None:
        above = [Q(**{f"{parent}_id": filters.parent_id}) for parent in PARENTS]
        rows = rows.filter(reduce(or_, above))
    for word in filters.words.split():
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(short_name__icontains=word)
            | Q(code=word)
            | Q(credit_code=word.upper())
            | Q(id__in=PastState.objects.filter(name__icontains=word).values("organisation_id"))
        )
    code, _, last = filters.after.rpartition(" ")
    if code and _uuid(last) is not None:
        rows = rows.filter(Q(code__gt=code) | Q(code=code, id__gt=_uuid(last)))
    return rows.order_by("code", "id")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _told(rows: Sequence[Organisation], on: date | None) -> list[Listed]:
    past: Mapping[UUID, PastState] = {}
    if on is not None:
        states = PastState.objects.filter(organisation_id__in=[each.id for each in rows])
        states = states.filter(valid_from__lte=on, valid_to__gt=on)
        related = states.select_related("area", "management_parent", "party_parent").order_by("valid_from", "id")
        past = {each.organisation_id: each for each in related}
    return [_listed(each, past.get(each.id, each)) for each in rows]


def _listed(body: Organisation, stood: Organisation | PastState) -> Listed:
    parent = stood.management_parent or stood.party_parent
    return Listed(
        id=body.id,
        code=body.code,
        kind=body.kind,
        name=stood.name,
        short_name=stood.short_name,
        area=stood.area.name,
        parent=parent.short_name if parent else "",
        credit_code=body.credit_code,
        valid_from=body.valid_from,
        valid_to=body.valid_to,
    )
