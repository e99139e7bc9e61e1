"""Adding an organisation, renaming it, moving it under others or elsewhere, describing it, saying where it serves."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel.actions import action, again_on
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.organisations.changing import (
    ChangeRefused,
    lock,
    past_state,
    require_credit_code,
    require_day,
    require_name,
    require_parents,
    require_power,
    today,
)
from liuchi.ground.organisations.kinds import AREAS_SERVED, DESCRIBED, MOVED, ORGANISATION_ADDED, RENAMED
from liuchi.ground.organisations.models import Change, Organisation, OrganisationKind, ServedArea
from liuchi.ground.territory.models import Area


@dataclass(frozen=True)
class Parents:
    """What stands above an organisation in each of the three chains."""

    statistical: UUID | None = None
    management: UUID | None = None
    party: UUID | None = None


@dataclass(frozen=True)
class Description:
    """Facts about an organisation that have no history: how to reach it, where it sits, what it is registered as."""

    english_name: str = ""
    phone: str = ""
    credit_code: str = ""
    founded_on: date | None = None
    seat_id: UUID | None = None
    address: str = ""
    longitude: float | None = None
    latitude: float | None = None


NOTHING, NOBODY = Description(), Parents()


@again_on("organisation_credit_code_once")
@action
def add_organisation(
    *,
    by: Actor,
    kind: str,
    name: str,
    area_id: UUID,
    on: date,
    short_name: str = "",
    parents: Parents = NOBODY,
    description: Description = NOTHING,
    code: str = "",
) -> Organisation:
    """Add an organisation that exists since a day; without a code of its own it gets one.

    Raises:
        ChangeRefused: no name, an unknown kind, a day ahead, a code or credit code in use, parents that cannot be.
        NotAllowed: the actor may not change organisations in that area.
    """
    require_power(by, {area_id})
    name, short_name = require_name(name, short_name)
    if kind not in OrganisationKind.values:
        raise ChangeRefused(_("Choose what kind of organisation it is."), field="kind")
    if on > today():
        raise ChangeRefused(_("This day lies ahead. Enter the change once it is in force."), field="on")
    if not Area.objects.filter(id=area_id, valid_to=None).exists():
        raise ChangeRefused(_("Choose the area where it is registered."), field="area")
    organisation = Organisation(
        kind=kind, name=name, short_name=short_name, area_id=area_id, code=code.strip(), valid_from=on
    )
    organisation.code = organisation.code or f"{kind}-{organisation.id.hex[-12:]}"
    if Organisation.objects.filter(code=organisation.code, valid_to=None).exists():
        raise ChangeRefused(_("This code is in use."), field="code")
    _set_parents(organisation, parents)
    _describe(organisation, description)
    record(
        kind=ORGANISATION_ADDED,
        by=by,
        subject_type="organisations.organisation",
        subject_id=organisation.id,
        place_id=area_id,
        data={"kind": kind, "on": on},
        rows=[organisation],
    )
    return organisation


@action
def rename_organisation(
    *, by: Actor, organisation_id: UUID, name: str, on: date, document: str = "", short_name: str = ""
) -> Organisation:
    """Give an organisation another name from a day on; what happened before keeps the name of then.

    Raises:
        ChangeRefused: no name, the name it has, or a day before its last change or ahead.
        NotFound: there is no such organisation in force.
        NotAllowed: the actor may not change organisations there.
    """
    (organisation,) = lock(by, [organisation_id])
    name, short_name = require_name(name, short_name)
    if (name, short_name) == (organisation.name, organisation.short_name):
        raise ChangeRefused(_("This is the name it has."), field="name")
    require_day(organisation, on)
    before = past_state(organisation, Change.RENAMED, on, document)
    organisation.name, organisation.short_name = name, short_name
    organisation.save(update_fields=["name", "short_name", "stands_since"])
    record(
        kind=RENAMED,
        by=by,
        subject_type="organisations.organisation",
        subject_id=organisation.id,
        place_id=organisation.area_id,
        data={"on": on},
        rows=[before],
    )
    return organisation


@action
def move_organisation(
    *, by: Actor, organisation_id: UUID, parents: Parents, on: date, area_id: UUID | None = None, document: str = ""
) -> Organisation:
    """Put an organisation under other parents, or register it in another area, from a day on.

    `parents` are those it has from then on, in all three chains; without `area_id` it stays where it is.

    Raises:
        ChangeRefused: nothing would change, a parent that has ended or makes a circle, a chain that does not fit, a
            day before its last change or ahead.
        NotFound: there is no such organisation in force.
        NotAllowed: the actor may not change organisations there, or in the new area.
    """
    (organisation,) = lock(by, [organisation_id])
    area_id = area_id or organisation.area_id
    require_power(by, {area_id})
    stands = Parents(
        organisation.statistical_parent_id, organisation.management_parent_id, organisation.party_parent_id
    )
    if (parents, area_id) == (stands, organisation.area_id):
        raise ChangeRefused(_("Nothing would change: choose another parent or area."))
    require_day(organisation, on)
    before = past_state(organisation, Change.MOVED, on, document)
    organisation.area_id = area_id
    _set_parents(organisation, parents)
    organisation.save(update_fields=["area", "statistical_parent", "management_parent", "party_parent", "stands_since"])
    record(
        kind=MOVED,
        by=by,
        subject_type="organisations.organisation",
        subject_id=organisation.id,
        place_id=area_id,
        data={
            "on": on,
            "area": area_id,
            "statistical_parent": parents.statistical,
            "management_parent": parents.management,
            "party_parent": parents.party,
        },
        rows=[before],
    )
    return organisation


@again_on("organisation_credit_code_once")
@action
def describe_organisation(*, by: Actor, organisation_id: UUID, description: Description) -> Organisation:
    """Set the facts about an organisation that have no history, all of them at once.

    Raises:
        ChangeRefused: a credit code that is none or another's, half a position, an address for a private home.
        NotFound: there is no such organisation in force.
        NotAllowed: the actor may not change organisations there.
    """
    (organisation,) = lock(by, [organisation_id])
    columns = [each.name for each in fields(Description)]
    stands = {name: getattr(organisation, name) for name in columns}
    _describe(organisation, description)
    changed = sorted(name for name in columns if getattr(organisation, name) != stands[name])
    if not changed:
        return organisation
    organisation.save(update_fields=[name.removesuffix("_id") for name in changed])
    record(
        kind=DESCRIBED,
        by=by,
        subject_type="organisations.organisation",
        subject_id=organisation.id,
        place_id=organisation.area_id,
        data={"fields": changed},
    )
    return organisation


@action
def serve_areas(*, by: Actor, organisation_id: UUID, area_ids: Collection[UUID], on: date) -> None:
    """Let an organisation serve just these areas beside its own from a day on; earlier ones end that day.

    Raises:
        ChangeRefused: an unknown area, a day ahead or before the organisation began.
        NotFound: there is no such organisation in force.
        NotAllowed: the actor may not change organisations there.
    """
    (organisation,) = lock(by, [organisation_id])
    if not organisation.valid_from <= on <= today():
        raise ChangeRefused(_("Choose a day since the organisation exists, not one ahead."), field="on")
    known = set(Area.objects.filter(id__in=area_ids, valid_to=None).values_list("id", flat=True))
    if len(known) < len(set(area_ids)):
        raise ChangeRefused(_("One of these areas does not exist (any more)."), field="areas")
    rows = list(ServedArea.objects.select_for_update(of=("self",)).filter(organisation=organisation, valid_to=None))
    served = {row.area_id: row for row in rows}
    added, ended = sorted(known - served.keys()), sorted(served.keys() - known)
    if not added and not ended:
        return
    _end_serving([served[each] for each in ended], on)
    record(
        kind=AREAS_SERVED,
        by=by,
        subject_type="organisations.organisation",
        subject_id=organisation.id,
        place_id=organisation.area_id,
        data={"on": on, "added": added, "ended": ended},
        rows=[ServedArea(organisation=organisation, area_id=each, valid_from=on) for each in added],
    )


def _end_serving(rows: Collection[ServedArea], on: date) -> None:
    """End rows on a day; one that began that very day or later never counted and goes."""
    ServedArea.objects.filter(id__in=[row.id for row in rows if row.valid_from < on]).update(valid_to=on)
    ServedArea.objects.filter(id__in=[row.id for row in rows if row.valid_from >= on]).delete()


def _set_parents(organisation: Organisation, parents: Parents) -> None:
    organisation.statistical_parent_id = parents.statistical
    organisation.management_parent_id = parents.management
    organisation.party_parent_id = parents.party
    require_parents(organisation)


def _describe(organisation: Organisation, description: Description) -> None:
    if (description.longitude is None) != (description.latitude is None):
        raise ChangeRefused(_("A position has a longitude and a latitude."), field="longitude")
    if organisation.kind == OrganisationKind.PARTY_HOUSEHOLD and (
        description.address or description.phone or description.longitude is not None
    ):
        raise ChangeRefused(
            _("A centre household is somebody's home: neither address nor phone nor position are kept here."),
            field="address",
        )
    organisation.credit_code = require_credit_code(description.credit_code, beside=organisation.id)
    organisation.english_name = description.english_name.strip()
    organisation.phone, organisation.address = description.phone.strip(), description.address.strip()
    organisation.founded_on, organisation.seat_id = description.founded_on, description.seat_id
    organisation.longitude, organisation.latitude = description.longitude, description.latitude
