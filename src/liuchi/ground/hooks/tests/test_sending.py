"""Being told: once, thinly, signed, of what one may know at that moment; and receivers that fail."""

import base64
import hashlib
import hmac
import json
import time
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from pytest_django import Settings

from liuchi.ground.access.actions import revoke_key
from liuchi.ground.access.keys import viewer_of_key
from liuchi.ground.access.testing import MORNING, Ground, give
from liuchi.ground.hooks import delivering, tasks
from liuchi.ground.hooks.actions import (
    forget_deliveries,
    pause_subscription,
    remove_subscription,
    replay_deliveries,
    resume_subscription,
    rotate_secret,
    settle_deliveries,
    take_deliveries,
    test_subscription,
)
from liuchi.ground.hooks.models import Delivery, DeliveryState, Stopped, Subscription, SubscriptionState
from liuchi.ground.hooks.queries import is_owner
from liuchi.ground.hooks.reactions import queue_line
from liuchi.ground.hooks.testing import BEGUN, ENDED, HIDDEN, Receiver, happen, key_of, subscribed
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.actors import System
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.kernel.testing import run_jobs, waiting_jobs
from liuchi.ground.notices.models import Notice
from liuchi.ground.notices.testing import told

BY = System("tests")
ask_for_test = test_subscription
# The name is the action's; it is no test of ours.
del test_subscription


def after(**spell: float) -> Any:
    return frozen_at(MORNING + timedelta(**spell))


def state_of(subscription: Subscription) -> str:
    return Subscription.objects.get(id=subscription.id).state


def states() -> list[str]:
    return list(Delivery.objects.order_by("id").values_list("state", flat=True))


def is_signed(heard: tuple[dict[str, str], bytes], secret: str) -> bool:
    headers, body = heard
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    wanted = "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return wanted in headers["webhook-signature"].split(" ")


def test_event_when_something_happens_then_the_receiver_is_told_thinly_and_signed(
    ground: Ground, receiver: Receiver
) -> None:
    _, secret = subscribed(key_of("desk", ground.district), receiver.address)
    line = happen(ground.grids[0])

    tasks.send()

    (heard,) = receiver.heard
    headers, body = heard
    assert json.loads(body) == {
        "type": "sample.begun",
        "timestamp": "2024-09-12T01:00:00.000Z",
        "data": {
            "id": str(line.id),
            "number": f"S-{line.subject_id.hex[:6]}",
            "link": "https://liuchi.example/samples/desk",
        },
    }
    assert is_signed(heard, secret)
    assert headers["webhook-id"] == f"msg_{Delivery.objects.get().id.hex}"
    # The receiver compares with its own clock.
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
    assert states() == ["sent"]


def test_event_when_queued_twice_then_once_and_only_for_who_hears_of_it_there(
    ground: Ground, receiver: Receiver
) -> None:
    key = key_of("desk", ground.towns[0])
    hearing, _ = subscribed(key, receiver.address)
    subscribed(key, receiver.address, ENDED.name)
    subscribed(key, receiver.address, areas=(ground.communities[1].id,))
    subscribed(key_of("desk", ground.towns[1]), receiver.address)

    happen(ground.grids[0])

    assert list(Delivery.objects.values_list("subscription", flat=True)) == [hearing.id]


def test_event_when_it_was_recorded_long_ago_or_before_then_nobody_is_told(ground: Ground, receiver: Receiver) -> None:
    before = happen(ground.grids[0])
    with after(hours=1):
        subscribed(key_of("desk", ground.district), receiver.address)

    for line, moment in ((before, timedelta(hours=1)), (happen(ground.grids[0]), timedelta(days=3))):
        with frozen_at(MORNING + moment), guard.scope("reaction", "tests"):
            queue_line(line)

    assert states() == []


def test_event_when_the_owner_may_no_longer_know_of_it_then_dropped_without_a_trace(
    ground: Ground, receiver: Receiver
) -> None:
    subscribed(key_of("desk", ground.district), receiver.address)
    hidden, shown = new_id(), new_id()
    happen(ground.grids[0], hidden)
    happen(ground.grids[0], shown)
    assert states() == ["waiting", "waiting"]
    HIDDEN.add(hidden)

    tasks.send()

    assert len(receiver.heard) == 1
    assert states() == ["sent"]


