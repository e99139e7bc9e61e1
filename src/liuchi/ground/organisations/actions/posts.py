"""Opening, changing and closing posts. Who holds them is written in `people`."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.organisations.changing import ChangeRefused, lock, require_power, today
from liuchi.ground.organisations.kinds import POST_CHANGED, POST_CLOSED, POST_OPENED
from liuchi.ground.organisations.models import Organisation, Post

LONGEST_TITLE, LONGEST_DUTIES = 30, 500


@action
def open_post(
    *,
    by: Actor,
    organisation_id: UUID,
    title: str,
    on: date,
    area_id: UUID | None = None,
    seats: int = 1,
    is_head: bool = False,
    duties: str = "",
) -> Post:
    """Open a post in an organisation, for its area unless another is named.

    Raises:
        ChangeRefused: no title, no seat, a post of that title for that area already, a day ahead.
        NotFound: there is no such organisation in force.
        NotAllowed: the actor may not change organisations there.
    """
    (organisation,) = lock(by, [organisation_id])
    _require_sound(title, seats, duties)
    if on > today():
        raise ChangeRefused(_("This day lies ahead. Enter the change once it is in force."), field="on")
    area_id = area_id or organisation.area_id
    rows = Post.objects.filter(organisation=organisation, title=title.strip(), area_id=area_id, valid_to=None)
    if rows.exists():
        raise ChangeRefused(_("There is a post of this title here. Give it more seats instead."), field="title")
    post = Post(
        organisation=organisation,
        title=title.strip(),
        area_id=area_id,
        duties=duties.strip(),
        seats=seats,
        is_head=is_head,
        valid_from=max(on, organisation.valid_from),
    )
    record(
        kind=POST_OPENED,
        by=by,
        subject_type="organisations.post",
        subject_id=post.id,
        place_id=area_id,
        data={"organisation": organisation.id, "seats": seats},
        rows=[post],
    )
    return post


@action
def change_post(*, by: Actor, post_id: UUID, title: str, seats: int, is_head: bool, duties: str = "") -> Post:
    """Set what a post is called, what it is there for, how many seats it has, and whether it speaks for the body.

    Raises:
        ChangeRefused: no title, no seat, or a title that another post has here.
        NotFound: there is no such post.
        NotAllowed: the actor may not change organisations there.
    """
    post = _lock_post(by, post_id)
    _require_sound(title, seats, duties)
    same = Post.objects.filter(
        organisation_id=post.organisation_id, title=title.strip(), area_id=post.area_id, valid_to=None
    )
    if same.exclude(id=post.id).exists():
        raise ChangeRefused(_("There is a post of this title here. Give it more seats instead."), field="title")
    wanted = (title.strip(), seats, is_head, duties.strip())
    if wanted == (post.title, post.seats, post.is_head, post.duties):
        return post
    post.title, post.seats, post.is_head, post.duties = wanted
    post.save(update_fields=["title", "seats", "is_head", "duties"])
    record(
        kind=POST_CHANGED,
        by=by,
        subject_type="organisations.post",
        subject_id=post.id,
        place_id=post.area_id,
        data={"organisation": post.organisation_id, "seats": seats},
    )
    return post


@action
def close_post(*, by: Actor, post_id: UUID, on: date) -> Post:
    """Close a post on a day; whoever held it holds it no longer (people follow by a reaction).

    Raises:
        ChangeRefused: a day ahead, or before it was opened.
        NotFound: there is no such post.
        NotAllowed: the actor may not change organisations there.
    """
    post = _lock_post(by, post_id)
    since = post.valid_from or post.organisation.valid_from
    if not since <= on <= today():
        raise ChangeRefused(_("Choose a day since the post exists, not one ahead."), field="on")
    post.valid_to = on
    post.save(update_fields=["valid_to"])
    record(
        kind=POST_CLOSED,
        by=by,
        subject_type="organisations.post",
        subject_id=post.id,
        place_id=post.area_id,
        data={"organisation": post.organisation_id, "on": on},
    )
    return post


def _lock_post(by: Actor, post_id: UUID) -> Post:
    rows = Post.objects.select_for_update(of=("self",)).select_related("organisation")
    post = rows.filter(id=post_id, valid_to=None).first()
    if post is None:
        raise NotFound(_("There is no such post, or it was closed."))
    organisation: Organisation = post.organisation
    require_power(by, {organisation.area_id})
    return post


def _require_sound(title: str, seats: int, duties: str) -> None:
    if not title.strip():
        raise ChangeRefused(_("Give the post's title."), field="title")
    if len(title.strip()) > LONGEST_TITLE:
        raise ChangeRefused(
            _("This is longer than %(longest)d characters. Give a shorter one.") % {"longest": LONGEST_TITLE},
            field="title",
        )
    if len(duties.strip()) > LONGEST_DUTIES:
        raise ChangeRefused(
            _("This is longer than %(longest)d characters. Give a shorter one.") % {"longest": LONGEST_DUTIES},
            field="duties",
        )
    if not 1 <= seats <= 9999:
        raise ChangeRefused(_("A post has at least one seat."), field="seats")
