"""Reading organisations: as they stand, as they stood on a day, and what became of them.

Names, parents, posts and venues of public bodies are public; who holds a post is asked of `people`.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, When
from django.utils.translation import gettext as _

from liuchi.ground.kernel.conditions import is_one_of
from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.organisations.changing import today
from liuchi.ground.organisations.duty_holders import DutiesAt, DutyHolder, duties_at, duties_held, duty_holders
from liuchi.ground.organisations.models import (
    Duty,
    DutyItem,
    DutyList,
    ItemKind,
    Organisation,
    OrganisationKind,
    PastState,
    Post,
    ServedArea,
    Succession,
    Venue,
)
from liuchi.ground.territory.queries import in_force, territory

__all__ = [
    "AsOf",
    "DutiesAt",
    "DutyHolder",
    "GoingAlong",
    "as_of",
    "changes_of",
    "duties_at",
    "duties_held",
    "duty_holders",
    "duty_item",
    "duty_items",
    "duty_kinds",
    "duty_lists",
    "going_along",
    "heads_of",
    "names_on",
    "organisation",
    "organisations",
    "post",
    "posts_of",
    "served_by",
    "successions_of",
    "units",
    "venue",
    "venues",
]

#: Kinds of organisation that handle cases.
UNIT_KINDS = (
    OrganisationKind.DEPARTMENT,
    OrganisationKind.SQUAD,
    OrganisationKind.CENTRE,
    OrganisationKind.UTILITY,
    OrganisationKind.DESK,
    OrganisationKind.TOWN,
    OrganisationKind.COMMUNITY,
)


@dataclass(frozen=True)
class AsOf:
    """An organisation as it stood on a day."""

    id: UUID
    code: str
    kind: str
    name: str
    short_name: str
    area_id: UUID
    statistical_parent_id: UUID | None
    management_parent_id: UUID | None
    party_parent_id: UUID | None


@dataclass(frozen=True)
class GoingAlong:
    """How many posts, venues, bodies below and duties stand with organisations."""

    posts: int
    venues: int
    below: int
    duties: int


def organisations(on: date | None = None) -> QuerySet[Organisation]:
    """Return the organisations in force, or those that were `on` a day, by code; names as they are today."""
    return Organisation.objects.filter(Q(valid_to=None) if on is None else in_force(on)).order_by("code", "id")


def units() -> QuerySet[Organisation]:
    """Return the organisations in force that cases are given to, by code: offices, departments, squads, services."""
    return organisations().filter(kind__in=UNIT_KINDS)


def organisation(organisation_id: UUID) -> Organisation:
    """Return one organisation with its area and its parents, ended ones too.

    Raises:
        NotFound: there is none of this id.
    """
    found = (
        Organisation.objects.select_related(
            "area", "seat", "statistical_parent", "management_parent", "party_parent", "calendar"
        )
        .filter(id=organisation_id)
        .first()
    )
    if found is None:
        raise NotFound(_("There is no such organisation."))
    return found


def as_of(organisation_id: UUID, on: date) -> AsOf | None:
    """Return an organisation as it stood on a day; None before it began and from the day it ended."""
    body = Organisation.objects.filter(in_force(on), id=organisation_id).first()
    if body is None:
        return None
    past = PastState.objects.filter(organisation=body, valid_from__lte=on, valid_to__gt=on).first()
    stood = past or body
    return AsOf(
        id=body.id,
        code=body.code,
        kind=body.kind,
        name=stood.name,
        short_name=stood.short_name,
        area_id=stood.area_id,
        statistical_parent_id=stood.statistical_parent_id,
        management_parent_id=stood.management_parent_id,
        party_parent_id=stood.party_parent_id,
    )


def names_on(asked: Iterable[tuple[UUID, date]]) -> Mapping[tuple[UUID, date], str]:
    """Return the short name that each organisation had on a day, where it had another than now (one query)."""
    wanted = set(asked)
    if not wanted:
        return {}
    states = PastState.objects.filter(organisation_id__in={each for each, _on in wanted}).order_by("valid_from", "id")
    return {
        (state.organisation_id, on): state.short_name
        for state in states
        for body, on in wanted
        if body == state.organisation_id and state.valid_from <= on < state.valid_to
    }


def changes_of(organisation_id: UUID) -> QuerySet[PastState]:
    """Return how an organisation stood before, newest first, each with the document that changed it."""
    return (
        PastState.objects.filter(organisation_id=organisation_id)
        .select_related("area", "statistical_parent", "management_parent", "party_parent")
        .order_by("-valid_to", "-id")
    )


def successions_of(organisation_id: UUID) -> QuerySet[Succession]:
    """Return what an organisation came from and what it became, newest first."""
    return (
        Succession.objects.filter(Q(predecessor_id=organisation_id) | Q(successor_id=organisation_id))
        .select_related("predecessor", "successor")
        .order_by("-on", "id")
    )


def posts_of(organisation_id: UUID, on: date | None = None) -> QuerySet[Post]:
    """Return the posts of an organisation, heads first; those that existed `on` a day when one is given."""
    moment = Q(valid_to=None) if on is None else _existed(on)
    rows = Post.objects.filter(moment, organisation_id=organisation_id).select_related("area")
    return rows.order_by("-is_head", "title", "id")


def heads_of(organisation_ids: Collection[UUID]) -> QuerySet[Post]:
    """Return the posts whose holders speak for these organisations, by organisation."""
    return Post.objects.filter(organisation_id__in=organisation_ids, is_head=True, valid_to=None).order_by(
        "organisation_id", "title", "id"
    )


def post(post_id: UUID) -> Post:
    """Return one post with its organisation, closed ones too.

    Raises:
        NotFound: there is none of this id.
    """
    found = Post.objects.select_related("organisation", "area").filter(id=post_id).first()
    if found is None:
        raise NotFound(_("There is no such post."))
    return found


def served_by(organisation_id: UUID, on: date | None = None) -> QuerySet[ServedArea]:
    """Return the areas that an organisation serves beside its own, by code; those of a day when one is given."""
    moment = Q(valid_to=None) if on is None else in_force(on)
    return (
        ServedArea.objects.filter(moment, organisation_id=organisation_id).select_related("area").order_by("area__code")
    )


def venues(
    organisation_id: UUID | None = None,
    *,
    area_id: UUID | None = None,
    on: date | None = None,
    kind: str = "",
    words: str = "",
    after: UUID | None = None,
) -> QuerySet[Venue]:
    """Return venues with their hours, by name: of an organisation, in an area and below it, open on a day (today).

    `words` must all stand in the name or the address; `after` is the last venue of the page before.
    """
    rows = Venue.objects.filter(Q(valid_to=None) if on is None else in_force(on))
    if organisation_id is not None:
        rows = rows.filter(organisation_id=organisation_id)
    if area_id is not None:
        rows = rows.filter(is_one_of("area_id", territory().with_descendants(area_id)))
    if kind:
        rows = rows.filter(kind=kind)
    for word in words.split():
        rows = rows.filter(Q(name__icontains=word) | Q(address__icontains=word))
    if after is not None:
        last = Venue.objects.filter(id=after).values_list("name", flat=True).first()
        if last is not None:
            rows = rows.filter(Q(name__gt=last) | Q(name=last, id__gt=after))
    related = rows.select_related("area", "organisation", "calendar").prefetch_related("hours")
    return related.order_by("name", "id")


def venue(venue_id: UUID) -> Venue:
    """Return one venue with its hours.

    Raises:
        NotFound: there is none of this id.
    """
    found = Venue.objects.filter(id=venue_id).select_related("area", "organisation").prefetch_related("hours").first()
    if found is None:
        raise NotFound(_("There is no such venue."))
    return found


def going_along(organisation_ids: Collection[UUID]) -> GoingAlong:
    """Return how much stands with organisations, which goes along when they end (four queries)."""
    above = Q(statistical_parent__in=organisation_ids) | Q(management_parent__in=organisation_ids)
    above |= Q(party_parent__in=organisation_ids)
    duties = Duty.objects.filter(organisation__in=organisation_ids, item__duty_list__in=duty_lists())
    return GoingAlong(
        posts=Post.objects.filter(organisation__in=organisation_ids, valid_to=None).count(),
        venues=Venue.objects.filter(organisation__in=organisation_ids, valid_to=None).count(),
        below=Organisation.objects.filter(above, valid_to=None).exclude(id__in=organisation_ids).count(),
        duties=duties.count(),
    )


def duty_lists(kind: str = "", on: date | None = None) -> QuerySet[DutyList]:
    """Return the powers and duties lists in force on a day (today), newest first; ended ones only for their days."""
    day = on or today()
    rows = DutyList.objects.filter(in_force(day)).select_related("supersedes")
    return (rows.filter(kind=kind) if kind else rows).order_by("-valid_from", "title", "id")


def duty_items(
    duty_list_id: UUID | None = None,
    *,
    kind: str = "",
    words: str = "",
    organisation_id: UUID | None = None,
    on: date | None = None,
    only_public: bool = False,
) -> QuerySet[DutyItem]:
    """Return items with their sides, in the order of their document: of one list, else of those in force on a day.

    `words` must all stand in an item's name, category or basis, or in what one of its sides has to do.
    """
    rows = DutyItem.objects.select_related("duty_list").prefetch_related("sides__organisation")
    rows = rows.filter(duty_list_id=duty_list_id) if duty_list_id else rows.filter(duty_list__in=duty_lists(on=on))
    if kind:
        rows = rows.filter(kind=kind)
    if only_public:
        rows = rows.filter(is_public=True)
    if organisation_id is not None:
        rows = rows.filter(sides__organisation_id=organisation_id).distinct()
    for word in words.split():
        said = Duty.objects.filter(Q(note__icontains=word) | Q(unit__icontains=word), item=OuterRef("id"))
        rows = rows.filter(
            Q(name__icontains=word) | Q(category__icontains=word) | Q(basis__icontains=word) | Exists(said)
        )
    return rows.annotate(place=_place_of_kind()).order_by("duty_list_id", "place", "number")


def duty_kinds(duty_list_id: UUID) -> dict[str, int]:
    """Return how many items of each kind a list holds, in the order of the document (one query)."""
    rows = DutyItem.objects.filter(duty_list_id=duty_list_id).order_by("kind").values_list("kind")
    counts = dict(rows.annotate(n=Count("id")))
    return {kind: counts[kind] for kind in ItemKind.values if kind in counts}


def duty_item(item_id: UUID) -> DutyItem:
    """Return one item with its list and its sides.

    Raises:
        NotFound: there is none of this id.
    """
    rows = DutyItem.objects.select_related("duty_list").prefetch_related("sides__organisation")
    found = rows.filter(id=item_id).first()
    if found is None:
        raise NotFound(_("There is no such item."))
    return found


def _place_of_kind() -> Case:
    """Return the order in which a document lists its kinds: basic duties, assisting ones, those taken back."""
    kinds = enumerate(ItemKind.values)
    return Case(*(When(kind=kind, then=place) for place, kind in kinds), output_field=IntegerField())


def _existed(on: date) -> Q:
    return (Q(valid_from=None) | Q(valid_from__lte=on)) & (Q(valid_to=None) | Q(valid_to__gt=on))
