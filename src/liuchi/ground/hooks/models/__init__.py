"""Who is told, and what was sent."""

from liuchi.ground.hooks.models.delivery import Delivery, DeliveryState
from liuchi.ground.hooks.models.subscription import Stopped, Subscription, SubscriptionState

__all__ = ["Delivery", "DeliveryState", "Stopped", "Subscription", "SubscriptionState"]
