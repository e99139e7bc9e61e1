"""What comes with a post: the grants that its holder has with it, and whether a successor would have them."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db.models import Q

from liuchi.ground.access.models import Account, Grant
from liuchi.ground.access.powers import administration_of
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actors import Reader
from liuchi.ground.organisations.models import Post
from liuchi.ground.people.queries import ids_of
from liuchi.ground.people.staffing import MANAGE


class Passing(StrEnum):
    """What becomes of a grant when its post is handed over."""

    PASSES = "passes"
    NO_ACCOUNT = "no_account"
    BY_HAND = "by_hand"


@dataclass(frozen=True)
class GrantOfPost:
    """A grant that comes with a post: the role, where it counts, and what becomes of it."""

    role: str
    area: str
    passing: Passing


def grants_of_post(viewer: Reader, post: Post, from_person: UUID, to_person: UUID | None) -> list[GrantOfPost]:
    """Return the grants in force that somebody has with a post, by role, and whether a successor would have them.

    To whoever manages the staff of the post's organisation; nothing to others.
    """
    if post.organisation.area_id not in viewer.areas(MANAGE):
        return []
    moment = clock.now()
    rows = Grant.objects.filter(Q(valid_to=None) | Q(valid_to__gt=moment), post=post, glass=None, role__isnull=False)
    found = rows.filter(account__person_id__in=ids_of(from_person)).select_related("role", "area")
    has_account = to_person is not None and Account.objects.filter(person_id=to_person, is_active=True).exists()
    return [
        GrantOfPost(each.role.name, each.area.name, _passing(each, has_account=has_account))
        for each in found.order_by("role__code", "area__code", "id")
        if each.role is not None
    ]


def _passing(grant: Grant, *, has_account: bool) -> Passing:
    if grant.role is not None and administration_of(grant.role.powers):
        return Passing.BY_HAND
    return Passing.PASSES if has_account else Passing.NO_ACCOUNT
