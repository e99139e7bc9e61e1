"""What the worker does for this room."""

from liuchi.ground.hooks.actions import forget_deliveries, settle_deliveries, take_deliveries
from liuchi.ground.hooks.delivering import deliver
from liuchi.ground.kernel.actors import System
from liuchi.ground.kernel.jobs import pause_if_stopping

POSTMAN = System("hooks")


def send() -> None:
    """Send what waits for receivers that were reached last time, batch after batch."""
    _send(is_probing=False)


def probe() -> None:
    """Try those again that were not reached, one delivery each; apart, so that nobody waits for them."""
    _send(is_probing=True)


def forget() -> None:
    """Forget what was delivered or given up long ago."""
    forget_deliveries(by=POSTMAN)


def _send(*, is_probing: bool) -> None:
    while parcels := take_deliveries(by=POSTMAN, is_probing=is_probing):
        settle_deliveries(by=POSTMAN, outcomes=deliver(parcels))
        pause_if_stopping()
