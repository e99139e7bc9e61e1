"""Writing organisations, posts and duties."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import RuleBroken
from liuchi.ground.organisations.kinds import DUTIES_IMPORTED, ORGANISATIONS_IMPORTED
from liuchi.ground.organisations.models import Duty, DutyRole, Organisation, OrganisationKind, Post
from liuchi.ground.territory.models import Area

#: The kinds of place whose office a duty may name.
PLACES = ("town", "community")


@dataclass(frozen=True)
class NewOrganisation:
    """An organisation to import, with the titles of the posts that exist in it."""

    code: str
    name: str
    short_name: str
    kind: str
    area: Area
    english_name: str = ""
    parent_code: str | None = None
    posts: tuple[str, ...] = ()


@dataclass(frozen=True)
class NewDuty:
    """A line of the duties list; `organisation_code` names a body, or is "@town" / "@community": the place's office."""

    organisation_code: str
    matter: str
    role: str
    note: str = ""


class OrganisationsRefused(RuleBroken):
    """The list cannot be taken in as it is."""

    code = "organisations_refused"


@action
def import_organisations(*, by: Actor, organisations: Iterable[NewOrganisation], valid_from: date) -> int:
    """Bring in organisations that are not there yet (by code) with their posts; return how many were new.

    Raises:
        OrganisationsRefused: an unknown kind or parent.
    """
    known = {each.code: each for each in Organisation.objects.filter(valid_to=None)}
    fresh: list[Organisation] = []
    posts: list[Post] = []
    for new in organisations:
        if new.code in known:
            continue
        organisation = _organisation(new, known, valid_from)
        known[new.code] = organisation
        fresh.append(organisation)
        posts.extend(Post(organisation=organisation, title=title, area=new.area) for title in new.posts)
    if not fresh:
        return 0
    Organisation.objects.bulk_create(fresh, batch_size=500)
    Post.objects.bulk_create(posts, batch_size=500)
    record(
        kind=ORGANISATIONS_IMPORTED,
        by=by,
        subject_type="organisations.organisation",
        subject_id=fresh[0].id,
        place_id=fresh[0].area_id,
        data={"organisations": len(fresh), "posts": len(posts)},
    )
    return len(fresh)


@action
def import_duties(*, by: Actor, duties: Iterable[NewDuty], document: str, valid_from: date) -> int:
    """Bring in the lines of a powers and duties list that are not there yet; return how many were new.

    Raises:
        OrganisationsRefused: an organisation or kind of place nobody knows, or an unknown role.
    """
    known = {each.code: each for each in Organisation.objects.filter(valid_to=None)}
    listed = Duty.objects.filter(document=document).values_list("organisation_id", "by_place", "matter", "role")
    held: set[tuple[object, ...]] = {*listed}
    fresh = []
    for new in duties:
        duty = _duty(new, known, document, valid_from)
        key = (duty.organisation_id, duty.by_place, duty.matter, duty.role)
        if key not in held:
            held.add(key)
            fresh.append(duty)
    if not fresh:
        return 0
    Duty.objects.bulk_create(fresh, batch_size=500)
    record(
        kind=DUTIES_IMPORTED,
        by=by,
        subject_type="organisations.duty",
        subject_id=fresh[0].id,
        data={"duties": len(fresh)},
    )
    return len(fresh)


def _organisation(new: NewOrganisation, known: Mapping[str, Organisation], valid_from: date) -> Organisation:
    if new.kind not in OrganisationKind.values:
        raise OrganisationsRefused(
            f"{new.code}: the kind {new.kind!r} is not one of {', '.join(OrganisationKind.values)}"
        )
    if new.parent_code is not None and new.parent_code not in known:
        raise OrganisationsRefused(f"{new.code}: its parent {new.parent_code} must stand before it in the list")
    return Organisation(
        code=new.code,
        name=new.name,
        short_name=new.short_name,
        english_name=new.english_name,
        kind=new.kind,
        area=new.area,
        management_parent=known[new.parent_code] if new.parent_code else None,
        valid_from=valid_from,
    )


def _duty(new: NewDuty, known: Mapping[str, Organisation], document: str, valid_from: date) -> Duty:
    if new.role not in DutyRole.values:
        raise OrganisationsRefused(f"{new.matter}: the role {new.role!r} is not one of {', '.join(DutyRole.values)}")
    by_place = new.organisation_code.removeprefix("@") if new.organisation_code.startswith("@") else ""
    if by_place and by_place not in PLACES:
        raise OrganisationsRefused(
            f"{new.matter}: @{by_place} is not one of {', '.join(f'@{each}' for each in PLACES)}"
        )
    if not by_place and new.organisation_code not in known:
        raise OrganisationsRefused(f"{new.matter}: there is no organisation {new.organisation_code}")
    return Duty(
        organisation=None if by_place else known[new.organisation_code],
        by_place=by_place,
        matter=new.matter,
        role=new.role,
        note=new.note,
        document=document,
        valid_from=valid_from,
    )
