"""Letting staff follow when their organisation ends: nobody moved, the house was named anew around them."""

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed
from liuchi.ground.people.kinds import POSTS_CARRIED_OVER, STAFF_CARRIED_OVER
from liuchi.ground.people.models import Employment, Income, PostHolding, Secondment

_A_DAY = timedelta(days=1)


@action
def carry_over_posts(*, by: Actor, post_ids: Collection[UUID], on: date) -> int:
    """Let holders of posts that ended hold the posts that succeed them, or none; return how many holdings ended.

    Somebody who held two posts that became one holds one.

    Raises:
        NotAllowed: only the house itself does this, after a change of organisations.
    """
    _require_house(by)
    rows = PostHolding.objects.select_for_update(of=("self",)).select_related("post")
    held = list(rows.filter(post_id__in=post_ids, valid_to=None).order_by("id"))
    if not held:
        return 0
    following = {each.post_id: each.post.succeeded_by_id for each in held}
    carried = {old: new for old, new in following.items() if new is not None}
    present = PostHolding.objects.filter(post_id__in=set(carried.values()), valid_to=None)
    there = set(present.values_list("post_id", "person_id"))
    begun = []
    for each in held:
        # Somebody who took the post after it had ended never held it for a day there: the shortest time stays told.
        each.valid_to = max(on, each.valid_from + _A_DAY)
        successor = carried.get(each.post_id)
        if successor is not None and (successor, each.person_id) not in there:
            there.add((successor, each.person_id))
            since = max(on, each.valid_from)
            begun.append(
                PostHolding(post_id=successor, person_id=each.person_id, valid_from=since, document=each.document)
            )
    PostHolding.objects.bulk_update(held, ["valid_to"], batch_size=500)
    PostHolding.objects.bulk_create(begun, batch_size=500)
    record(
        kind=POSTS_CARRIED_OVER,
        by=by,
        subject_type="organisations.post",
        subject_id=held[0].post_id,
        place_id=held[0].post.area_id,
        data={"posts": list(carried), "successors": list(carried.values()), "holdings": len(held), "on": on},
    )
    return len(held)


@action
def carry_over_staff(*, by: Actor, organisation_ids: Collection[UUID], heir_id: UUID | None, on: date) -> int:
    """Let the staff of organisations that ended work for their heir on the same terms, or end; return how many.

    Secondments that are open and the newest income go along; who works for the heir already stays once on its roll.

    Raises:
        NotAllowed: only the house itself does this, after a change of organisations.
    """
    _require_house(by)
    rows = Employment.objects.select_for_update(of=("self",)).filter(valid_to=None)
    ended = list(rows.filter(organisation_id__in=organisation_ids).order_by("id"))
    if not ended:
        return 0
    there = set(rows.filter(organisation_id=heir_id).values_list("person_id", flat=True)) if heir_id else set()
    following: dict[UUID, Employment] = {}
    for each in ended:
        each.valid_to = max(on, each.valid_from + _A_DAY)
        if heir_id is not None and each.person_id not in there:
            there.add(each.person_id)
            following[each.id] = Employment(
                person_id=each.person_id,
                organisation_id=heir_id,
                employer=each.employer,
                valid_from=max(on, each.valid_from),
                contract_until=max(each.contract_until, on) if each.contract_until else None,
                document=each.document,
            )
    Employment.objects.bulk_update(ended, ["valid_to"], batch_size=500)
    Employment.objects.bulk_create(following.values(), batch_size=500)
    _take_along(following)
    record(
        kind=STAFF_CARRIED_OVER,
        by=by,
        subject_type="organisations.organisation",
        subject_id=heir_id or ended[0].organisation_id,
        data={"organisations": sorted({each.organisation_id for each in ended}), "staff": len(ended), "on": on},
    )
    return len(ended)


def _take_along(following: dict[UUID, Employment]) -> None:
    newest: dict[UUID, Income] = {}
    for income in Income.objects.filter(employment_id__in=following).order_by("as_of"):
        newest[income.employment_id] = income
    Income.objects.bulk_create(
        [
            Income(employment=following[employment_id], yearly=income.yearly, as_of=income.as_of)
            for employment_id, income in newest.items()
        ],
        batch_size=500,
    )
    open_ones = Secondment.objects.select_for_update(of=("self",)).filter(employment_id__in=following, returned_on=None)
    lent = list(open_ones.order_by("id"))
    for each in lent:
        each.employment = following[each.employment_id]
    Secondment.objects.bulk_update(lent, ["employment"], batch_size=500)


def _require_house(by: Actor) -> None:
    if by.kind != "system":
        raise NotAllowed("staff follow their organisation by themselves")
