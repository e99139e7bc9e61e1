"""Letting bodies, posts, venues and served areas follow when areas end or are redrawn under them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import Q

from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed
from liuchi.ground.organisations.going_on import Followed, Moved, carry_post, move_body, serve_instead, write_followed
from liuchi.ground.organisations.models import Organisation, Post, ServedArea, Venue
from liuchi.ground.territory.following import Ending, endings
from liuchi.ground.territory.queries import heir, successors, territory
from liuchi.ground.territory.standing import decided


@action
def follow_areas(*, by: Actor, area_ids: Sequence[UUID]) -> Followed:
    """Let what stands in areas that ended go on in what took over, from the day they ended; return what did.

    A body or venue goes where its point lies, else to the one successor; a post for the area of its body goes with the
    body. A served area is served in each part. What neither place nor plan decides stays as it is and is asked
    (`territory.standing.open_questions`). Where a body stood before is kept in its past; a post ends and goes on in its
    successor, so that who held it when stays told.

    Raises:
        NotAllowed: only the house itself does this, after a change of the territory.
    """
    if by.kind != "system":
        raise NotAllowed("organisations follow the territory by themselves")
    ended = endings(area_ids)
    done = Followed(organisations=_organisations(ended), venues=_venues(area_ids), served=_served(ended))
    done.posts = _posts(ended, done.organisations)
    if done.organisations or done.posts or done.venues or done.served:
        write_followed(by, area_ids[0], done)
    return done


def _organisations(ended: Mapping[UUID, Ending]) -> Moved:
    rows = Organisation.objects.select_for_update(of=("self",)).filter(valid_to=None)
    moved: Moved = {}
    for body in rows.filter(Q(area_id__in=[*ended]) | Q(seat_id__in=[*ended])).order_by("id"):
        if body.seat_id is not None and body.seat_id in ended:
            body.seat_id = heir(body.seat_id, body.longitude, body.latitude) or body.seat_id
            body.save(update_fields=["seat"])
        area_id = decided(body.area_id, body.longitude, body.latitude)
        if body.area_id in ended and area_id is not None:
            moved[body.id] = (body.area_id, area_id)
            move_body(body, area_id, ended[body.area_id])
    return moved


def _posts(ended: Mapping[UUID, Ending], bodies: Mapping[UUID, tuple[UUID, UUID]]) -> dict[UUID, UUID]:
    rows = Post.objects.select_for_update(of=("self",)).filter(valid_to=None, area_id__in=[*ended]).order_by("id")
    moved: dict[UUID, UUID] = {}
    for post in rows:
        came, went = bodies.get(post.organisation_id, (None, None))
        area_id = went if came == post.area_id else decided(post.area_id)
        if area_id is not None:
            moved[post.id] = carry_post(post, area_id, ended[post.area_id].on).id
    return moved


def _venues(area_ids: Sequence[UUID]) -> Moved:
    known = territory()
    rows = Venue.objects.select_for_update(of=("self",)).filter(valid_to=None, area_id__in=area_ids).order_by("id")
    moved: Moved = {}
    for venue in rows:
        is_placed = venue.longitude is not None or venue.area_id in known.areas
        area_id = heir(venue.area_id, venue.longitude, venue.latitude) if is_placed else decided(venue.area_id)
        if area_id is not None and area_id != venue.area_id:
            moved[venue.id] = (venue.area_id, area_id)
            venue.area_id = area_id
            venue.save(update_fields=["area"])
    return moved


def _served(ended: Mapping[UUID, Ending]) -> int:
    rows = ServedArea.objects.select_for_update(of=("self",)).filter(valid_to=None, area_id__in=[*ended])
    count = 0
    for row in rows.order_by("id"):
        after = [each.id for each in successors(row.area_id)]
        if after:
            count += 1
            serve_instead(row, after, ended[row.area_id].on)
    return count
