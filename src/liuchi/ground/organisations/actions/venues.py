"""Opening, changing and closing venues."""

from dataclasses import fields
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.organisations.changing import ChangeRefused, lock, require_power, today
from liuchi.ground.organisations.kinds import VENUE_CHANGED, VENUE_CLOSED, VENUE_OPENED
from liuchi.ground.organisations.models import OpeningHours, Venue
from liuchi.ground.organisations.venues import VenueFacts, facts_of, hours_of, set_facts


@action
def open_venue(*, by: Actor, organisation_id: UUID, facts: VenueFacts, on: date) -> Venue:
    """Open a venue that an organisation keeps, with its hours.

    Raises:
        ChangeRefused: no name or one in use, an unknown kind or facility, half a position, bookable without a
            capacity, hours that overlap or run backwards, a day ahead.
        NotFound: there is no such organisation in force.
        NotAllowed: the actor may not change organisations there.
    """
    (organisation,) = lock(by, [organisation_id])
    if on > today():
        raise ChangeRefused(_("This day lies ahead. Enter the change once it is in force."), field="on")
    venue = Venue(organisation=organisation, area_id=organisation.area_id, valid_from=on)
    set_facts(venue, facts)
    record(
        kind=VENUE_OPENED,
        by=by,
        subject_type="organisations.venue",
        subject_id=venue.id,
        place_id=venue.area_id,
        data={"organisation": organisation.id, "kind": venue.kind},
        rows=[venue, *hours_of(venue, facts)],
    )
    return venue


@action
def change_venue(*, by: Actor, venue_id: UUID, facts: VenueFacts) -> Venue:
    """Set everything that is known of a venue, its hours included.

    Raises:
        ChangeRefused: as `open_venue`.
        NotFound: there is no such venue.
        NotAllowed: the actor may not change organisations there.
    """
    venue = _lock_venue(by, venue_id)
    if facts == facts_of(venue):
        return venue
    set_facts(venue, facts)
    venue.save(update_fields=[each.name.removesuffix("_id") for each in fields(VenueFacts) if each.name != "hours"])
    OpeningHours.objects.filter(venue=venue).delete()
    OpeningHours.objects.bulk_create(hours_of(venue, facts))
    record(
        kind=VENUE_CHANGED,
        by=by,
        subject_type="organisations.venue",
        subject_id=venue.id,
        place_id=venue.area_id,
        data={"organisation": venue.organisation_id},
    )
    return venue


@action
def close_venue(*, by: Actor, venue_id: UUID, on: date) -> Venue:
    """Close a venue for good on a day.

    Raises:
        ChangeRefused: a day ahead, or not after it was opened.
        NotFound: there is no such venue.
        NotAllowed: the actor may not change organisations there.
    """
    venue = _lock_venue(by, venue_id)
    if not venue.valid_from < on <= today():
        raise ChangeRefused(_("Choose a day after it was opened, not one ahead."), field="on")
    venue.valid_to = on
    venue.save(update_fields=["valid_to"])
    record(
        kind=VENUE_CLOSED,
        by=by,
        subject_type="organisations.venue",
        subject_id=venue.id,
        place_id=venue.area_id,
        data={"organisation": venue.organisation_id, "on": on},
    )
    return venue


def _lock_venue(by: Actor, venue_id: UUID) -> Venue:
    rows = Venue.objects.select_for_update(of=("self",)).select_related("organisation")
    venue = rows.filter(id=venue_id, valid_to=None).first()
    if venue is None:
        raise NotFound(_("There is no such venue, or it was closed."))
    require_power(by, {venue.organisation.area_id})
    return venue
