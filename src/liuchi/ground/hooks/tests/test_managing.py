"""Who may subscribe to what, and who sees and manages it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError

from liuchi.ground.access.actions import revoke_key
from liuchi.ground.access.keys import viewer_of_key
from liuchi.ground.access.testing import MORNING, Ground, give
from liuchi.ground.hooks.actions import (
    HookRefused,
    NewSubscription,
    open_subscription,
    pause_subscription,
    remove_subscription,
    replay_deliveries,
    resume_subscription,
    rotate_secret,
)
from liuchi.ground.hooks.actions.managing import MOST
from liuchi.ground.hooks.models import Delivery, Subscription
from liuchi.ground.hooks.queries import address_for, deliveries_of, own_keys, subscription_for, subscriptions_for
from liuchi.ground.hooks.testing import BEGUN, Receiver, happen, key_of, subscribed
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.actors import System
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.kernel.ids import new_id

BY = System("tests")
HTTPS = "https:" + "//"
GOOD = "https://hooks.example/liuchi"


ACTS: tuple[Callable[..., object], ...] = (
    pause_subscription,
    resume_subscription,
    remove_subscription,
    rotate_secret,
    replay_deliveries,
)


def wanted(key_id: UUID, **more: Any) -> NewSubscription:
    facts: dict[str, Any] = {"name": "市平台", "address": GOOD, "events": [BEGUN.name], **more}
    return NewSubscription(key_id, **facts)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "名" * 61}, "name"),
        ({"address": "http://hooks.example/"}, "address"),
        ({"address": HTTPS + "user:x@hooks.example/"}, "address"),
        ({"address": "https://hooks.example:22/"}, "address"),
        ({"address": "nonsense"}, "address"),
        ({"events": []}, "events"),
        ({"events": ["sample.begun", "case.secrecy_lifted"]}, "events"),
        ({"areas": [new_id()]}, "areas"),
    ],
)
def test_subscription_when_not_sound_then_refused_naming_the_field(
    ground: Ground, change: dict[str, Any], field: str
) -> None:
    key = key_of("desk", ground.towns[0])

    with pytest.raises(HookRefused) as caught:
        open_subscription(by=ground.viewer("desk"), wanted=wanted(key.id, **change))

    assert caught.value.field == field


def test_subscription_when_for_an_area_beyond_the_key_then_refused(ground: Ground) -> None:
    key = key_of("desk", ground.towns[0])
    mine = ground.viewer("desk")
    open_subscription(by=mine, wanted=wanted(key.id, areas=[ground.communities[0].id]))

    with pytest.raises(HookRefused):
        open_subscription(by=mine, wanted=wanted(key.id, areas=[ground.towns[1].id]))


def test_subscription_when_the_key_is_anothers_or_comes_with_another_key_then_not_found(ground: Ground) -> None:
    give("other", "desk", ground.district)
    give("admin", "system_admin", ground.district)
    key, second = key_of("desk", ground.district), key_of("desk", ground.district, name="另一系统")
    with_second = viewer_of_key(second)
    assert with_second is not None

    for viewer in (ground.viewer("other"), ground.viewer("admin"), with_second):
        with pytest.raises(NotFound):
            open_subscription(by=viewer, wanted=wanted(key.id))
    open_subscription(by=with_second, wanted=wanted(second.id))


def test_subscription_when_the_key_does_not_open_it_any_more_then_not_allowed(ground: Ground) -> None:
    key = key_of("desk", ground.district)
    mine = ground.viewer("desk")
    revoke_key(by=BY, key_id=key.id, reason="unused")

    with pytest.raises(NotAllowed):
        open_subscription(by=mine, wanted=wanted(key.id))


def test_subscriptions_when_there_are_many_then_refused(ground: Ground) -> None:
    key = key_of("desk", ground.district)
    made = [open_subscription(by=ground.viewer("desk"), wanted=wanted(key.id))[0] for _ in range(MOST)]

    with pytest.raises(HookRefused):
        open_subscription(by=ground.viewer("desk"), wanted=wanted(key.id))
    remove_subscription(by=ground.viewer("desk"), subscription_id=made[0].id)
    open_subscription(by=ground.viewer("desk"), wanted=wanted(key.id))


def test_subscriptions_when_others_look_or_act_then_nothing(ground: Ground) -> None:
    give("other", "desk", ground.district)
    give("admin", "system_admin", ground.district)
    key, second = key_of("desk", ground.district), key_of("desk", ground.district, name="另一系统")
    subscription, _ = subscribed(key, GOOD)
    with_key, with_second = viewer_of_key(key), viewer_of_key(second)
    assert with_key is not None
    assert with_second is not None

    for viewer in (ground.viewer("desk"), ground.viewer("admin"), with_key):
        assert list(subscriptions_for(viewer)) == [subscription]
    for viewer in (ground.viewer("other"), with_second):
        assert list(subscriptions_for(viewer)) == []
        with pytest.raises(NotFound):
            subscription_for(viewer, subscription.id)
        with pytest.raises(NotFound):
            deliveries_of(viewer, subscription)
        acts: list[Callable[..., object]] = [
            pause_subscription,
            resume_subscription,
            remove_subscription,
            rotate_secret,
            replay_deliveries,
        ]
        for act in acts:
            with pytest.raises(NotFound):
                act(by=viewer, subscription_id=subscription.id)


def test_secret_and_address_when_a_manager_asks_then_only_the_owner_learns_them(ground: Ground) -> None:
    give("admin", "system_admin", ground.district)
    subscription, _ = subscribed(key_of("desk", ground.district), f"{GOOD}?token=1")
    admin, mine = ground.viewer("admin"), ground.viewer("desk")

    assert address_for(mine, subscription) == f"{GOOD}?token=1"
    assert address_for(admin, subscription) == "https://hooks.example"
    with pytest.raises(NotAllowed):
        rotate_secret(by=admin, subscription_id=subscription.id)


def test_resume_when_the_key_ended_then_refused(ground: Ground) -> None:
    key = key_of("desk", ground.district)
    subscription, _ = subscribed(key, GOOD)
    pause_subscription(by=BY, subscription_id=subscription.id)
    revoke_key(by=BY, key_id=key.id, reason="unused")

    with pytest.raises(HookRefused):
        resume_subscription(by=BY, subscription_id=subscription.id)


def test_keys_when_asked_for_then_own_ones_in_force_that_open_it(ground: Ground) -> None:
    give("other", "desk", ground.district)
    key, revoked = key_of("desk", ground.district), key_of("desk", ground.district)
    key_of("other", ground.district)
    revoke_key(by=BY, key_id=revoked.id, reason="unused")

    assert own_keys(ground.viewer("desk")) == [key]
    with frozen_at(MORNING + timedelta(days=301)):
        assert own_keys(ground.viewer("desk")) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_when_longer_then_as_many_queries(
    ground: Ground, receiver: Receiver, rows: int, django_assert_num_queries: Any
) -> None:
    key = key_of("desk", ground.district)
    subscription, _ = subscribed(key, receiver.address)
    for _ in range(rows):
        happen(ground.grids[0])
        subscribed(key, receiver.address)
    mine = ground.viewer("desk")

    with django_assert_num_queries(2):
        assert len([each.key.owner.username for each in subscriptions_for(mine)]) == rows + 1
        assert len(deliveries_of(mine, subscription).deliveries) == rows


def test_log_when_long_then_page_by_page(ground: Ground, receiver: Receiver) -> None:
    subscription, _ = subscribed(key_of("desk", ground.district), receiver.address)
    for _ in range(3):
        happen(ground.grids[0])
    mine = ground.viewer("desk")

    first = deliveries_of(mine, subscription, most=2)
    second = deliveries_of(mine, subscription, most=2, after=first.next_key)

    assert [len(first.deliveries), len(second.deliveries), second.next_key] == [2, 1, None]
    assert deliveries_of(mine, subscription, state="sent").deliveries == []


MADE_WRONG: list[tuple[type[Any], dict[str, Any], str]] = [
    (Subscription, {"events": []}, "subscription_hears_something"),
    (Subscription, {"state": "asleep"}, "subscription_state_known"),
    (Subscription, {"state": "stopped"}, "subscription_stopped_says_why"),
    (Subscription, {"failures": 1}, "subscription_fails_since_a_moment"),
    (Subscription, {"old_secret_until": MORNING}, "subscription_old_secret_ends"),
    (Delivery, {"state": "waiting", "next_at": None}, "hook_delivery_open_has_a_moment"),
    (Delivery, {"line": None}, "hook_delivery_tells_of_a_line"),
]


@pytest.mark.parametrize(("model", "change", "name"), MADE_WRONG, ids=[each[2] for each in MADE_WRONG])
def test_row_when_it_breaks_what_always_holds_then_the_database_refuses(
    ground: Ground, receiver: Receiver, model: type[Any], change: dict[str, Any], name: str
) -> None:
    subscribed(key_of("desk", ground.district), receiver.address)
    happen(ground.grids[0])

    with pytest.raises(IntegrityError, match=name), guard.scope("maintenance", "tests"):
        model.objects.update(**change)


def test_delivery_when_there_already_then_the_database_refuses_a_second(ground: Ground, receiver: Receiver) -> None:
    subscribed(key_of("desk", ground.district), receiver.address)
    happen(ground.grids[0])
    row = Delivery.objects.get()
    row.id = new_id()

    with pytest.raises(IntegrityError, match="hook_delivery_once"), guard.scope("maintenance", "tests"):
        row.save(force_insert=True)
