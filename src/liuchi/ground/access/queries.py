"""Reading accounts."""

from uuid import UUID

from django.db.models import QuerySet

from liuchi.ground.access.models import Account


def find_account(username: str) -> Account | None:
    """Return the active account of this user name, or None."""
    return Account.objects.filter(username=username, is_active=True).first()


def accounts_of(person_id: UUID) -> QuerySet[Account]:
    """Return every account of a person, closed ones too: what they did with another account they did themselves."""
    return Account.objects.filter(person_id=person_id).order_by("username")
