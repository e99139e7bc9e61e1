"""Giving and ending grants."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.access.kinds import GRANT_ENDED, GRANT_GIVEN
from liuchi.ground.access.models import Grant, Role
from liuchi.ground.access.powers import OF_THE_WHOLE
from liuchi.ground.access.rules import (
    account_for_update,
    account_of,
    administrators_apart,
    require_other,
    require_power,
    require_reason,
    require_somebody_left,
)
from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotFound, RuleBroken
from liuchi.ground.organisations.models import Organisation, Post
from liuchi.ground.territory.queries import territory

#: A grant that had not begun when it ended lasts this long: its end has to lie after its beginning.
_AN_INSTANT = timedelta(microseconds=1)


class GrantRefused(RuleBroken):
    """The grant cannot be given as it was asked for."""

    code = "grant_refused"


@dataclass(frozen=True)
class NewGrant:
    """A grant to give: who gets which role, where, in which unit, with which post, for what, from when until when.

    Moments are aware; `valid_from` None is now, `valid_to` None is until it is ended.
    """

    account_id: UUID
    role: str
    area_id: UUID
    purpose: str
    reason: str
    organisation_id: UUID | None = None
    post_id: UUID | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None


@action
def give_grant(*, by: Actor, grant: NewGrant) -> Grant:
    """Give a role to an account and return the grant.

    Raises:
        NotAllowed: the actor lacks the power access.grants in the area.
        NotForOneself: for an account of one's own.
        NotFound: there is no such account, role, area, organisation or post.
        GrantRefused: it is held already, ends before it begins, the post is of another organisation, or the role opens
            what belongs to the whole district and the area is a part of it.
        AdministratorsApart: the person would be two of the three administrators.
        ReasonMissing: without a reason.
    """
    account = account_for_update(grant.account_id)
    territory().area(grant.area_id)
    require_power(by, "access.grants", grant.area_id)
    require_other(by, account.person_id)
    reason, role = require_reason(grant.reason), _role(grant.role)
    organisation, post = _place(grant)
    begins = grant.valid_from or clock.now()
    if grant.valid_to is not None and grant.valid_to <= max(begins, clock.now()):
        raise GrantRefused(_("The grant has to end after it begins."), field="valid_to")
    _require_wide_enough(role, grant.area_id)
    row = Grant(
        account=account,
        role=role,
        area_id=grant.area_id,
        organisation=organisation,
        post=post,
        purpose=grant.purpose,
        reason=reason,
        given_by_id=account_of(by),
        valid_from=begins,
        valid_to=grant.valid_to,
    )
    _require_not_held(row)
    facts = {
        "grant": row.id,
        "account": account.id,
        "role": role.code,
        "organisation": row.organisation_id,
        "post": row.post_id,
        "purpose_of_grant": grant.purpose,
        "valid_from": begins,
        "valid_to": grant.valid_to,
    }
    two = _("This person is an administrator of another kind at that time. The three are three people.")
    with administrators_apart(two, "role"):
        record(
            kind=GRANT_GIVEN,
            by=by,
            subject_type="access.account",
            subject_id=account.id,
            place_id=grant.area_id,
            data=facts,
            rows=[row],
        )
    return row


@action
def end_grant(*, by: Actor, grant_id: UUID, reason: str, at: datetime | None = None) -> Grant:
    """End a grant now, or at a later moment; what it gave is gone at the next request after that.

    Raises:
        NotAllowed: the actor lacks the power access.grants in the area.
        NotForOneself: one's own grant.
        NotFound: there is no such grant, or it has ended.
        GrantRefused: `at` lies in the past.
        LastAdministrator: nobody would be left to administer.
        ReasonMissing: without a reason.
    """
    moment = clock.now()
    rows = Grant.objects.select_for_update(of=("self",)).select_related("account", "role")
    row = rows.filter(id=grant_id, role__isnull=False).exclude(valid_to__lte=moment).first()
    if row is None or row.role is None:
        raise NotFound(_("There is no such grant, or it has ended."))
    require_power(by, "access.grants", row.area_id)
    require_other(by, row.account.person_id)
    said = require_reason(reason)
    if at is not None and at < moment:
        raise GrantRefused(_("Choose a moment that has not passed."), field="at")
    require_somebody_left([row])
    row.valid_to = max(at or moment, row.valid_from + _AN_INSTANT)
    row.ended_by_id, row.end_reason = account_of(by), said
    row.save(update_fields=["valid_to", "ended_by", "end_reason"])
    record(
        kind=GRANT_ENDED,
        by=by,
        subject_type="access.account",
        subject_id=row.account_id,
        place_id=row.area_id,
        data={"grant": row.id, "account": row.account_id, "role": row.role.code, "valid_to": row.valid_to},
    )
    return row


def _role(code: str) -> Role:
    role = Role.objects.filter(code=code).first()
    if role is None:
        raise NotFound(_("There is no such role."), field="role")
    return role


def _place(grant: NewGrant) -> tuple[Organisation | None, Post | None]:
    """Return the organisation and the post of a grant; a post brings its organisation."""
    if grant.post_id is not None:
        post = Post.objects.select_related("organisation").filter(id=grant.post_id).first()
        if post is None:
            raise NotFound(_("There is no such post."), field="post")
        if grant.organisation_id not in {None, post.organisation_id}:
            raise GrantRefused(_("This post is of another organisation."), field="post")
        return post.organisation, post
    if grant.organisation_id is None:
        return None, None
    organisation = Organisation.objects.filter(id=grant.organisation_id, valid_to=None).first()
    if organisation is None:
        raise NotFound(_("There is no such organisation."), field="organisation")
    return organisation, None


def _require_wide_enough(role: Role, area_id: UUID) -> None:
    """Refuse a role that opens what belongs to the whole district for a part of it: it would reach beyond."""
    if OF_THE_WHOLE.isdisjoint(role.powers):
        return
    if area_id not in territory().with_ancestors(territory().root().id):
        raise GrantRefused(
            _("What this role opens belongs to the whole district. Give it for the district."), field="area"
        )


def _require_not_held(row: Grant) -> None:
    held = Grant.objects.filter(
        account=row.account,
        role=row.role,
        area_id=row.area_id,
        organisation=row.organisation,
        post=row.post,
        valid_to=None,
    )
    if row.valid_to is None and held.exists():
        raise GrantRefused(_("This grant is held already."), field="role")
