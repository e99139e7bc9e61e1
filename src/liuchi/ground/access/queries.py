"""Reading accounts."""

from liuchi.ground.access.models import Account


def find_account(username: str) -> Account | None:
    """Return the active account of this user name, or None."""
    return Account.objects.filter(username=username, is_active=True).first()
