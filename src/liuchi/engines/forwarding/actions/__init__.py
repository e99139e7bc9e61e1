"""The writes of this room."""

from liuchi.engines.forwarding.actions.endpoints import set_endpoint
from liuchi.engines.forwarding.actions.sending import NotToRetry, retry_forwarding, settle_forwarding, take_forwarding
from liuchi.engines.forwarding.actions.taking import note_polled, note_update

__all__ = [
    "NotToRetry",
    "note_polled",
    "note_update",
    "retry_forwarding",
    "set_endpoint",
    "settle_forwarding",
    "take_forwarding",
]