def test_event_when_the_key_was_revoked_then_nothing_is_sent_and_the_owner_told(
    ground: Ground, receiver: Receiver
) -> None:
    key = key_of("desk", ground.district)
    subscription, _ = subscribed(key, receiver.address)
    happen(ground.grids[0])
    revoke_key(by=BY, key_id=key.id, reason="unused")

    tasks.send()

    assert receiver.heard == []
    subscription.refresh_from_db()
    assert (subscription.state, subscription.stopped_because) == ("stopped", Stopped.KEY_ENDED)
    assert states() == ["dead"]
    assert told(key.owner.person_id) == ["hooks.stopped"]


def test_event_when_the_system_exchanged_its_key_then_told_with_the_new_one(ground: Ground, receiver: Receiver) -> None:
    key = key_of("desk", ground.district)
    subscription, _ = subscribed(key, receiver.address)
    newer = key_of("desk", ground.district)
    happen(ground.grids[0])
    revoke_key(by=BY, key_id=key.id, reason="replaced")

    tasks.send()

    subscription.refresh_from_db()
    assert (len(receiver.heard), subscription.key_id, subscription.state) == (1, newer.id, "active")
    mine = viewer_of_key(newer)
    assert mine is not None
    assert is_owner(mine, subscription)


def test_receiver_when_out_of_order_then_left_alone_ever_longer_and_told_later(
    ground: Ground, receiver: Receiver
) -> None:
    subscription, _ = subscribed(key_of("desk", ground.district), receiver.address)
    for _ in range(5):
        happen(ground.grids[0])
    receiver.status = 503

    tasks.send()
    tasks.send()
    tasks.probe()

    # One attempt told enough: the other four were not made, and nobody tries again yet.
    assert len(receiver.heard) == 1
    assert set(states()) == {"waiting"}
    assert sorted(Delivery.objects.values_list("attempts", flat=True)) == [0, 0, 0, 0, 1]
    with after(seconds=7):
        tasks.probe()
        tasks.probe()
    assert len(receiver.heard) == 2
    subscription.refresh_from_db()
    assert subscription.failures == 2
    receiver.status = 204
    with after(minutes=2):
        tasks.probe()
        tasks.send()
    assert len(receiver.heard) == 7
    assert set(states()) == {"sent"}
    subscription.refresh_from_db()
    assert (subscription.failures, subscription.probe_at) == (0, None)


def test_receiver_when_dead_then_the_living_are_told_all_the_same(
    ground: Ground, receiver: Receiver, settings: Settings
) -> None:
    settings.LIUCHI_OUTGOING_ALLOWED += ",http://127.0.0.1:1"
    key = key_of("desk", ground.district)
    dead, _ = subscribed(key, "http://127.0.0.1:1/hooks")
    subscribed(key, receiver.address)
    for _ in range(3):
        happen(ground.grids[0])

    tasks.send()

    assert len(receiver.heard) == 3
    run_jobs()
    happen(ground.grids[0])
    # What the dead one waits for holds up nobody: the living are told at once, not by the minute's look.
    assert [name for name, _ in waiting_jobs()].count("hooks.send") == 1
    assert list(dead.deliveries.order_by("id").values_list("error", flat=True)) == ["unreachable", "", "", ""]


@pytest.mark.parametrize(("status", "wait"), [(429, 120), (503, 4000)])
def test_receiver_when_it_asks_for_time_then_it_gets_it(
    ground: Ground, receiver: Receiver, status: int, wait: int
) -> None:
    subscription, _ = subscribed(key_of("desk", ground.district), receiver.address)
    happen(ground.grids[0])
    receiver.status, receiver.headers = status, {"Retry-After": str(wait)}

    tasks.send()

    subscription.refresh_from_db()
    assert subscription.probe_at == MORNING + timedelta(seconds=wait)


