from collections.abc import Iterator
from datetime import timedelta

import pytest

from liuchi.ground.access import reactions
from liuchi.ground.access.actions import NewGrant, give_grant, hand_over_grants
from liuchi.ground.access.models import Account, Grant
from liuchi.ground.access.testing import MORNING, SETUP, SINCE, Ground, give, small_ground
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed
from liuchi.ground.organisations.models import Post
from liuchi.ground.people.actions.posts import hand_over_post, leave_post
from liuchi.ground.people.models import PostHolding
from liuchi.ground.people.staffing import Meant

LATER = MORNING + timedelta(hours=1)


@pytest.fixture
def post(db: None) -> Iterator[tuple[Ground, Post]]:
    ground = small_ground()
    with frozen_at(MORNING):
        for username in ("old", "new"):
            give(username, "resident", ground.district)
        with guard.scope("maintenance", "test"):
            made = Post.objects.create(
                organisation=ground.water, title="处置员", area=ground.district, valid_from=SINCE
            )
            PostHolding.objects.create(person=_account("old").person, post=made, valid_from=SINCE)
        for role in ("handler", "checker"):
            given = NewGrant(_account("old").id, role, ground.towns[0].id, "casework", "任命", post_id=made.id)
            give_grant(by=SETUP, grant=given)
    with frozen_at(LATER):
        yield ground, made


def _account(username: str) -> Account:
    return Account.objects.select_related("person").get(username=username)


def _last() -> Line:
    return Line.objects.filter(kind="people.post_handed_over").order_by("-seq")[0]


def test_post_when_handed_over_then_its_grants_pass_to_the_successor(post: tuple[Ground, Post]) -> None:
    ground, row = post
    old, new = _account("old").person_id, _account("new").person_id
    hand_over_post(by=SETUP, post_id=row.id, from_person_id=old, to=Meant(new), on=LATER.date())

    reactions.follow_post(_last())
    reactions.follow_post(_last())

    assert not ground.viewer("old").allows("cases.handle")
    assert ground.viewer("new").organisations("cases.handle") == {ground.water.id}
    assert ground.viewer("new").allows("cases.check", ground.grids[0].id)
    assert Grant.objects.filter(account__username="new", post=row).count() == 2
    assert Line.objects.get(kind="access.grants_handed_over").data == {"post": str(row.id), "ended": 2, "begun": 2}


def test_post_when_left_then_its_grants_end_and_nobody_has_them(post: tuple[Ground, Post]) -> None:
    ground, row = post
    leave_post(by=SETUP, post_id=row.id, person_id=_account("old").person_id, on=LATER.date())

    reactions.follow_post(_last())

    assert not ground.viewer("old").allows("cases.handle")
    assert not Grant.objects.filter(post=row, valid_to=None).exists()


def test_grants_when_a_person_hands_them_over_then_refused(post: tuple[Ground, Post]) -> None:
    ground, row = post
    with pytest.raises(NotAllowed):
        hand_over_grants(by=ground.viewer("old"), post_id=row.id, from_person=None, to_person=None)
