"""A key is exchanged for one that opens the same: without a gap, by itself only, and for good once that is in use."""

from datetime import timedelta

import pytest

from liuchi.ground.access.actions import KeyRefused, exchange_key, record_key_use, revoke_key
from liuchi.ground.access.keys import answered, viewer_for_key
from liuchi.ground.access.models import Account, AnsweredRequest, ApiKey
from liuchi.ground.access.rules import NotForOneself
from liuchi.ground.access.testing import MORNING, Ground
from liuchi.ground.access.tests.test_keys import DAY, HERE, ground, made
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed, NotFound

__all__ = ["ground"]
SAME = ("name", "owner_id", "organisation_id", "powers", "areas", "networks", "reason", "expires_at")


def with_key(secret: str) -> Viewer:
    found = viewer_for_key(secret, HERE)
    assert found is not None
    return found


def test_key_when_exchanged_then_both_open_the_same_until_the_old_one_ends(ground: Ground) -> None:
    old, secret = made(ground, networks=["10.1.0.0/16"])

    new, other = exchange_key(by=with_key(secret), key_id=old.id)

    assert [getattr(new, name) for name in SAME] == [getattr(old, name) for name in SAME]
    assert with_key(other).grants == with_key(secret).grants
    assert (new.created_by_id, new.follows_id, new.first_id) == (old.created_by_id, old.id, old.id)
    with frozen_at(MORNING + DAY):
        assert viewer_for_key(secret, HERE) is None
        assert with_key(other).key_id == new.id
    line = Line.objects.get(kind="access.key_exchanged")
    assert (line.on_behalf_of, line.data["successor"], secret in str(line.data)) == (old.id, str(new.id), False)


def test_key_when_exchanged_again_before_the_new_one_was_used_then_that_makes_room(ground: Ground) -> None:
    old, secret = made(ground)
    lost, lost_secret = exchange_key(by=with_key(secret), key_id=old.id, grace=DAY)

    new, _ = exchange_key(by=with_key(secret), key_id=old.id, grace=7 * DAY)

    assert viewer_for_key(lost_secret, HERE) is None
    assert ApiKey.objects.get(id=lost.id).revoke_reason == "replaced"
    assert new.expires_at == old.expires_at
    assert ApiKey.objects.get(id=old.id).expires_at == MORNING + DAY


def test_key_when_its_successor_is_in_use_then_exchanges_no_more_but_the_successor_does(ground: Ground) -> None:
    old, secret = made(ground)
    new, other = exchange_key(by=with_key(secret), key_id=old.id)
    record_key_use(by=with_key(other), key_id=new.id)

    with pytest.raises(KeyRefused):
        exchange_key(by=with_key(secret), key_id=old.id)
    third, _ = exchange_key(by=with_key(other), key_id=new.id)

    assert (third.follows_id, third.first_id) == (new.id, old.id)


def test_key_when_another_key_or_its_owner_or_a_stranger_exchanges_it_then_refused(ground: Ground) -> None:
    key, _ = made(ground)
    _, other = made(ground)
    town_security = Account.objects.get(username="town-security")
    own, _ = made(ground, owner_id=town_security.id, areas=[ground.towns[0].id])

    with pytest.raises(NotAllowed):
        exchange_key(by=with_key(other), key_id=key.id)
    with pytest.raises(NotAllowed):
        exchange_key(by=ground.viewer("town-security"), key_id=key.id)
    with pytest.raises(NotForOneself):
        exchange_key(by=ground.viewer("town-security"), key_id=own.id)
    assert ApiKey.objects.count() == 3


def test_key_when_an_administrator_exchanges_it_for_at_once_then_the_old_one_is_over(ground: Ground) -> None:
    old, secret = made(ground)

    with frozen_at(MORNING + timedelta(seconds=1)):
        _, other = exchange_key(by=ground.viewer("security"), key_id=old.id, grace=timedelta(0))

        assert viewer_for_key(secret, HERE) is None
        assert viewer_for_key(other, HERE) is not None


@pytest.mark.parametrize("grace", [-timedelta(seconds=1), timedelta(days=7, seconds=1)])
def test_grace_when_none_or_longer_than_a_week_then_refused(ground: Ground, grace: timedelta) -> None:
    key, _ = made(ground)

    with pytest.raises(KeyRefused):
        exchange_key(by=ground.viewer("security"), key_id=key.id, grace=grace)


def test_key_when_over_or_revoked_then_is_not_exchanged(ground: Ground) -> None:
    over, revoked = made(ground)[0], made(ground)[0]
    revoke_key(by=ground.viewer("security"), key_id=revoked.id, reason="leaked")

    with frozen_at(over.expires_at), pytest.raises(NotFound):
        exchange_key(by=ground.viewer("security"), key_id=over.id)
    with pytest.raises(NotFound):
        exchange_key(by=ground.viewer("security"), key_id=revoked.id)


def test_request_when_repeated_with_the_new_key_then_is_the_same_request(ground: Ground) -> None:
    old, secret = made(ground)
    with guard.scope("maintenance", "test"):
        AnsweredRequest.objects.create(key=old, token="one", content=b"x", answer={"n": 1}, answered_at=MORNING)
    _, other = exchange_key(by=with_key(secret), key_id=old.id)

    line = with_key(other).key_line

    assert line == with_key(secret).key_line == old.id
    found = answered(old.id, "one")
    assert found is not None
    assert found.answer == {"n": 1}
