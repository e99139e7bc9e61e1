"""What the worker does for this room."""

from liuchi.ground.kernel.actors import System
from liuchi.ground.kernel.jobs import pause_if_stopping
from liuchi.ground.notices.actions import prepare_digests, settle_deliveries, take_deliveries
from liuchi.ground.notices.actions.reminding import remind_of_breaches, remind_of_requests
from liuchi.ground.notices.delivering import deliver

POSTMAN = System("notices")


def send() -> None:
    """Send what waits, batch after batch."""
    while taken := take_deliveries(by=POSTMAN):
        settle_deliveries(by=POSTMAN, outcomes=deliver(taken))
        pause_if_stopping()


def digest() -> None:
    """Gather today's digests."""
    prepare_digests(by=POSTMAN)


def remind() -> None:
    """Remind of requests that are due soon."""
    remind_of_requests(by=POSTMAN)


def remind_of_breach() -> None:
    """Remind of breaches of which the authority has to be told soon."""
    remind_of_breaches(by=POSTMAN)