def test_receiver_when_it_answers_410_then_stopped_at_once_and_started_again_by_hand(
    ground: Ground, receiver: Receiver
) -> None:
    key = key_of("desk", ground.district)
    subscription, _ = subscribed(key, receiver.address)
    happen(ground.grids[0])
    happen(ground.grids[0])
    receiver.status = 410

    tasks.send()
    happen(ground.grids[0])

    subscription.refresh_from_db()
    assert (subscription.state, subscription.stopped_because) == ("stopped", Stopped.GONE)
    assert states() == ["dead", "dead"]
    assert told(key.owner.person_id) == ["hooks.stopped"]

    receiver.status = 200
    resume_subscription(by=BY, subscription_id=subscription.id)
    assert replay_deliveries(by=BY, subscription_id=subscription.id) == 2
    tasks.send()
    assert states() == ["sent", "sent"]


def test_redirect_when_answered_then_not_followed_and_the_receiver_counts_as_out_of_reach(
    ground: Ground, receiver: Receiver
) -> None:
    subscription, _ = subscribed(key_of("desk", ground.district), receiver.address)
    happen(ground.grids[0])
    receiver.status, receiver.headers = 302, {"Location": f"{receiver.origin}/elsewhere"}

    tasks.send()

    assert len(receiver.heard) == 1
    subscription.refresh_from_db()
    assert subscription.failures == 1


def test_event_when_refused_alone_then_tried_ten_times_in_three_days_while_others_arrive(
    ground: Ground, receiver: Receiver
) -> None:
    key = key_of("desk", ground.district)
    subscription, _ = subscribed(key, receiver.address)
    happen(ground.grids[0])
    receiver.status = 400
    tries = 0
    at = MORNING
    while states() == ["waiting"]:
        with frozen_at(at):
            before = len(receiver.heard)
            tasks.send()
            tries += len(receiver.heard) - before
        at = Delivery.objects.get().next_at or at
        assert tries <= 12

    assert tries in {9, 10}
    assert states() == ["dead"]
    assert timedelta(days=2) < at - MORNING < timedelta(days=4)
    assert state_of(subscription) == "active"
    assert told(key.owner.person_id) == ["hooks.given_up"]


def test_receiver_when_not_reached_for_three_days_then_stopped_and_the_owner_told(
    ground: Ground, receiver: Receiver
) -> None:
    key = key_of("desk", ground.district)
    subscription, _ = subscribed(key, receiver.address)
    happen(ground.grids[0])
    receiver.status = 500
    tasks.send()
    at, looks = MORNING, 1
    while state_of(subscription) == "active":
        at = Subscription.objects.get(id=subscription.id).probe_at or at
        with frozen_at(at):
            # Something new happens all the time, so that there is always something to try with.
            happen(ground.grids[0])
            tasks.probe()
        looks += 1
        assert looks < 150

    subscription.refresh_from_db()
    assert subscription.stopped_because == Stopped.FAILING
    assert timedelta(days=3) <= at - MORNING < timedelta(days=3, hours=2)
    assert looks < 100
    assert set(states()) == {"dead"}
    assert "hooks.stopped" in told(key.owner.person_id)


def test_attempt_when_the_sender_was_killed_then_made_again_under_the_same_id(
    ground: Ground, receiver: Receiver
) -> None:
    subscribed(key_of("desk", ground.district), receiver.address)
    happen(ground.grids[0])
    killed = take_deliveries(by=BY)
    delivering.deliver(killed)

    tasks.send()
    with after(minutes=7):
        tasks.send()

    first, second = (headers["webhook-id"] for headers, _ in receiver.heard)
    assert first == second
    assert states() == ["sent"]


def test_outcome_when_it_comes_late_then_changes_nothing(ground: Ground, receiver: Receiver) -> None:
    subscribed(key_of("desk", ground.district), receiver.address)
    happen(ground.grids[0])
    outcomes = delivering.deliver(take_deliveries(by=BY))

    assert settle_deliveries(by=BY, outcomes=outcomes) == 1
    assert settle_deliveries(by=BY, outcomes=outcomes) == 0


