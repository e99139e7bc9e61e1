"""Letting single rows go on in another area: what is kept of how they stood, and the line of what followed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.organisations.changing import past_state
from liuchi.ground.organisations.kinds import AREAS_FOLLOWED
from liuchi.ground.organisations.models import Change, Organisation, Post, ServedArea
from liuchi.ground.territory.following import Ending

Moved = dict[UUID, tuple[UUID, UUID]]


@dataclass
class Followed:
    """What followed: rows by id, each with the areas from which and into which. Posts name the post that goes on."""

    organisations: Moved = field(default_factory=dict)
    posts: dict[UUID, UUID] = field(default_factory=dict)
    venues: Moved = field(default_factory=dict)
    served: int = 0


def write_followed(by: Actor, place_id: UUID, done: Followed) -> None:
    """Write the line of what followed an area."""
    record(
        kind=AREAS_FOLLOWED,
        by=by,
        subject_type="territory.area",
        subject_id=place_id,
        place_id=place_id,
        data={
            "organisations": list(done.organisations),
            "posts": list(done.posts),
            "venues": list(done.venues),
            "from_areas": [came for came, _went in done.venues.values()],
            "into_areas": [went for _came, went in done.venues.values()],
            "served": done.served,
        },
    )


def move_body(body: Organisation, area_id: UUID, ending: Ending) -> None:
    """Let a body stand in another area since its own ended (or since its last change, if later); keep how it stood."""
    since = body.stands_since or body.valid_from
    past_state(body, Change.MOVED, max(ending.on, since), ending.document).save(force_insert=True)
    body.area_id = area_id
    body.save(update_fields=["area", "stands_since"])


def carry_post(post: Post, area_id: UUID, on: date) -> Post:
    """Close a post and let it go on for another area; where the body has one of that title there, in that one."""
    rows = Post.objects.select_for_update(of=("self",)).filter(organisation_id=post.organisation_id, valid_to=None)
    following = rows.filter(title=post.title, area_id=area_id).first()
    if following is None:
        following = Post(
            organisation_id=post.organisation_id,
            title=post.title,
            area_id=area_id,
            duties=post.duties,
            seats=post.seats,
            is_head=post.is_head,
            valid_from=max(on, post.valid_from or on),
        )
        following.save(force_insert=True)
    else:
        following.seats += post.seats
        following.save(update_fields=["seats"])
    post.valid_to = max(on, post.valid_from or on)
    post.succeeded_by = following
    post.save(update_fields=["valid_to", "succeeded_by"])
    return following


def serve_instead(row: ServedArea, area_ids: Sequence[UUID], on: date) -> None:
    """Let a body serve other areas instead of one from a day on; what it serves already it serves once."""
    present = ServedArea.objects.filter(organisation_id=row.organisation_id, valid_to=None, area_id__in=area_ids)
    there = set(present.values_list("area_id", flat=True))
    if row.valid_from < on:
        row.valid_to = on
        row.save(update_fields=["valid_to"])
    else:
        row.delete()
    ServedArea.objects.bulk_create(
        ServedArea(organisation_id=row.organisation_id, area_id=each, valid_from=max(on, row.valid_from))
        for each in area_ids
        if each not in there
    )
