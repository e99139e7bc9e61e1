"""The writes of this room."""

from liuchi.ground.hooks.actions.managing import (
    HookRefused,
    NewSubscription,
    open_subscription,
    pause_subscription,
    remove_subscription,
    replay_deliveries,
    resume_subscription,
    rotate_secret,
    test_subscription,
)
from liuchi.ground.hooks.actions.sending import forget_deliveries, settle_deliveries, take_deliveries

__all__ = [
    "HookRefused",
    "NewSubscription",
    "forget_deliveries",
    "open_subscription",
    "pause_subscription",
    "remove_subscription",
    "replay_deliveries",
    "resume_subscription",
    "rotate_secret",
    "settle_deliveries",
    "take_deliveries",
    "test_subscription",
]
