"""Reading households with the viewer's eyes: who lives and lived where, and with whom, on any day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from liuchi.ground.kernel.actors import Reader
from liuchi.ground.kernel.conditions import is_one_of
from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.people.access import SEE
from liuchi.ground.people.living import HomePlace
from liuchi.ground.people.models import (
    Household,
    HouseholdKind,
    HouseholdMember,
    HouseholdStay,
    Relation,
    Residence,
)
from liuchi.ground.people.queries import same_person
from liuchi.ground.records import protected
from liuchi.ground.territory.dwellings import address_of
from liuchi.ground.territory.queries import in_force, territory

#: The head first, then by age.
_ORDER = (Case(When(relation=Relation.HEAD, then=0), default=1), F("person__birth_on").asc(nulls_last=True), "id")


@dataclass(frozen=True)
class Occupied:
    """How many households and people live in a dwelling or a building."""

    households: int = 0
    people: int = 0


@dataclass(frozen=True)
class LivedHere:
    """A household that lives or lived in a dwelling, since when, and who belonged to it then (now, or when it left)."""

    stay: HouseholdStay
    since: date
    members: tuple[HouseholdMember, ...]

    @property
    def is_here(self) -> bool:
        """Tell whether it lives here now."""
        return self.stay.valid_to is None


def household_for(viewer: Reader, household_id: UUID) -> Household:
    """Return a household that lives, or lived last, where the viewer may see people.

    Raises:
        NotFound: when there is none, or it lives elsewhere.
    """
    rows = HouseholdStay.objects.filter(household_id=household_id).select_related("household")
    last = rows.order_by("-valid_from", "-id").first()
    if last is None or last.area_id not in viewer.areas(SEE):
        raise NotFound(_("There is no such household here."))
    return last.household


def stays_of(viewer: Reader, household_id: UUID) -> QuerySet[HouseholdStay]:
    """Return where a household lived, as far as the viewer may see it; newest first."""
    rows = HouseholdStay.objects.filter(_seen(viewer), household_id=household_id)
    return rows.select_related("dwelling__building__estate", "area").order_by("-valid_from", "id")


def members_of(viewer: Reader, household_id: UUID, on: date | None = None) -> QuerySet[HouseholdMember]:
    """Return who belongs to a household (or belonged to it on a day): the head first, then by age."""
    rows = HouseholdMember.objects.filter(_when(on), household=household_for(viewer, household_id))
    return rows.select_related("person").order_by(*_ORDER)


def everybody_ever_in(viewer: Reader, household_id: UUID) -> QuerySet[HouseholdMember]:
    """Return who belonged to a household at any time: oldest membership first."""
    rows = HouseholdMember.objects.filter(household=household_for(viewer, household_id))
    return rows.select_related("person").order_by("valid_from", *_ORDER)


def lived_in(viewer: Reader, dwelling_id: UUID) -> list[LivedHere]:
    """Return the households that live and lived in a dwelling, those of now first (two queries)."""
    stays = list(
        HouseholdStay.objects.filter(_seen(viewer), dwelling_id=dwelling_id)
        .select_related("household")
        .order_by(F("valid_to").desc(nulls_first=True), "-valid_from", "id")
    )
    rows = HouseholdMember.objects.filter(household_id__in=[stay.household_id for stay in stays])
    members = list(rows.select_related("person").order_by(*_ORDER))
    found: dict[tuple[UUID, date | None], LivedHere] = {}
    for stay in stays:  # the newest first; where only the area was named anew, one stay goes on in the next
        later = found.pop((stay.household_id, stay.valid_to), None)
        newest = stay if later is None else later.stay
        found[stay.household_id, stay.valid_from] = LivedHere(newest, stay.valid_from, tuple(_then(newest, members)))
    return sorted(found.values(), key=lambda lived: not lived.is_here)


def without_head(viewer: Reader, area_id: UUID | None = None, after: str = "") -> QuerySet[HouseholdStay]:
    """Return where family households live that have nobody as their head: an open question; by their numbers.

    `after` is the number of the last household of the page before.
    """
    headed = HouseholdMember.objects.filter(household=OuterRef("household"), relation=Relation.HEAD, valid_to=None)
    rows = HouseholdStay.objects.filter(_seen(viewer), ~Exists(headed), valid_to=None, household__valid_to=None)
    rows = rows.filter(household__kind=HouseholdKind.FAMILY)
    if area_id is not None:
        rows = rows.filter(is_one_of("area_id", territory().with_descendants(area_id)))
    if after:
        rows = rows.filter(household__number__gt=after)
    people = Count("household__members", filter=Q(household__members__valid_to=None))
    return rows.select_related("household").annotate(people=people).order_by("household__number", "id")


def masked_home(stay: HouseholdStay) -> str:
    """Return the address of a stay, masked below the building."""
    if stay.dwelling is not None:
        return protected.mask_address(address_of(stay.dwelling))
    return protected.mask_address(protected.unseal(stay.address_sealed, protected.ADDRESS, stay.id))


def present_home(person_id: UUID) -> HomePlace | None:
    """Return where somebody lives now, as a place for a household; None without a home. For a form that acts on it."""
    row = Residence.objects.filter(person_id=person_id, valid_to=None).first()
    if row is None:
        return None
    if row.dwelling_id is not None:
        return HomePlace(dwelling_id=row.dwelling_id)
    return HomePlace(area_id=row.area_id, address=protected.unseal(row.address_sealed, protected.ADDRESS, row.id))


def stay_home(stay: HouseholdStay) -> HomePlace:
    """Return the place of a stay as one to live at."""
    if stay.dwelling_id is not None:
        return HomePlace(dwelling_id=stay.dwelling_id)
    return HomePlace(area_id=stay.area_id, address=protected.unseal(stay.address_sealed, protected.ADDRESS, stay.id))


def belonging() -> QuerySet[HouseholdMember, UUID]:
    """Return the ids of everybody who belongs to a household today, as a condition for other questions."""
    return HouseholdMember.objects.filter(valid_to=None).order_by("person_id").values_list("person_id", flat=True)


def residents_of(viewer: Reader, dwelling_id: UUID, on: date | None = None) -> QuerySet[Residence]:
    """Return who lives (or lived on a day) in a dwelling, in a household or by themselves; longest first."""
    rows = Residence.objects.filter(_when(on), _seen(viewer), dwelling_id=dwelling_id)
    return rows.select_related("person").order_by("valid_from", "id")


def household_of(viewer: Reader, person_id: UUID, on: date | None = None) -> HouseholdMember | None:
    """Return the membership of a person, today or on a day, with the household; None without, or out of sight."""
    rows = HouseholdMember.objects.filter(_when(on), same_person("person", person_id)).select_related("household")
    found = rows.order_by(F("person__merged_into").asc(nulls_first=True), "id").first()
    if found is None or not HouseholdStay.objects.filter(_seen(viewer), household=found.household).exists():
        return None
    return found


def where_lived(viewer: Reader, person_id: UUID, on: date) -> Residence | None:
    """Return where a person lived on a day, where the viewer may see it."""
    rows = Residence.objects.filter(in_force(on), _seen(viewer), same_person("person", person_id))
    related = rows.select_related("area", "dwelling__building__estate")
    return related.order_by(F("person__merged_into").asc(nulls_first=True), "id").first()


def occupied_by_dwelling(viewer: Reader, building_id: UUID, on: date | None = None) -> dict[UUID, Occupied]:
    """Return households and people per dwelling of a building, for whoever may see dwellings there (two queries)."""
    return _occupied(viewer, Q(dwelling__building_id=building_id), "dwelling_id", on)


def occupied_by_building(viewer: Reader, buildings: Iterable[UUID], on: date | None = None) -> dict[UUID, Occupied]:
    """Return households and people per building, for whoever may see dwellings there (two queries)."""
    return _occupied(viewer, Q(dwelling__building_id__in=list(buildings)), "dwelling__building_id", on)


def occupied_by_estate(viewer: Reader, estates: Iterable[UUID], on: date | None = None) -> dict[UUID, Occupied]:
    """Return households and people per estate, for whoever may see dwellings there (two queries)."""
    return _occupied(viewer, Q(dwelling__building__estate_id__in=list(estates)), "dwelling__building__estate_id", on)


def _occupied(viewer: Reader, inside: Q, key: str, on: date | None) -> dict[UUID, Occupied]:
    seen = inside & is_one_of("dwelling__building__area_id", viewer.areas("dwellings.see"))
    stays = HouseholdStay.objects.filter(_when(on), seen).values_list(key).annotate(n=Count("id")).order_by(key)
    lives = (
        Residence.objects.filter(_when(on), seen)
        .values_list(key)
        .annotate(n=Count(Coalesce("person__merged_into_id", "person_id"), distinct=True))
        .order_by(key)
    )
    households, people = dict(stays), dict(lives)
    return {each: Occupied(households.get(each, 0), people.get(each, 0)) for each in {*households, *people}}


def _when(on: date | None) -> Q:
    return Q(valid_to=None) if on is None else in_force(on)


def _seen(viewer: Reader) -> Q:
    return is_one_of("area_id", viewer.areas(SEE))


def _then(stay: HouseholdStay, members: Iterable[HouseholdMember]) -> Iterable[HouseholdMember]:
    """Give the members a household had while it stayed: now, or on its last day here."""
    for member in members:
        if member.household_id != stay.household_id:
            continue
        is_now = stay.valid_to is None and member.valid_to is None
        was_there = stay.valid_to is not None and (
            member.valid_from < stay.valid_to and (member.valid_to is None or member.valid_to >= stay.valid_to)
        )
        if is_now or was_there:
            yield member
