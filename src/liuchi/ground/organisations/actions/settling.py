"""Saying where something goes on whose area ended, when neither its place nor the plan of the change could."""

from typing import TypeVar
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.organisations.going_on import (
    Followed,
    carry_post,
    move_body,
    serve_instead,
    write_followed,
)
from liuchi.ground.organisations.models import Organisation, Post, ServedArea, Venue
from liuchi.ground.territory.following import endings
from liuchi.ground.territory.standing import require_choice

Row = TypeVar("Row", Organisation, Post, Venue, ServedArea)


@action
def settle_organisation(*, by: Actor, row_id: UUID, area_id: UUID) -> None:
    """Say in which area a body goes on, from the day its area ended; its posts for that area go along.

    Raises:
        NotFound: there is no such open question.
        NotAllowed: the actor does not keep these areas.
        ChangeRefused: the area is none of those that took over.
    """
    body = _asked(Organisation, by, row_id, area_id)
    came, ending = body.area_id, endings([body.area_id])[body.area_id]
    move_body(body, area_id, ending)
    posts = Post.objects.select_for_update(of=("self",)).filter(organisation=body, area_id=came, valid_to=None)
    carried = {post.id: carry_post(post, area_id, ending.on).id for post in posts.order_by("id")}
    write_followed(by, came, Followed(organisations={body.id: (came, area_id)}, posts=carried))


@action
def settle_post(*, by: Actor, row_id: UUID, area_id: UUID) -> None:
    """Say for which area a post goes on, from the day its area ended; whoever holds it goes along.

    Raises:
        NotFound, NotAllowed, ChangeRefused: as `settle_organisation`.
    """
    post = _asked(Post, by, row_id, area_id)
    came, on = post.area_id, endings([post.area_id])[post.area_id].on
    write_followed(by, came, Followed(posts={post.id: carry_post(post, area_id, on).id}))


@action
def settle_venue(*, by: Actor, row_id: UUID, area_id: UUID) -> None:
    """Say in which area a venue lies whose area ended.

    Raises:
        NotFound, NotAllowed, ChangeRefused: as `settle_organisation`.
    """
    venue = _asked(Venue, by, row_id, area_id)
    came = venue.area_id
    venue.area_id = area_id
    venue.save(update_fields=["area"])
    write_followed(by, came, Followed(venues={venue.id: (came, area_id)}))


@action
def settle_served(*, by: Actor, row_id: UUID, area_id: UUID) -> None:
    """Say where a body serves from the day on which an area it served ended with nothing in its place.

    Raises:
        NotFound, NotAllowed, ChangeRefused: as `settle_organisation`.
    """
    row = _asked(ServedArea, by, row_id, area_id)
    came, on = row.area_id, endings([row.area_id])[row.area_id].on
    serve_instead(row, [area_id], on)
    write_followed(by, came, Followed(served=1))


def _asked(model: type[Row], by: Actor, row_id: UUID, into: UUID) -> Row:
    rows = model._default_manager.select_for_update(of=("self",))  # noqa: SLF001 - the manager of a model that is given
    row = rows.filter(id=row_id, valid_to=None, area__valid_to__isnull=False).first()
    if row is None:
        raise NotFound(_("This question is settled already."))
    require_choice(by, row.area_id, into)
    return row
