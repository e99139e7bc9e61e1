"""Letting grants follow the posts they come with: whoever leaves loses them, whoever takes over has them."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from liuchi.ground.access.kinds import GRANTS_CARRIED_OVER, GRANTS_HANDED_OVER
from liuchi.ground.access.models import Account, Grant
from liuchi.ground.access.powers import administration_of
from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed
from liuchi.ground.people.queries import same_person

_AN_INSTANT = timedelta(microseconds=1)


@action
def hand_over_grants(*, by: Actor, post_id: UUID, from_person: UUID | None, to_person: UUID | None) -> tuple[int, int]:
    """End the grants that `from_person` has with a post, and give them to `to_person`; return how many each.

    A successor without an open account gets nothing: there is nobody yet to sign in; the grants are given by hand then.
    Administrators' roles do not pass on by themselves.

    Raises:
        NotAllowed: only the house itself does this, after a post was handed over.
    """
    if by.kind != "system":
        raise NotAllowed("grants follow posts by themselves")
    moment = clock.now()
    rows = Grant.objects.select_for_update(of=("self",)).select_related("role").filter(post_id=post_id, glass=None)
    ending = list(
        rows.filter(same_person("account__person", from_person)).exclude(valid_to__lte=moment).order_by("id")
        if from_person
        else []
    )
    if not ending:
        return 0, 0
    accounts = (
        Account.objects.filter(same_person("person", to_person), is_active=True)
        if to_person
        else Account.objects.none()
    )
    taker = accounts.order_by("created_at", "id").first()
    held = set(Grant.objects.filter(account=taker, post_id=post_id, valid_to=None).values_list("role_id", "area_id"))
    begun = [
        Grant(
            account=taker,
            role=each.role,
            area_id=each.area_id,
            organisation_id=each.organisation_id,
            post_id=each.post_id,
            purpose=each.purpose,
            reason=each.reason,
            given_by_id=each.given_by_id if taker is not None and each.given_by_id != taker.id else None,
            valid_from=moment,
        )
        for each in ending
        if taker is not None and each.role is not None and not _administers(each) and _key(each) not in held
    ]
    for each in ending:
        each.valid_to = max(moment, each.valid_from + _AN_INSTANT)
    Grant.objects.bulk_update(ending, ["valid_to"], batch_size=500)
    Grant.objects.bulk_create(begun, batch_size=500)
    record(
        kind=GRANTS_HANDED_OVER,
        by=by,
        subject_type="organisations.post",
        subject_id=post_id,
        place_id=ending[0].area_id,
        data={"post": post_id, "ended": len(ending), "begun": len(begun)},
    )
    return len(ending), len(begun)


@action
def carry_over_grants(*, by: Actor, post_ids: Collection[UUID]) -> tuple[int, int]:
    """Let grants that came with posts that ended come with the posts that go on, or end; return how many each.

    Whoever holds a grant keeps it for the same areas; where a body took over, in that body.

    Raises:
        NotAllowed: only the house itself does this, after posts ended.
    """
    if by.kind != "system":
        raise NotAllowed("grants follow posts by themselves")
    moment = clock.now()
    rows = Grant.objects.select_for_update(of=("self",)).filter(post_id__in=post_ids, post__valid_to__isnull=False)
    ending = list(
        rows.filter(glass=None).exclude(valid_to__lte=moment).select_related("post__succeeded_by").order_by("id")
    )
    if not ending:
        return 0, 0
    begun = _carried(ending, moment)
    for each in ending:
        each.valid_to = max(moment, each.valid_from + _AN_INSTANT)
    Grant.objects.bulk_update(ending, ["valid_to"], batch_size=500)
    Grant.objects.bulk_create(begun, batch_size=500)
    record(
        kind=GRANTS_CARRIED_OVER,
        by=by,
        subject_type="organisations.post",
        subject_id=ending[0].post_id or ending[0].id,
        place_id=ending[0].area_id,
        data={"posts": sorted(set(post_ids)), "ended": len(ending), "begun": len(begun)},
    )
    return len(ending), len(begun)


def _carried(ending: Iterable[Grant], moment: datetime) -> list[Grant]:
    """Return the grants that go on with the posts that follow, each once."""
    found: dict[tuple[object, ...], Grant] = {}
    for each in ending:
        following = each.post.succeeded_by if each.post is not None else None
        if following is None:
            continue
        grant = Grant(
            account_id=each.account_id,
            role_id=each.role_id,
            area_id=each.area_id,
            organisation_id=following.organisation_id,
            post_id=following.id,
            purpose=each.purpose,
            reason=each.reason,
            given_by_id=each.given_by_id,
            valid_from=max(moment, each.valid_from),
            valid_to=each.valid_to,
        )
        found[grant.account_id, grant.role_id, grant.area_id, grant.post_id] = grant
    held = Grant.objects.filter(account_id__in={each.account_id for each in found.values()}, valid_to=None)
    for each in held.order_by("id"):
        found.pop((each.account_id, each.role_id, each.area_id, each.post_id), None)
    return list(found.values())


def _administers(grant: Grant) -> bool:
    return grant.role is not None and bool(administration_of(grant.role.powers))


def _key(grant: Grant) -> tuple[UUID | None, UUID]:
    return grant.role_id, grant.area_id
