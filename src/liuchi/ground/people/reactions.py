"""What this room does when something happened elsewhere."""

from datetime import date, timedelta
from uuid import UUID

from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.actors import System
from liuchi.ground.organisations.models import Post
from liuchi.ground.people.actions.carrying import carry_over_posts, carry_over_staff
from liuchi.ground.people.actions.dying import strike_from_roll, vacate_post
from liuchi.ground.people.actions.following import follow_areas
from liuchi.ground.people.actions.head_following import follow_heads
from liuchi.ground.people.models import Employment, Person, PostHolding
from liuchi.ground.people.queries import ids_of
from liuchi.ground.territory.following import areas_changed

FOLLOWER = System("people")


def follow_territory(line: Line) -> None:
    """Let whoever lives in areas that were split or merged live in what took their place."""
    areas = areas_changed(line)
    if areas:
        follow_areas(by=FOLLOWER, area_ids=areas)
        follow_heads(by=FOLLOWER, area_ids=areas)


def follow_organisations(line: Line) -> None:
    """Let whoever worked for organisations that ended work for their heir, or no more (`.succeeded`, `.ended`)."""
    ended = [UUID(each) for each in line.data["ended"]] if "ended" in line.data else [line.subject_id]
    heir, on = line.data.get("heir"), date.fromisoformat(line.data["on"])
    posts = Post.objects.filter(organisation_id__in=ended, valid_to__isnull=False)
    carry_over_posts(by=FOLLOWER, post_ids=list(posts.values_list("id", flat=True)), on=on)
    carry_over_staff(by=FOLLOWER, organisation_ids=ended, heir_id=UUID(heir) if heir else None, on=on)


def follow_closed_post(line: Line) -> None:
    """Let whoever held a post that was closed hold it no more (`organisations.post_closed`)."""
    carry_over_posts(by=FOLLOWER, post_ids=[line.subject_id], on=date.fromisoformat(line.data["on"]))


def follow_posts(line: Line) -> None:
    """Let whoever held posts whose area changed hold those that go on (`organisations.areas_followed`)."""
    ended = Post.objects.filter(id__in=[UUID(each) for each in line.data["posts"]], valid_to__isnull=False)
    days: dict[date, list[UUID]] = {}
    for post_id, on in ended.order_by("valid_to", "id").values_list("id", "valid_to"):
        days.setdefault(on or date.max, []).append(post_id)
    for on, posts in days.items():
        carry_over_posts(by=FOLLOWER, post_ids=posts, on=on)


def follow_death(line: Line) -> None:
    """End the posts and the work of somebody who died, unless that was taken back since (`.death_registered`)."""
    person = Person.objects.filter(id=line.data["person"]).first()
    if person is None or person.death_on is None:
        return
    records, on = ids_of(person.id), person.death_on + timedelta(days=1)
    posts = PostHolding.objects.filter(person_id__in=records, valid_to=None).order_by("id")
    for holding_id in posts.values_list("id", flat=True):
        vacate_post(by=FOLLOWER, holding_id=holding_id, on=on)
    work = Employment.objects.filter(person_id__in=records, valid_to=None).order_by("id")
    for employment_id in work.values_list("id", flat=True):
        strike_from_roll(by=FOLLOWER, employment_id=employment_id, on=on)
