"""Taking, leaving and handing over posts."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.organisations.models import Post
from liuchi.ground.people.kinds import POST_HANDED_OVER
from liuchi.ground.people.models import Person, PostHolding
from liuchi.ground.people.staffing import (
    Meant,
    StaffRefused,
    document,
    is_of,
    lock_post,
    person_meant,
    require_day,
    require_seat,
)


@action
def take_post(*, by: Actor, post_id: UUID, person: Meant, on: date, by_document: str = "") -> PostHolding:
    """Let somebody hold a post from a day on.

    Raises:
        StaffRefused: all seats are taken, they hold it already, a day ahead or before the post existed.
        NotFound: there is no such post or person.
        NotAllowed: the actor may not change staff there.
    """
    post = lock_post(by, post_id)
    require_day(on)
    if on < (post.valid_from or post.organisation.valid_from):
        raise StaffRefused(_("The post did not exist on that day."), field="on")
    taker, is_new = person_meant(person)
    require_seat(post, taker)
    holding = PostHolding(person=taker, post=post, valid_from=on, document=document(by_document))
    _line(by, post, None, taker.id, on, [*([taker] if is_new else []), holding])
    return holding


@action
def hand_over_post(
    *, by: Actor, post_id: UUID, from_person_id: UUID, to: Meant, on: date, by_document: str = ""
) -> PostHolding:
    """Let a successor hold a post from a day on instead of whoever holds it; one closes, the other opens.

    Grants that come with the post, and the work that hangs on them, follow by reactions to `people.post_handed_over`.

    Raises:
        StaffRefused: the successor holds it already or is the same, a day ahead or not after the holding began.
        NotFound: there is no such post or person, or they do not hold it.
        NotAllowed: the actor may not change staff there.
    """
    post = lock_post(by, post_id)
    held = _holding(post, from_person_id)
    require_day(on, since=held.valid_from)
    successor, is_new = person_meant(to)
    if PostHolding.objects.filter(is_of(successor), post=post, valid_to=None).exists():
        raise StaffRefused(_("This person holds the post already."), field="person")
    named = document(by_document)
    held.valid_to, held.ended_by = on, named
    held.save(update_fields=["valid_to", "ended_by"])
    holding = PostHolding(person=successor, post=post, valid_from=on, document=named)
    _line(by, post, held.person_id, successor.id, on, [*([successor] if is_new else []), holding])
    return holding


@action
def leave_post(*, by: Actor, post_id: UUID, person_id: UUID, on: date, by_document: str = "") -> PostHolding:
    """Let somebody hold a post no longer from a day on; its seat is free.

    Raises:
        StaffRefused: a day ahead or not after the holding began.
        NotFound: there is no such post, or they do not hold it.
        NotAllowed: the actor may not change staff there.
    """
    post = lock_post(by, post_id)
    held = _holding(post, person_id)
    require_day(on, since=held.valid_from)
    held.valid_to, held.ended_by = on, document(by_document)
    held.save(update_fields=["valid_to", "ended_by"])
    _line(by, post, held.person_id, None, on, [])
    return held


def _holding(post: Post, person_id: UUID) -> PostHolding:
    doubles = Person.objects.filter(merged_into_id=person_id).values_list("id", flat=True)
    rows = PostHolding.objects.select_for_update(of=("self",)).filter(post=post, valid_to=None)
    found = rows.filter(person_id__in=[person_id, *doubles]).first()
    if found is None:
        raise NotFound(_("This person does not hold the post (any more)."))
    return found


def _line(
    by: Actor, post: Post, from_person: UUID | None, to_person: UUID | None, on: date, rows: list[Person | PostHolding]
) -> None:
    record(
        kind=POST_HANDED_OVER,
        by=by,
        subject_type="organisations.post",
        subject_id=post.id,
        place_id=post.area_id,
        data={
            "post": post.id,
            "organisation": post.organisation_id,
            "from_person": from_person,
            "to_person": to_person,
            "on": on,
        },
        rows=rows,
    )
