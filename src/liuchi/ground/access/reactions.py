"""What access does when something happened elsewhere."""

from uuid import UUID

from liuchi.ground.access.actions import (
    carry_over_grants,
    close_account,
    close_accounts,
    follow_areas,
    follow_key,
    hand_over_grants,
)
from liuchi.ground.access.models import Account, ApiKey
from liuchi.ground.access.models.account import CloseReason
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.actors import System
from liuchi.ground.organisations.models import Post
from liuchi.ground.people.models import Person
from liuchi.ground.people.queries import erased_in, ids_of
from liuchi.ground.territory.following import areas_changed

FOLLOWER = System("access")


def follow_erasure(line: Line) -> None:
    """Close the accounts of a person who was erased, those of joined records too (`people.person_erased`)."""
    for person_id in erased_in(line):
        close_accounts(by=FOLLOWER, person_id=person_id)


def follow_territory(line: Line) -> None:
    """Let the grants on areas that were split or merged go on in what took their place."""
    areas = areas_changed(line)
    if areas:
        follow_areas(by=FOLLOWER, area_ids=areas)
        keys = ApiKey.objects.filter(areas__overlap=areas, revoked_at=None).order_by("id")
        for key_id in keys.values_list("id", flat=True):
            follow_key(by=FOLLOWER, key_id=key_id)


def follow_post(line: Line) -> None:
    """Let the grants that come with a post pass from whoever left it to the successor (`people.post_handed_over`)."""
    named = {name: UUID(line.data[name]) if line.data[name] else None for name in ("from_person", "to_person")}
    hand_over_grants(by=FOLLOWER, post_id=UUID(line.data["post"]), **named)


def follow_ended_posts(line: Line) -> None:
    """Let the grants that come with posts that ended go on with those that follow, or end.

    Posts end by themselves, with their body, or with their area (`organisations.post_closed`, `.ended`, `.succeeded`,
    `.areas_followed`).
    """
    if "posts" in line.data:
        posts = [UUID(each) for each in line.data["posts"]]
    elif line.subject_type == "organisations.post":
        posts = [line.subject_id]
    else:
        bodies = [UUID(each) for each in line.data["ended"]] if "ended" in line.data else [line.subject_id]
        ended = Post.objects.filter(organisation_id__in=bodies, valid_to__isnull=False).order_by("id")
        posts = list(ended.values_list("id", flat=True))
    if posts:
        carry_over_grants(by=FOLLOWER, post_ids=posts)


def follow_death(line: Line) -> None:
    """Close the accounts of somebody who died, unless that was taken back since (`people.death_registered`)."""
    person = Person.objects.filter(id=line.data["person"], death_on__isnull=False).first()
    if person is None:
        return
    accounts = Account.objects.filter(person_id__in=ids_of(person.id), is_active=True).order_by("id")
    for account_id in accounts.values_list("id", flat=True):
        close_account(by=FOLLOWER, account_id=account_id, reason=CloseReason.LEFT)
