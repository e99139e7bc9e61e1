"""What is sealed of a subscription."""

from typing import Final

from liuchi.ground.hooks.models import Subscription
from liuchi.ground.kernel import clock
from liuchi.ground.records.protected import unseal

ADDRESS: Final = "hooks.address"
SECRET: Final = "hooks.secret"  # noqa: S105 - the name of a field
OLD_SECRET: Final = "hooks.old_secret"  # noqa: S105 - the name of a field


def address_of(subscription: Subscription) -> str:
    """Return the whole address of a receiver."""
    return unseal(subscription.address_sealed, ADDRESS, subscription.id)


def secret_of(subscription: Subscription) -> str:
    """Return the secret in force."""
    return unseal(subscription.secret_sealed, SECRET, subscription.id)


def secrets_of(subscription: Subscription) -> tuple[str, ...]:
    """Return the secrets that sign now, the newest first."""
    until = subscription.old_secret_until
    if until is None or until <= clock.now():
        return (secret_of(subscription),)
    return secret_of(subscription), unseal(subscription.old_secret_sealed, OLD_SECRET, subscription.id)
