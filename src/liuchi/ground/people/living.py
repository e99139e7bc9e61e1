"""Where households live: a registered dwelling, or an area with an address in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.conditions import is_one_of
from liuchi.ground.kernel.errors import NotFound, RuleBroken
from liuchi.ground.kernel.writes import build
from liuchi.ground.people import access
from liuchi.ground.people.models import Household, HouseholdStay
from liuchi.ground.records import protected
from liuchi.ground.territory.models import Dwelling
from liuchi.ground.territory.queries import territory

_CHUNK = 5000


class HouseholdRefused(RuleBroken):
    """A household cannot be as it was given; `field` names what is wrong."""

    code = "household_refused"


@dataclass(frozen=True, slots=True)
class HomePlace:
    """Where a household lives: a registered dwelling, or else an area with the address below the community in clear."""

    dwelling_id: UUID | None = None
    area_id: UUID | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that was found: the area is that of the dwelling's building, and then there is no address."""

    area_id: UUID
    dwelling_id: UUID | None
    address: str


def spots_of(homes: Sequence[HomePlace]) -> list[Spot]:
    """Return the spots of many places, in their order.

    Raises:
        HouseholdRefused: neither dwelling nor area, one that is not in force, or none at all.
    """
    wanted = list({home.dwelling_id for home in homes if home.dwelling_id is not None})
    areas: dict[UUID, UUID] = {}
    for start in range(0, len(wanted), _CHUNK):
        rows = Dwelling.objects.filter(is_one_of("id", frozenset(wanted[start : start + _CHUNK])), valid_to=None)
        areas.update(rows.values_list("id", "building__area_id"))
    return [_spot(home, areas) for home in homes]


def stay_at(household: Household, spot: Spot, on: date) -> HouseholdStay:
    """Return the row that says a household lives at a spot from a day; not written yet."""
    stay = build(
        HouseholdStay, household_id=household.id, dwelling_id=spot.dwelling_id, area_id=spot.area_id, valid_from=on
    )
    stay.address_sealed = protected.seal(spot.address, protected.ADDRESS, stay.id)
    return stay


def _spot(home: HomePlace, areas: dict[UUID, UUID]) -> Spot:
    if home.dwelling_id is not None:
        if home.dwelling_id not in areas:
            raise HouseholdRefused(_("There is no such dwelling, or it has ended."), field="dwelling")
        return Spot(areas[home.dwelling_id], home.dwelling_id, "")
    if home.area_id is None:
        raise HouseholdRefused(_("Say where the household lives: a dwelling, or a grid and an address."), field="area")
    if home.area_id not in territory().areas:
        raise HouseholdRefused(_("There is no such area, or it has ended."), field="area")
    return Spot(home.area_id, None, home.address.strip())


def lock_household(by: Actor, household_id: UUID, on: date) -> tuple[Household, HouseholdStay]:
    """Lock a household in force that the actor may change, with where it lives.

    Raises:
        HouseholdRefused: the day lies ahead.
        NotFound, NotAllowed: there is none, or it lives where the actor does not manage people.
    """
    refuse_ahead(on)
    rows = Household.objects.select_for_update(of=("self",)).filter(id=household_id, valid_to=None)
    household = rows.first()
    stay = HouseholdStay.objects.select_for_update(of=("self",)).filter(household=household, valid_to=None).first()
    if household is None or stay is None:
        raise NotFound(_("There is no such household here."))
    access.require_at(by, access.MANAGE, stay.area_id)
    return household, stay


def refuse_ahead(on: date) -> None:
    """Refuse a day that lies ahead: who lives where is told once it is so."""
    if on > timezone.localdate(clock.now()):
        raise HouseholdRefused(_("This day lies ahead."), field="on")
