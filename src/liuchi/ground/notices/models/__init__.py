"""Notices to people, how people wish to be told, and what was sent outside the house."""

from liuchi.ground.notices.models.delivery import Carried, Delivery, DeliveryKind, DeliveryState, Way
from liuchi.ground.notices.models.notice import Notice, Urgency
from liuchi.ground.notices.models.preferences import Preferences
from liuchi.ground.notices.models.robot import Robot, RobotKind

__all__ = [
    "Carried",
    "Delivery",
    "DeliveryKind",
    "DeliveryState",
    "Notice",
    "Preferences",
    "Robot",
    "RobotKind",
    "Urgency",
    "Way",
]