def test_secret_when_rotated_then_both_sign_for_a_day_and_then_the_new_one_alone(
    ground: Ground, receiver: Receiver
) -> None:
    give("desk2", "desk", ground.district)
    subscription, old = subscribed(key_of("desk", ground.district), receiver.address)
    with after(hours=1):
        _, new = rotate_secret(by=ground.viewer("desk"), subscription_id=subscription.id)
        happen(ground.grids[0])
        tasks.send()
    with after(hours=26):
        happen(ground.grids[0])
        tasks.send()

    both, alone = receiver.heard
    assert [is_signed(both, old), is_signed(both, new)] == [True, True]
    assert [is_signed(alone, old), is_signed(alone, new)] == [False, True]


def test_subscription_when_paused_then_silent_and_what_happens_meanwhile_is_not_told(
    ground: Ground, receiver: Receiver
) -> None:
    subscription, _ = subscribed(key_of("desk", ground.district), receiver.address)
    happen(ground.grids[0])
    pause_subscription(by=BY, subscription_id=subscription.id)
    happen(ground.grids[0])
    tasks.send()
    assert receiver.heard == []

    resume_subscription(by=BY, subscription_id=subscription.id)
    tasks.send()

    assert len(receiver.heard) == 1


def test_test_when_asked_for_twice_then_sent_once_and_names_nothing(ground: Ground, receiver: Receiver) -> None:
    subscription, secret = subscribed(key_of("desk", ground.district), receiver.address)
    first = ask_for_test(by=BY, subscription_id=subscription.id)
    assert ask_for_test(by=BY, subscription_id=subscription.id) == first

    tasks.send()

    (heard,) = receiver.heard
    assert json.loads(heard[1])["type"] == "webhook.test"
    assert json.loads(heard[1])["data"] == {"id": str(first.id)}
    assert is_signed(heard, secret)


def test_delivery_when_replayed_then_sent_again_under_the_same_id(ground: Ground, receiver: Receiver) -> None:
    subscription, _ = subscribed(key_of("desk", ground.district), receiver.address)
    happen(ground.grids[0])
    tasks.send()
    delivery = Delivery.objects.get()
    with after(days=4):
        assert replay_deliveries(by=BY, subscription_id=subscription.id, delivery_id=delivery.id) == 1
        tasks.send()

    assert [headers["webhook-id"] for headers, _ in receiver.heard] == [f"msg_{delivery.id.hex}"] * 2


def test_log_when_old_then_forgotten_and_what_waits_is_kept(ground: Ground, receiver: Receiver) -> None:
    subscribed(key_of("desk", ground.district), receiver.address)
    happen(ground.grids[0])
    tasks.send()
    with after(days=31):
        happen(ground.grids[0])
        assert forget_deliveries(by=BY) == 1
        assert forget_deliveries(by=BY) == 0

    assert states() == [DeliveryState.WAITING]


def test_subscription_when_removed_then_address_and_secrets_are_gone(ground: Ground, receiver: Receiver) -> None:
    subscription, _ = subscribed(key_of("desk", ground.district), receiver.address)
    happen(ground.grids[0])

    remove_subscription(by=BY, subscription_id=subscription.id)
    tasks.send()

    subscription.refresh_from_db()
    assert (subscription.state, bytes(subscription.address_sealed), bytes(subscription.secret_sealed)) == (
        SubscriptionState.REMOVED,
        b"",
        b"",
    )
    assert (receiver.heard, states()) == ([], [])


def test_subscription_when_kept_then_sealed_and_the_journal_knows_no_address(
    ground: Ground, receiver: Receiver
) -> None:
    subscription, secret = subscribed(key_of("desk", ground.district), receiver.address)
    happen(ground.grids[0])
    tasks.send()

    kept = bytes(subscription.address_sealed) + bytes(subscription.secret_sealed)
    assert b"token-of-theirs" not in kept
    assert secret.encode() not in kept
    lines = json.dumps([each.data for each in Line.objects.filter(kind__startswith="hooks.")])
    assert "hooks.subscribed" in set(Line.objects.values_list("kind", flat=True))
    assert "127.0.0.1" not in lines
    assert Notice.objects.count() == 0
    assert UUID(Line.objects.filter(kind="hooks.subscribed").get().data["key"]) == subscription.key_id
    assert BEGUN.name in subscription.events
