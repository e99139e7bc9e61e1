"""The lists of this section as they may be taken out of the house."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from liuchi.ground.exchange.listings import ListColumn, Listing
from liuchi.ground.people.households import Occupied
from liuchi.ground.territory.dwellings import ListedEstate, address_of
from liuchi.ground.territory.models import Dwelling


@dataclass(frozen=True)
class EstateRow:
    """An estate in the list, with who lives in it."""

    listed: ListedEstate
    lives: Occupied


@dataclass(frozen=True)
class RoomRow:
    """A dwelling in the sheet of an estate, with who lives in it."""

    room: Dwelling
    lives: Occupied


ESTATES = Listing(
    "territory.estates",
    _("Estates"),
    (
        ListColumn("code", _("Code"), lambda row: row.listed.estate.code),
        ListColumn("name", _("Name"), lambda row: row.listed.estate.name),
        ListColumn("kind", _("Kind"), lambda row: row.listed.estate.get_kind_display()),
        ListColumn("community", _("Community"), lambda row: row.listed.estate.community.name),
        ListColumn("address", _("Address"), lambda row: row.listed.estate.street_address),
        ListColumn("buildings", _("Buildings"), lambda row: row.listed.buildings),
        ListColumn("dwellings", _("Dwellings"), lambda row: row.listed.dwellings),
        ListColumn("households", _("Households"), lambda row: row.lives.households),
        ListColumn("people", _("People"), lambda row: row.lives.people),
    ),
)
#: How many live in one dwelling tells of these few people: such a sheet leaves the house for a purpose only.
ROOMS = Listing(
    "territory.dwellings",
    _("Dwellings"),
    (
        ListColumn("estate", _("Estate"), lambda row: row.room.building.estate.name),
        ListColumn("phase", _("Phase"), lambda row: row.room.building.phase),
        ListColumn("building", _("Building"), lambda row: row.room.building.number),
        ListColumn("grid", _("Grid"), lambda row: row.room.building.area.name),
        ListColumn("unit", _("Unit of the building"), lambda row: row.room.unit),
        ListColumn("floor", _("Floor"), lambda row: row.room.floor),
        ListColumn("room", _("Room"), lambda row: row.room.room),
        ListColumn("address", _("Address"), lambda row: address_of(row.room)),
        ListColumn("use", _("Use"), lambda row: row.room.get_use_display()),
        ListColumn("floor_area_m2", _("Floor area (m²)"), lambda row: row.room.floor_area_m2),
        ListColumn("households", _("Households"), lambda row: row.lives.households, is_personal=True),
        ListColumn("people", _("People"), lambda row: row.lives.people, is_personal=True),
    ),
)
