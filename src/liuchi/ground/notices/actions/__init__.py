"""Writing: one's own inbox and preferences, robots, and the messages that leave the house."""

from liuchi.ground.notices.actions.forgetting import forget_person, stop_telling
from liuchi.ground.notices.actions.inbox import mark_all_seen, mark_seen
from liuchi.ground.notices.actions.preferences import (
    AddressRefused,
    HoursRefused,
    Wishes,
    confirm_email,
    set_preferences,
)
from liuchi.ground.notices.actions.robots import NewRobot, RobotRefused, add_robot, remove_robot, send_test
from liuchi.ground.notices.actions.sending import (
    NotDead,
    drop_delivery,
    prepare_digests,
    retry_delivery,
    settle_deliveries,
    take_deliveries,
)

__all__ = [
    "AddressRefused",
    "HoursRefused",
    "NewRobot",
    "NotDead",
    "RobotRefused",
    "Wishes",
    "add_robot",
    "confirm_email",
    "drop_delivery",
    "forget_person",
    "mark_all_seen",
    "mark_seen",
    "prepare_digests",
    "remove_robot",
    "retry_delivery",
    "send_test",
    "set_preferences",
    "settle_deliveries",
    "stop_telling",
    "take_deliveries",
]
