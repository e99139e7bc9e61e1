"""The lists of this room as they may be taken out of the house. None is personal."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from liuchi.ground.exchange.listings import ListColumn, Listing
from liuchi.ground.organisations.models import (
    Duty,
    DutyItem,
    DutyRole,
    Facility,
    ItemKind,
    OrganisationKind,
    Venue,
    VenueKind,
)

_PLACES = {"town": _("the street or town of the place"), "community": _("the community or village of the place")}


def side_name(side: Duty) -> str:
    """Return who a side of a duty is, in words."""
    if side.organisation is not None:
        return side.organisation.name
    return str(_PLACES.get(side.by_place, side.unit))


def _sides(role: str) -> ListColumn:
    def told(item: DutyItem) -> str:
        found = [each for each in item.sides.all() if each.role == role]
        return "；".join(f"{side_name(each)}：{each.note}" if each.note else side_name(each) for each in found)

    return ListColumn(role, DutyRole(role).label, told)


def _facilities(venue: Venue) -> str:
    return "、".join(str(Facility(each).label) for each in venue.facilities)


ORGANISATIONS = Listing(
    "organisations.organisations",
    _("Organisations"),
    (
        ListColumn("code", _("Code"), lambda row: row.code),
        ListColumn("name", _("Name"), lambda row: row.name),
        ListColumn("short_name", _("Short name"), lambda row: row.short_name),
        ListColumn("kind", _("Kind"), lambda row: OrganisationKind(row.kind).label),
        ListColumn("area", _("Area"), lambda row: row.area),
        ListColumn("parent", _("Stands below"), lambda row: row.parent),
        ListColumn("credit_code", _("Unified social credit code"), lambda row: row.credit_code),
        ListColumn("valid_from", _("Since"), lambda row: row.valid_from),
        ListColumn("valid_to", _("Until"), lambda row: row.valid_to),
    ),
)
DUTY_ITEMS = Listing(
    "organisations.duty_items",
    _("Powers and duties list"),
    (
        ListColumn("list", _("Document"), lambda item: str(item.duty_list)),
        ListColumn("kind", _("Kind"), lambda item: ItemKind(item.kind).label),
        ListColumn("number", pgettext_lazy("numbering", "No."), lambda item: item.number),
        ListColumn("code", _("Code"), lambda item: item.code),
        ListColumn("category", _("Category"), lambda item: item.category),
        ListColumn("name", _("Item"), lambda item: item.name),
        _sides(DutyRole.LEAD),
        _sides(DutyRole.ASSIST),
        _sides(DutyRole.TAKEN_BACK),
        ListColumn("method", _("How it is done now"), lambda item: item.method),
        ListColumn("basis", _("Basis"), lambda item: item.basis),
        ListColumn("public", _("Public"), lambda item: item.is_public),
    ),
)
VENUES = Listing(
    "organisations.venues",
    _("Venues"),
    (
        ListColumn("name", _("Name"), lambda venue: venue.name),
        ListColumn("kind", _("Kind"), lambda venue: VenueKind(venue.kind).label),
        ListColumn("organisation", _("Kept by"), lambda venue: venue.organisation.short_name),
        ListColumn("area", _("Area"), lambda venue: venue.area.name),
        ListColumn("address", _("Address"), lambda venue: venue.address),
        ListColumn("capacity", _("Capacity"), lambda venue: venue.capacity),
        ListColumn("bookable", _("Can be booked"), lambda venue: venue.is_bookable),
        ListColumn("facilities", _("Accessible facilities"), _facilities),
        ListColumn("longitude", _("Longitude"), lambda venue: venue.longitude),
        ListColumn("latitude", _("Latitude"), lambda venue: venue.latitude),
    ),
)
