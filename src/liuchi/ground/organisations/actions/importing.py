"""Bringing in many organisations at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.organisations.changing import OrganisationsRefused, bodies_in_force, require_power
from liuchi.ground.organisations.credit_codes import CreditCodeError, parse_credit_code
from liuchi.ground.organisations.kinds import ORGANISATIONS_IMPORTED
from liuchi.ground.organisations.models import Organisation, OrganisationKind, Post, ServedArea
from liuchi.ground.territory.models import Area


@dataclass(frozen=True)
class NewPost:
    """A post to make with its organisation; `is_head` when its holder speaks for the body."""

    title: str
    seats: int = 1
    is_head: bool = False
    duties: str = ""


@dataclass(frozen=True)
class NewOrganisation:
    """An organisation to import, with the posts that exist in it (a title alone has one seat).

    Parents are named by code and stand before it in the list. `served` are areas it serves beside its own.
    """

    code: str
    name: str
    short_name: str
    kind: str
    area: Area
    english_name: str = ""
    parent_code: str | None = None
    posts: tuple[str | NewPost, ...] = ()
    statistical_parent_code: str | None = None
    party_parent_code: str | None = None
    credit_code: str = ""
    founded_on: date | None = None
    seat: Area | None = None
    address: str = ""
    served: tuple[Area, ...] = ()


@action
def import_organisations(*, by: Actor, organisations: Iterable[NewOrganisation], valid_from: date) -> int:
    """Bring in organisations that are not there yet (by code) with their posts; return how many were new.

    Raises:
        OrganisationsRefused: an unknown kind or parent, or a credit code that is none or stands twice.
        NotAllowed: the actor may not bring in organisations in one of the areas.
    """
    known = bodies_in_force()
    credit_codes = {each.credit_code for each in known.values()} - {""}
    fresh: list[Organisation] = []
    posts: list[Post] = []
    served: list[ServedArea] = []
    for new in organisations:
        if new.code in known:
            continue
        organisation = _organisation(new, known, credit_codes, valid_from)
        known[new.code] = organisation
        fresh.append(organisation)
        posts.extend(_post(organisation, each) for each in new.posts)
        served.extend(ServedArea(organisation=organisation, area=area, valid_from=valid_from) for area in new.served)
    if not fresh:
        return 0
    require_power(by, {each.area_id for each in fresh})
    Organisation.objects.bulk_create(fresh, batch_size=500)
    Post.objects.bulk_create(posts, batch_size=500)
    ServedArea.objects.bulk_create(served, batch_size=500)
    record(
        kind=ORGANISATIONS_IMPORTED,
        by=by,
        subject_type="organisations.organisation",
        subject_id=fresh[0].id,
        place_id=fresh[0].area_id,
        data={"organisations": len(fresh), "posts": len(posts)},
    )
    return len(fresh)


def _organisation(
    new: NewOrganisation, known: Mapping[str, Organisation], credit_codes: set[str], valid_from: date
) -> Organisation:
    if new.kind not in OrganisationKind.values:
        raise OrganisationsRefused(
            f"{new.code}: the kind {new.kind!r} is not one of {', '.join(OrganisationKind.values)}"
        )
    parents = (new.statistical_parent_code, new.parent_code, new.party_parent_code)
    for code in parents:
        if code is not None and code not in known:
            raise OrganisationsRefused(f"{new.code}: its parent {code} must stand before it in the list")
    statistical, management, party = (known[code] if code else None for code in parents)
    return Organisation(
        code=new.code,
        name=new.name,
        short_name=new.short_name,
        english_name=new.english_name,
        kind=new.kind,
        area=new.area,
        statistical_parent=statistical,
        management_parent=management,
        party_parent=party,
        credit_code=_credit_code(new, credit_codes),
        founded_on=new.founded_on,
        seat=new.seat,
        address=new.address,
        valid_from=valid_from,
    )


def _credit_code(new: NewOrganisation, taken: set[str]) -> str:
    if not new.credit_code:
        return ""
    try:
        code = parse_credit_code(new.credit_code).code
    except CreditCodeError as error:
        raise OrganisationsRefused(f"{new.code}: {error}") from error
    if code in taken:
        raise OrganisationsRefused(f"{new.code}: the credit code {code} stands twice")
    taken.add(code)
    return code


def _post(organisation: Organisation, new: str | NewPost) -> Post:
    wanted = NewPost(new) if isinstance(new, str) else new
    return Post(
        organisation=organisation,
        title=wanted.title,
        area=organisation.area,
        seats=wanted.seats,
        is_head=wanted.is_head,
        duties=wanted.duties,
    )
